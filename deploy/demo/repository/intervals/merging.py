"""Merges half-open intervals [start, end)."""


def merge(intervals):
    """Returns the union of intervals as sorted intervals that neither overlap nor touch."""
    merged = []
    for start, end in sorted(intervals):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def total_length(intervals):
    """Returns how much the intervals cover, counting what several cover once."""
    return sum(end - start for start, end in merge(intervals))

"""Half-open intervals [start, end)."""

from intervals.merging import merge, total_length

__all__ = ["merge", "total_length"]

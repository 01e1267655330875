import unittest

from intervals import merge, total_length


class MergeTests(unittest.TestCase):
    def test_nothing_is_nothing(self):
        self.assertEqual(merge([]), [])

    def test_separate_intervals_stay_and_are_sorted(self):
        self.assertEqual(merge([(5, 7), (1, 2)]), [(1, 2), (5, 7)])

    def test_overlapping_intervals_become_one(self):
        self.assertEqual(merge([(1, 4), (3, 6)]), [(1, 6)])

    def test_an_interval_within_another_disappears(self):
        self.assertEqual(merge([(1, 10), (2, 3)]), [(1, 10)])

    def test_touching_intervals_become_one(self):
        self.assertEqual(merge([(1, 2), (2, 3)]), [(1, 3)])


class TotalLengthTests(unittest.TestCase):
    def test_what_several_cover_counts_once(self):
        self.assertEqual(total_length([(0, 10), (2, 3), (10, 12)]), 12)


if __name__ == "__main__":
    unittest.main()

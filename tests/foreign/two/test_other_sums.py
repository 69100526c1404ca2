import time
import unittest


class SumTest(unittest.TestCase):
    def test_sum_of_a_range(self):
        self.assertEqual(sum(range(10)), 45)

    def test_a_longer_wait(self):
        time.sleep(0.3)

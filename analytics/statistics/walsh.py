"""The means of all pairs of differences in their order, found without writing them down.

100 000 differences have 5 000 000 000 of them.
"""

from collections import Counter
from collections.abc import Callable, Sequence


def walsh_sum(codes: Sequence[int]) -> Callable[[int], int]:
    """A function that gives the k-th smallest sum d[i] + d[j] with i ≤ j, from k = 1; half of it is the mean.

    It halves the range of sums until one is left, counting by distinct differences.
    """
    at_most = _counter_of_sums(codes)
    lowest, highest = 2 * min(codes), 2 * max(codes)

    def smallest(place: int) -> int:
        low, high = lowest, highest
        while low < high:
            middle = (low + high) // 2
            if at_most(middle) >= place:
                high = middle
            else:
                low = middle + 1
        return low

    return smallest


def number_of_means(n: int) -> int:
    """How many Walsh averages n differences have."""
    return n * (n + 1) // 2


def _counter_of_sums(codes: Sequence[int]) -> Callable[[int], int]:
    import numpy as np

    counts = Counter(codes)
    distinct = np.array(sorted(counts), dtype=np.int64)
    weights = np.array([counts[code] for code in sorted(counts)], dtype=np.int64)
    running = np.concatenate(([0], np.cumsum(weights)))

    def at_most(limit: int) -> int:
        ordered_pairs = int((weights * running[np.searchsorted(distinct, limit - distinct, "right")]).sum())
        with_itself = int(running[np.searchsorted(distinct, limit // 2, "right")])
        return (ordered_pairs + with_itself) // 2

    return at_most

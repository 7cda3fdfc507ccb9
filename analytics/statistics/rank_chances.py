"""The exact chance of each sum of ranks, ties included: by adding one rank after the other."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def signed_rank_chances(ranks: Sequence[int], up_to: int) -> "NDArray[np.float64]":
    """The chance that the ranks with a plus sum to 0, 1, … up_to, where each sign is a toss of a coin.

    ranks: whole and positive, so midranks doubled. Sums of positive terms only: nothing is lost to rounding.
    """
    import numpy as np

    chances = np.zeros(up_to + 1)
    chances[0] = 1.0
    for rank in ranks:
        chances *= 0.5
        if rank <= up_to:
            chances[rank:] = chances[rank:] + chances[: up_to + 1 - rank]
    return chances


def rank_sum_chances(ranks: Sequence[int], chosen: int) -> "NDArray[np.float64]":
    """The chance that so many ranks chosen at random sum to 0, 1, … their total. ranks as above."""
    import numpy as np

    total = sum(ranks)
    ways = np.zeros((chosen + 1, total + 1))
    ways[0, 0] = 1.0
    for rank in ranks:
        ways[1:, rank:] = ways[1:, rank:] + ways[:-1, : total + 1 - rank]
    return np.asarray(ways[chosen] / math.comb(len(ranks), chosen), dtype=np.float64)

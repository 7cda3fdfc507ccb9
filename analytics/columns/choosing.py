"""For each patient one of their rows: the last before, the first of all, the nearest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analytics.columns.reading import Numbers

Mask = NDArray[np.bool_]
NONE = -1


def last_of_each(group: Numbers, groups: int, wanted: Mask, *order: Numbers) -> Numbers:
    """The row of each group that comes last by these columns, the first named first; NONE without a row.

    group: to which each row belongs; wanted: the rows to choose from.
    """
    rows = np.flatnonzero(wanted)
    rows = rows[np.lexsort([column[rows] for column in reversed(order)])]
    chosen = np.full(groups, NONE, dtype=np.int64)
    # Where a group is written several times, its last row stays.
    chosen[group[rows]] = rows
    return chosen


def first_of_each(group: Numbers, groups: int, wanted: Mask, *order: Numbers) -> Numbers:
    """The row of each group that comes first by these columns."""
    return last_of_each(group, groups, wanted, *(-column for column in order))


def taken(column: Numbers, rows: Numbers, otherwise: int) -> Numbers:
    """The column's values in chosen rows, one a group."""
    if not len(column):
        return np.full(len(rows), otherwise, dtype=np.int64)
    return np.where(rows == NONE, otherwise, column[rows])

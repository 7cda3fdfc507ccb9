"""Small cells are hidden, and nobody can compute a hidden one from what is shown.

The property is checked by another method than the code's: linear programming over everything a reader knows.
Its matrix is that of a network, so that the extremes over fractions are whole numbers (Hoffman and Kruskal).
"""

from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from analytics.exports.suppression import SuppressionMark, suppress, with_totals
from tests.properties import sample

SMALL, HELD = SuppressionMark.SMALL, SuppressionMark.WITHHELD
Shown = Sequence[Sequence[int | SuppressionMark]]
TABLES = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 12), min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    )
)


def knowledge(shown: Shown) -> tuple[np.ndarray, list[tuple[float, float | None]]]:
    """The equations between cells and totals, and what each shown number or mark says of its cell."""
    rows, columns = len(shown), len(shown[0])
    number = {place: k for k, place in enumerate(product(range(rows), range(columns)))}
    equations = []
    for i in range(rows):
        equations.append({(i, j): 1 for j in range(columns - 1)} | {(i, columns - 1): -1})
    for j in range(columns):
        equations.append({(i, j): 1 for i in range(rows - 1)} | {(rows - 1, j): -1})
    matrix = np.zeros((len(equations), len(number)))
    for k, equation in enumerate(equations):
        for place, factor in equation.items():
            matrix[k, number[place]] = factor
    says = {SMALL: (0, 4), HELD: (5, None)}
    return matrix, [
        says[cell] if isinstance(cell, SuppressionMark) else (cell, cell) for row in shown for cell in row
    ]


def range_of(shown: Shown, place: tuple[int, int]) -> tuple[float, float]:
    """The least and greatest count that the cell can have."""
    matrix, bounds = knowledge(shown)
    aim = np.zeros(len(bounds))
    aim[place[0] * len(shown[0]) + place[1]] = 1
    zeros = np.zeros(len(matrix))
    low = linprog(aim, A_eq=matrix, b_eq=zeros, bounds=bounds)
    high = linprog(-aim, A_eq=matrix, b_eq=zeros, bounds=bounds)
    assert low.status == 0 and high.status in (0, 3)
    return low.fun, np.inf if high.status == 3 else -high.fun


@given(counts=TABLES)
@sample(15)
def test_nobody_can_compute_a_hidden_cell(counts: list[list[int]]) -> None:
    shown = suppress(counts)
    for i, j in product(range(len(shown)), range(len(shown[0]))):
        if isinstance(shown[i][j], SuppressionMark):
            low, high = range_of(shown, (i, j))
            assert high - low > 0.5, (shown, i, j)


@given(counts=TABLES)
@sample(15)
def test_what_is_shown_is_true_and_never_small(counts: list[list[int]]) -> None:
    for row, shown in zip(with_totals(counts), suppress(counts), strict=True):
        for count, cell in zip(row, shown, strict=True):
            if isinstance(cell, SuppressionMark):
                assert count < 5 or cell is HELD
            else:
                assert cell == count >= 5


@given(counts=TABLES.map(lambda rows: [[count + 5 for count in row] for row in rows]))
@sample(15)
def test_a_table_without_small_cells_is_shown_whole(counts: list[list[int]]) -> None:
    assert suppress(counts) == with_totals(counts)


CASES = [
    # One small cell alone would be its row's total less the others: three more of a square are withheld.
    ([[3, 20, 30], [40, 50, 60], [70, 80, 90]],
     [[SMALL, HELD, 30, 53], [HELD, HELD, 60, 150], [70, 80, 90, 240], [113, 150, 180, 443]]),
    # Four small cells in a square protect each other.
    ([[2, 3, 20], [1, 4, 30], [40, 50, 60]],
     [[SMALL, SMALL, 20, 25], [SMALL, SMALL, 30, 35], [40, 50, 60, 150], [43, 57, 110, 210]]),
    # In a single row the neighbour goes too, and with it the total of its column, which is the same number.
    ([[3, 20]], [[SMALL, HELD, 23], [SMALL, HELD, 23]]),
]  # fmt: skip


@pytest.mark.parametrize(("counts", "expected"), CASES)
def test_examples(counts: list[list[int]], expected: list[list[int | SuppressionMark]]) -> None:
    assert [list(row) for row in suppress(counts)] == expected


def test_what_the_marks_say_is_reckoned_with() -> None:
    """Two cells "<5" whose total is 8 are 4 and 4: the total cannot be shown beside them."""
    shown = suppress([[4, 4, 30], [20, 30, 40]])
    low, high = range_of(shown, (0, 0))
    assert high > low


def test_two_cells_at_their_highest_are_told_apart_from_their_total() -> None:
    assert suppress([[4, 4]])[0][2] is HELD
    low, high = range_of(suppress([[4, 4]]), (0, 0))
    assert high > low


def test_there_is_a_way_for_every_small_table() -> None:
    """All tables of two rows and two columns, and of one row of three, with counts about the limit."""
    tables = [[values[:2], values[2:]] for values in product((0, 1, 3, 4, 5, 6), repeat=4)]
    tables += [[values] for values in product((0, 1, 3, 4, 5, 6), repeat=3)]
    for counts in tables:
        shown = suppress(counts)
        assert all(isinstance(cell, SuppressionMark) or cell >= 5 for row in shown for cell in row)

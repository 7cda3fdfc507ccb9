"""Small cells of a table of counts are hidden, and so are as many others as keep them from being computed.

A count below 5 is shown as "<5" (primary suppression). Who knows the totals could still subtract the other
cells, so that further counts are withheld (secondary suppression) until each hidden cell could have at least
two values, given every number that is shown and what the marks themselves say.

A table with its totals is a network: rows and columns are its nodes, cells its edges, and a hidden cell can
have another value exactly if it lies on a cycle of hidden cells of which the ones can rise while the others
fall (Gusfield, SIAM J Comput 1988;17:552; Cox, J Am Stat Assoc 1995;90:1453).
"""

from __future__ import annotations

import enum
import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

SMALLEST_SHOWN = 5
Place = tuple[int, int]
# A row or a column of the table.
Node = tuple[bool, int]
Counts = tuple[tuple[int, ...], ...]


class SuppressionMark(enum.StrEnum):
    """What is shown in place of a hidden count."""

    SMALL = "<5"
    WITHHELD = "withheld"


# The lowest and highest count that a reader must expect of a marked cell.
_BOUNDS: Mapping[SuppressionMark, tuple[int, float]] = MappingProxyType(
    {SuppressionMark.SMALL: (0, SMALLEST_SHOWN - 1), SuppressionMark.WITHHELD: (SMALLEST_SHOWN, float("inf"))}
)
# Totals are worth more to a reader than cells, and the total of all is worth most.
_CELL, _TOTAL, _GRAND_TOTAL = 10**9, 4 * 10**9, 16 * 10**9


@dataclass
class _Hiding:
    """A table with its totals, and the marks of its hidden cells so far."""

    counts: Counts
    marks: dict[Place, SuppressionMark]

    @property
    def last(self) -> Place:
        return len(self.counts) - 1, len(self.counts[0]) - 1

    def bounds(self, place: Place) -> tuple[int, float]:
        """What a reader knows of a hidden count, or would know were it withheld."""
        return _BOUNDS[self.marks.get(place, SuppressionMark.WITHHELD)]

    def moves(self, place: Place) -> tuple[bool, bool]:
        """Whether the cell can go along with its row's surplus, and against it.

        A total moves the other way than the cells that it sums.
        """
        count = self.counts[place[0]][place[1]]
        lowest, highest = self.bounds(place)
        rises, falls = count < highest, count > lowest
        is_total = (place[0] == self.last[0]) != (place[1] == self.last[1])
        return (falls, rises) if is_total else (rises, falls)

    def price(self, place: Place) -> int:
        """What it costs to hide the cell: nothing if it is hidden; else fewer, and smaller, is better."""
        if place in self.marks:
            return 0
        totals = (place[0] == self.last[0]) + (place[1] == self.last[1])
        return (_CELL, _TOTAL, _GRAND_TOTAL)[totals] + self.counts[place[0]][place[1]]


def with_totals(counts: Sequence[Sequence[int]]) -> Counts:
    """The table with the total at the end of each row, and a row of totals below."""
    rows = [(*row, sum(row)) for row in counts]
    return (*rows, tuple(sum(column) for column in zip(*rows, strict=True)))


def suppress(counts: Sequence[Sequence[int]]) -> tuple[tuple[int | SuppressionMark, ...], ...]:
    """A table of counts as it may be shown, with its totals: a count, or the mark of one that is hidden.

    counts has at least one row, and rows of equal length of at least one cell.
    """
    table = with_totals(counts)
    hiding = _Hiding(
        table,
        {place: SuppressionMark.SMALL for place in _places(table) if _at(table, place) < SMALLEST_SHOWN},
    )
    _protect(hiding)
    return tuple(
        tuple(hiding.marks.get((i, j), count) for j, count in enumerate(row)) for i, row in enumerate(table)
    )


def _protect(hiding: _Hiding) -> None:
    """Withhold what is needed. There is a way: where all is hidden each cell can have another value."""
    while unsafe := [place for place in hiding.marks if not _is_safe(hiding, place)]:
        way = _cheapest_cycle(hiding, unsafe[0])
        if way is None:
            raise AssertionError("nothing is shown rather than a count that can be computed")
        for place in way:
            hiding.marks.setdefault(place, SuppressionMark.WITHHELD)


def _is_safe(hiding: _Hiding, place: Place) -> bool:
    """Whether the hidden cell could have another value."""
    return _cheapest_cycle(hiding, place, only_hidden=True) is not None


def _cheapest_cycle(hiding: _Hiding, place: Place, only_hidden: bool = False) -> list[Place] | None:
    """The cells of the cheapest cycle that lets this one change; None when there is none."""
    row, column = (True, place[0]), (False, place[1])
    along, against = hiding.moves(place)
    ways = []
    if along:
        ways.append(_cheapest_way(hiding, column, row, place, only_hidden))
    if against:
        ways.append(_cheapest_way(hiding, row, column, place, only_hidden))
    found = [way for way in ways if way is not None]
    return min(found, key=lambda way: way[0])[1] if found else None


def _cheapest_way(
    hiding: _Hiding, start: Node, goal: Node, without: Place, only_hidden: bool
) -> tuple[int, list[Place]] | None:
    """Dijkstra over rows and columns: what the way costs, and its cells."""
    queue: list[tuple[int, Node, list[Place]]] = [(0, start, [])]
    seen: set[Node] = set()
    while queue:
        cost, node, way = heapq.heappop(queue)
        if node == goal:
            return cost, way
        if node in seen:
            continue
        seen.add(node)
        for other, place in _neighbours(hiding, node):
            if place != without and not (only_hidden and place not in hiding.marks):
                heapq.heappush(queue, (cost + hiding.price(place), other, [*way, place]))
    return None


def _neighbours(hiding: _Hiding, node: Node) -> Iterator[tuple[Node, Place]]:
    """From a row the cells that can go along lead to columns; from a column those against, to rows."""
    is_row, index = node
    for other in range(hiding.last[1 if is_row else 0] + 1):
        place = (index, other) if is_row else (other, index)
        along, against = hiding.moves(place)
        if along if is_row else against:
            yield (not is_row, other), place


def _places(table: Counts) -> list[Place]:
    return [(i, j) for i in range(len(table)) for j in range(len(table[0]))]


def _at(table: Counts, place: Place) -> int:
    return table[place[0]][place[1]]

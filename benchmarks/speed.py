"""How fast this machine is: fixed pieces of work, in whose time other figures and goals are stated.

Machines differ by a factor of three, so a goal in seconds says little of the code. A goal here is a multiple
of what a fixed piece of pure Python takes on the same machine in the same run.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import numpy as np

ROUNDS = 7
RECORDS = 40_000
SIDE = 300


@dataclass(frozen=True)
class MachineSpeed:
    """Medians of processor time, in milliseconds."""

    python_ms: float
    numpy_ms: float

    def units(self, seconds: float) -> float:
        """Processor time in seconds as a multiple of the piece of pure Python."""
        return 1000 * seconds / self.python_ms

    def seconds(self, units: float) -> float:
        """The processor time in seconds that a multiple of the piece of pure Python is here."""
        return units * self.python_ms / 1000

    def __str__(self) -> str:
        return f"this machine: pure Python {self.python_ms:.1f} ms, numpy {self.numpy_ms:.1f} ms"


def machine_speed() -> MachineSpeed:
    """Measure both pieces in turns."""
    pairs = [(_milliseconds(python_piece), _milliseconds(numpy_piece)) for _ in range(ROUNDS)]
    return MachineSpeed(median(one for one, _ in pairs), median(other for _, other in pairs))


def python_piece() -> int:
    """What rules do: small objects made, looked up, compared, counted and sorted."""
    days: dict[int, list[tuple[int, str]]] = {}
    for number in range(RECORDS):
        days.setdefault(number * 7919 % 997, []).append((number % 61, f"{number % 13}"))
    total = 0
    for day in sorted(days):
        rows = sorted(days[day], reverse=True)
        total += sum(value for value, text in rows if text != "7") + len(rows)
    return total


def numpy_piece() -> float:
    """What the forecast does: products, exponentials and sorting of some thousand numbers."""
    grid = np.arange(SIDE * SIDE, dtype=float).reshape(SIDE, SIDE) / SIDE**2
    total = 0.0
    for _ in range(4):
        grid = np.exp(-(grid @ grid.T) / SIDE)
        total += float(np.sort(grid, axis=None)[SIDE])
    return total


def _milliseconds(piece: Callable[[], object]) -> float:
    began = time.process_time()
    piece()
    return 1000 * (time.process_time() - began)

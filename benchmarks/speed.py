"""How fast this machine is: fixed pieces of work, in whose time other figures and goals are stated.

Machines differ by a factor of three, so a goal in seconds says little of the code. A goal here is a multiple
of what a fixed piece of pure Python takes on the same machine in the same run.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from statistics import median

import numpy as np

# What the piece of pure Python takes on the quiet machine on which the goals in seconds were set. It follows
# from the 5 295 records that a core of it assessed in a second: one assessment takes 0.0127 such pieces.
REFERENCE_PYTHON_MS = 15.0
ROUNDS = 7
RECORDS = 40_000
SIDE = 300


@dataclass(frozen=True)
class MachineSpeed:
    """Medians of processor time, in milliseconds."""

    python_ms: float
    numpy_ms: float
    empty_view_ms: float

    def pieces(self, seconds: float) -> float:
        """Seconds of this machine as a multiple of the piece of pure Python."""
        return 1000 * seconds / self.python_ms

    def __str__(self) -> str:
        return (
            f"this machine: pure Python {self.python_ms:.1f} ms, numpy {self.numpy_ms:.1f} ms, "
            f"an empty view {self.empty_view_ms:.2f} ms"
        )


def pieces_of_goal(reference_seconds: float) -> float:
    """A goal in seconds of the reference machine as a multiple of the piece of pure Python."""
    return 1000 * reference_seconds / REFERENCE_PYTHON_MS


def machine_speed() -> MachineSpeed:
    """Measure the pieces in turns. Django must be set up."""
    view = empty_view()
    view()
    rounds = [[_milliseconds(piece) for piece in (python_piece, numpy_piece, view)] for _ in range(ROUNDS)]
    return MachineSpeed(*(median(piece) for piece in zip(*rounds, strict=True)))


def empty_view() -> Callable[[], object]:
    """The smallest page behind the whole middleware, asked without a session."""
    from django.test import Client

    client = Client()

    def ask() -> None:
        if client.get("/health/live").status_code != HTTPStatus.OK:
            raise RuntimeError("/health/live does not answer")

    return ask


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

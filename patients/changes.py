"""The one upward call: a fact of a patient was written, whoever must judge it is told.

Listeners register when their app is ready; patients never imports them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from patients.models import Patient

Listener = Callable[["Patient"], None]

_listeners: list[Listener] = []
_held: ContextVar[dict[int, Patient] | None] = ContextVar("held_announcements", default=None)


def register(listener: Listener) -> None:
    """Add a callable that is told of each patient whose facts were written, in the same transaction."""
    if listener not in _listeners:
        _listeners.append(listener)


def announce(patient: Patient) -> None:
    """Tell the listeners now, or at the end of the surrounding `held` block."""
    held = _held.get()
    if held is not None:
        held[patient.pk] = patient
        return
    for listener in _listeners:
        listener(patient)


@contextmanager
def held() -> Iterator[None]:
    """Several writes, one announcement a patient, made when the block ends without an error."""
    if _held.get() is not None:
        yield
        return
    waiting: dict[int, Patient] = {}
    token = _held.set(waiting)
    try:
        yield
    finally:
        _held.reset(token)
    for patient in waiting.values():
        announce(patient)

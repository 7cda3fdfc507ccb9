"""A fact of a patient was written: dosing reassesses the patient, at once or after several writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from accounts import upward

if TYPE_CHECKING:
    from patients.models import Patient

_held: ContextVar[dict[int, Patient] | None] = ContextVar("held_announcements", default=None)


def announce(patient: Patient) -> None:
    """Have the patient reassessed in this transaction: now, or at the end of the surrounding `held` block."""
    held = _held.get()
    if held is not None:
        held[patient.pk] = patient
        return
    upward.reassess(patient)


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

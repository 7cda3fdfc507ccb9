"""How a fact is inserted, changed and voided: locked, validated, recorded, announced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.utils import bulk_create_with_history

from accounts.history import note_writer
from patients import changes
from patients.models import Fact, Patient

if TYPE_CHECKING:
    from accounts.models import User

F = TypeVar("F", bound=Fact)

# What a form does not say: who wrote the row, and what became of it.
NOT_CONTENT = frozenset(
    {
        "id", "created_at", "created_by", "version", "submission", "voided_at", "voided_by", "void_reason",
        "signed_at", "signed_by", "confirmed_at", "confirmed_by",
    }
)  # fmt: skip


class StaleFactError(ValidationError):
    """Someone else changed the fact since the form was opened. `current` is the fact as it is now."""

    def __init__(self, current: Fact | Patient) -> None:
        super().__init__(
            _("Someone changed this since you opened it. Nothing was saved; compare and save again."),
            code="stale",
        )
        self.current = current


def lock(patient: Patient) -> None:
    """Let one writer at a time work on a patient's facts, until the transaction ends."""
    Patient.objects.select_for_update().get(pk=patient.pk)


@transaction.atomic
def insert(fact: F, *, by: User, submission: UUID | None = None) -> F:
    """Save a new fact; a second call with the same submission returns the row of the first.

    Raises ValidationError with messages by field.
    """
    lock(fact.patient)
    if submission is not None:
        first = type(fact)._default_manager.filter(submission=submission, patient=fact.patient).first()
        if first is not None:
            return _same(cast(F, first), fact)
    fact.created_by = by
    fact.submission = submission
    _save(fact, by=by)
    changes.announce(fact.patient)
    return fact


@transaction.atomic
def insert_many(facts: Iterable[F], *, by: User) -> list[F]:
    """Save many new facts of one kind with their history; each patient is announced once.

    Every row is validated before the first is written, but for the rows it points to: those are at hand, and
    the database refuses others. Raises ValidationError.
    """
    rows = list(facts)
    if not rows:
        return []
    pointers = {field.name for field in rows[0]._meta.concrete_fields if field.is_relation}
    for row in rows:
        row.created_by = by
        row.clean_fields(exclude=pointers)
    saved = bulk_create_with_history(rows, type(rows[0]), batch_size=500, default_user=by)
    for patient in {row.patient_id: row.patient for row in rows}.values():
        changes.announce(patient)
    return saved


@transaction.atomic
def change(fact: F, values: Mapping[str, Any], *, by: User, expected_version: int, reason: str = "") -> F:
    """Write new values into a fact and return it; raises StaleFactError or ValidationError."""
    current = current_row(fact, expected_version)
    if current.is_voided:
        raise ValidationError(_("This was entered in error and can no longer be changed."))
    for name, value in values.items():
        setattr(current, name, value)
    current.version += 1
    _save(current, by=by, reason=reason)
    changes.announce(current.patient)
    return current


@transaction.atomic
def void(fact: F, *, by: User, reason: str) -> F:
    """Mark a fact as entered in error: it stays in the history and no rule sees it again.

    Raises ValidationError without a reason, or when the fact is voided already.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Say why this was entered in error.")})
    lock(fact.patient)
    current = cast(F, type(fact)._default_manager.select_for_update().get(pk=fact.pk))
    if current.is_voided:
        raise ValidationError(_("This was already marked as entered in error."))
    current.voided_at = timezone.now()
    current.voided_by = by
    current.void_reason = reason.strip()
    current.version += 1
    _save(current, by=by, reason=reason.strip())
    changes.announce(current.patient)
    return current


def current_row(fact: F, expected_version: int) -> F:
    """The locked row of a fact; raises StaleFactError unless it has the version the form was opened with."""
    lock(fact.patient)
    current = cast(F, type(fact)._default_manager.select_for_update().get(pk=fact.pk))
    if current.version != expected_version:
        raise StaleFactError(current)
    return current


def _same(first: F, again: F) -> F:
    """The row of the first submission; refused when the form came back with other content."""
    fields = [field for field in first._meta.concrete_fields if field.name not in NOT_CONTENT]
    differs = any(getattr(first, field.attname) != getattr(again, field.attname) for field in fields)
    if differs or first.is_voided:
        raise ValidationError(
            _("This form was saved before, with other content. Nothing was saved now; open it anew.")
        )
    return first


def _save(fact: Fact, *, by: User, reason: str = "") -> None:
    fact.full_clean()
    note_writer(fact, by=by, reason=reason)
    fact.save()

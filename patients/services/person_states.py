"""What became of a person is recorded here; it is taken back as other facts are."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.rights import Right, require
from patients.models import Patient, PersonState
from patients.models.patient import PatientQuerySet
from patients.rules.person_states import StateKind
from patients.services import writing
from patients.services.checks import check_day

if TYPE_CHECKING:
    from accounts.models import User


def record_state(*, state: PersonState, by: User, submission: UUID | None = None) -> PersonState:
    """Save what became of a person. Raises PermissionDenied, or ValidationError by field."""
    require(by, Right.DECIDE)
    check_state(state)
    return writing.insert(state, by=by, submission=submission)


def check_state(state: PersonState) -> None:
    """Raise ValidationError by field for a state that cannot be."""
    check_day(state.patient, "since", state.since)
    if state.accepted_on is not None:
        check_day(state.patient, "accepted_on", state.accepted_on)
        if state.accepted_on < state.since:
            raise ValidationError({"accepted_on": _("This is before the transfer.")})
    if state.kind == StateKind.TRANSFERRED and not state.receiver.strip():
        raise ValidationError({"receiver": _("Say to whom.")})
    if state.kind != StateKind.TRANSFERRED and state.accepted_on is not None:
        raise ValidationError({"accepted_on": _("Only a transfer is accepted.")})


def accept_transfer(*, state: PersonState, accepted_on: date, by: User, expected_version: int) -> PersonState:
    """The receiver took over. Raises StaleFactError, or ValidationError by field."""
    require(by, Right.DECIDE)
    current = writing.current_row(state, expected_version)
    current.accepted_on = accepted_on
    check_state(current)
    return writing.change(state, {"accepted_on": accepted_on}, by=by, expected_version=expected_version)


def in_research(patients: PatientQuerySet, on: date) -> PatientQuerySet:
    """Without those who want no research with their data on a day."""
    refused = PersonState.objects.active().filter(kind=StateKind.NO_RESEARCH, since__lte=on)
    return patients.exclude(pk__in=refused.values("patient"))


def day_of_death(patient: Patient) -> date | None:
    """The day on which the patient died, as far as recorded."""
    rows = PersonState.objects.active().filter(patient=patient, kind=StateKind.DIED)
    return rows.order_by("since").values_list("since", flat=True).first()

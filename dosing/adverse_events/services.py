"""Adverse events are reported, changed and confirmed here; what was true at the time is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.clock import local_today
from accounts.rights import Right, may
from dosing.assessment.facts import load_treatment
from dosing.models import AdverseEvent
from dosing.models.adverse_event import DEATH_GRADE, OVER, EventOutcome
from dosing.rules.adverse_events import TERMS, Circumstances, circumstances
from dosing.rules.naranjo import QUESTIONS, Reply
from patients.loading import load_record
from patients.models import Patient, PersonState
from patients.rules.dates import PartialDate
from patients.rules.person_states import StateKind
from patients.services import writing
from patients.services.checks import check_partial_day
from patients.services.person_states import check_state, day_of_death

if TYPE_CHECKING:
    from accounts.models import User

# What only a doctor may assess.
CAUSALITY = ("who_umc", "naranjo")
KNOWN_CODES = frozenset(question.code for question in QUESTIONS)
KNOWN_REPLIES = frozenset(reply.value for reply in Reply)


def report_event(*, event: AdverseEvent, by: User, submission: UUID | None = None) -> AdverseEvent:
    """Save a new event; by a doctor it is confirmed, by anybody else reported and without causality.

    Raises ValidationError by field.
    """
    if may(by, Right.CONFIRM_ADVERSE_EVENT):
        _confirm(event, by)
    else:
        event.who_umc, event.naranjo = "", {}
    _check(event)
    return _insert(event, by, submission)


def import_event(*, event: AdverseEvent, by: User) -> AdverseEvent:
    """Save an event that doctors confirmed where it comes from; for loaders, who have no rights.

    Where it comes from may not say whether it was serious. Raises ValidationError by field.
    """
    _check(event)
    _confirm(event, by)
    return _insert(event, by)


@transaction.atomic
def change_event(
    *, event: AdverseEvent, values: Mapping[str, Any], by: User, expected_version: int
) -> AdverseEvent:
    """Write new values into an event; a doctor thereby confirms it.

    Raises StaleFactError, or ValidationError by field; what a doctor confirmed only a doctor changes.
    """
    current = writing.current_row(event, expected_version)
    changed = dict(values)
    if may(by, Right.CONFIRM_ADVERSE_EVENT):
        _confirm(current, by)
        changed |= {"confirmed_at": current.confirmed_at, "confirmed_by": current.confirmed_by}
    elif current.is_confirmed:
        raise ValidationError(
            _("A doctor confirmed this event meanwhile. Tell a doctor what is to be changed.")
        )
    else:
        changed = {name: value for name, value in changed.items() if name not in CAUSALITY}
    for name, value in changed.items():
        setattr(current, name, value)
    _check(current)
    changed["circumstances"] = at_the_time(current.patient, current.onset).to_json()
    saved = writing.change(event, changed, by=by, expected_version=expected_version)
    _note_death(saved, by)
    return saved


def at_the_time(patient: Patient, onset: PartialDate) -> Circumstances:
    """What the record says today of the time of an onset."""
    today = local_today(patient.clinic)
    return circumstances(load_record(patient), load_treatment(patient), onset, today)


@transaction.atomic
def _insert(event: AdverseEvent, by: User, submission: UUID | None = None) -> AdverseEvent:
    event.circumstances = at_the_time(event.patient, event.onset).to_json()
    saved = writing.insert(event, by=by, submission=submission)
    _note_death(saved, by)
    return saved


def _note_death(event: AdverseEvent, by: User) -> None:
    """A fatal event that a doctor confirmed says that the patient died; of a day known in part its latest."""
    if event.outcome != EventOutcome.FATAL or not event.is_confirmed or day_of_death(event.patient):
        return
    died = min((event.resolved or event.onset).latest, local_today(event.patient.clinic))
    state = PersonState(
        patient=event.patient, kind=StateKind.DIED, since=died, source=gettext("adverse event of grade 5")
    )
    check_state(state)
    writing.insert(state, by=by)


def _confirm(event: AdverseEvent, by: User) -> None:
    if not event.is_confirmed:
        event.confirmed_at, event.confirmed_by = timezone.now(), by


def _check(event: AdverseEvent) -> None:
    """Every refusal of one event at once, by field."""
    found: dict[str, Any] = {}
    for check in (_check_term, _check_days, _check_serious, _check_death, _check_naranjo):
        try:
            check(event)
        except ValidationError as error:
            found = error.update_error_dict(found)
    if found:
        raise ValidationError(found)


def _check_term(event: AdverseEvent) -> None:
    if event.term and event.term not in TERMS:
        raise ValidationError({"term": _("This term is not in the list.")})
    if not event.term and not event.term_text.strip():
        raise ValidationError({"term": _("Choose what happened, or write it in words.")})
    if event.term and event.term_text.strip():
        raise ValidationError({"term_text": _("Choose from the list or write in words, not both.")})


def _check_days(event: AdverseEvent) -> None:
    check_partial_day(event.patient, "onset", event.onset)
    check_partial_day(event.patient, "resolved", event.resolved)
    if event.resolved is None:
        return
    if event.resolved.latest < event.onset.earliest:
        raise ValidationError({"resolved": _("This is before the event began.")})
    if event.outcome not in OVER:
        raise ValidationError({"outcome": _("A day on which it was over needs an outcome that says so.")})


def _check_serious(event: AdverseEvent) -> None:
    if event.serious is None and event.is_confirmed:
        raise ValidationError({"serious": _("Say whether it is serious; a grade does not say it.")})
    if event.serious and not event.serious_criterion:
        raise ValidationError({"serious_criterion": _("Say what makes it serious.")})
    if not event.serious and event.serious_criterion:
        raise ValidationError({"serious_criterion": _("Only for a serious event.")})


def _check_death(event: AdverseEvent) -> None:
    fatal = event.outcome == EventOutcome.FATAL
    if event.grade == DEATH_GRADE and not fatal:
        raise ValidationError({"grade": _("Grade 5 is death; the outcome says otherwise.")})
    if fatal and event.grade != DEATH_GRADE:
        raise ValidationError({"grade": _("Who died of it had grade 5.")})
    if fatal and not event.serious:
        raise ValidationError({"serious": _("A death is serious.")})


def _check_naranjo(event: AdverseEvent) -> None:
    replies = event.naranjo
    if not (set(replies) <= KNOWN_CODES and set(replies.values()) <= KNOWN_REPLIES):
        raise ValidationError({"naranjo": _("These are not answers to the ten questions.")})

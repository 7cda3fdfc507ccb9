"""Drugs: dose episodes that never overlap, administrations, former use, completeness of the list."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.rights import Right, require
from patients.models import Administration, DoseEpisode, DrugHistory, Patient, PriorUse
from patients.models.drug import DrugFact
from patients.rules.drugs import DRUGS, OUTSIDE_CLASSES
from patients.services import writing
from patients.services.checks import check_day, check_ordered_day, check_partial_day, check_planned_day

if TYPE_CHECKING:
    from accounts.models import User

HOW_TAKEN = ("schedule", "second_dose_mg", "weekdays", "every_weeks")


@transaction.atomic
def start_episode(*, episode: DoseEpisode, by: User, submission: UUID | None = None) -> DoseEpisode:
    """Begin a period at one dose. Raises ValidationError: overlaps, or a second open episode."""
    _check_drug(episode)
    _check_days(episode.patient, episode.start, episode.last_day)
    writing.lock(episode.patient)
    if submission is None or not DoseEpisode.objects.filter(submission=submission).exists():
        _refuse_overlap(episode)
    return writing.insert(episode, by=by, submission=submission)


@transaction.atomic
def end_episode(
    *, episode: DoseEpisode, last_day: date | None, reason: str, by: User, expected_version: int
) -> DoseEpisode:
    """Set the last day taken; it may lie in the future (a planned stop). Raises ValidationError."""
    return correct_episode(
        episode=episode,
        values={"last_day": last_day},
        reason=reason,
        by=by,
        expected_version=expected_version,
    )


@transaction.atomic
def correct_episode(
    *, episode: DoseEpisode, values: Mapping[str, Any], reason: str, by: User, expected_version: int
) -> DoseEpisode:
    """Change an episode, keeping why. Raises ValidationError or StaleFactError."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why this changes.")})
    start, last_day = values.get("start", episode.start), values.get("last_day", episode.last_day)
    _check_days(episode.patient, start, last_day)
    _refuse_overlap_with(episode, values, expected_version)
    return writing.change(episode, values, by=by, expected_version=expected_version, reason=reason.strip())


@transaction.atomic
def change_dose(
    *,
    episode: DoseEpisode,
    dose_mg: Any,
    start: date,
    reason: str,
    by: User,
    expected_version: int,
    **taken: Any,
) -> DoseEpisode:
    """End an episode the day before `start` and go on at another dose; returns the new episode.

    taken: schedule, second_dose_mg, weekdays and every_weeks, where it is taken otherwise. A planned stop
    stays planned. Raises ValidationError when start is not after the episode's first day, or when nothing
    was taken on the day before: an end that is on record is never moved to fill a gap.
    """
    if start <= episode.start:
        raise ValidationError({"start": _("The new dose must start after the present one.")})
    stop = episode.last_day
    if stop is not None and start > stop + timedelta(days=1):
        message = _("This dose ended on %(day)s. Enter the new dose as a drug of its own.")
        raise ValidationError({"start": message % {"day": date_format(stop, "j M Y")}})
    end_episode(
        episode=episode,
        last_day=start - timedelta(days=1),
        reason=reason,
        by=by,
        expected_version=expected_version,
    )
    following = DoseEpisode(
        patient=episode.patient,
        # What was stated of a drug outside the catalogue held for the dose of then.
        drug="" if episode.drug == OUTSIDE_CLASSES else episode.drug,
        drug_text=episode.drug_text,
        route=episode.route,
        **{name: taken.get(name, getattr(episode, name)) for name in HOW_TAKEN},
        formulation=episode.formulation,
        usual_time=episode.usual_time,
        purpose=episode.purpose,
        dose_mg=dose_mg,
        start=start,
        last_day=stop if stop is not None and stop >= start else None,
        reason=reason.strip(),
    )
    return start_episode(episode=following, by=by)


@transaction.atomic
def identify_drug(*, fact: DrugFact, drug: str, reason: str, by: User, expected_version: int) -> DrugFact:
    """A doctor says which drug a free text means: a catalogue key, or OUTSIDE_CLASSES for none of them.

    What was typed stays beside it. Raises ValidationError, StaleFactError, or PermissionDenied where they are
    no doctor.
    """
    require(by, Right.DECIDE)
    if drug not in DRUGS:
        raise ValidationError({"drug_name": _("This drug is not in the catalogue.")})
    values = {"drug": drug}
    if isinstance(fact, DoseEpisode):
        _refuse_overlap_with(fact, values, expected_version, field="drug_name")
    return writing.change(fact, values, by=by, expected_version=expected_version, reason=reason.strip())


def open_drugs(patient: Patient) -> list[DrugFact]:
    """Standing rows of the drug list whose drug is known by free text only; oldest entry first."""
    kinds = (DoseEpisode, Administration, PriorUse)
    rows = [row for kind in kinds for row in kind.objects.active().filter(patient=patient, drug="")]
    return sorted(rows, key=lambda row: (row.created_at, row.pk))


def record_administration(
    *, administration: Administration, by: User, submission: UUID | None = None
) -> Administration:
    """Save one dated dose. Raises ValidationError."""
    _check_drug(administration)
    check_day(administration.patient, "on", administration.on)
    return writing.insert(administration, by=by, submission=submission)


def record_prior_use(*, use: PriorUse, by: User, submission: UUID | None = None) -> PriorUse:
    """Save that a drug was used before. Raises ValidationError."""
    _check_drug(use)
    check_day(use.patient, "stated_on", use.stated_on)
    check_partial_day(use.patient, "last_dose", use.last_dose)
    return writing.insert(use, by=by, submission=submission)


def confirm_drug_history(
    *, confirmation: DrugHistory, by: User, submission: UUID | None = None
) -> DrugHistory:
    """Save who confirmed that the drug list is complete for how many days. Raises ValidationError."""
    check_day(confirmation.patient, "stated_on", confirmation.stated_on)
    return writing.insert(confirmation, by=by, submission=submission)


def current_episodes(patient: Patient, on: date) -> list[DoseEpisode]:
    """Standing episodes that cover `on`, by drug."""
    covering = Q(last_day__isnull=True) | Q(last_day__gte=on)
    found = DoseEpisode.objects.active().filter(covering, patient=patient, start__lte=on)
    return list(found.order_by("drug", "drug_text", "start"))


def _check_drug(fact: DrugFact) -> None:
    """A drug is a key of the catalogue, or free text; rules rely on it."""
    if fact.drug and fact.drug not in DRUGS:
        raise ValidationError({"drug": _("This drug is not in the catalogue; write it as free text.")})


def _check_days(patient: Patient, start: date, last_day: date | None) -> None:
    check_ordered_day(patient, "start", start)
    if last_day is None:
        return
    check_planned_day(patient, "last_day", last_day)
    if last_day < start:
        raise ValidationError({"last_day": _("The last day lies before the first.")})


def _refuse_overlap_with(
    episode: DoseEpisode, values: Mapping[str, Any], expected_version: int, field: str = "start"
) -> None:
    """Before the change is written: PostgreSQL refuses an overlap without words."""
    changed = copy(writing.current_row(episode, expected_version))
    for name, value in values.items():
        setattr(changed, name, value)
    _refuse_overlap(changed, field)


def _refuse_overlap(episode: DoseEpisode, field: str = "start") -> None:
    others = DoseEpisode.objects.active().filter(patient=episode.patient, drug=episode.drug)
    if episode.drug in ("", OUTSIDE_CLASSES):
        others = others.filter(drug_text__iexact=episode.drug_text)
    ends_before = Q(last_day__isnull=False, last_day__lt=episode.start)
    clash = others.exclude(pk=episode.pk).exclude(ends_before)
    if episode.last_day is not None:
        clash = clash.filter(start__lte=episode.last_day)
    other = clash.order_by("start").first()
    if other is not None:
        raise ValidationError({field: _overlap_message(other)})


def _overlap_message(other: DoseEpisode) -> str:
    start = date_format(other.start, "j M Y")
    if other.last_day is None:
        return _("This drug is already being taken since %(start)s; end that first, or change its dose.") % {
            "start": start
        }
    return _("This overlaps the same drug from %(start)s to %(end)s.") % {
        "start": start,
        "end": date_format(other.last_day, "j M Y"),
    }

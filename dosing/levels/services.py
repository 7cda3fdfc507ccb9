"""Tacrolimus levels are recorded and undone here, and the patient's own target is set."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.clock import day_of, elapsed
from dosing.models import TacrolimusLevel, TargetRange
from dosing.rules.levels.thresholds import LEVELS
from patients.messages import format_value
from patients.rules.analytes import ANALYTES
from patients.rules.units import check_range
from patients.services import writing
from patients.services.checks import check_day, check_moment

if TYPE_CHECKING:
    from accounts.models import User

ANALYTE = "tacrolimus_trough"
UNDO_WITHIN = timedelta(minutes=1)
# Who clicks in the last second has the page's delay to spare.
UNDO_GRACE = timedelta(seconds=5)


def record_level(
    *, level: TacrolimusLevel, by: User, submission: UUID | None = None, confirmed: bool = False
) -> TacrolimusLevel:
    """Save a level with its draw and the dose before it.

    Raises ValidationError by field. What is unusual (a very high level, or a patient who takes no
    tacrolimus by the drug list) is refused at "confirmed" until somebody says that it is right.
    """
    check_moment(level.patient, "drawn_at", level.drawn_at)
    _check_value(level)
    if level.last_dose_at is not None and elapsed(level.last_dose_at, level.drawn_at) <= timedelta(0):
        raise ValidationError({"last_dose_at": _("The last dose must lie before the draw.")})
    unusual = what_is_unusual(level)
    if unusual and not confirmed:
        raise ValidationError({"confirmed": unusual})
    return writing.insert(level, by=by, submission=submission)


def what_is_unusual(level: TacrolimusLevel) -> list[str]:
    """What a person must confirm before the level is stored."""
    found = []
    if level.value_ng_ml >= LEVELS.asked_twice_ng_ml:
        found.append(
            gettext("%(value)s ng/ml is very high. If it is right, tick “it is right”.")
            % {"value": level.value_ng_ml}
        )
    if not _taken_at(level):
        found.append(
            gettext(
                "By the drug list this patient took no tacrolimus on that day. If the level is hers, tick "
                "“it is right”."
            )
        )
    return found


def undo_level(*, level: TacrolimusLevel, by: User) -> TacrolimusLevel:
    """Take a level back within a minute, as entered in error, by who recorded it. Raises ValidationError."""
    too_late = timezone.now() - level.created_at > UNDO_WITHIN + UNDO_GRACE
    if too_late or level.created_by_id != by.pk:
        raise ValidationError(
            _("Only who recorded it can undo it, for a minute. A doctor can mark it as entered in error.")
        )
    return writing.void(level, by=by, reason=gettext("undone at once by who recorded it"))


def set_target(*, target: TargetRange, by: User, submission: UUID | None = None) -> TargetRange:
    """Give a patient a range of their own for morning levels. Raises ValidationError by field."""
    check_day(target.patient, "set_on", target.set_on)
    if target.low_ng_ml >= target.high_ng_ml:
        raise ValidationError({"high_ng_ml": _("The highest must be above the lowest.")})
    # The label's limit, from which the next dose is held: no target reaches beyond it.
    if target.high_ng_ml > LEVELS.hold_ng_ml:
        too_high = _("Levels are kept at %(limit)s ng/ml or below.")
        raise ValidationError({"high_ng_ml": too_high % {"limit": format_value(LEVELS.hold_ng_ml)}})
    for name, text in (("reason", target.reason), ("source", target.source)):
        if not text.strip():
            raise ValidationError({name: _("Say why, and where the range comes from.")})
    return writing.insert(target, by=by, submission=submission)


def _check_value(level: TacrolimusLevel) -> None:
    if level.value_ng_ml <= 0:
        raise ValidationError({"value_ng_ml": _("A level is above 0 ng/ml; write <1.5 for “below 1.5”.")})
    if check_range(ANALYTE, level.value_ng_ml) == "impossible":
        text = _("Not possible: a level lies between %(low)s and %(high)s ng/ml.")
        known = ANALYTES[ANALYTE]
        limits = {"low": format_value(known.impossible_below), "high": format_value(known.impossible_above)}
        raise ValidationError({"value_ng_ml": text % limits})


def _taken_at(level: TacrolimusLevel) -> bool:
    """Whether the drug list has tacrolimus on the day of the draw or of the dose before it."""
    clinic, earlier = level.patient.clinic, level.last_dose_at
    day = day_of(clinic, level.drawn_at)
    first = day - timedelta(days=1) if earlier is None else day_of(clinic, earlier)
    episodes = level.patient.doseepisode_set.filter(voided_at__isnull=True, drug="tacrolimus", start__lte=day)
    return any(row.last_day is None or row.last_day >= first for row in episodes.exclude(dose_mg=0))

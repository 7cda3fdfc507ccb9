"""A patient's rows as a time axis, in a number of queries that does not grow with them."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone

from accounts.clock import local_today
from dosing.models import Decision, TacrolimusLevel
from dosing.rules.timeline import Decided, Level, Timeline, timeline
from patients.loading import load_record
from patients.models import Patient

SECONDS_AN_HOUR = 3600


def load_timeline(patient: Patient) -> Timeline | None:
    """Everything that counts up to today in the clinic; None when there is nothing."""
    return timeline(load_record(patient), _levels(patient), _decisions(patient), local_today(patient.clinic))


def _levels(patient: Patient) -> list[Level]:
    rows = TacrolimusLevel.objects.standing().filter(patient=patient).select_related("laboratory")
    return [_level(row) for row in rows]


def _level(row: TacrolimusLevel) -> Level:
    return Level(
        id=row.pk,
        on=timezone.localtime(row.drawn_at).date(),
        ng_ml=row.value_ng_ml,
        comparator=row.comparator,
        hours_after_dose=_hours(row),
        laboratory=row.laboratory.name,
        assay=row.assay,
    )


def _hours(row: TacrolimusLevel) -> Decimal | None:
    if row.last_dose_at is None:
        return None
    return Decimal((row.drawn_at - row.last_dose_at).total_seconds()) / SECONDS_AN_HOUR


def _decisions(patient: Patient) -> list[Decided]:
    rows = Decision.objects.standing().filter(patient=patient).select_related("created_by")
    return [Decided(row.pk, row.on, row.kind, str(row.created_by)) for row in rows]

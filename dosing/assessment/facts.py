"""Rows to the facts of a treatment: one patient or ten thousand, in the same number of queries.

Only standing facts are loaded. Times become days in the clinic's own time zone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import tzinfo
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet

from accounts.clock import elapsed
from dosing.models import (
    AdverseEvent,
    StepKind,
    TacrolimusCourse,
    TacrolimusLevel,
    TaperPlan,
    TaperStep,
    TargetRange,
)
from dosing.rules import treatment
from dosing.rules.taper import plan as taper
from patients.models import Fact, Patient

T = TypeVar("T")
Grouped = Mapping[int, tuple[T, ...]]
SECONDS_AN_HOUR = 3600


def load_treatment(patient: Patient) -> treatment.Treatment:
    """Everything known of one patient's treatment."""
    return load_treatments([patient.pk])[patient.pk]


def load_treatments(patients: Collection[int]) -> dict[int, treatment.Treatment]:
    """What is known of the treatments of these patients (ids), in a number of queries that never grows."""
    levels = _group(_levels(), patients, _level)
    courses = _group(_query(TacrolimusCourse), patients, _course)
    targets = _group(_query(TargetRange), patients, _target)
    events = _group(_query(AdverseEvent), patients, _event)
    tapers = _group(_query(TaperPlan), patients, taper_facts)
    holds = _group(_query(TaperStep).filter(kind=StepKind.HOLD), patients, _hold)
    return {
        patient: treatment.Treatment(
            levels=levels[patient],
            courses=courses[patient],
            targets=targets[patient],
            adverse_events=events[patient],
            tapers=tapers[patient],
            taper_holds=holds[patient],
        )
        for patient in patients
    }


def level_facts(row: TacrolimusLevel, zone: tzinfo) -> treatment.Level:
    """A level as the rules see it, saved or not; zone is the clinic's."""
    drawn = row.drawn_at.astimezone(zone)
    return treatment.Level(
        id=row.pk or 0,
        on=drawn.date(),
        time=drawn.isoformat(),
        ng_ml=row.value_ng_ml,
        comparator=row.comparator,
        hours_after_dose=_hours(row),
        laboratory=row.laboratory.name,
        assay=row.assay,
        dose_mg=row.dose_mg,
    )


def taper_facts(row: TaperPlan) -> taper.TaperPlan:
    """A plan as the rules see it, saved or not."""
    return taper.TaperPlan(
        id=row.pk or 0,
        start_on=row.start_on,
        goal_mg=row.goal_mg,
        method=taper.Method(row.method),
        above_20=taper.DoseBand(row.above_20_step_mg, row.above_20_days),
        above_10=taper.DoseBand(row.above_10_step_mg, row.above_10_days),
        above_5=taper.DoseBand(row.above_5_step_mg, row.above_5_days),
        up_to_5=taper.DoseBand(row.up_to_5_step_mg, row.up_to_5_days),
        clamp_to_band=row.clamp_to_band,
        below_5_agreed=row.below_5_agreed,
        early_start=row.early_start,
        ended_on=row.ended_on,
    )


@cache
def _query(model: type[Fact]) -> QuerySet:
    """Standing facts of everybody, oldest row first; see `patients.loading` for why it is built once."""
    return model.objects.active().order_by("pk")


@cache
def _levels() -> QuerySet:
    rows = _query(TacrolimusLevel).select_related("laboratory")
    return rows.annotate(zone=F("patient__clinic__time_zone"))


def _group(rows: QuerySet, patients: Collection[int], convert: Callable[[Any], T]) -> Grouped[T]:
    found: dict[int, list[T]] = defaultdict(list)
    for row in rows.filter(patient_id__in=patients):
        found[row.patient_id].append(convert(row))
    return defaultdict(tuple, {key: tuple(facts) for key, facts in found.items()})


def _level(row: Any) -> treatment.Level:
    return level_facts(row, ZoneInfo(row.zone))


def _hours(row: TacrolimusLevel) -> Decimal | None:
    if row.last_dose_at is None:
        return None
    return Decimal(elapsed(row.last_dose_at, row.drawn_at).total_seconds()) / SECONDS_AN_HOUR


def _course(row: TacrolimusCourse) -> treatment.Course:
    return treatment.Course(
        id=row.pk, started_on=row.started_on, ended_on=row.ended_on, end_code=row.end_reason_code
    )


def _target(row: TargetRange) -> treatment.Target:
    return treatment.Target(
        id=row.pk, set_on=row.set_on, low_ng_ml=row.low_ng_ml, high_ng_ml=row.high_ng_ml, source=row.source
    )


def _event(row: AdverseEvent) -> treatment.AdverseEvent:
    return treatment.AdverseEvent(
        id=row.pk,
        onset=row.onset,
        term=row.term,
        term_text=row.term_text,
        grade=row.grade,
        serious=row.serious,
        is_confirmed=row.is_confirmed,
        action=row.action,
        outcome=row.outcome,
    )


def _hold(row: TaperStep) -> taper.TaperHold:
    return taper.TaperHold(row.pk, row.plan_id, row.on)

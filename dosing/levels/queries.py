"""What the pages about levels show: a level's meaning, the patient's course, whom to choose, what is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.clock import local_today
from accounts.models import User
from dosing.assessment.assess import case_today
from dosing.assessment.facts import level_facts
from dosing.models import Alert, AlertState, TacrolimusLevel, TargetRange, Task, TaskState
from dosing.rules import levels as rules
from dosing.rules.case import Case, case_of
from dosing.rules.findings import Severity
from patients.finding import find_patients
from patients.models import DoseEpisode, Patient
from patients.rules.verdict import Message

OFFERED = 8
SHOWN = 12
WAITING = 20
# Work of the rules in which a level is drawn.
LEVEL_WORK = ("control", "level_due")
WEEK = timedelta(days=7)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class LevelInContext:
    """A level with what it means and what else to know."""

    row: TacrolimusLevel
    interpretation: rules.LevelInterpretation
    context: tuple[Message, ...] = ()


@dataclass(frozen=True)
class PatientOption:
    """A patient whom the sheet offers, with the daily dose of today and its usual time; None: not known.

    text is what the field then holds: number, name and, for a user of several clinics, the clinic.
    """

    patient: Patient
    text: str
    dose_mg: Decimal | None
    usual_time: Any


def level_in_context(row: TacrolimusLevel) -> LevelInContext:
    """One level with its interpretation and context, as of the day of its draw."""
    case = case_today(row.patient)
    level = level_facts(row, ZoneInfo(row.patient.clinic.time_zone))
    meant = rules.interpret_recorded_level(case.treatment, level, case.thresholds)
    then = case_of(case.record, case.treatment, level.on, case.thresholds)
    return LevelInContext(row, meant, rules.context(then, level))


def course_of(patient: Patient, today: Case | None = None) -> dict[str, Any]:
    """The patient's latest levels with their meaning, variation and time in range of this treatment.

    today: the patient's case of today, where it is loaded already.
    """
    case = today or case_today(patient)
    rows = TacrolimusLevel.objects.active().filter(patient=patient).select_related("laboratory")
    zone = ZoneInfo(patient.clinic.time_zone)
    target = TargetRange.objects.active().filter(patient=patient).order_by("-set_on", "-pk").first()
    present = max(case.treatment.targets, key=lambda row: (row.set_on, row.id), default=None)
    since = case.first_dose_on
    levels = [row for row in case.treatment.levels if since is not None and row.on >= since]
    band = rules.morning_band(present, case.thresholds)
    return {
        "judged": [
            LevelInContext(
                row, rules.interpret_recorded_level(case.treatment, level_facts(row, zone), case.thresholds)
            )
            for row in rows.order_by("-drawn_at")[:SHOWN]
        ],
        "count": rows.count(),
        "since": since,
        "target": target,
        "band": band,
        "in_range": rules.time_in_range(levels, band),
        "variation": rules.variation_percent(levels),
        "on_tacrolimus": case.is_on_tacrolimus,
        "on": case.on,
    }


def choices(user: User, text: str) -> list[PatientOption]:
    """The first patients who match, with their tacrolimus of today; who takes it comes first."""
    if not text.strip():
        return []
    takes = DoseEpisode.objects.active().filter(_around_today(), patient=OuterRef("pk"), drug="tacrolimus")
    found = find_patients(user, text).patients.select_related("clinic")
    ordered = found.annotate(takes=Exists(takes.exclude(dose_mg=0))).by_name(text, "-takes")
    patients = list(ordered[:OFFERED])
    episodes = DoseEpisode.objects.active().filter(_around_today(), patient__in=patients, drug="tacrolimus")
    doses = list(episodes.exclude(dose_mg=0).order_by("-start"))
    with_clinic = len(user.own_clinics) > 1
    return [_choice(patient, doses, with_clinic) for patient in patients]


def waiting(user: User) -> dict[str, Any]:
    """Levels due within a week, overdue ones, and patients to call; the first of each, and how many.

    Due and overdue by the day of each task's own clinic.
    """
    tasks = Task.objects.filter(clinic__in=user.own_clinics, state=TaskState.OPEN, kind__in=LEVEL_WORK)
    calls = Alert.objects.filter(
        clinic__in=user.own_clinics, state=AlertState.OPEN, rule="level_high", severity=Severity.ACT_NOW
    )
    lists = {
        "overdue": tasks.filter(_of_each_clinic(user, _overdue)).order_by("due_on", "pk"),
        "due": tasks.filter(_of_each_clinic(user, _due_soon)).order_by("due_on", "pk"),
        "calls": calls.order_by("raised_on", "pk"),
    }
    return {
        name: {"rows": rows.select_related("patient")[:WAITING], "count": rows.count()}
        for name, rows in lists.items()
    }


def _of_each_clinic(user: User, condition: Callable[[date], Q]) -> Q:
    """A condition about today, with each clinic's own day."""
    found = Q(pk__in=[])
    for clinic in user.own_clinics:
        found |= Q(clinic=clinic) & condition(local_today(clinic))
    return found


def _overdue(today: date) -> Q:
    return Q(overdue_from__lte=today)


def _due_soon(today: date) -> Q:
    return Q(overdue_from__gt=today, due_on__lte=today + WEEK)


def _around_today() -> Q:
    """Doses of a day that is today somewhere: which one it is, each clinic's own clock says."""
    now = timezone.now().date()
    return Q(start__lte=now + DAY) & (Q(last_day=None) | Q(last_day__gte=now - DAY))


def _choice(patient: Patient, doses: list[DoseEpisode], with_clinic: bool) -> PatientOption:
    text = f"{patient.number} · {patient}" + (f" · {patient.clinic}" if with_clinic else "")
    today = local_today(patient.clinic)
    mine = [row for row in doses if row.patient_id == patient.pk and row.is_taken_on(today)]
    if not mine:
        return PatientOption(patient, text, None, None)
    return PatientOption(patient, text, mine[0].mg_per_day, mine[0].usual_time)

"""The burden of alerts in a clinic over a period: what was raised and what became of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.models import Clinic
from dosing.models import Alert, Task
from dosing.rules.burden import (
    AlertVersion,
    Call,
    Tally,
    calls_of,
    days_within,
    per_100_weeks,
    tallies,
    tally,
)
from dosing.rules.findings import Severity
from patients.models import DoseEpisode, Patient
from patients.rules.record import Route

DAYS_A_WEEK = 7
ONE_DAY = timedelta(days=1)
# A patient's days on tacrolimus: first day, and the day after the last; None while it continues.
Spell = tuple[date, date | None]


class AlertCall(NamedTuple):
    """A call with whose and which it is."""

    rule: str
    on: date
    on_tacrolimus: bool
    call: Call


@dataclass(frozen=True)
class BurdenLine:
    """One rule at one severity: all its calls, and how many of them concerned somebody on tacrolimus."""

    rule: str
    severity: int
    tally: Tally
    on_tacrolimus: int
    per_100: float | None
    per_100_on_tacrolimus: float | None


@dataclass(frozen=True)
class Burden:
    """Alerts of a clinic raised from `since` up to the day before `until`, and what became of them until now.

    patient_weeks: weeks that the clinic's patients were under watch in the period; tacrolimus_weeks: those of
    them on which tacrolimus was taken. tasks: planned work by kind, which is no alert.
    """

    clinic: Clinic
    since: date
    until: date
    patients: int
    patient_weeks: float
    tacrolimus_weeks: float
    lines: tuple[BurdenLine, ...]
    severities: tuple[BurdenLine, ...]
    total: BurdenLine
    months: tuple[tuple[date, Tally], ...]
    tasks: Mapping[str, int]


def burden(clinic: Clinic, since: date, until: date) -> Burden:
    """Count the period [since, until). Four queries, whatever the size of the clinic."""
    entered = _entered(clinic)
    spells = _spells(clinic, since, until)
    found = list(_counted(clinic, since, until, spells))
    days = sum(count * days_within(day, None, since, until) for day, count in entered)
    taken = sum(days_within(*spell, since, until) for rows in spells.values() for spell in rows)
    counting = _Counting(found, days / DAYS_A_WEEK, taken / DAYS_A_WEEK)
    return Burden(
        clinic=clinic,
        since=since,
        until=until,
        patients=sum(count for day, count in entered if day < until),
        patient_weeks=counting.weeks,
        tacrolimus_weeks=counting.tacrolimus_weeks,
        lines=counting.by_rule(),
        severities=counting.by_severity(),
        total=counting.line("", 0, found),
        months=tuple(sorted(counting.months().items())),
        tasks=_tasks(clinic, since, until),
    )


@dataclass(frozen=True)
class _Counting:
    """Calls as lines, with both denominators at hand."""

    found: list[AlertCall]
    weeks: float
    tacrolimus_weeks: float

    def by_rule(self) -> tuple[BurdenLine, ...]:
        """The most severe first, and of one severity the most frequent."""
        groups: dict[tuple[int, str], list[AlertCall]] = defaultdict(list)
        for each in self.found:
            groups[each.call.severity, each.rule].append(each)
        lines = [self.line(rule, severity, group) for (severity, rule), group in groups.items()]
        return tuple(sorted(lines, key=lambda line: (-line.severity, -line.tally.raised, line.rule)))

    def by_severity(self) -> tuple[BurdenLine, ...]:
        """A line a severity, also where nothing was raised."""
        return tuple(
            self.line("", severity, [each for each in self.found if each.call.severity == severity])
            for severity in sorted(Severity, reverse=True)
        )

    def months(self) -> dict[date, Tally]:
        return tallies(((each.on.replace(day=1), each.call) for each in self.found), timezone.now())

    def line(self, rule: str, severity: int, group: list[AlertCall]) -> BurdenLine:
        concerned = sum(each.on_tacrolimus for each in group)
        return BurdenLine(
            rule=rule,
            severity=severity,
            tally=tally((each.call for each in group), timezone.now()),
            on_tacrolimus=concerned,
            per_100=per_100_weeks(len(group), self.weeks),
            per_100_on_tacrolimus=per_100_weeks(concerned, self.tacrolimus_weeks),
        )


def _counted(clinic: Clinic, since: date, until: date, spells: dict[int, list[Spell]]) -> Iterator[AlertCall]:
    zone = ZoneInfo(clinic.time_zone)
    for (_alert, patient, rule), steps in _steps(clinic, since, until):
        for call in calls_of(steps):
            on = call.at.astimezone(zone).date()
            if since <= on < until:
                yield AlertCall(rule, on, _is_on_tacrolimus(spells.get(patient, []), on), call)


def _steps(
    clinic: Clinic, since: date, until: date
) -> Iterator[tuple[tuple[int, int, str], list[AlertVersion]]]:
    """The stored versions of each alert that has one in the period, in the order they were written."""
    versions = Alert.history.filter(clinic=clinic)
    touched = versions.filter(
        history_date__gte=_midnight(clinic, since), history_date__lt=_midnight(clinic, until)
    )
    rows = versions.filter(id__in=touched.values("id")).order_by("id", "history_id")
    columns = ("id", "patient_id", "rule", "history_date", "severity", "state", "override_code")
    for matter, group in groupby(rows.values_list(*columns).iterator(), key=itemgetter(0, 1, 2)):
        yield matter, [AlertVersion(*row[3:]) for row in group]


def _entered(clinic: Clinic) -> list[tuple[date, int]]:
    """Since which day how many patients of the clinic are under watch."""
    day = TruncDate("created_at", tzinfo=ZoneInfo(clinic.time_zone))
    rows = Patient.objects.filter(clinic=clinic).annotate(day=day).order_by().values_list("day")
    return list(rows.annotate(Count("pk")))


def _spells(clinic: Clinic, since: date, until: date) -> dict[int, list[Spell]]:
    """On which days of the period tacrolimus was taken by whom: doses above 0 mg, or of an unknown size.

    Under watch only: from the day of entry on.
    """
    zone = ZoneInfo(clinic.time_zone)
    taken = DoseEpisode.objects.active().filter(patient__clinic=clinic, drug="tacrolimus", start__lt=until)
    taken = taken.filter(Q(last_day__isnull=True) | Q(last_day__gte=since)).exclude(dose_mg=0)
    rows = taken.exclude(route=Route.TOPICAL)
    found: dict[int, list[Spell]] = defaultdict(list)
    for patient, entered, start, last_day in rows.values_list(
        "patient_id", "patient__created_at", "start", "last_day"
    ):
        first = max(start, entered.astimezone(zone).date())
        found[patient].append((first, None if last_day is None else last_day + ONE_DAY))
    return found


def _is_on_tacrolimus(spells: list[Spell], on: date) -> bool:
    return any(first <= on and (end is None or on < end) for first, end in spells)


def _tasks(clinic: Clinic, since: date, until: date) -> Mapping[str, int]:
    """Work planned in the period, by kind."""
    rows = Task.objects.filter(clinic=clinic, created_at__gte=_midnight(clinic, since))
    return Counter(rows.filter(created_at__lt=_midnight(clinic, until)).values_list("kind", flat=True))


def _midnight(clinic: Clinic, day: date) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(clinic.time_zone))

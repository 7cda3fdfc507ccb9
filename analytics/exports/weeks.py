"""What a record says of the weeks after the first dose of tacrolimus: PURE, for the wide export.

Weeks 0 and 52 are read as the report of the cohort reads them (analytics.outcomes), the weeks between in the
same way. A week is described by its visit: week 0 by the last of the 30 days up to and including the first
dose; another week by the one nearest to its day within 28 days, of two as near the earlier. A result
of week 0 is the last of the 56 days up to the first dose, another the nearest to the week's visit within
28 days.
Prednisolone of week 0 is that of the day before the first dose; other doses are those of the visit's day.
Where a week has no visit, its own day is used. Facts after `on` are not used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TypeVar

from analytics.outcomes.values import Value, around, before
from dosing.rules.efficacy import dose_before
from dosing.rules.levels.course import morning_levels
from dosing.rules.treatment import Level, Treatment
from patients.rules.glucocorticoids import daily_doses
from patients.rules.reading import active_episodes, latest_visit
from patients.rules.record import Record, Visit
from patients.rules.renal import ADULT_YEARS, egfr_japan

ANALYTES = ("c3", "c4", "dsdna", "upcr", "creatinine")
WEEKS = (0, 12, 24, 36, 52)
ENTRY_DAYS, WINDOW_DAYS = 30, 28
DAYS_A_WEEK = 7
TACROLIMUS = "tacrolimus"
Fact = TypeVar("Fact", Visit, Level)


def nearest(facts: Iterable[Fact], day: date) -> Fact | None:
    """The fact nearest to a day within 28 days; of two as near the earlier. Facts are in order of time."""
    found = [fact for fact in facts if abs((fact.on - day).days) <= WINDOW_DAYS]
    return min(found, key=lambda fact: abs((fact.on - day).days), default=None)


@dataclass(frozen=True)
class Whole:
    """Everything known of one patient up to a day. first is that of the first dose, None before any."""

    record: Record
    treatment: Treatment
    first: date | None
    on: date

    @cached_property
    def morning(self) -> Sequence[Level]:
        """The exact morning levels, which the target is about."""
        return [level for level in morning_levels(self.treatment.levels) if level.on <= self.on]

    @cached_property
    def visits(self) -> Mapping[int, Visit | None]:
        """The signed visit that tells each week."""
        if self.first is None:
            return dict.fromkeys(WEEKS)
        known = [visit for visit in self.record.visits_in_order if visit.on <= self.on]
        later = {week: nearest(known, self.first + timedelta(weeks=week)) for week in WEEKS[1:]}
        return {0: latest_visit(self.record, self.first, ENTRY_DAYS), **later}

    def day(self, week: int) -> date | None:
        """The day for which the week is described; None when it lies in the future."""
        if self.first is None:
            return None
        visit = self.visits[week] if week else None
        day = visit.on if visit else self.first + timedelta(weeks=week)
        return day if day <= self.on else None

    @cached_property
    def results(self) -> Mapping[tuple[str, int], Value]:
        """The results that there are, by analyte and week; of another method than that of week 0 none."""
        if self.first is None:
            return {}
        starts = {key: before(self.record, key, self.first) for key in ANALYTES}
        found = {
            (key, week): around(self.record, key, self.day(week), self.on, start) if week else start
            for key, start in starts.items()
            for week in WEEKS
        }
        return {place: value for place, value in found.items() if value.number is not None}

    def level(self, week: int) -> Level | None:
        """The morning level that tells the week; week 0 has none."""
        day = self.day(week) if week else None
        return None if day is None else nearest(self.morning, day)

    def prednisolone_mg(self, week: int) -> Decimal | None:
        """The daily prednisolone equivalent, mg; None where a dose is not known."""
        day = self.day(week)
        if day is None:
            return None
        return daily_doses(self.record, day, day)[day] if week else dose_before(self.record, day)

    def tacrolimus_mg(self, week: int) -> Decimal | None:
        """The daily dose, mg; 0 when none was taken, None when it is not known."""
        day = self.day(week)
        if day is None:
            return None
        doses = [row.mg_per_day for row in active_episodes(self.record, [TACROLIMUS], day)]
        known = [dose for dose in doses if dose is not None]
        return sum(known, Decimal(0)) if len(known) == len(doses) else None

    def egfr(self, week: int, age: int | None) -> float | None:
        """The eGFR of the week's creatinine by the Japanese equation at an age, ml/min/1.73 m²; of adults."""
        found = self.results.get(("creatinine", week))
        if found is None or not found.number or found.comparator or age is None or age < ADULT_YEARS:
            return None
        return egfr_japan(float(found.number), age, self.record.person.sex)

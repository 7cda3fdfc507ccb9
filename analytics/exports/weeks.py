"""What a record says of the weeks after the first dose of tacrolimus: PURE, for the wide export.

Week 0 is the last value of the 30 days up to and including the day of the first dose. Another week is the
value nearest to its day within 28 days of it, of two as near the earlier; week 52 is so judged as the rules
judge it (day 336 to 392). Doses are those of the day itself. What lies behind `on` is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TypeVar

from dosing.rules.levels.course import morning_levels
from dosing.rules.treatment import Level, Treatment
from patients.rules.glucocorticoids import daily_doses
from patients.rules.reading import active_episodes
from patients.rules.record import LaboratoryValue, Record, Visit
from patients.rules.renal import ADULT_YEARS, egfr_japan

WEEKS = (0, 12, 24, 36, 52)
ENTRY_DAYS, WINDOW_DAYS = 30, 28
DAYS_A_WEEK = 7
TACROLIMUS = "tacrolimus"
Fact = TypeVar("Fact", Visit, LaboratoryValue, Level)


def nearest(facts: Iterable[Fact], first: date, week: int) -> Fact | None:
    """The fact that tells a week; facts are in order of time. Of several of one day the first counts."""
    day = first + timedelta(weeks=week)
    if week == 0:
        found = [fact for fact in facts if timedelta() <= day - fact.on <= timedelta(ENTRY_DAYS)]
        return max(found, key=lambda fact: fact.on, default=None)
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
        return morning_levels(self.treatment.levels)

    def visit(self, week: int) -> Visit | None:
        """The signed visit that tells the week."""
        return self._nearest(self.record.visits_in_order, week)

    def result(self, analyte: str, week: int) -> LaboratoryValue | None:
        """The result that tells the week."""
        return self._nearest(self.record.laboratory_in_order.get(analyte, ()), week)

    def level(self, week: int) -> Level | None:
        """The morning level that tells the week."""
        return self._nearest(self.morning, week)

    def prednisolone_mg(self, week: int) -> Decimal | None:
        """The prednisolone equivalent of the day, mg; None where a dose is not known."""
        return self._of_the_day(week, lambda day: daily_doses(self.record, day, day)[day])

    def tacrolimus_mg(self, week: int) -> Decimal | None:
        """The dose of the day, mg; 0 when none was taken, None when it is not known."""
        return self._of_the_day(week, self._tacrolimus)

    def egfr(self, week: int, age: int | None) -> float | None:
        """The eGFR of the week's creatinine by the Japanese equation at an age, ml/min/1.73 m²; of adults."""
        found = self.result("creatinine", week)
        if found is None or not found.value or found.comparator or age is None or age < ADULT_YEARS:
            return None
        return egfr_japan(float(found.value), age, self.record.person.sex)

    def _nearest(self, facts: Iterable[Fact], week: int) -> Fact | None:
        if self.first is None:
            return None
        return nearest([fact for fact in facts if fact.on <= self.on], self.first, week)

    def _of_the_day(self, week: int, dose: Callable[[date], Decimal | None]) -> Decimal | None:
        day = None if self.first is None else self.first + timedelta(weeks=week)
        return None if day is None or day > self.on else dose(day)

    def _tacrolimus(self, day: date) -> Decimal | None:
        doses = [row.mg_per_day for row in active_episodes(self.record, [TACROLIMUS], day)]
        known = [dose for dose in doses if dose is not None]
        return sum(known, Decimal(0)) if len(known) == len(doses) else None

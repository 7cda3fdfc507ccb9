"""A patient on a day, as the rules about a running treatment see it."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from dosing.rules.thresholds import STUDY, Thresholds
from dosing.rules.treatment import Treatment
from patients.rules.reading import episodes_of
from patients.rules.record import Episode, Record

# [D] A break of up to four weeks is a pause of one treatment (specification 2.7); a longer one ends it.
LONGEST_PAUSE = timedelta(days=28)


@dataclass(frozen=True)
class Case:
    """What is known of a patient up to `on`; facts dated later were taken out by `case_of`."""

    record: Record
    treatment: Treatment
    on: date
    thresholds: Thresholds = STUDY

    @cached_property
    def doses(self) -> tuple[Episode, ...]:
        """The episodes of tacrolimus of the last treatment, oldest first, without stated 0 mg."""
        rows = [row for row in episodes_of(self.record, ["tacrolimus"], self.on) if row.dose_mg != 0]
        first = 0
        for number in range(1, len(rows)):
            before = rows[number - 1].last_day
            if before is not None and rows[number].start - before > LONGEST_PAUSE:
                first = number
        return tuple(rows[first:])

    def dose_on(self, day: date) -> Episode | None:
        """The dose of tacrolimus that was taken on a day of the last treatment."""
        return next((row for row in reversed(self.doses) if row.covers(day)), None)

    @property
    def first_dose_on(self) -> date | None:
        """The day of the first dose of the last treatment; None when there never was one."""
        return self.doses[0].start if self.doses else None

    @property
    def dose(self) -> Episode | None:
        """The dose of tacrolimus that is taken on the day; None before, in a pause and after a stop."""
        return self.dose_on(self.on)

    @property
    def is_on_tacrolimus(self) -> bool:
        return self.dose is not None

    @property
    def is_paused(self) -> bool:
        """Not taken today, but not for longer than a pause, and no stop of the course is recorded."""
        if self.dose is not None or not self.doses:
            return False
        last = self.doses[-1].last_day
        stopped = any(course.ended_on == last for course in self.treatment.courses)
        return not stopped and last is not None and self.on - last <= LONGEST_PAUSE

    @property
    def days_on_tacrolimus(self) -> int | None:
        """Days since the first dose, which is day 0."""
        return None if self.first_dose_on is None else (self.on - self.first_dose_on).days

    @property
    def dose_mg(self) -> Decimal | None:
        """Milligrams a day on the day; None when not taken or unknown."""
        return None if self.dose is None else self.dose.mg_per_day


def case_of(record: Record, treatment: Treatment, on: date, thresholds: Thresholds = STUDY) -> Case:
    """The case as of a day, by the clinic's thresholds."""
    return Case(record.as_of(on), treatment.as_of(on), on, thresholds)

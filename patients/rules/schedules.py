"""How often a dose is taken, and the mean daily dose over the schedule's own cycle.

Source: second clinical specification, section 3: mg/day is the sum of a cycle by the days of the cycle.
"""

import enum
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Protocol

from patients.rules.verdict import Message, gettext_noop, say

DAYS_A_WEEK = 7
WEEKDAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Schedule(enum.StrEnum):
    """How often a dose is taken."""

    DAILY = "daily"
    TWICE_DAILY = "twice_daily"
    THREE_TIMES_DAILY = "three_times_daily"
    FOUR_TIMES_DAILY = "four_times_daily"
    MORNING_AND_EVENING = "morning_and_evening"
    ALTERNATE_DAYS = "alternate_days"
    ALTERNATE_DOSES = "alternate_doses"
    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"
    EVERY_N_WEEKS = "every_n_weeks"
    AS_NEEDED = "as_needed"


SCHEDULE_LABELS: Mapping[Schedule, str] = MappingProxyType(
    {
        Schedule.DAILY: gettext_noop("every day"),
        Schedule.TWICE_DAILY: gettext_noop("twice a day"),
        Schedule.THREE_TIMES_DAILY: gettext_noop("three times a day"),
        Schedule.FOUR_TIMES_DAILY: gettext_noop("four times a day"),
        Schedule.MORNING_AND_EVENING: gettext_noop("morning and evening"),
        Schedule.ALTERNATE_DAYS: gettext_noop("every other day"),
        Schedule.ALTERNATE_DOSES: gettext_noop("alternating doses"),
        Schedule.WEEKDAYS: gettext_noop("on certain weekdays"),
        Schedule.WEEKLY: gettext_noop("once a week"),
        Schedule.EVERY_N_WEEKS: gettext_noop("every few weeks"),
        Schedule.AS_NEEDED: gettext_noop("as needed"),
    }
)
# Schedules of one equal dose every so many days: all that the forecast knows.
DAYS_BETWEEN_DOSES: Mapping[Schedule, int] = MappingProxyType(
    {Schedule.DAILY: 1, Schedule.ALTERNATE_DAYS: 2, Schedule.WEEKLY: DAYS_A_WEEK}
)
INTAKES_A_DAY: Mapping[Schedule, int] = MappingProxyType(
    {
        Schedule.DAILY: 1,
        Schedule.TWICE_DAILY: 2,
        Schedule.THREE_TIMES_DAILY: 3,
        Schedule.FOUR_TIMES_DAILY: 4,
    }
)
# Days over which the two doses of a schedule are spread.
DAYS_OF_TWO_DOSES: Mapping[Schedule, int] = MappingProxyType(
    {Schedule.MORNING_AND_EVENING: 1, Schedule.ALTERNATE_DOSES: 2}
)
TAKEN_DAILY = frozenset({*INTAKES_A_DAY, *DAYS_OF_TWO_DOSES})

_AS_TAKEN: Mapping[Schedule, str] = MappingProxyType(
    {
        Schedule.DAILY: gettext_noop("%(mg)s mg every day"),
        Schedule.TWICE_DAILY: gettext_noop("%(mg)s mg twice a day"),
        Schedule.THREE_TIMES_DAILY: gettext_noop("%(mg)s mg three times a day"),
        Schedule.FOUR_TIMES_DAILY: gettext_noop("%(mg)s mg four times a day"),
        Schedule.MORNING_AND_EVENING: gettext_noop("%(mg)s mg in the morning, %(second)s mg in the evening"),
        Schedule.ALTERNATE_DAYS: gettext_noop("%(mg)s mg every other day"),
        Schedule.ALTERNATE_DOSES: gettext_noop("%(mg)s mg and %(second)s mg on alternate days"),
        Schedule.WEEKDAYS: gettext_noop("%(mg)s mg on %(days)s"),
        Schedule.WEEKLY: gettext_noop("%(mg)s mg once a week"),
        Schedule.EVERY_N_WEEKS: gettext_noop("%(mg)s mg every %(weeks)s weeks"),
        Schedule.AS_NEEDED: gettext_noop("%(mg)s mg as needed"),
    }
)


class Dosing(Protocol):
    """A dose with its schedule. Doses in mg, None where unknown.

    second_dose_mg: the evening's, or that of the other day. weekdays: digits, 1 is Monday. every_weeks: of
    "every few weeks".
    """

    @property
    def schedule(self) -> str: ...

    @property
    def dose_mg(self) -> Decimal | None: ...

    @property
    def second_dose_mg(self) -> Decimal | None: ...

    @property
    def weekdays(self) -> str: ...

    @property
    def every_weeks(self) -> int | None: ...


def mean_mg_per_day(dosing: Dosing) -> Decimal | None:
    """The mean daily dose in mg; None where a dose, or how often it is taken, is not known."""
    schedule = Schedule(dosing.schedule)
    dose, second = dosing.dose_mg, dosing.second_dose_mg
    if dose is None or dose == 0:
        return dose
    if schedule in DAYS_OF_TWO_DOSES:
        return None if second is None else (dose + second) / DAYS_OF_TWO_DOSES[schedule]
    cycle = _cycle(dosing, schedule)
    return None if cycle is None else dose * cycle[0] / cycle[1]


def _cycle(dosing: Dosing, schedule: Schedule) -> tuple[int, int] | None:
    """Equal doses, and the days over which they are taken; None where that is not known."""
    if schedule in INTAKES_A_DAY:
        return INTAKES_A_DAY[schedule], 1
    if schedule in DAYS_BETWEEN_DOSES:
        return 1, DAYS_BETWEEN_DOSES[schedule]
    if schedule is Schedule.WEEKDAYS and dosing.weekdays:
        return len(dosing.weekdays), DAYS_A_WEEK
    if schedule is Schedule.EVERY_N_WEEKS and dosing.every_weeks:
        return 1, DAYS_A_WEEK * dosing.every_weeks
    return None


def largest_dose_mg(dosing: Dosing) -> Decimal | None:
    """The largest single dose in mg; None where none is known."""
    return max((mg for mg in (dosing.dose_mg, dosing.second_dose_mg) if mg is not None), default=None)


def as_taken(dosing: Dosing) -> Message:
    """The dose in words as it is prescribed: "10 mg in the morning, 5 mg in the evening"."""
    if dosing.dose_mg is None:
        return say(gettext_noop("dose unknown"))
    return say(
        _AS_TAKEN[Schedule(dosing.schedule)],
        mg=dosing.dose_mg,
        second=dosing.second_dose_mg,
        days=", ".join(WEEKDAY_NAMES[int(day) - 1] for day in dosing.weekdays),
        weeks=dosing.every_weeks,
    )

"""Calendar arithmetic and dates known only in part."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_PARTIAL = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date known as the interval of days it can be: "2019" is 1 January to 31 December 2019."""

    earliest: date
    latest: date

    @classmethod
    def on(cls, day: date) -> "PartialDate":
        return cls(day, day)

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read "2019", "2019-04" or "2019-04-30"; raise ValueError for anything else."""
        found = _PARTIAL.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"not a date, a month or a year: {text!r}")
        year, month, day = (int(part) if part else None for part in found.group("year", "month", "day"))
        assert year is not None  # noqa: S101 - the pattern requires it
        if month is None:
            return cls(date(year, 1, 1), date(year, 12, 31))
        if day is None:
            return cls(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
        return cls.on(date(year, month, day))

    @property
    def is_exact(self) -> bool:
        return self.earliest == self.latest

    def __str__(self) -> str:
        """The shortest ISO form: "2019", "2019-04" or "2019-04-30"."""
        if self.is_exact:
            return self.earliest.isoformat()
        if self.earliest.month == self.latest.month:
            return self.earliest.isoformat()[: len("2019-04")]
        return self.earliest.isoformat()[: len("2019")]


def add_months(day: date, months: int) -> date:
    """The same day of the month, that many calendar months on; the last day where the month is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def add_years(day: date, years: int) -> date:
    """The same day that many calendar years on; 29 February becomes 28 February in a common year."""
    return add_months(day, 12 * years)


def in_last_days(day: date, on: date, days: int) -> bool:
    """Whether an event of `day` lies in the last `days` days up to `on`: on - days < day <= on."""
    return on - timedelta(days=days) < day <= on


def age_years(birth: date, on: date) -> int:
    """Completed years of life on a day; someone born on 29 February ages on 1 March in a common year."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))

"""A patient as the files tell them: under their own number and dates, or under random ones of one export."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any, Protocol

from patients.rules.dates import PartialDate, age_years

LARGEST_SHIFT_DAYS = 365
BAND_YEARS, TOP_BAND_FROM = 5, 85
_BYTES_OF_AN_ID = 8


class Pseudonymizer(Protocol):
    """How an export names patients and series of measurements, and by how many days it shifts a patient."""

    identified: bool

    def name(self, number: str) -> str: ...

    def shift_days(self) -> int: ...

    def series(self, *parts: str) -> str: ...


@dataclass
class Identified:
    """An identified export: the patient's number, their dates, the laboratory and its method."""

    identified: bool = True

    def name(self, number: str) -> str:
        return number

    def shift_days(self) -> int:
        return 0

    def series(self, *parts: str) -> str:
        return " · ".join(part for part in parts if part)


@dataclass
class DeIdentified:
    """Random names and shifts that are drawn for this export, kept nowhere, and derived from nothing."""

    identified: bool = False
    _series: dict[tuple[str, ...], str] = field(default_factory=dict)

    def name(self, number: str) -> str:
        return secrets.token_hex(_BYTES_OF_AN_ID)

    def shift_days(self) -> int:
        """From -365 to +365 days, each equally likely."""
        return secrets.randbelow(2 * LARGEST_SHIFT_DAYS + 1) - LARGEST_SHIFT_DAYS

    def series(self, *parts: str) -> str:
        return self._series.setdefault(parts, secrets.token_hex(_BYTES_OF_AN_ID))


@dataclass(frozen=True)
class Subject:
    """One patient in one export. first_dose is that of tacrolimus; entry: the day for which the age is given.

    goes_on is None before any tacrolimus.
    """

    name: str
    shift: int
    disguise: Pseudonymizer
    zone: tzinfo
    birth: PartialDate
    first_dose: date | None
    entry: date | None
    goes_on: bool | None

    def day(self, on: date | None) -> date | None:
        """A day as the files tell it. All of a patient's days are shifted alike."""
        if on is None:
            return None
        return date.fromordinal(min(max(on.toordinal() + self.shift, 1), date.max.toordinal()))

    def local(self, at: datetime | None) -> date | None:
        """The day of a moment in the clinic."""
        return None if at is None else self.day(at.astimezone(self.zone).date())

    def partial(self, value: PartialDate | None) -> str:
        """A date known in part. De-identified, only whole days count: 1 January would reveal the shift."""
        if value is None:
            return ""
        if self.disguise.identified:
            return str(value)
        told = self.day(value.earliest) if value.is_exact else None
        return told.isoformat() if told else ""

    def day_of_tacrolimus(self, on: date | None) -> int | None:
        """Days since the first dose, which is day 0; negative before it. None without tacrolimus."""
        return None if on is None or self.first_dose is None else (on - self.first_dose).days

    @property
    def age(self) -> int | None:
        """Completed years at entry; of a birth known in part the highest possible, as in the report."""
        return None if self.entry is None else age_years(self.birth.earliest, self.entry)


def age_band(age: int | None) -> str:
    """Five years: 0-4 to 80-84, and 85+; empty when the age is unknown."""
    if age is None:
        return ""
    if age >= TOP_BAND_FROM:
        return f"{TOP_BAND_FROM}+"
    first = max(age, 0) // BAND_YEARS * BAND_YEARS
    return f"{first}-{first + BAND_YEARS - 1}"


def middle_of_band(age: int) -> int:
    """The age that represents a band; for 85+ its lowest age, since the band has no end."""
    return min(age // BAND_YEARS * BAND_YEARS + BAND_YEARS // 2, TOP_BAND_FROM)


def years_between(first: PartialDate | None, on: date | None) -> int | None:
    """Completed years from a date known in part, taken in its middle, to a day; None before it."""
    if first is None or on is None or on < _middle(first):
        return None
    return age_years(_middle(first), on)


def precision(value: PartialDate | None) -> str:
    """How much of a date is known: day, month or year."""
    if value is None:
        return ""
    return {len("2019"): "year", len("2019-04"): "month"}.get(len(str(value)), "day")


def _middle(value: PartialDate) -> date:
    return value.earliest + (value.latest - value.earliest) / 2


Row = dict[str, Any]

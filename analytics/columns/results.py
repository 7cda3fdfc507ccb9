"""The laboratory values of weeks 0 and 52 of everybody who started."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import NamedTuple

import numpy as np

from analytics.columns.choosing import NONE, Mask, first_of_each, last_of_each, taken
from analytics.columns.people import StarterPerson, Starters
from analytics.columns.reading import NOT_KNOWN, Numbers, StorageType, day_of, decimal, millionths, place_in
from analytics.columns.visits import NEVER
from analytics.outcomes.values import (
    ANOTHER_METHOD,
    AROUND_DAYS,
    BEFORE_DAYS,
    NO_VISIT,
    NOT_MEASURED,
    Value,
    none,
)
from analytics.outcomes.weeks import ANALYTES
from dosing.rules.efficacy import WINDOW_FIRST, WINDOW_LAST
from patients.models import LaboratoryResult
from patients.reference_limits import ReferenceLimits
from patients.rules.limits import Side, side

COMPARATORS = ("", "<", ">", "≤", "≥")
# The columns that, with its day, describe a result.
DESCRIBED_BY = ("millionths", "comparator_place", "method_place", "laboratory_id", "low", "high")


class _Row(NamedTuple):
    """A result as its limits are looked up."""

    laboratory_id: int
    analyte: str
    method: str
    lower_limit: Decimal | None
    upper_limit: Decimal | None


class Results:
    """The numbers of the study's analytes; group: the place of the patient and of the analyte in one."""

    def __init__(self, starters: Starters, people: Sequence[StarterPerson]) -> None:
        self._sexes, self._limits = [person.sex for person in people], ReferenceLimits(starters.clinic.pk)
        self._cached_description = cache(self._describe)
        numbers = LaboratoryResult.objects.active().filter(analyte__in=ANALYTES, value__isnull=False)
        rows = starters.facts_near_a_dose(
            numbers.annotate(day=starters.day_of("collected_at")),
            (-BEFORE_DAYS, 0),
            (WINDOW_FIRST - AROUND_DAYS, WINDOW_LAST + AROUND_DAYS),
        )
        written = rows.exclude(method="").values_list("method", flat=True)
        self._methods = ("", *sorted(set(written.distinct())))
        self.rows = starters.read(
            rows.annotate(
                analyte_place=place_in(ANALYTES, "analyte"),
                method_place=place_in(self._methods, "method"),
                comparator_place=place_in(COMPARATORS, "comparator"),
                millionths=millionths("value"),
                low=millionths("lower_limit"),
                high=millionths("upper_limit"),
            ),
            patient_id=StorageType.BIG,
            pk=StorageType.BIG,
            analyte_place=StorageType.WHOLE,
            method_place=StorageType.WHOLE,
            comparator_place=StorageType.WHOLE,
            day=StorageType.DAY,
            collected_at=StorageType.MOMENT,
            laboratory_id=StorageType.BIG,
            millionths=StorageType.BIG,
            low=StorageType.BIG,
            high=StorageType.BIG,
        )
        self._owner = starters.places(self.rows["patient_id"])
        self._group = self._owner * len(ANALYTES) + self.rows["analyte_place"]
        self._groups = len(people) * len(ANALYTES)
        self._order = (self.rows["day"], self.rows["collected_at"], self.rows["pk"])

    def before(self, first: Numbers) -> Numbers:
        """Of each group the last result up to the first dose that is not too old."""
        age = first[self._owner] - self.rows["day"]
        return last_of_each(self._group, self._groups, (age >= 0) & (age <= BEFORE_DAYS), *self._order)

    def around(self, visit: Numbers, before: Numbers) -> tuple[Numbers, Numbers]:
        """The result nearest to the visit of week 52, and, of another method than before, the same."""
        away = np.abs(self.rows["day"] - visit[self._owner])
        near = away <= AROUND_DAYS
        by = taken(self.rows["method_place"], before, 0)[self._group]
        same: Mask = (by == 0) | (self.rows["method_place"] == by)
        return (
            first_of_each(self._group, self._groups, near & same, away, *self._order),
            first_of_each(self._group, self._groups, near & ~same, away, *self._order),
        )

    def values_before(self, before: Numbers) -> list[list[Value]]:
        """For each analyte one value a patient."""
        nothing = none(NOT_MEASURED)
        return [[nothing if value is None else value for value in values] for values in self._values(before)]

    def values_around(self, visit: Numbers, nearest: Numbers, others: Numbers) -> list[list[Value]]:
        """For each analyte one value a patient; the reason why there is none."""
        no_visit, not_measured, another = none(NO_VISIT), none(NOT_MEASURED), none(ANOTHER_METHOD)
        seen = (visit != NEVER).tolist()
        by_another = (others != NONE).reshape(-1, len(ANALYTES)).T.tolist()
        return [
            [
                value or (no_visit if not came else another if other else not_measured)
                for value, came, other in zip(values, seen, also, strict=True)
            ]
            for values, also in zip(self._values(nearest), by_another, strict=True)
        ]

    def _values(self, chosen: Numbers) -> list[list[Value | None]]:
        table = chosen.reshape(-1, len(ANALYTES))
        return [self._of(analyte, table[:, place]) for place, analyte in enumerate(ANALYTES)]

    def _of(self, analyte: str, rows: Numbers) -> list[Value | None]:
        days = taken(self.rows["day"], rows, NOT_KNOWN).tolist()
        columns = [taken(self.rows[name], rows, NOT_KNOWN).tolist() for name in DESCRIBED_BY]
        return [
            None if day == NOT_KNOWN else self._value(day, analyte, *described)
            for day, *described in zip(days, self._sexes, *columns, strict=True)
        ]

    def _value(self, day: int, analyte: str, sex: str, *described: int) -> Value:
        number, comparator, method, where = self._cached_description(analyte, sex, *described)
        return Value(number, day_of(day), None, comparator, method, where)

    def _describe(
        self,
        analyte: str,
        sex: str,
        number: int,
        sign: int,
        by: int,
        laboratory: int,
        low: int,
        high: int,
    ) -> tuple[Decimal, str, str, Side]:
        """The number, comparator, method and side of a result; many results are the same in all of these."""
        value, comparator, method = Decimal(number).scaleb(-6), COMPARATORS[sign], self._methods[by]
        row = _Row(laboratory, analyte, method, decimal(low), decimal(high))
        return value, comparator, method, side(value, comparator, *self._limits.of(row, sex))

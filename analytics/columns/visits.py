"""The visits of weeks 0 and 52 of everybody who started: which they are, and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from django.db.models import Case, F, IntegerField, Value, When
from django.db.models.functions import Coalesce

from analytics.columns.choosing import NONE, first_of_each, last_of_each, taken
from analytics.columns.people import Starters
from analytics.columns.reading import Numbers, StorageType
from dosing.rules.efficacy import WEEK_52, WINDOW_FIRST, WINDOW_LAST
from patients.models import Visit
from patients.rules.findings import SYMPTOMS
from patients.rules.sledai import ITEMS, SEROLOGY, Score

YES, NO, OPEN = 1, 0, -1
NEVER = -(10**6)  # a day before every other


class VisitValues(NamedTuple):
    """What a visit found. symptoms: one a code, None: not assessed."""

    score: Score
    symptoms: Mapping[str, bool | None]


class Visits:
    """The signed visits up to the cut-off that may be of week 0 or 52; owner: the place among the keys.

    max_age_days: how old a visit may be that is of week 0.
    """

    def __init__(self, starters: Starters, max_age_days: int) -> None:
        self._max_age_days = max_age_days
        self._people = len(starters.keys)
        answers = {f"answer_{item.code}": _answer(f"sledai_{item.code}") for item in ITEMS}
        severities = {f"is_{code}": _severity(f"{code}_severity") for code in SYMPTOMS}
        signed = Visit.objects.signed().annotate(day=F("on"))
        rows = starters.facts_near_a_dose(signed, (-max_age_days, 0), (WINDOW_FIRST, WINDOW_LAST))
        kinds = dict.fromkeys((*answers, *severities), StorageType.WHOLE)
        self.rows = starters.read(
            rows.annotate(**answers, **severities),
            patient_id=StorageType.BIG, pk=StorageType.BIG, on=StorageType.DAY, **kinds,
        )  # fmt: skip
        self.owner = starters.places(self.rows["patient_id"])
        self._symptoms: dict[tuple[int, ...], Mapping[str, bool | None]] = {}

    def before(self, first: Numbers) -> Numbers:
        """Of each patient the last visit up to their first dose, where it is not too old."""
        age = first[self.owner] - self.rows["on"]
        recent = (age >= 0) & (age <= self._max_age_days)
        return last_of_each(self.owner, self._people, recent, self.rows["on"], self.rows["pk"])

    def at_week_52(self, first: Numbers) -> Numbers:
        """Of each patient the visit in the window that is nearest to day 364; of two as near the earlier."""
        day = self.rows["on"] - first[self.owner]
        within = (day >= WINDOW_FIRST) & (day <= WINDOW_LAST)
        away = np.abs(day - WEEK_52)
        return first_of_each(self.owner, self._people, within, away, self.rows["on"], self.rows["pk"])

    def days(self, chosen: Numbers) -> Numbers:
        """The days of chosen visits; NEVER where there is none."""
        return taken(self.rows["on"], chosen, NEVER)

    def keys(self, chosen: Numbers) -> list[int | None]:
        """The rows of chosen visits in their table."""
        return [None if key == NONE else key for key in taken(self.rows["pk"], chosen, NONE).tolist()]

    def found(self, chosen: Numbers) -> list[VisitValues | None]:
        """What chosen visits found."""
        scores = self._scores(chosen)
        columns = [taken(self.rows[f"is_{code}"], chosen, OPEN).tolist() for code in SYMPTOMS]
        return [
            None if row == NONE else VisitValues(Score(*score), self._shared_symptoms(tuple(severity)))
            for row, score, *severity in zip(chosen.tolist(), scores, *columns, strict=True)
        ]

    def _scores(self, chosen: Numbers) -> zip[tuple[int, ...]]:
        """The low, high, clinical low and clinical high totals, as score of the rules has them."""
        sums = np.zeros((4, len(chosen)), dtype=np.int64)
        for item in ITEMS:
            answer = taken(self.rows[f"answer_{item.code}"], chosen, NO)
            clinical = 0 if item.code in SEROLOGY else item.weight
            present, possible = answer == YES, answer != NO
            for place, weight, counts in (
                (0, item.weight, present),
                (1, item.weight, possible),
                (2, clinical, present),
                (3, clinical, possible),
            ):
                sums[place] += weight * counts
        return zip(*sums.tolist(), strict=True)

    def _shared_symptoms(self, severities: tuple[int, ...]) -> Mapping[str, bool | None]:
        """Visits that found the same share one mapping."""
        if severities not in self._symptoms:
            self._symptoms[severities] = {
                code: None if severity == OPEN else severity > 0
                for code, severity in zip(SYMPTOMS, severities, strict=True)
            }
        return self._symptoms[severities]


def _answer(column: str) -> Case:
    yes, no = When(**{column: True}, then=Value(YES)), When(**{column: False}, then=Value(NO))
    return Case(yes, no, default=Value(OPEN), output_field=IntegerField())


def _severity(column: str) -> Coalesce:
    return Coalesce(column, Value(OPEN), output_field=IntegerField())

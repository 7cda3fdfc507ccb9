"""Tacrolimus, prednisolone and the other drugs that a report tells of, of everybody who started."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cached_property

import numpy as np
from django.db.models import DateField, F, Value
from django.db.models.functions import Coalesce, Length

from accounts.models import Clinic
from analytics.columns.choosing import Mask
from analytics.columns.people import Starters, facts_of_starters
from analytics.columns.reading import (
    Columns,
    Numbers,
    StorageType,
    day_of,
    decimal,
    millionths,
    place_in,
    read,
)
from analytics.outcomes.entry import ARB_OR_ACE_INHIBITORS, OTHER_IMMUNOSUPPRESSANTS, STATINS
from analytics.outcomes.retention import Span
from dosing.rules.efficacy import dose_before
from patients.models import Administration, DoseEpisode, PriorUse
from patients.rules.dates import PartialDate
from patients.rules.drugs import STEROID, members
from patients.rules.glucocorticoids import SYSTEMIC_ROUTES, daily_doses, prednisolone_equivalent
from patients.rules.record import Episode, Person, Purpose, Record
from patients.rules.schedules import Schedule, mean_mg_per_day

NO_END = date.max
STEROIDS = members(STEROID)
DRUGS = tuple(
    dict.fromkeys(
        ("tacrolimus", *sorted(STEROIDS | OTHER_IMMUNOSUPPRESSANTS | STATINS | ARB_OR_ACE_INHIBITORS))
    )
)
SCHEDULES, PURPOSES, ROUTES = tuple(Schedule), tuple(Purpose), tuple(sorted(SYSTEMIC_ROUTES))
# What the mean daily dose follows from; of weekdays only how many.
DOSING = ("drug_place", "schedule_place", "millionths", "second_millionths", "weekday_count", "weeks")
ALL_WEEKDAYS = "1234567"
NOBODY = Person(0, "F", PartialDate.on(date.min))


def read_doses(clinic: Clinic, cut_off: date) -> Columns:
    """The dose episodes up to the cut-off of who took tacrolimus, one row each, oldest first."""
    rows = facts_of_starters(DoseEpisode.objects.active(), clinic, cut_off)
    found = read(
        rows.filter(drug__in=DRUGS, start__lte=cut_off).annotate(
            drug_place=place_in(DRUGS, "drug"),
            schedule_place=place_in(SCHEDULES, "schedule"),
            purpose_place=place_in(PURPOSES, "purpose"),
            route_place=place_in(ROUTES, "route"),
            end=Coalesce(F("last_day"), Value(NO_END, DateField())),
            millionths=millionths("dose_mg"),
            second_millionths=millionths("second_dose_mg"),
            weekday_count=Length("weekdays"),
            weeks=Coalesce(F("every_weeks"), Value(0)),
        ),
        patient_id=StorageType.BIG,
        pk=StorageType.BIG,
        drug_place=StorageType.WHOLE,
        start=StorageType.DAY,
        end=StorageType.DAY,
        schedule_place=StorageType.WHOLE,
        purpose_place=StorageType.WHOLE,
        route_place=StorageType.WHOLE,
        millionths=StorageType.BIG,
        second_millionths=StorageType.BIG,
        weekday_count=StorageType.WHOLE,
        weeks=StorageType.WHOLE,
    )
    order = np.lexsort([found["pk"], found["drug_place"], found["start"]])
    return {name: column[order] for name, column in found.items()}


def starters_of(clinic: Clinic, cut_off: date, doses: Columns) -> Starters:
    """Who took tacrolimus, by these doses."""
    taken = (doses["drug_place"] == DRUGS.index("tacrolimus")) & (doses["millionths"] != 0)
    return Starters(clinic, cut_off, np.unique(doses["patient_id"][taken]))


class DoseColumns:
    """The doses of who started; rows: as read_doses reads them; owner: the place among the keys."""

    def __init__(self, starters: Starters, rows: Columns) -> None:
        self._starters, self.rows = starters, rows
        self.owner = starters.places(self.rows["patient_id"])
        self._equivalents: dict[tuple[int, ...], Decimal | None] = {}

    def of(self, drugs: frozenset[str]) -> Mask:
        """The rows of these drugs."""
        wanted = np.array([drug in drugs for drug in DRUGS])
        return wanted[self.rows["drug_place"]]

    @cached_property
    def _steroids(self) -> Mask:
        return self.of(STEROIDS) & (self.rows["route_place"] >= 0)

    @property
    def taken(self) -> Mask:
        return self.rows["millionths"] != 0

    def spans(self) -> list[list[Span]]:
        """The tacrolimus of each patient, oldest first, without stated 0 mg."""
        found: list[list[Span]] = [[] for _key in self._starters.keys]
        for row in np.flatnonzero(self.of(frozenset(["tacrolimus"])) & self.taken).tolist():
            found[self.owner[row]].append(self._span(row))
        return found

    def _span(self, row: int) -> Span:
        end = day_of(int(self.rows["end"][row]))
        return Span(
            day_of(int(self.rows["start"][row])),
            None if end == NO_END else end,
            mean_mg_per_day(self._episode(row)),
        )

    def active(self, drugs: frozenset[str], days: Numbers) -> Mask:
        """Who takes any of these drugs on a day of each."""
        found = np.zeros(len(self._starters.keys), dtype=bool)
        found[self.owner[self.of(drugs) & self.taken & self._covers(days)]] = True
        return found

    def _covers(self, days: Numbers) -> Mask:
        day = days[self.owner]
        return (self.rows["start"] <= day) & (day <= self.rows["end"])

    def immunosuppressed_before(self, first: Numbers) -> Mask:
        """Who had taken another immunosuppressant and ended it before the day of the first dose."""
        found = np.zeros(len(self._starters.keys), dtype=bool)
        ended = self.rows["end"] < first[self.owner]
        found[self.owner[self.of(OTHER_IMMUNOSUPPRESSANTS) & self.taken & ended]] = True
        given, used = (
            self._starters.facts(kind.objects.active()).filter(drug__in=OTHER_IMMUNOSUPPRESSANTS)
            for kind in (Administration, PriorUse)
        )
        infusions = self._starters.read(given, patient_id=StorageType.BIG, on=StorageType.DAY)
        owner = self._starters.places(infusions["patient_id"])
        found[owner[infusions["on"] < first[owner]]] = True
        stated = used.filter(stated_on__lte=self._starters.cut_off)
        remembered = self._starters.read(stated, patient_id=StorageType.BIG)
        found[self._starters.places(remembered["patient_id"])] = True
        return found

    def prednisolone_before(self, first: Numbers) -> list[Decimal | None]:
        """The equivalent in mg of the day before the first dose, as dose_before of the rules has it."""
        stress = self._steroids & (self.rows["purpose_place"] == PURPOSES.index(Purpose.STRESS_COVER))
        unsure = np.zeros(len(first), dtype=bool)
        unsure[self.owner[stress]] = True
        return self._on(first - 1, unsure, lambda record, day: dose_before(record, day_of(day + 1)))

    def prednisolone_on(self, days: Numbers) -> list[Decimal | None]:
        """The equivalent in mg of a day of each, as daily_doses of the rules has it."""
        nobody = np.zeros(len(days), dtype=bool)
        return self._on(days, nobody, _dose_on)

    def _on(
        self, days: Numbers, unsure: Mask, rule: Callable[[Record, int], Decimal | None]
    ) -> list[Decimal | None]:
        """One plain episode on the day is its dose; for everything else, and who is unsure, the rule."""
        covering = np.flatnonzero(self._steroids & self._covers(days))
        how_many = np.bincount(self.owner[covering], minlength=len(days))
        row_of = np.full(len(days), -1, dtype=np.int64)
        row_of[self.owner[covering]] = covering
        found = [None if row < 0 else self._equivalent(row) for row in row_of.tolist()]
        for place in np.flatnonzero((how_many > 1) | unsure).tolist():
            found[place] = rule(self._record(place), int(days[place]))
        return found

    def _equivalent(self, row: int) -> Decimal | None:
        kind = tuple(int(self.rows[name][row]) for name in DOSING)
        if kind not in self._equivalents:
            episode = self._episode(row)
            mg = episode.mg_per_day
            self._equivalents[kind] = None if mg is None else prednisolone_equivalent(episode.drug, mg)
        return self._equivalents[kind]

    def _record(self, place: int) -> Record:
        """A record of the patient's glucocorticoids alone."""
        mine = np.flatnonzero(self._steroids & (self.owner == place)).tolist()
        return Record(NOBODY, episodes=tuple(self._episode(row) for row in mine))

    def _episode(self, row: int) -> Episode:
        rows = self.rows
        end = day_of(int(rows["end"][row]))
        return Episode(
            id=int(rows["pk"][row]),
            drug=DRUGS[rows["drug_place"][row]],
            start=day_of(int(rows["start"][row])),
            dose_mg=decimal(int(rows["millionths"][row])),
            last_day=None if end == NO_END else end,
            schedule=SCHEDULES[rows["schedule_place"][row]],
            purpose=PURPOSES[rows["purpose_place"][row]],
            route=ROUTES[rows["route_place"][row]],
            second_dose_mg=decimal(int(rows["second_millionths"][row])),
            weekdays=ALL_WEEKDAYS[: int(rows["weekday_count"][row])],
            every_weeks=int(rows["weeks"][row]) or None,
        )


def _dose_on(record: Record, number: int) -> Decimal | None:
    day = day_of(number)
    return daily_doses(record, day, day)[day]

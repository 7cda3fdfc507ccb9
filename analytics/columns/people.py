"""Who started tacrolimus, and who they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import (
    CharField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.functions import Cast, TruncDate

from accounts.models import Clinic
from analytics.columns.reading import Columns, Numbers, StorageType, day_of, number_of, read
from dosing.models import TacrolimusCourse, TacrolimusLevel
from dosing.rules.treatment import Course, running
from patients.models import DoseEpisode, LaboratoryResult, Patient, Visit
from patients.rules.dates import PartialDate

ISO_DAY = len("2019-04-30")


class StarterPerson(NamedTuple):
    """birth: the earliest day that it can be."""

    sex: str
    birth: date
    renal_involvement: bool | None


@dataclass(frozen=True)
class Starters:
    """Those of a clinic who took tacrolimus up to the cut-off. keys: their rows, in ascending order."""

    clinic: Clinic
    cut_off: date
    keys: Numbers

    def places(self, patients: Numbers) -> Numbers:
        """The place of each patient among the keys."""
        return np.searchsorted(self.keys, patients)

    def read(self, rows: QuerySet, **kinds: StorageType) -> Columns:
        """Columns of facts, patient_id among them. Patients who started meanwhile have no rows here."""
        found = read(rows, **kinds)
        known = np.isin(found["patient_id"], self.keys)
        return {name: column[known] for name, column in found.items()}

    def facts(self, rows: QuerySet) -> QuerySet:
        """The rows of these patients."""
        return facts_of_starters(rows, self.clinic, self.cut_off)

    def facts_near_a_dose(self, rows: QuerySet, *spans: tuple[int, int]) -> QuerySet:
        """Their rows whose `day` lies in one of these spans of days, ends included, after a dose began.

        This leaves few rows to choose from; those near the first dose are among them.
        """
        after = ExpressionWrapper(OuterRef("day") - F("start"), output_field=DurationField())
        within = reduce(or_, [Q(after__range=tuple(map(timedelta, span))) for span in spans])
        near = _doses(self.cut_off, "patient").annotate(after=after).filter(within)
        return rows.filter(Exists(near), patient__clinic=self.clinic, day__lte=self.cut_off)

    def day_of(self, moment: str) -> TruncDate:
        """The clinic's day of a moment's column."""
        return TruncDate(moment, tzinfo=ZoneInfo(self.clinic.time_zone))


def _doses(cut_off: date, patient: str) -> QuerySet[DoseEpisode]:
    """The tacrolimus that a patient took up to the cut-off; patient: the outer query's column."""
    rows = DoseEpisode.objects.active().filter(drug="tacrolimus", start__lte=cut_off)
    return rows.filter(patient=OuterRef(patient)).exclude(dose_mg=0)


def facts_of_starters(rows: QuerySet, clinic: Clinic, cut_off: date) -> QuerySet:
    """The rows about patients of a clinic who took tacrolimus up to a day."""
    return rows.filter(Exists(_doses(cut_off, "patient")), patient__clinic=clinic)


def _people(clinic: Clinic, cut_off: date) -> QuerySet[Patient]:
    return Patient.objects.filter(Exists(_doses(cut_off, "pk")), clinic=clinic).order_by("pk")


def people_of(starters: Starters) -> list[StarterPerson]:
    """In the order of the keys."""
    rows = _people(starters.clinic, starters.cut_off).annotate(written=Cast("birth", CharField()))
    found = {
        key: StarterPerson(sex, _earliest(birth), renal)
        for key, sex, birth, renal in rows.values_list("pk", "sex", "written", "renal_involvement")
    }
    return [found[key] for key in starters.keys.tolist()]


def _earliest(birth: str) -> date:
    return date.fromisoformat(birth) if len(birth) == ISO_DAY else PartialDate.parse(birth).earliest


def courses_of(starters: Starters) -> list[Sequence[Course]]:
    """The courses of each, as they were known at the cut-off."""
    rows = starters.facts(TacrolimusCourse.objects.active()).filter(started_on__lte=starters.cut_off)
    found: dict[int, list[Course]] = defaultdict(list)
    columns = ("patient_id", "pk", "started_on", "ended_on", "end_reason_code")
    for patient, *fields in rows.order_by("pk").values_list(*columns):
        found[patient].append(running(Course(*fields), starters.cut_off))
    return [found[key] for key in starters.keys.tolist()]


def last_seen(starters: Starters) -> list[date]:
    """The day of the last visit, result or level of each."""
    found = np.full(len(starters.keys), number_of(date.min), dtype=np.int64)
    for rows, day in (
        (Visit.objects.signed(), F("on")),
        (LaboratoryResult.objects.active(), starters.day_of("collected_at")),
        (TacrolimusLevel.objects.active(), starters.day_of("drawn_at")),
    ):
        days = starters.facts(rows).annotate(day=day)
        newest = days.filter(day__lte=starters.cut_off).values("patient_id").annotate(newest=Max("day"))
        columns = starters.read(newest.order_by(), patient_id=StorageType.BIG, newest=StorageType.DAY)
        np.maximum.at(found, starters.places(columns["patient_id"]), columns["newest"])
    return [day_of(day) for day in found.tolist()]

"""The patients of an export, each identified or de-identified, some hundred at a time."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max, Min, Q

from accounts.models import Clinic
from analytics.exports.subjects import Pseudonymizer, Subject
from analytics.exports.weeks import TACROLIMUS
from patients.models import DoseEpisode, Patient, Visit
from patients.services.person_states import in_research


@dataclass(frozen=True)
class Population:
    """The patients of a clinic as known on a day."""

    clinic: Clinic
    on: date
    disguise: Pseudonymizer

    def keys(self) -> list[int]:
        """All patients by number; de-identified in random order, for a place in a list is a name too."""
        keys = list(
            in_research(Patient.objects.filter(clinic=self.clinic), self.on)
            .order_by("number")
            .values_list("pk", flat=True)
        )
        if not self.disguise.identified:
            secrets.SystemRandom().shuffle(keys)
        return keys

    def subjects(self, keys: Collection[int]) -> dict[int, Subject]:
        """These patients as subjects of the export, in the order of the keys; three queries."""
        people = Patient.objects.filter(pk__in=keys).only("number", "birth").in_bulk()
        doses = self._doses(keys)
        visits = self._last_visits(keys)
        return {key: self._subject(people[key], doses.get(key), visits.get(key)) for key in keys}

    def _subject(self, person: Patient, doses: Any, last_visit: date | None) -> Subject:
        first = doses["first"] if doses else None
        return Subject(
            name=self.disguise.name(person.number),
            shift=self.disguise.shift_days(),
            disguise=self.disguise,
            zone=ZoneInfo(self.clinic.time_zone),
            birth=person.birth,
            first_dose=first,
            entry=first or last_visit,
            goes_on=doses["going_on"] is not None if doses else None,
        )

    def _doses(self, keys: Collection[int]) -> dict[int, Any]:
        """The first day of tacrolimus of each patient, and of a dose that continues; 0 mg is no dose."""
        rows = DoseEpisode.objects.active().filter(patient_id__in=keys, drug=TACROLIMUS, start__lte=self.on)
        going_on = Min("start", filter=Q(last_day__isnull=True) | Q(last_day__gte=self.on))
        found = rows.exclude(dose_mg=0).values("patient_id").annotate(first=Min("start"), going_on=going_on)
        return {row["patient_id"]: row for row in found.order_by()}

    def _last_visits(self, keys: Collection[int]) -> dict[int, date]:
        rows = Visit.objects.signed().filter(patient_id__in=keys, on__lte=self.on)
        return dict(
            rows.values("patient_id").annotate(last=Max("on")).order_by().values_list("patient_id", "last")
        )

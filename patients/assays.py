"""Reading a clinic's assays: by laboratory, with the results that are read by them, and their history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts.models import Clinic, User
from patients.models import Assay, Laboratory, LaboratoryResult
from patients.rules.analytes import ANALYTES

MOST_COUNTED = 1000
MOST_SHOWN = 20
MOST_WITHDRAWN = 50
ORDER = {key: place for place, key in enumerate(ANALYTES)}


@dataclass(frozen=True)
class ClinicAssays:
    """A clinic, its laboratories by name each with its assays, and the withdrawn ones, the latest first."""

    clinic: Clinic
    laboratories: Sequence[tuple[Laboratory, Sequence[Assay]]]
    withdrawn: Sequence[Any]


@dataclass(frozen=True)
class AssayUse:
    """Which results an assay is used for. count and own stop at MOST_COUNTED.

    own: how many of `count` state both limits themselves, so that none is taken from the assay.
    other_methods: how results of this laboratory and analyte name their method otherwise.
    """

    count: int
    own: int
    newest: Sequence[LaboratoryResult]
    other_methods: Sequence[str]

    @property
    def is_more(self) -> bool:
        return self.count >= MOST_COUNTED


def assays_of(clinics: Iterable[Clinic]) -> list[ClinicAssays]:
    """The assays of these clinics, in a number of queries that does not grow."""
    own = list(clinics)
    laboratories = Laboratory.objects.filter(clinic__in=own).prefetch_related("assays").order_by("name")
    versions = Assay.history.filter(history_type="-", laboratory__clinic__in=own)
    withdrawn = versions.select_related("laboratory", "history_user").order_by("-history_date", "-history_id")
    gone = list(withdrawn[:MOST_WITHDRAWN])
    return [
        ClinicAssays(
            clinic,
            [(place, _in_order(place)) for place in laboratories if place.clinic_id == clinic.pk],
            [version for version in gone if version.laboratory.clinic_id == clinic.pk],
        )
        for clinic in own
    ]


def use_of(assay: Assay) -> AssayUse:
    """The standing results that are read by an assay."""
    of_analyte = LaboratoryResult.objects.active().filter(
        laboratory=assay.laboratory_id, analyte=assay.analyte
    )
    rows = of_analyte.filter(method=assay.method)
    own = rows.filter(lower_limit__isnull=False, upper_limit__isnull=False)
    methods = of_analyte.exclude(method=assay.method).order_by("method").values_list("method", flat=True)
    return AssayUse(
        count=_counted(rows),
        own=_counted(own),
        newest=list(rows.select_related("patient").order_by("-collected_at", "-pk")[:MOST_SHOWN]),
        other_methods=list(methods.distinct()[:MOST_SHOWN]),
    )


def versions_of(key: int, reader: User) -> list[Any]:
    """The stored versions of an assay of the reader's clinics, the newest first; also of a withdrawn one."""
    rows = Assay.history.filter(id=key, laboratory__clinic__in=reader.own_clinics)
    return list(rows.select_related("history_user", "laboratory").order_by("-history_id"))


def methods_of(clinic: Clinic) -> list[str]:
    """How the clinic's results and assays name their methods."""
    named = Q(laboratory__clinic=clinic) & ~Q(method="")
    found = set(Assay.objects.filter(named).values_list("method", flat=True).distinct())
    found |= set(LaboratoryResult.objects.filter(named).values_list("method", flat=True).distinct())
    return sorted(found)


def _in_order(laboratory: Laboratory) -> list[Assay]:
    rows = laboratory.assays.all()
    return sorted(rows, key=lambda row: (ORDER.get(row.analyte, len(ORDER)), row.method))


def _counted(rows: Any) -> int:
    return int(rows.values("pk")[:MOST_COUNTED].count())

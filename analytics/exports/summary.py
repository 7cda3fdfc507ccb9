"""Tables of counts that may be shown to others: small cells are hidden, and so is what would betray them.

No two tables of patients share a category, so that one does not tell what another hides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analytics.exports.subjects import Subject
from analytics.exports.suppression import SuppressionMark, suppress
from patients.models import Patient

HEADING = ("table", "row", "column", "count")
TOTAL = "total"
NOT_STATED = "not_stated"
AGES = ("0-19", "20-39", "40-59", "60-79", "80+", NOT_STATED)
SEXES = ("F", "M")
RENAL = ("yes", "no", NOT_STATED)
TREATMENTS = ("none_until_now", "on_tacrolimus", "ended")
_WIDE_BAND_YEARS, _OLDEST_FROM = 20, 80


@dataclass(frozen=True)
class Crosstab:
    """Two categories of a patient, each with every value that it can have."""

    name: str
    rows: Sequence[str]
    columns: Sequence[str]


AGE_BY_SEX = Crosstab("patients_by_age_and_sex", AGES, SEXES)
RENAL_BY_TREATMENT = Crosstab("patients_by_renal_involvement_and_treatment", RENAL, TREATMENTS)
CROSSTABS = (AGE_BY_SEX, RENAL_BY_TREATMENT)


def _no_counts() -> dict[str, Counter[tuple[str, str]]]:
    return {table.name: Counter() for table in CROSSTABS}


@dataclass
class ExportSummary:
    """Counts of the patients so far, never the patients."""

    counts: dict[str, Counter[tuple[str, str]]] = field(default_factory=_no_counts)

    def add(self, subjects: Mapping[int, Subject]) -> None:
        """Count some patients, in one query."""
        for row in Patient.objects.filter(pk__in=list(subjects)).values("pk", "sex", "renal_involvement"):
            self._count(row, subjects[row["pk"]])

    def _count(self, row: Mapping[str, Any], who: Subject) -> None:
        renal = {True: "yes", False: "no", None: NOT_STATED}[row["renal_involvement"]]
        treatment = {None: "none_until_now", True: "on_tacrolimus", False: "ended"}[who.goes_on]
        self.counts[AGE_BY_SEX.name][wide_band(who.age), row["sex"]] += 1
        self.counts[RENAL_BY_TREATMENT.name][renal, treatment] += 1

    def lines(self) -> Iterator[list[str]]:
        """The tables line by line, with totals: a count, "<5" or "withheld"."""
        shown = {table.name: suppress(self._grid(table)) for table in CROSSTABS}
        # All have the same number of patients: what one of them hides none may show.
        hide = any(isinstance(table[-1][-1], SuppressionMark) for table in shown.values())
        for table in CROSSTABS:
            for name, cells in zip((*table.rows, TOTAL), shown[table.name], strict=True):
                for column, cell in zip((*table.columns, TOTAL), cells, strict=True):
                    yield [table.name, name, column, str(SuppressionMark.WITHHELD if hide else cell)]

    def _grid(self, table: Crosstab) -> list[list[int]]:
        counts = self.counts[table.name]
        return [[counts[row, column] for column in table.columns] for row in table.rows]


def wide_band(age: int | None) -> str:
    """Twenty years; the bands of five years would hide nearly everything in a clinic of usual size."""
    if age is None:
        return NOT_STATED
    if age >= _OLDEST_FROM:
        return f"{_OLDEST_FROM}+"
    first = age // _WIDE_BAND_YEARS * _WIDE_BAND_YEARS
    return f"{first}-{first + _WIDE_BAND_YEARS - 1}"

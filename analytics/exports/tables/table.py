"""A file of a long export: rows of one model, the columns that may leave, and what is left out and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models

from analytics.exports.columns import CellType, ExportColumn
from analytics.exports.subjects import Row, Subject

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PATIENT = ExportColumn(
    "patient",
    CellType.CODE,
    "the patient: her number in the clinic; de-identified, a random name of this export only",
    ("patient.number",),
    lambda _row, who: who.name,
)
# Of every fact: what is about the entry and not about the patient.
OF_THE_ENTRY: dict[str, str] = {
    "id": "names the row in this database only",
    "patient": "told by the column patient",
    "created_at": "when it was typed; the history of the record has it",
    "created_by": "who typed it; the history of the record has it",
    "version": "counts changes of the row",
    "submission": "key of a form",
    "voided_at": "what was entered in error is not exported",
    "voided_by": "what was entered in error is not exported",
    "void_reason": "what was entered in error is not exported",
}


@dataclass(frozen=True)
class ExportTable:
    """rows are those that count; order names the fields by which a patient's rows follow each other."""

    name: str
    meaning: StrOrPromise
    model: type[models.Model]
    rows: models.QuerySet[Any]
    order: tuple[str, ...]
    columns: tuple[ExportColumn, ...]
    left_out: Mapping[str, str]

    def chosen(self, identified: bool) -> tuple[ExportColumn, ...]:
        """The columns of one kind of export, the patient first."""
        return (PATIENT, *(column for column in self.columns if column.is_in(identified)))

    def cells(self, subjects: Mapping[int, Subject], identified: bool) -> Iterator[list[str]]:
        """The rows of some patients, in the order of the mapping; one query, of what the columns need."""
        columns = self.chosen(identified)
        place = {key: index for index, key in enumerate(subjects)}
        found = self._read(place, {source for column in columns[1:] for source in column.sources})
        for row in sorted(found, key=lambda row: place[row["patient_id"]]):
            subject = subjects[row["patient_id"]]
            yield [column.cell(row, subject) for column in columns]

    def _read(self, keys: Collection[int], sources: Collection[str]) -> list[Row]:
        """In the order within a patient, which sorting by patient keeps."""
        rows = self.rows.filter(patient_id__in=list(keys)).order_by(*self.order, "pk")
        return list(rows.values("patient_id", *sorted(sources)))

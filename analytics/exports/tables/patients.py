"""Who the patients are; the same columns begin each row of a wide export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analytics.exports.columns import CellType, ColumnScope, ExportColumn
from analytics.exports.fields import field, partial, text
from analytics.exports.subjects import Row, Subject, age_band, years_between
from analytics.exports.tables.table import ExportTable
from patients.models import Patient

ENTRY = "entry: the first dose of tacrolimus, else the last signed visit"


def _duration(row: Row, who: Subject) -> int | None:
    return years_between(row["diagnosis"], who.entry)


class Patients(ExportTable):
    """Rows by their own key, where facts go by their patient's."""

    def cells(self, subjects: Mapping[int, Subject], identified: bool) -> Iterator[list[str]]:
        columns = self.chosen(identified)
        for key, row in self.by_key(subjects, identified).items():
            yield [column.cell(row, subjects[key]) for column in columns]

    def by_key(self, subjects: Mapping[int, Subject], identified: bool) -> dict[int, Row]:
        """What the columns need of some patients, by key, in the order of the mapping."""
        sources = {source for column in self.chosen(identified)[1:] for source in column.sources}
        found = {
            row["pk"]: row for row in self.rows.filter(pk__in=list(subjects)).values("pk", *sorted(sources))
        }
        return {key: found[key] for key in subjects if key in found}


PATIENTS = Patients(
    name="patients",
    meaning="the patients, one row each",
    model=Patient,
    rows=Patient.objects.all(),
    order=(),
    columns=(
        text(Patient, "family_name"),
        text(Patient, "given_name"),
        field(Patient, "sex"),
        ExportColumn(
            "birth_date",
            CellType.PARTIAL_DATE,
            "date of birth",
            ("birth",),
            lambda row, who: who.partial(row["birth"]),
            kept=ColumnScope.IDENTIFIED,
        ),
        ExportColumn(
            "age_years",
            CellType.INTEGER,
            f"completed years at {ENTRY}",
            ("birth",),
            lambda _row, who: who.age,
            unit="a",
            kept=ColumnScope.IDENTIFIED,
        ),
        ExportColumn(
            "age_band",
            CellType.CODE,
            f"age in years at {ENTRY}; bands of five years",
            ("birth",),
            lambda _row, who: age_band(who.age) or None,
            unit="a",
            allowed="0-4 to 80-84; 85+",
            kept=ColumnScope.DE_IDENTIFIED,
        ),
        *partial(Patient, "diagnosis", "diagnosis_date"),
        ExportColumn(
            "disease_years",
            CellType.INTEGER,
            f"completed years since the diagnosis, at {ENTRY}",
            ("diagnosis",),
            _duration,
            unit="a",
        ),
        *partial(Patient, "first_treatment", "first_treatment_date"),
        field(Patient, "renal_involvement"),
        field(Patient, "biopsy_class"),
        *partial(Patient, "biopsy", "biopsy_date"),
        ExportColumn(
            "first_tacrolimus_date",
            CellType.DATE,
            "day of the first dose of tacrolimus; empty = none until now",
            (),
            lambda _row, who: who.day(who.first_dose),
        ),
    ),
    left_out={
        "id": "names the row in this database only",
        "clinic": "one export is of one clinic",
        "number": "told by the column patient of an identified export",
        "family_name_reading": "for finding people; the name is exported",
        "given_name_reading": "for finding people; the name is exported",
        "former_names": "for finding people; the name is exported",
        "name_key": "made from the names",
        "number_key": "made from the number",
        "version": "counts changes of the row",
        "submission": "key of a form",
        "created_at": "when it was typed; the history of the record has it",
    },
)

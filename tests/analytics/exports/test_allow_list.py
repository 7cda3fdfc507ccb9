"""Each field of each exported model is sorted: it may leave, it may leave identified, or it stays, and why.

A new field, or a new model about patients, fails here until somebody has sorted it.
"""

import pytest
from django.apps import apps
from django.db import models

from analytics.exports.columns import CellType, ColumnScope, ExportColumn
from analytics.exports.tables import NOT_EXPORTED, TABLES, ExportTable
from analytics.exports.wide import OF_THE_WEEKS, WIDE
from patients.models import Patient

BY_TABLE = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)

# What only an identified export tells, written out by hand.
IDENTIFIED_ONLY = {
    "patients": {"family_name", "given_name"},
    "visits": {"worse_comment", "note"},
    "laboratory": set(),
    "levels": set(),
    "drug_episodes": {"drug_text", "usual_time", "reason"},
    "administrations": {"drug_text", "reason"},
    "courses": {"end_reason"},
    "adverse_events": {"term_text", "comment"},
    "decisions": {"settings_version", "reason_text"},
}
# Texts without a list of choices that a de-identified file is made from: keys of catalogues and codes of the
# rules, told as "other" when these lack them; "<" and ">"; names told as random ones. The replies to the
# questions of Naranjo become their sum. A date known in part is told when its day is known.
TEXTS_SEEN_THROUGH = {
    "patients": {"birth", "diagnosis", "first_treatment", "biopsy"},
    "laboratory": {"analyte", "comparator", "finding", "method", "laboratory__name"},
    "levels": {"comparator", "assay", "laboratory__name"},
    "drug_episodes": {"drug", "weekdays"},
    "administrations": {"drug"},
    "adverse_events": {"term", "onset", "resolved", "naranjo"},
    "decisions": {"answer", "gate"},
}  # fmt: skip


def sources(columns: tuple[ExportColumn, ...]) -> set[str]:
    """The fields of the table's own rows: of a row of another table only the key is of its own."""
    return {source.split("__")[0] for column in columns for source in column.sources}


def told(table: ExportTable, identified: bool) -> set[str]:
    return sources(tuple(column for column in table.columns if column.is_in(identified)))


@BY_TABLE
def test_every_field_is_sorted(table: ExportTable) -> None:
    fields = {field.name for field in table.model._meta.concrete_fields}
    assert sources(table.columns) | set(table.left_out) == fields
    assert not sources(table.columns) & set(table.left_out)
    assert all(reason.strip() for reason in table.left_out.values())


@BY_TABLE
def test_what_is_only_identified(table: ExportTable) -> None:
    assert told(table, True) - told(table, False) == IDENTIFIED_ONLY[table.name]


@BY_TABLE
def test_no_free_text_is_de_identified(table: ExportTable) -> None:
    free = set()
    for column in table.columns:
        for source in column.sources if column.is_in(identified=False) else ():
            field = table.model._meta.get_field(source.split("__")[0])
            text = isinstance(field, models.CharField | models.TextField | models.JSONField)
            if "__" in source or (text and not field.choices):
                free.add(source)
    assert free == TEXTS_SEEN_THROUGH.get(table.name, set())


def test_every_model_about_a_patient_is_sorted() -> None:
    about = {Patient._meta.label}
    for model in apps.get_models():
        if hasattr(model, "history_object") or not model.__module__.startswith(("patients.", "dosing.")):
            continue
        if any(field.related_model is Patient for field in model._meta.concrete_fields):
            about.add(model._meta.label)
    exported = {table.model._meta.label for table in TABLES}
    assert exported | set(NOT_EXPORTED) == about
    assert not exported & set(NOT_EXPORTED)
    assert all(NOT_EXPORTED.values())


@pytest.mark.parametrize("kept", [ColumnScope.BOTH, ColumnScope.DE_IDENTIFIED])
@pytest.mark.parametrize("kind", [CellType.TEXT, CellType.TIME])
def test_free_text_and_times_of_day_cannot_be_declared_for_all(kind: CellType, kept: ColumnScope) -> None:
    with pytest.raises(ValueError, match="stay in identified files"):
        ExportColumn("note", kind, "a note", ("note",), lambda row, who: row["note"], kept=kept)


@pytest.mark.parametrize("identified", [True, False])
def test_no_file_has_two_columns_of_one_name(identified: bool) -> None:
    for table in (*TABLES, WIDE):
        names = [column.name for column in table.chosen(identified)]
        assert len(names) == len(set(names)), table.name


def test_a_wide_file_tells_no_text_beyond_codes() -> None:
    assert {column.kind for column in OF_THE_WEEKS} == {CellType.INTEGER, CellType.DECIMAL, CellType.CODE}

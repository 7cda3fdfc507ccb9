"""Each row of the table of a visit's fields reaches form, record, import, history, summary and exports."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from accounts.clock import local_today
from analytics.exports.codebook import codebook_lines
from analytics.exports.tables.visits import VISITS
from patients.forms.visit import ObservationsForm, VisitForm
from patients.history import entries, lines
from patients.loading import load_record
from patients.messages import number, phrase, sentence
from patients.models import Visit
from patients.rules import record
from patients.rules.visit_fields import (
    MEASUREMENTS,
    VISIT_FIELDS,
    Group,
    Kind,
    Measurements,
    VisitField,
    fields_of,
)
from patients.services import visits
from patients.summary import findings_of
from patients.visit_facts import visit_columns, visit_facts
from tests.hazards import Place, make_place

EACH = pytest.mark.parametrize("field", VISIT_FIELDS, ids=lambda field: field.name)
EACH_NUMBER = pytest.mark.parametrize("field", MEASUREMENTS, ids=lambda field: field.name)
# Free text is for people: no rule reads it, and no imported record has it.
FACTS = tuple(field for field in VISIT_FIELDS if field.kind is not Kind.TEXT)
# What only a rheumatologist may say.
DOCTORS = {Group.SLEDAI, Group.NEW_OR_RECURRENT, Group.ORGANS, Group.GLOBAL, Group.COMMENT}


def answer_to(field: VisitField) -> Any:
    """A possible answer that is not the column's default."""
    return {
        Kind.YES_NO: True,
        Kind.TICK: True,
        Kind.GRADE: 2,
        Kind.ATTRIBUTION: record.Attribution.UNCERTAIN.value,
        Kind.WHOLE_NUMBER: field.high - 1,
        Kind.DECIMAL: Decimal(field.high) - Decimal("0.5"),
        Kind.TEXT: "more than before",
    }[field.kind]


ANSWERS = {field.name: answer_to(field) for field in VISIT_FIELDS}


@pytest.fixture
def place() -> Place:
    return make_place()


@pytest.fixture
def today(place: Place) -> date:
    return local_today(place.clinic)


@pytest.fixture
def visit(place: Place, today: date) -> Visit:
    """A visit of today at which every question was answered."""
    return visits.open_visit(patient=place.patient, on=today, values=ANSWERS, by=place.doctor)


def test_names_are_unique_and_groups_complete() -> None:
    assert len({field.name for field in VISIT_FIELDS}) == len(VISIT_FIELDS)
    assert sorted(field.name for field in fields_of(*Group)) == sorted(ANSWERS)


@EACH
def test_a_column_holds_the_answer(field: VisitField) -> None:
    column = Visit._meta.get_field(field.name)
    assert str(column.verbose_name) == phrase(field.label)  # type: ignore[union-attr]
    assert column.clean(ANSWERS[field.name], None) == ANSWERS[field.name]  # type: ignore[union-attr]


def test_the_form_asks_for_every_field_and_requires_none() -> None:
    asked = VisitForm(None).fields
    for field in VISIT_FIELDS:
        assert str(asked[field.name].label) in (phrase(field.question), sentence(field.question))
        assert not asked[field.name].required


def test_a_nurse_is_asked_what_a_nurse_may_answer() -> None:
    judged = {
        field.name
        for field in VISIT_FIELDS
        if field.group in DOCTORS or field.kind in (Kind.ATTRIBUTION, Kind.TICK)
    }
    assert ANSWERS.keys() - ObservationsForm(None).fields.keys() == judged


@EACH_NUMBER
def test_the_form_takes_possible_numbers_only(field: VisitField) -> None:
    for value, refused in (
        (field.low - 1, True),
        (field.low, False),
        (field.high, False),
        (field.high + 1, True),
    ):
        form = VisitForm(None, {"on": "2026-11-22", field.name: str(value)})
        assert (field.name in form.errors) is refused, value


@EACH_NUMBER
def test_the_record_has_the_type_of_the_number(field: VisitField) -> None:
    kind = {Kind.WHOLE_NUMBER: int, Kind.DECIMAL: Decimal}[field.kind]
    assert Measurements.__annotations__[field.name] == kind | None


@pytest.mark.django_db
def test_the_page_of_the_visit_shows_every_field(place: Place) -> None:
    page = place.client(place.doctor).get(reverse("patients:new_visit", args=[place.patient.pk]))
    text = page.content.decode()
    assert [name for name in ANSWERS if f'name="{name}"' not in text] == []


@pytest.mark.django_db
def test_the_record_carries_every_answer_and_an_import_writes_it(visit: Visit) -> None:
    facts = visit_facts(visit)
    columns = visit_columns(facts)
    assert {name: columns[name] for name in columns.keys() & ANSWERS.keys()} == {
        field.name: ANSWERS[field.name] for field in FACTS
    }
    there = make_place("Elsewhere", replace(load_record(visit.patient), visits=(facts,)))
    (loaded,) = load_record(there.patient).visits
    assert visit_columns(loaded) == columns


@pytest.mark.django_db
def test_the_history_tells_every_answer(visit: Visit) -> None:
    (entry,) = entries(visit)
    for told in (entry.first, lines(visit)):
        assert len(told) >= len(ANSWERS)
        labels = [line.label for line in told]
        assert [
            field.name for field in VISIT_FIELDS if not any(named(field, label) for label in labels)
        ] == []


def named(field: VisitField, label: str) -> bool:
    """Whether the history's label is the field's: without the unit, and of namesakes with what it is."""
    full = phrase(field.label).removesuffix(f", {field.unit}" if field.unit else "")
    return label in (full, f"SLEDAI: {full}", f"{full}, how severe")


@pytest.mark.django_db
def test_the_summary_tells_what_was_found_and_measured(visit: Visit) -> None:
    found = findings_of(visit)
    assert len(found.present) == len(fields_of(Group.SLEDAI))
    assert found.others == tuple(
        phrase(field.question) for field in fields_of(Group.ORGANS, Group.OBSERVATIONS)
    )
    told = [field for field in MEASUREMENTS if field.summary is not None]
    assert len(found.measured) == len(told) + len(["both pressures as one"])
    for field in told:
        value = number(Decimal(ANSWERS[field.name]))
        assert any(value in text and field.unit in text for text in found.measured), field.name


@EACH
def test_exports_and_their_codebook_have_it(field: VisitField) -> None:
    (column,) = [column for column in VISITS.columns if column.name == field.name]
    assert (column.sources, column.is_in(identified=True)) == ((field.name,), True)
    assert column.is_in(identified=False) is (field.kind is not Kind.TEXT)
    ((file, name, meaning, _kind, unit, _allowed, source),) = codebook_lines("visits", "visits", [column])
    assert (file, name, source) == ("visits.csv", field.name, f"visits.{field.name}")
    assert phrase(field.label) in meaning and unit == (field.export_unit or unit)

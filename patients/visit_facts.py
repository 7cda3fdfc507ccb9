"""A visit's row as the rules see it, and back. Both read the table in patients.rules.visit_fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from patients.models import Visit
from patients.rules import record
from patients.rules.findings import SYMPTOMS
from patients.rules.visit_fields import MEASUREMENTS, Group, fields_of

# Columns of the row and attributes of the record alike.
ALIKE = ("id", "on", "sledai_window_days", *(field.name for field in MEASUREMENTS))
NOT_WRITTEN = ("id", "on")
# The record's mappings of answers: the column of each code.
ANSWERS: Mapping[str, Mapping[str, str]] = {
    attribute: {field.code: field.name for field in fields_of(group)}
    for attribute, group in (
        ("sledai", Group.SLEDAI),
        ("new_or_recurrent", Group.NEW_OR_RECURRENT),
        ("organ_findings", Group.ORGANS),
        ("observations", Group.OBSERVATIONS),
    )
}
COLUMNS = (
    *ALIKE,
    *(name for names in ANSWERS.values() for name in names.values()),
    *(field.name for field in fields_of(Group.SYMPTOMS)),
)


def visit_facts(row: Visit) -> record.Visit:
    """A visit as the rules see it, signed or not: a form asks with it what signing would change."""
    return visit_of([getattr(row, column) for column in COLUMNS])


def visit_of(row: Sequence[Any]) -> record.Visit:
    """The visit of a row with the columns named above, in their order."""
    values = iter(row)  # each part takes what is its own
    facts: dict[str, Any] = dict(zip(ALIKE, values, strict=False))
    for attribute, codes in ANSWERS.items():
        facts[attribute] = dict(zip(codes, values, strict=False))
    symptoms = {code: _symptom(next(values), next(values), next(values)) for code in SYMPTOMS}
    return record.Visit(**facts, symptoms=symptoms)


def visit_columns(visit: record.Visit) -> dict[str, Any]:
    """The columns of a visit's row, without key and day. Raises KeyError for a code that has no column."""
    columns = {name: getattr(visit, name) for name in ALIKE if name not in NOT_WRITTEN}
    for attribute, names in ANSWERS.items():
        columns |= {names[code]: answer for code, answer in getattr(visit, attribute).items()}
    for code, symptom in visit.symptoms.items():
        columns[f"{code}_severity"] = symptom.severity
        columns[f"{code}_attribution"] = symptom.attribution.value if symptom.attribution else ""
        columns[f"{code}_worse"] = symptom.worse_than_before
    return columns


@cache
def _symptom(severity: int | None, attribution: str, worse: bool) -> record.Symptom:
    """The few that there can be; frozen, so that visits may share them."""
    said = record.Attribution(attribution) if attribution else None
    return record.Symptom(severity=severity, attribution=said, worse_than_before=worse)

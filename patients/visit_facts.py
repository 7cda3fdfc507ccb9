"""A visit's row as the rules see it. Most of its columns are answers, named by their codes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from patients.models import Visit
from patients.rules import record
from patients.rules.findings import OBSERVATIONS, ORGAN_FINDINGS, SYMPTOMS
from patients.rules.sledai import ITEMS

SLEDAI = tuple(item.code for item in ITEMS)
OF_A_SYMPTOM = ("severity", "attribution", "worse")
# Columns of the row and fields of the record alike.
ALIKE = (
    "id", "on", "sledai_window_days", "swollen_joints", "inflamed_joints", "highest_temperature_c",
    "systolic_mm_hg", "diastolic_mm_hg", "weight_kg", "physician_global", "adherence_percent",
)  # fmt: skip
ANSWERS = (
    *(f"sledai_{code}" for code in SLEDAI),
    *(f"organ_{code}" for code in ORGAN_FINDINGS),
    *(f"observed_{code}" for code in OBSERVATIONS),
)
COLUMNS = (
    *ALIKE,
    *ANSWERS,
    *(f"{code}_{part}" for code in SYMPTOMS for part in OF_A_SYMPTOM),
)
ANSWERS_FROM = len(ALIKE)
ORGANS_FROM = ANSWERS_FROM + len(SLEDAI)
OBSERVATIONS_FROM = ORGANS_FROM + len(ORGAN_FINDINGS)
SYMPTOMS_FROM = ANSWERS_FROM + len(ANSWERS)


def visit_facts(row: Visit) -> record.Visit:
    """A visit as the rules see it, signed or not: a form asks with it what signing would change."""
    return visit_of([getattr(row, column) for column in COLUMNS])


def visit_of(row: Sequence[Any]) -> record.Visit:
    """The visit of a row with the columns named above, in their order."""
    return record.Visit(
        **dict(zip(ALIKE, row[:ANSWERS_FROM], strict=True)),
        sledai=dict(zip(SLEDAI, row[ANSWERS_FROM:ORGANS_FROM], strict=True)),
        organ_findings=dict(zip(ORGAN_FINDINGS, row[ORGANS_FROM:OBSERVATIONS_FROM], strict=True)),
        observations=dict(zip(OBSERVATIONS, row[OBSERVATIONS_FROM:SYMPTOMS_FROM], strict=True)),
        symptoms={
            code: _symptom(*row[place : place + len(OF_A_SYMPTOM)])
            for code, place in zip(SYMPTOMS, range(SYMPTOMS_FROM, len(row), len(OF_A_SYMPTOM)), strict=True)
        },
    )


@cache
def _symptom(severity: int | None, attribution: str, worse: bool) -> record.Symptom:
    """The few that there can be; frozen, so that visits may share them."""
    said = record.Attribution(attribution) if attribution else None
    return record.Symptom(severity=severity, attribution=said, worse_than_before=worse)

"""Signed visits: SLEDAI-2K item by item and in total, symptoms, organ findings, observations, vital signs."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from django.utils.text import format_lazy

from analytics.exports.columns import Column, Kind
from analytics.exports.fields import day_of, field, text
from analytics.exports.subjects import Row, Subject
from analytics.exports.tables.table import OF_THE_ENTRY, Table
from patients.models import Visit
from patients.rules.findings import OBSERVATIONS, ORGAN_FINDINGS, SYMPTOMS
from patients.rules.sledai import ITEMS, Score, score

SLEDAI = tuple(f"sledai_{item.code}" for item in ITEMS)
NEW_OR_RECURRENT = tuple(
    f"new_or_recurrent_{code}" for code in ("rash", "alopecia", "mucosal_ulcers", "proteinuria")
)
MEASURED = {
    "swollen_joints": "joints",
    "inflamed_joints": "joints",
    "highest_temperature_c": "°C",
    "systolic_mm_hg": "mmHg",
    "diastolic_mm_hg": "mmHg",
    "heart_rate_per_minute": "/min",
    "temperature_c": "°C",
    "weight_kg": "kg",
    "physician_global": "points, 0 to 3",
    "adherence_percent": "%",
}


def _score(row: Row) -> Score:
    """Kept with the row, of which three columns ask for it."""
    if "score" not in row:
        row["score"] = score({item.code: row[f"sledai_{item.code}"] for item in ITEMS})
    found: Score = row["score"]
    return found


def _total(name: str, meaning: str, value: Callable[[Score], int | None]) -> Column:
    def told(row: Row, _who: Subject) -> int | None:
        return value(_score(row))

    return Column(name, Kind.INTEGER, meaning, SLEDAI, told, unit="points", allowed="0 to 105")


def _item(code: str, weight: int) -> Column:
    name = f"sledai_{code}"
    label = format_lazy("SLEDAI-2K: {label} ({weight} points)", label=_label(name), weight=weight)
    return field(Visit, name, meaning=label)


def _label(name: str) -> str:
    return Visit._meta.get_field(name).verbose_name  # type: ignore[union-attr,return-value]


def _symptom(code: str, part: str) -> Column:
    name = f"{code}_{part}"
    if part == "severity":
        label = format_lazy("{label}: 0 none, 1 mild, 2 moderate, 3 severe", label=_label(name))
        return field(Visit, name, unit="grade", meaning=label)
    return field(Visit, name)


VISITS = Table(
    name="visits",
    meaning="signed visits, with SLEDAI-2K item by item",
    model=Visit,
    rows=Visit.objects.signed(),
    order=("on",),
    columns=(
        field(Visit, "on", name="visit_date"),
        day_of("on", "visit_day"),
        field(Visit, "sledai_window_days", unit="d"),
        *(_item(item.code, item.weight) for item in ITEMS),
        _total("sledai_low", "SLEDAI-2K at least: what was not assessed counts as no", lambda s: s.low),
        _total("sledai_high", "SLEDAI-2K at most: what was not assessed counts as yes", lambda s: s.high),
        _total("sledai_total", "SLEDAI-2K; empty when an item was not assessed", lambda s: s.total),
        *(field(Visit, name) for name in NEW_OR_RECURRENT),
        *(_symptom(code, part) for code, part in product(SYMPTOMS, ("severity", "attribution", "worse"))),
        *(field(Visit, f"organ_{code}") for code in ORGAN_FINDINGS),
        *(field(Visit, f"observed_{code}") for code in OBSERVATIONS),
        *(field(Visit, name, unit=unit) for name, unit in MEASURED.items()),
        text(Visit, "worse_comment"),
        text(Visit, "note"),
    ),
    left_out=OF_THE_ENTRY
    | {
        "signed_at": "when it was signed; the history of the record has it",
        "signed_by": "who signed; the history of the record has it",
    },
)

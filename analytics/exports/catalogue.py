"""What the keys in the files mean: analytes with their units, drugs, terms of adverse events."""

from __future__ import annotations

from collections.abc import Iterator

from dosing.rules.adverse_events.terms import TERMS
from patients.rules.analytes import ANALYTES
from patients.rules.drugs import DRUGS

HEADING = ("catalogue", "key", "label", "unit", "findings", "loinc", "atc")


def catalogue_lines() -> Iterator[list[str]]:
    """A line a key."""
    for key, analyte in ANALYTES.items():
        yield ["analyte", key, analyte.label, analyte.unit, "; ".join(analyte.findings), analyte.loinc, ""]
    for key, drug in DRUGS.items():
        yield ["drug", key, drug.label, "", "", "", drug.atc]
    for key, label in TERMS.items():
        yield ["term", key, label, "", "", "", ""]

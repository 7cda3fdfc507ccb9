"""HBV-DNA as a quantity and in words, and what the gate makes of it (safety specification, section 1)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from dosing.rules.hepatitis_b import HbvDna, hbv_dna
from dosing.rules.safety import Gate, gate
from dosing.rules.safety.thresholds import SAFETY
from patients.rules.evidence import laboratory_evidence
from patients.rules.record import LaboratoryValue
from tests.rules.records import eligible_record

ON = date(2026, 3, 1)


def dna(value: str = "", comparator: str = "", finding: str = "") -> LaboratoryValue:
    number = Decimal(value) if value else None
    return LaboratoryValue(999, "hbv_dna", ON, number, finding=finding, comparator=comparator)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (dna("35"), HbvDna.HIGH),
        (dna("20"), HbvDna.HIGH),
        (dna("19.952623"), HbvDna.HIGH),  # 1.3 log IU/ml
        (dna("20", ">"), HbvDna.HIGH),
        (dna("10", "≥"), HbvDna.HIGH),
        (dna(finding="positive"), HbvDna.HIGH),
        (dna("19"), HbvDna.LOW),
        (dna("20", "<"), HbvDna.LOW),
        (dna("10", "<"), HbvDna.LOW),
        (dna("0"), HbvDna.LOW),
        (dna("100", "<"), HbvDna.UNKNOWN),
        (dna(finding="indeterminate"), HbvDna.UNKNOWN),
        (dna(finding="negative"), HbvDna.NOT_DETECTED),
    ],
)
def test_how_much_there_is(row: LaboratoryValue, expected: HbvDna) -> None:
    assert hbv_dna(row) is expected


@pytest.mark.parametrize(
    ("row", "state", "code"),
    [
        (dna("35"), Gate.HOLD, "hepatitis_b:hbv_dna"),
        (dna(finding="positive"), Gate.HOLD, "hepatitis_b:hbv_dna"),
        (dna("20", "<"), Gate.CAUTION, "hbv_dna_low"),
        (dna("100", "<"), Gate.CANNOT_TELL, "missing:hbv_dna"),
    ],
)
def test_the_gate(row: LaboratoryValue, state: Gate, code: str) -> None:
    """Row HBV-DNA: from 20 on hold until a plan, below that a caution; anti-HBc positive asks for it."""
    record = eligible_record(ON)
    core = LaboratoryValue(998, "anti_hbc", ON, finding="positive")
    others = tuple(item for item in record.laboratory if item.analyte != "anti_hbc")
    found = gate(replace(record, laboratory=(*others, core, row)), ON, SAFETY).findings
    assert (state, code) in [(item.state, item.code) for item in found]


@pytest.mark.parametrize(
    ("finding", "shown"), [("positive", "detected, amount unknown"), ("negative", "not detected")]
)
def test_findings_of_before_are_read_as_words(finding: str, shown: str) -> None:
    assert laboratory_evidence(dna(finding=finding)).value == shown

"""Items of classification criteria that the record shows to have been present. The doctor accepts each.

Only yes is proposed: that something is not in this record does not say that it never was.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from patients.rules.bounds import AT_MOST, surely_below
from patients.rules.classification_criteria import ACR_1997, ANA, EULAR_ACR_2019
from patients.rules.evidence import laboratory_evidence, visit_evidence
from patients.rules.record import LaboratoryValue, Record
from patients.rules.sledai import ITEMS
from patients.rules.thresholds import SLEDAI_2K
from patients.rules.verdict import Evidence, gettext_noop, say

LEUKOCYTES, LYMPHOCYTES, PLATELETS = Decimal(4), Decimal("1.5"), Decimal(100)  # ×10³/µl, both publications
URINE_PROTEIN_G_PER_G = SLEDAI_2K.upcr_g_per_g
TWICE = 2
LABELS = {item.code: say(item.label) for item in ITEMS}

Found = Callable[[Record], tuple[Evidence, ...]]


def propose(system: str, record: Record, on: date) -> dict[str, tuple[Evidence, ...]]:
    """The evidence for each item, by item code, from facts up to `on`; empty where there is none."""
    known = record.as_of(on)
    found = {code: rule(known) for code, rule in _RULES[system].items()}
    return {code: evidence for code, evidence in found.items() if evidence}


def _sledai(*codes: str) -> Found:
    """The first visit at which one of these SLEDAI items was answered yes."""

    def found(record: Record) -> tuple[Evidence, ...]:
        for visit in record.visits_in_order:
            for code in codes:
                if visit.sledai.get(code):
                    return (visit_evidence(visit, LABELS[code], "yes"),)
        return ()

    return found


def _finding(analyte: str) -> Found:
    """The first positive result."""
    return lambda record: _first(record, analyte, lambda row: row.finding == "positive")


def _below(analyte: str, limit: Decimal, times: int = 1) -> Found:
    """The first results that are certainly below the limit."""
    return lambda record: _first(record, analyte, lambda row: _is_below(row, limit), times)


def _is_below(row: LaboratoryValue, limit: Decimal | None) -> bool:
    if row.value is None or limit is None:
        return False
    return surely_below(limit, row.value, row.comparator, row.value_high)


def _above(analyte: str, limit: Decimal) -> Found:
    return lambda record: _first(
        record,
        analyte,
        lambda row: row.value is not None and row.value > limit and row.comparator not in AT_MOST,
    )


def _raised_antibodies(record: Record) -> tuple[Evidence, ...]:
    """Anti-dsDNA at or above the limit of its own method."""
    return _first(record, "dsdna", _at_upper_limit)


def _at_upper_limit(row: LaboratoryValue) -> bool:
    if row.value is None or row.upper_limit is None or row.comparator in AT_MOST:
        return False
    return row.value >= row.upper_limit


def _first(
    record: Record, analyte: str, test: Callable[[LaboratoryValue], bool], times: int = 1
) -> tuple[Evidence, ...]:
    rows = [row for row in record.laboratory_in_order.get(analyte, ()) if test(row)]
    return tuple(laboratory_evidence(row) for row in rows[:times]) if len(rows) >= times else ()


def _any(*rules: Found) -> Found:
    return lambda record: next((evidence for rule in rules if (evidence := rule(record))), ())


def _low(analyte: str) -> Found:
    """Below the result's own lower limit."""
    return lambda record: _first(record, analyte, lambda row: _is_below(row, row.lower_limit))


def _both_low(record: Record) -> tuple[Evidence, ...]:
    c3, c4 = _low("c3")(record), _low("c4")(record)
    return (*c3, *c4) if c3 and c4 else ()


def _biopsy(*classes: str) -> Found:
    def found(record: Record) -> tuple[Evidence, ...]:
        person = record.person
        if person.biopsy_class not in classes:
            return ()
        day = person.biopsy.earliest if person.biopsy is not None and person.biopsy.is_exact else None
        return (Evidence(say(gettext_noop("renal biopsy")), person.biopsy_class, on=day),)

    return found


_SHARED: Mapping[str, Found] = {ANA: _finding("ana")}
_RULES: Mapping[str, Mapping[str, Found]] = {
    ACR_1997: {
        **_SHARED,
        "oral_ulcers": _sledai("mucosal_ulcers"),
        "arthritis": _sledai("arthritis"),
        "serositis": _sledai("pleurisy", "pericarditis"),
        "renal": _any(_above("upcr", URINE_PROTEIN_G_PER_G), _sledai("casts")),
        "neurologic": _sledai("seizure", "psychosis"),
        "haematologic": _any(
            _below("platelets", PLATELETS),
            _below("wbc", LEUKOCYTES, TWICE),
            _below("lymphocytes", LYMPHOCYTES, TWICE),
        ),
        "immunologic": _any(_raised_antibodies, _finding("antiphospholipid")),
    },
    EULAR_ACR_2019: {
        **_SHARED,
        "leukopenia": _below("wbc", LEUKOCYTES),
        "thrombocytopenia": _below("platelets", PLATELETS),
        "psychosis": _sledai("psychosis"),
        "seizure": _sledai("seizure"),
        "alopecia": _sledai("alopecia"),
        "oral_ulcers": _sledai("mucosal_ulcers"),
        "pericarditis": _sledai("pericarditis"),
        "joints": _sledai("arthritis"),
        "proteinuria": _above("upcr", URINE_PROTEIN_G_PER_G),
        "nephritis_ii_v": _biopsy("II", "V"),
        "nephritis_iii_iv": _biopsy("III", "IV", "III+V", "IV+V"),
        "antiphospholipid": _finding("antiphospholipid"),
        "low_c3_or_c4": _any(_low("c3"), _low("c4")),
        "low_c3_and_c4": _both_low,
        "dsdna_or_sm": _raised_antibodies,
    },
}

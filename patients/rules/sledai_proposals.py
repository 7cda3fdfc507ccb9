"""SLEDAI answers that measurements propose, in the laboratory or at the visit itself.

The doctor confirms each: exclusions are clinical.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from patients.rules.bounds import AT_MOST, surely_above, surely_below
from patients.rules.evidence import laboratory_evidence, visit_evidence
from patients.rules.reading import latest_laboratory
from patients.rules.record import LaboratoryValue, Record, Visit
from patients.rules.thresholds import SLEDAI_2K
from patients.rules.verdict import Evidence, gettext_noop, say

INFLAMED_JOINTS = say(gettext_noop("joints painful and inflamed"))
HIGHEST_TEMPERATURE = say(gettext_noop("highest temperature"))


@dataclass(frozen=True)
class SledaiProposal:
    """What the measurements suggest for one item, and which ones."""

    item: str
    answer: bool
    evidence: tuple[Evidence, ...]


def propose(record: Record, on: date, visit: Visit | None = None) -> dict[str, SledaiProposal]:
    """Proposals by item code, from results of the 30 days up to `on`; nothing where nothing was measured.

    visit: the one that is being written, with its joint count and its highest temperature.
    """
    proposed = _from_laboratory(record, on)
    return {**proposed, **_from_visit(visit)} if visit is not None else proposed


def _from_laboratory(record: Record, on: date) -> dict[str, SledaiProposal]:
    single = {
        "casts": _finding(record, on),
        "haematuria": _above(record, on, "urine_rbc", SLEDAI_2K.urine_cells_per_field),
        "pyuria": _above(record, on, "urine_wbc", SLEDAI_2K.urine_cells_per_field),
        "proteinuria": _above(record, on, "upcr", SLEDAI_2K.upcr_g_per_g),
        "thrombocytopenia": _below(record, on, "platelets", SLEDAI_2K.platelets_10e3_per_ul),
        "leukopenia": _below(record, on, "wbc", SLEDAI_2K.leukocytes_10e3_per_ul),
        "low_complement": _low_complement(record, on),
        "dna_binding": _dna_binding(record, on),
    }
    return {
        item: SledaiProposal(item, found[0], tuple(laboratory_evidence(row) for row in found[1]))
        for item, found in single.items()
        if found is not None
    }


def _from_visit(visit: Visit) -> dict[str, SledaiProposal]:
    """Two joints with pain and inflammation; a temperature above 38.0 °C."""
    found = {}
    joints, temperature = visit.inflamed_joints, visit.highest_temperature_c
    if joints is not None:
        evidence = visit_evidence(visit, INFLAMED_JOINTS, joints)
        found["arthritis"] = SledaiProposal("arthritis", joints >= SLEDAI_2K.inflamed_joints, (evidence,))
    if temperature is not None:
        evidence = visit_evidence(visit, HIGHEST_TEMPERATURE, temperature, "°C")
        found["fever"] = SledaiProposal("fever", temperature > SLEDAI_2K.fever_c, (evidence,))
    return found


def contradictions(
    answers: Mapping[str, bool | None], proposals: Mapping[str, SledaiProposal]
) -> list[SledaiProposal]:
    """Proposals that a given answer contradicts: to be asked about, never refused."""
    return [
        proposal
        for item, proposal in proposals.items()
        if answers.get(item) is not None and answers[item] is not proposal.answer
    ]


Found = tuple[bool, tuple[LaboratoryValue, ...]] | None


def _latest(record: Record, on: date, analyte: str) -> LaboratoryValue | None:
    return latest_laboratory(record, analyte, on, SLEDAI_2K.window_days)


def _above(record: Record, on: date, analyte: str, limit: Decimal | None) -> Found:
    """Whether the latest result is above the limit; None when "<50" or ">3" leaves that open.

    Of a range the end counts: with a limit of 5, "5–9" per field is proposed, and the doctor sees the range.
    """
    row = _latest(record, on, analyte)
    if row is None or row.value is None or limit is None:
        return None
    may_be_above = row.value_high is not None and row.value_high > limit
    if may_be_above or surely_above(limit, row.value, row.comparator):
        return True, (row,)
    return (False, (row,)) if row.highest is not None and row.highest <= limit else None


def _below(record: Record, on: date, analyte: str, limit: Decimal | None) -> Found:
    """Whether the latest result is below the limit; None when "<150" or ">50" leaves that open."""
    row = _latest(record, on, analyte)
    if row is None or row.value is None or limit is None:
        return None
    if surely_below(limit, row.value, row.comparator, row.value_high):
        return True, (row,)
    return (False, (row,)) if row.lowest is not None and row.lowest >= limit else None


def _finding(record: Record, on: date) -> Found:
    row = _latest(record, on, "urine_casts")
    return None if row is None else (row.finding == "present", (row,))


def _low_complement(record: Record, on: date) -> Found:
    rows = [row for analyte in ("c3", "c4", "ch50") if (row := _latest(record, on, analyte))]
    judged = [found for row in rows if (found := _below(record, on, row.analyte, row.lower_limit))]
    low = tuple(row for found in judged if found[0] for row in found[1])
    if low:
        return True, low
    return (False, tuple(row for found in judged for row in found[1])) if judged else None


def _dna_binding(record: Record, on: date) -> Found:
    """The limit itself is raised already: laboratories print it as "normal below 12"."""
    row = _latest(record, on, "dsdna")
    if row is None or row.value is None or row.upper_limit is None or row.comparator in AT_MOST:
        return None
    return row.value >= row.upper_limit, (row,)

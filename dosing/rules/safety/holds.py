"""What must be settled first: potassium, CK, blood pressure, QTc, infection, hepatitis B, CYP3A4."""

from collections.abc import Iterable
from datetime import date

from dosing.rules.hepatitis_b import HbvDna, hbv_dna
from dosing.rules.safety.finding import Gate, SafetyFinding
from dosing.rules.safety.measures import current, visit_of
from dosing.rules.safety.thresholds import SafetyThresholds
from patients.rules.drugs import DRUGS, INDUCER, STRONG_INHIBITOR, members
from patients.rules.evidence import digits_of, episode_evidence, laboratory_evidence, visit_evidence
from patients.rules.findings import MUSCLE_SYMPTOMS
from patients.rules.reading import active_episodes, latest_laboratory, latest_statement
from patients.rules.record import LaboratoryValue, Record
from patients.rules.verdict import Evidence, Message, Source, gettext_noop, say

SOURCE = Source("Specification 4.2, HOLD", published=False)
INTERACTION = Source("Japanese label of tacrolimus, interactions")


def holds(record: Record, on: date, thresholds: SafetyThresholds) -> Iterable[SafetyFinding]:
    """Findings that make Start wait, or need a coded reason."""
    yield from _potassium(record, on, thresholds)
    yield from _muscle(record, on, thresholds)
    yield from _blood_pressure(record, on, thresholds)
    yield from _qtc(record, on, thresholds)
    yield from _infection(record, on, thresholds)
    yield from _hepatitis_b(record, on)
    yield from _metabolism(record, on)


def _potassium(record: Record, on: date, thresholds: SafetyThresholds) -> Iterable[SafetyFinding]:
    row = current(record, "potassium", on, thresholds)
    if row is not None and row.value is not None and row.value >= thresholds.potassium_hold_mmol_l:
        yield _measured("potassium_high", row, gettext_noop("Potassium %(value)s mmol/l"))


def _muscle(record: Record, on: date, thresholds: SafetyThresholds) -> Iterable[SafetyFinding]:
    """CK at five times the upper limit, or any rise with muscle symptoms at the latest visit."""
    row = current(record, "ck", on, thresholds)
    if row is None or row.value is None or row.upper_limit is None:
        return
    visit = visit_of(record, on, thresholds)
    symptoms = visit is not None and any(visit.observations.get(code) for code in MUSCLE_SYMPTOMS)
    if row.value >= thresholds.ck_hold_times_upper_limit * row.upper_limit:
        yield _measured("ck_high", row, gettext_noop("CK %(value)s U/l, five times the upper limit or more"))
    elif symptoms and row.value > row.upper_limit:
        yield _measured("ck_with_symptoms", row, gettext_noop("CK %(value)s U/l with muscle symptoms"))


def _blood_pressure(record: Record, on: date, thresholds: SafetyThresholds) -> Iterable[SafetyFinding]:
    visit = visit_of(record, on, thresholds)
    if visit is None or visit.systolic_mm_hg is None or visit.diastolic_mm_hg is None:
        return
    high = (
        visit.systolic_mm_hg >= thresholds.systolic_hold_mm_hg
        or visit.diastolic_mm_hg >= thresholds.diastolic_hold_mm_hg
    )
    if high:
        shown = f"{visit.systolic_mm_hg}/{visit.diastolic_mm_hg}"
        sentence = say(gettext_noop("Blood pressure %(value)s mmHg"), value=shown)
        evidence = visit_evidence(visit, say(gettext_noop("blood pressure")), shown, "mm[Hg]")
        yield _hold("blood_pressure_high", sentence, (evidence,))


def _qtc(record: Record, on: date, thresholds: SafetyThresholds) -> Iterable[SafetyFinding]:
    row = latest_laboratory(record, "qtc", on)
    if row is not None and row.value is not None and row.value > thresholds.qtc_hold_ms:
        yield _measured("qtc_long", row, gettext_noop("QTc %(value)s ms"))


def _infection(record: Record, on: date, thresholds: SafetyThresholds) -> Iterable[SafetyFinding]:
    visit = visit_of(record, on, thresholds)
    if visit is not None and visit.observations.get("serious_infection"):
        sentence = say(gettext_noop("Active serious infection"))
        yield _hold("serious_infection", sentence, (visit_evidence(visit, sentence, "yes"),))


def _hepatitis_b(record: Record, on: date) -> Iterable[SafetyFinding]:
    plan = latest_statement(record, "hepatitis_b_plan", on)
    if plan is not None and plan.answer:
        return
    for analyte in ("hbsag", "hbv_dna"):
        row = latest_laboratory(record, analyte, on)
        if row is not None and _is_active(row):
            sentence = say(gettext_noop("Hepatitis B is active and no plan with a hepatologist is recorded"))
            yield _hold(f"hepatitis_b:{analyte}", sentence, (laboratory_evidence(row),))


def _is_active(row: LaboratoryValue) -> bool:
    return hbv_dna(row) is HbvDna.HIGH if row.analyte == "hbv_dna" else row.finding == "positive"


def _metabolism(record: Record, on: date) -> Iterable[SafetyFinding]:
    inhibitors, inducers = members(STRONG_INHIBITOR), members(INDUCER)
    for row in active_episodes(record, inhibitors | inducers, on):
        text = (
            gettext_noop("%(drug)s is taken: a strong CYP3A4 inhibitor raises tacrolimus")
            if row.drug in inhibitors
            else gettext_noop("%(drug)s is taken: a CYP3A4 inducer lowers tacrolimus")
        )
        sentence = say(text, drug=DRUGS[row.drug].label)
        yield SafetyFinding(Gate.HOLD, f"cyp3a4:{row.drug}", sentence, INTERACTION, (episode_evidence(row),))


def _measured(code: str, row: LaboratoryValue, text: str) -> SafetyFinding:
    return _hold(code, say(text, value=digits_of(row)), (laboratory_evidence(row),))


def _hold(code: str, sentence: Message, evidence: tuple[Evidence, ...]) -> SafetyFinding:
    return SafetyFinding(Gate.HOLD, code, sentence, SOURCE, evidence)

"""What is listed and ticked before a start, but stops nothing."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from dosing.rules.hepatitis_b import HbvDna, hbv_dna
from dosing.rules.safety.finding import Gate, SafetyFinding
from dosing.rules.safety.measures import current, possible_ages, visit_of
from dosing.rules.safety.thresholds import SafetyThresholds
from patients.rules.dates import add_years
from patients.rules.drugs import (
    DRUGS,
    FIBRATE,
    NSAID,
    PNEUMOCYSTIS_PROPHYLAXIS,
    RAAS_INHIBITOR,
    SELECTIVE_MRA,
    STATIN,
    members,
)
from patients.rules.evidence import (
    digits_of,
    episode_evidence,
    laboratory_evidence,
    statement_evidence,
    visit_evidence,
)
from patients.rules.glucocorticoids import daily_doses
from patients.rules.reading import active_episodes, latest_laboratory, latest_statement
from patients.rules.record import LaboratoryValue, Record
from patients.rules.renal import ADULT_YEARS, CKD_EPI_2021, JAPAN, egfr_ckd_epi_2021, egfr_japan
from patients.rules.verdict import Evidence, Message, Source, gettext_noop, say

SOURCE = Source("Specification 4.2, CAUTION", published=False)
PREGNANCY_SOURCE = Source("Japanese label: contraindication removed in 2018, benefit over risk")

DRUG_CAUTIONS = (
    (STATIN, gettext_noop("%(drug)s: CK before start, day 7–14, and on symptoms")),
    (FIBRATE, gettext_noop("%(drug)s: muscle and kidney, CK and creatinine")),
    (NSAID, gettext_noop("%(drug)s: kidney, creatinine in 1–2 weeks")),
    (RAAS_INHIBITOR, gettext_noop("%(drug)s: potassium in 1–2 weeks")),
    (SELECTIVE_MRA, gettext_noop("%(drug)s: potassium in 1–2 weeks")),
)


def cautions(record: Record, on: date, thresholds: SafetyThresholds) -> Iterable[SafetyFinding]:
    """Findings that are listed and ticked."""
    yield from _laboratory(record, on, thresholds)
    yield from _kidney(record, on, thresholds)
    yield from _blood_pressure(record, on, thresholds)
    yield from _heart(record, on, thresholds)
    yield from _history(record, on, thresholds)
    yield from _drugs(record, on)
    yield from _hepatitis(record, on)
    yield from _lungs(record, on)
    yield from _pneumocystis(record, on, thresholds)


def _laboratory(record: Record, on: date, thresholds: SafetyThresholds) -> Iterable[SafetyFinding]:
    potassium = current(record, "potassium", on, thresholds)
    if (
        potassium is not None
        and potassium.value is not None
        and thresholds.potassium_caution_mmol_l < potassium.value < thresholds.potassium_hold_mmol_l
    ):
        yield _measured("potassium_raised", potassium, gettext_noop("Potassium %(value)s mmol/l"))
    ck = current(record, "ck", on, thresholds)
    if ck is not None and ck.value is not None and ck.upper_limit is not None and ck.value > ck.upper_limit:
        yield _measured("ck_raised", ck, gettext_noop("CK %(value)s U/l is above the upper limit"))
    hba1c = latest_laboratory(record, "hba1c", on, thresholds.hba1c_max_age_days)
    if hba1c is not None and hba1c.value is not None and hba1c.value >= thresholds.hba1c_caution_percent:
        yield _measured("hba1c_raised", hba1c, gettext_noop("HbA1c %(value)s %%"))


def _kidney(record: Record, on: date, thresholds: SafetyThresholds) -> Iterable[SafetyFinding]:
    """eGFR below 60 by the Japanese equation, the default; both equations are shown."""
    row = current(record, "creatinine", on, thresholds)
    age = possible_ages(record, on)[1]
    if row is None or row.value is None or row.value <= 0 or age < ADULT_YEARS:
        return
    japan = egfr_japan(float(row.value), age, record.person.sex)
    if japan >= float(thresholds.egfr_caution_ml_min_173):
        return
    sentence = say(
        gettext_noop("eGFR %(japan)s by %(japan_name)s, %(ckd_epi)s by %(ckd_epi_name)s"),
        japan=Decimal(str(round(japan, 1))),
        japan_name=JAPAN,
        ckd_epi=Decimal(str(round(egfr_ckd_epi_2021(float(row.value), age, record.person.sex), 1))),
        ckd_epi_name=CKD_EPI_2021,
    )
    yield _caution("egfr_low", sentence, (laboratory_evidence(row),))


def _blood_pressure(record: Record, on: date, thresholds: SafetyThresholds) -> Iterable[SafetyFinding]:
    visit = visit_of(record, on, thresholds)
    if visit is None or visit.systolic_mm_hg is None or visit.diastolic_mm_hg is None:
        return
    systolic, diastolic = visit.systolic_mm_hg, visit.diastolic_mm_hg
    if systolic >= thresholds.systolic_hold_mm_hg or diastolic >= thresholds.diastolic_hold_mm_hg:
        return
    if systolic >= thresholds.systolic_caution_mm_hg or diastolic >= thresholds.diastolic_caution_mm_hg:
        shown = f"{systolic}/{diastolic}"
        sentence = say(gettext_noop("Blood pressure %(value)s mmHg"), value=shown)
        evidence = visit_evidence(visit, say(gettext_noop("blood pressure")), shown, "mm[Hg]")
        yield _caution("blood_pressure_raised", sentence, (evidence,))


def _heart(record: Record, on: date, thresholds: SafetyThresholds) -> Iterable[SafetyFinding]:
    row = latest_laboratory(record, "qtc", on, thresholds.ecg_max_age_days)
    low, high = thresholds.qtc_caution_ms, thresholds.qtc_hold_ms
    if row is not None and row.value is not None and low < row.value <= high:
        yield _measured("qtc_raised", row, gettext_noop("QTc %(value)s ms"))
    yield from _stated(record, on, "long_qt_syndrome", gettext_noop("Congenital long QT syndrome"), SOURCE)


def _history(record: Record, on: date, thresholds: SafetyThresholds) -> Iterable[SafetyFinding]:
    yield from _stated(record, on, "diabetes", gettext_noop("Diabetes: glucose plan"), SOURCE)
    text = gettext_noop("Pregnant: benefit over risk, with a specialist")
    yield from _stated(record, on, "pregnant", text, PREGNANCY_SOURCE)
    yield from _stated(record, on, "breastfeeding", gettext_noop("Breastfeeding"), PREGNANCY_SOURCE)
    malignancy = latest_statement(record, "malignancy", on)
    limit = add_years(on, -thresholds.malignancy_years)
    recent = malignancy is not None and (malignancy.event is None or malignancy.event.latest > limit)
    if malignancy is not None and malignancy.answer and recent:
        sentence = say(gettext_noop("Malignancy within %(years)s years"), years=thresholds.malignancy_years)
        yield _caution("malignancy", sentence, (statement_evidence(malignancy),))
    if possible_ages(record, on)[1] >= thresholds.elderly_years:
        sentence = say(gettext_noop("Age %(years)s or older"), years=thresholds.elderly_years)
        yield _caution("elderly", sentence, ())


def _drugs(record: Record, on: date) -> Iterable[SafetyFinding]:
    for drug_class, text in DRUG_CAUTIONS:
        for row in active_episodes(record, members(drug_class), on):
            sentence = say(text, drug=DRUGS[row.drug].label)
            yield _caution(f"{drug_class}:{row.drug}", sentence, (episode_evidence(row),))


def _hepatitis(record: Record, on: date) -> Iterable[SafetyFinding]:
    plan = latest_statement(record, "hepatitis_b_plan", on)
    past = latest_laboratory(record, "anti_hbc", on)
    if plan is not None and plan.answer:
        sentence = say(gettext_noop("Hepatitis B under a hepatologist's plan"))
        yield _caution("hepatitis_b_plan", sentence, (statement_evidence(plan),))
    elif past is not None and past.finding == "positive":
        sentence = say(gettext_noop("Past hepatitis B: HBV-DNA every 1–3 months"))
        yield _caution("hepatitis_b_past", sentence, (laboratory_evidence(past),))
    dna = latest_laboratory(record, "hbv_dna", on)
    if dna is not None and hbv_dna(dna) is HbvDna.LOW:
        yield _measured(
            "hbv_dna_low",
            dna,
            gettext_noop("HBV-DNA %(value)s IU/ml, not told to be negative: repeat in 28 days"),
        )
    hepatitis_c = latest_laboratory(record, "hcv", on)
    if hepatitis_c is not None and hepatitis_c.finding != "negative":
        sentence = say(gettext_noop("Hepatitis C antibody is not negative"))
        yield _caution("hepatitis_c", sentence, (laboratory_evidence(hepatitis_c),))


def _lungs(record: Record, on: date) -> Iterable[SafetyFinding]:
    """An abnormal screen is a caution at any age of the result; the grade is this project's choice."""
    texts = {
        "tb_screen": ("positive", gettext_noop("Tuberculosis screen positive: plan before start")),
        "chest_xray": ("abnormal", gettext_noop("Chest X-ray abnormal: explain before start")),
    }
    for analyte, (finding, text) in texts.items():
        row = latest_laboratory(record, analyte, on)
        if row is not None and row.finding == finding:
            yield _caution(analyte, say(text), (laboratory_evidence(row),))


def _pneumocystis(record: Record, on: date, thresholds: SafetyThresholds) -> Iterable[SafetyFinding]:
    if active_episodes(record, members(PNEUMOCYSTIS_PROPHYLAXIS), on):
        return
    first = on - timedelta(days=thresholds.prednisolone_caution_days)
    doses = daily_doses(record, first, on).values()
    high = all(dose is not None and dose >= thresholds.prednisolone_caution_mg for dose in doses)
    row = current(record, "lymphocytes", on, thresholds)
    few = row is not None and row.value is not None and row.value < thresholds.lymphocytes_caution_10e3_per_ul
    if high or few:
        sentence = say(
            gettext_noop("Pneumocystis prophylaxis? (co-trimoxazole raises potassium and creatinine)")
        )
        yield _caution("pneumocystis", sentence, (laboratory_evidence(row),) if few and row else ())


def _stated(record: Record, on: date, kind: str, text: str, source: Source) -> Iterable[SafetyFinding]:
    stated = latest_statement(record, kind, on)
    if stated is not None and stated.answer:
        yield SafetyFinding(Gate.CAUTION, kind, say(text), source, (statement_evidence(stated),))


def _measured(code: str, row: LaboratoryValue, text: str) -> SafetyFinding:
    return _caution(code, say(text, value=digits_of(row)), (laboratory_evidence(row),))


def _caution(code: str, sentence: Message, evidence: tuple[Evidence, ...]) -> SafetyFinding:
    return SafetyFinding(Gate.CAUTION, code, sentence, SOURCE, evidence)

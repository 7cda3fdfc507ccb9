"""What must be known before a start: an item that is missing or too old makes the gate CANNOT_TELL."""

from collections.abc import Iterable
from datetime import date, timedelta

from dosing.rules.hepatitis_b import HbvDna, hbv_dna
from dosing.rules.safety.finding import Gate, SafetyFinding
from dosing.rules.safety.measures import current, possible_ages, visit_of
from dosing.rules.safety.thresholds import SafetyThresholds
from patients.rules.analytes import ANALYTES
from patients.rules.drugs import QT_PROLONGING, members
from patients.rules.evidence import digits_of
from patients.rules.findings import MUSCLE_SYMPTOMS
from patients.rules.reading import active_episodes, latest_laboratory, latest_statement
from patients.rules.record import LaboratoryValue, Record
from patients.rules.statements import KINDS
from patients.rules.unidentified_drugs import unidentified_drugs
from patients.rules.verdict import Message, Missing, Source, gettext_noop, say

SOURCE = Source("Specification 4.2, required before start", published=False)

RECENT = (
    "creatinine", "potassium", "ck", "glucose", "ast", "alt", "wbc", "haemoglobin", "platelets",
    "urine_rbc", "upcr",
)  # fmt: skip
SCREENED_ONCE_A_YEAR = ("hbsag", "anti_hbc", "anti_hbs", "hcv", "tb_screen", "chest_xray")
ASKED = ("tacrolimus_hypersensitivity", "calcineurin_inhibitor_serious_reaction", "live_vaccine")


def required(record: Record, on: date, thresholds: SafetyThresholds) -> Iterable[SafetyFinding]:
    """One finding for each item that is missing or too old."""
    yield from _laboratory(record, on, thresholds)
    yield from _screening(record, on, thresholds)
    yield from _hepatitis_dna(record, on, thresholds)
    yield from _visit(record, on, thresholds)
    yield from _statements(record, on)
    yield from _pregnancy(record, on, thresholds)
    yield from _ecg(record, on, thresholds)
    yield from _drug_list(record, on, thresholds)


def _laboratory(record: Record, on: date, thresholds: SafetyThresholds) -> Iterable[SafetyFinding]:
    for analyte in RECENT:
        yield from _aged(record, on, analyte, thresholds.laboratory_max_age_days)
    yield from _aged(record, on, "hba1c", thresholds.hba1c_max_age_days)
    row = current(record, "ck", on, thresholds)
    if row is not None and row.upper_limit is None:
        sentence = say(gettext_noop("The upper limit of the CK result is not recorded"))
        yield _open("ck_limit", sentence, "laboratory")


def _screening(record: Record, on: date, thresholds: SafetyThresholds) -> Iterable[SafetyFinding]:
    for analyte in SCREENED_ONCE_A_YEAR:
        yield from _aged(record, on, analyte, thresholds.screening_max_age_days)


def _hepatitis_dna(record: Record, on: date, thresholds: SafetyThresholds) -> Iterable[SafetyFinding]:
    """Anti-HBc, or anti-HBs without vaccination, asks for HBV-DNA."""
    core = latest_laboratory(record, "anti_hbc", on)
    surface = latest_laboratory(record, "anti_hbs", on)
    vaccinated = latest_statement(record, "hepatitis_b_vaccinated", on)
    unexplained = (
        surface is not None
        and surface.finding != "negative"
        and not (vaccinated is not None and vaccinated.answer)
    )
    if (core is not None and core.finding != "negative") or unexplained:
        yield from _aged(record, on, "hbv_dna", thresholds.hba1c_max_age_days)
        yield from _undecided_dna(record, on)


def _undecided_dna(record: Record, on: date) -> Iterable[SafetyFinding]:
    """A bound like "<100" tells neither that it is below 20 IU/ml nor that it is not."""
    row = latest_laboratory(record, "hbv_dna", on)
    if row is not None and row.value is not None and hbv_dna(row) is HbvDna.UNKNOWN:
        sentence = say(gettext_noop("HBV-DNA %(value)s IU/ml cannot be judged"), value=digits_of(row))
        yield _open("hbv_dna", sentence, "laboratory")


def _visit(record: Record, on: date, thresholds: SafetyThresholds) -> Iterable[SafetyFinding]:
    visit = visit_of(record, on, thresholds)
    if visit is None:
        sentence = say(
            gettext_noop("There is no signed visit of the last %(days)s days"),
            days=thresholds.laboratory_max_age_days,
        )
        yield _open("visit", sentence, "visit")
        return
    if visit.systolic_mm_hg is None or visit.diastolic_mm_hg is None:
        yield _open("blood_pressure", say(gettext_noop("Blood pressure was not measured")), "visit")
    if visit.observations.get("serious_infection") is None:
        yield _open("serious_infection", say(gettext_noop("Serious infection was not asked about")), "visit")
    if any(visit.observations.get(code) is None for code in MUSCLE_SYMPTOMS):
        yield _open("muscle_symptoms", say(gettext_noop("Muscle symptoms were not asked about")), "visit")


def _statements(record: Record, on: date) -> Iterable[SafetyFinding]:
    for kind in ASKED:
        stated = latest_statement(record, kind, on)
        if stated is None or stated.answer is None:
            sentence = say(gettext_noop("Not answered: %(question)s"), question=KINDS[kind].question)
            yield _open(kind, sentence, "statement")


def _pregnancy(record: Record, on: date, thresholds: SafetyThresholds) -> Iterable[SafetyFinding]:
    if not may_become_pregnant(record, on, thresholds):
        return
    pregnant = latest_statement(record, "pregnant", on)
    if pregnant is None or pregnant.answer is None:
        yield _open("pregnant", say(gettext_noop("Whether she is pregnant is not recorded")), "statement")
    elif not pregnant.answer:
        yield from _aged(record, on, "pregnancy_test", thresholds.pregnancy_test_max_age_days)
        test = latest_laboratory(record, "pregnancy_test", on, thresholds.pregnancy_test_max_age_days)
        if test is not None and test.finding == "positive":
            sentence = say(
                gettext_noop("The pregnancy test is positive, but she is recorded as not pregnant")
            )
            yield _open("pregnant", sentence, "statement")


def may_become_pregnant(record: Record, on: date, thresholds: SafetyThresholds) -> bool:
    """A woman who may be 15 to 49 years old, unless it is recorded that they cannot become pregnant."""
    youngest, oldest = possible_ages(record, on)
    in_range = oldest >= thresholds.childbearing_from_years and youngest <= thresholds.childbearing_to_years
    stated = latest_statement(record, "childbearing_potential", on)
    excluded = stated is not None and stated.answer is False
    return record.person.sex == "F" and in_range and not excluded


def _ecg(record: Record, on: date, thresholds: SafetyThresholds) -> Iterable[SafetyFinding]:
    """Asked for with a known long QT, heart disease, or a QT drug other than hydroxychloroquine."""
    heart = [latest_statement(record, kind, on) for kind in ("long_qt_syndrome", "cardiac_disease")]
    at_risk = any(stated is not None and stated.answer for stated in heart)
    drugs = members(QT_PROLONGING) - {"hydroxychloroquine"}
    if at_risk or active_episodes(record, drugs, on):
        yield from _aged(record, on, "qtc", thresholds.ecg_max_age_days)


def _drug_list(record: Record, on: date, thresholds: SafetyThresholds) -> Iterable[SafetyFinding]:
    newest = max((row.stated_on for row in record.drug_histories if row.stated_on <= on), default=None)
    if newest is None or newest < on - timedelta(days=thresholds.drug_list_max_age_days):
        sentence = say(
            gettext_noop("The drug list was not confirmed in the last %(days)s days"),
            days=thresholds.drug_list_max_age_days,
        )
        yield _open("drug_list", sentence, "drug_history")
    for row in unidentified_drugs(record, on - timedelta(days=thresholds.unidentified_washout_days), on):
        sentence = say(
            gettext_noop("“%(drug)s” is not in the catalogue, so its interactions are unknown"),
            drug=row.drug_text,
        )
        yield _open(f"unmapped_drug:{type(row).__name__.lower()}:{row.id}", sentence, "which_drug")


def _aged(record: Record, on: date, analyte: str, days: int) -> Iterable[SafetyFinding]:
    last = latest_laboratory(record, analyte, on)
    label = ANALYTES[analyte].label
    if latest_laboratory(record, analyte, on, days) is not None:
        if last is not None and last.finding == "indeterminate":
            yield _open(analyte, say(gettext_noop("%(what)s is indeterminate"), what=label), "laboratory")
        return
    haemolysed = _haemolysed(record, on, analyte, days)
    if haemolysed is not None:
        text = gettext_noop("%(what)s of %(day)s was haemolysed: repeat it")
        yield _open(analyte, say(text, what=label, day=haemolysed.on), "laboratory")
        return
    sentence = (
        say(gettext_noop("%(what)s has never been recorded"), what=label)
        if last is None
        else say(
            gettext_noop("%(what)s is %(age)s days old (limit %(limit)s)"),
            what=label,
            age=(on - last.on).days,
            limit=days,
        )
    )
    yield _open(analyte, sentence, "laboratory")


def _haemolysed(record: Record, on: date, analyte: str, days: int) -> LaboratoryValue | None:
    """A haemolysed result that is recent enough but settles nothing."""
    rows = record.laboratory_in_order.get(analyte, ())
    recent = [row for row in rows if row.haemolysed and on - timedelta(days=days) <= row.on <= on]
    return recent[-1] if recent else None


def _open(item: str, sentence: Message, fill: str) -> SafetyFinding:
    return SafetyFinding(
        Gate.CANNOT_TELL, f"missing:{item}", sentence, SOURCE, missing=Missing(item, sentence, fill)
    )

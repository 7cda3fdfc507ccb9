"""Facts as evidence of a verdict: value, unit, date, and where the fact is kept."""

from decimal import Decimal

from patients.rules.analytes import ANALYTES
from patients.rules.drugs import DRUGS, OUTSIDE_CLASSES
from patients.rules.record import Administration, Episode, LaboratoryValue, Statement, Visit
from patients.rules.statements import KINDS
from patients.rules.units import readable
from patients.rules.verdict import Evidence, FactReference, Message, Value, gettext_noop, say

LABORATORY_LABELS = {key: say(analyte.label) for key, analyte in ANALYTES.items()}


def laboratory_evidence(row: LaboratoryValue) -> Evidence:
    """A result with its comparator, unit and day."""
    analyte = ANALYTES[row.analyte]
    return Evidence(
        LABORATORY_LABELS[row.analyte],
        result_value(row),
        analyte.unit,
        row.on,
        FactReference("laboratory", row.id),
    )


def episode_evidence(row: Episode) -> Evidence:
    """A dose episode by its mean daily dose and first day."""
    return Evidence(
        label=drug_name(row.drug, row.drug_text),
        value=row.mg_per_day,
        unit="mg/d",
        on=row.start,
        fact=FactReference("episode", row.id),
    )


def administration_evidence(row: Administration) -> Evidence:
    return Evidence(
        label=drug_name(row.drug, row.drug_text),
        value=row.dose_mg,
        unit="mg",
        on=row.on,
        fact=FactReference("administration", row.id),
    )


def visit_evidence(visit: Visit, label: Message, value: Value = None, unit: str = "") -> Evidence:
    """Something that was seen at a visit."""
    return Evidence(label, value, unit, visit.on, FactReference("visit", visit.id))


def statement_evidence(row: Statement) -> Evidence:
    answer = {True: "yes", False: "no", None: "unknown"}[row.answer]
    return Evidence(
        label=say(KINDS[row.kind].question),
        value=answer,
        on=row.stated_on,
        fact=FactReference("statement", row.id),
    )


def drug_name(drug: str, drug_text: str = "") -> Message:
    """The catalogue's name of a drug, or the free text as it was written."""
    if drug in DRUGS and drug != OUTSIDE_CLASSES:
        return say(DRUGS[drug].label)
    return say("%(drug)s", drug=drug_text or drug)


def result_value(row: LaboratoryValue) -> Value:
    """A result in words or as a number: "positive", 0.7, "<2", "5–9", "5.9, haemolysed"."""
    if row.finding:
        return ANALYTES[row.analyte].in_words(row.finding)
    if row.haemolysed:
        return (digits_of(row), gettext_noop("haemolysed"))
    return readable(row.value) if row.is_exact and row.value is not None else digits_of(row)


def digits_of(row: LaboratoryValue) -> str:
    """A number with its comparator, or a range, in the canonical unit; "" of a finding."""
    if row.value is None:
        return ""
    end = "" if row.value_high is None else f"–{_plain(row.value_high)}"
    return f"{row.comparator}{_plain(row.value)}{end}"


def _plain(value: Decimal) -> str:
    return f"{readable(value).normalize():f}"

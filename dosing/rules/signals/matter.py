"""What the signals share: an alert of a sentence, results of this treatment and before it, the last visit."""

from collections.abc import Iterable
from decimal import Decimal
from statistics import median

from dosing.rules.case import Case
from dosing.rules.findings import AlertFinding, Severity
from dosing.rules.signals.thresholds import SIGNALS
from patients.rules.answers import Answer
from patients.rules.bounds import AT_LEAST, AT_MOST
from patients.rules.evidence import digits_of
from patients.rules.reading import laboratory_values, latest_visit
from patients.rules.record import LaboratoryValue, Visit
from patients.rules.verdict import Evidence, Message, Source, Verdict

SOURCE = Source("Specification 4.5, signals on tacrolimus", published=False)


def matter(
    rule: str,
    severity: Severity,
    sentence: Message,
    evidence: Iterable[Evidence],
    *,
    subject: str = "",
    cautions: Iterable[Message] = (),
    source: Source = SOURCE,
) -> AlertFinding:
    """An alert finding whose verdict is MET."""
    verdict = Verdict(Answer.MET, sentence, source, tuple(evidence), cautions=tuple(cautions))
    return AlertFinding(rule, severity, verdict, subject)


def since_start(case: Case, analyte: str) -> list[LaboratoryValue]:
    """The results with a number from the first dose on, oldest first."""
    first = case.first_dose_on
    rows = laboratory_values(case.record, analyte, case.on)
    return [row for row in rows if first is not None and row.on >= first and row.value is not None]


def latest_since_start(case: Case, analyte: str) -> LaboratoryValue | None:
    rows = since_start(case, analyte)
    return rows[-1] if rows else None


def baseline(case: Case, analyte: str) -> Decimal | None:
    """The median of up to three exact values of the year before the first dose; None without any."""
    first = case.first_dose_on
    values = [
        row.value
        for row in laboratory_values(case.record, analyte, case.on)
        if first is not None
        and row.on < first
        and (first - row.on).days <= SIGNALS.baseline_days
        and row.value is not None
        and row.is_exact
    ]
    return median(values[-SIGNALS.baseline_values :]) if values else None


def present_visit(case: Case) -> Visit | None:
    """The newest signed visit of this treatment: its findings hold until another visit changes them."""
    visit = latest_visit(case.record, case.on)
    first = case.first_dose_on
    return visit if visit is not None and first is not None and visit.on >= first else None


def at_least(row: LaboratoryValue, limit: Decimal) -> bool:
    """Whether a result surely reaches a limit; "<" only says at most."""
    return row.value is not None and row.comparator not in AT_MOST and row.value >= limit


def above(row: LaboratoryValue, limit: Decimal) -> bool:
    """Whether a result surely lies above a limit; ">5.0" does."""
    if row.value is None or row.comparator in AT_MOST:
        return False
    return row.value >= limit if row.comparator in AT_LEAST else row.value > limit


def format_result(row: LaboratoryValue) -> str:
    """A result as people read it, with its comparator."""
    return digits_of(row)

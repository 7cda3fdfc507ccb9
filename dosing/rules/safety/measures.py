"""Which result or visit counts as current for the safety gate."""

from datetime import date

from dosing.rules.safety.thresholds import SafetyThresholds
from patients.rules.dates import age_years
from patients.rules.reading import latest_laboratory, latest_visit
from patients.rules.record import LaboratoryValue, Record, Visit


def current(record: Record, analyte: str, on: date, thresholds: SafetyThresholds) -> LaboratoryValue | None:
    """The newest result of the last 30 days."""
    return latest_laboratory(record, analyte, on, thresholds.laboratory_max_age_days)


def visit_of(record: Record, on: date, thresholds: SafetyThresholds) -> Visit | None:
    """The newest signed visit of the last 30 days."""
    return latest_visit(record, on, thresholds.laboratory_max_age_days)


def possible_ages(record: Record, on: date) -> tuple[int, int]:
    """The lowest and the highest age that a birth date known in part allows."""
    birth = record.person.birth
    return age_years(birth.latest, on), age_years(birth.earliest, on)

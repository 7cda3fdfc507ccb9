"""The starting dose of tacrolimus, and where it leaves the Japanese label. Specification 4.1."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dosing.rules.levels.thresholds import LEVELS
from dosing.rules.safety.thresholds import SAFETY
from patients.rules.dates import age_years
from patients.rules.drugs import ASKED_TWICE_ABOVE_MG
from patients.rules.reading import latest_laboratory, latest_statement, latest_visit
from patients.rules.record import Record
from patients.rules.renal import ADULT_YEARS, egfr_japan
from patients.rules.verdict import Message, Source, gettext_noop, say

SOURCE = Source("Study: mean starting dose 2.80 mg, once daily in the evening")
USUAL_MG = Decimal(3)
LOW_MG = Decimal(2)
SECOND_CONFIRMATION_ABOVE_MG = ASKED_TWICE_ABOVE_MG["tacrolimus"]
HIGHEST_MG = 20  # [D] beyond it a typing error: refused
STEP_MG = Decimal("0.5")  # the smallest capsule
LOW_WEIGHT_KG = Decimal(45)
RECENT_DAYS = 30
# [D] The doses that a forecast lists: those that capsules make up and that need no second confirmation.
FORECAST_MG = tuple(STEP_MG * step for step in range(1, int(SECOND_CONFIRMATION_ABOVE_MG / STEP_MG) + 1))


@dataclass(frozen=True)
class DoseProposal:
    """A dose in mg once daily in the evening; low_dose_reasons say why 1 to 2 mg is proposed."""

    mg: Decimal
    low_dose_reasons: tuple[Message, ...]
    source: Source
    usual_mg: Decimal = USUAL_MG


def propose_starting_dose(record: Record, on: date) -> DoseProposal:
    """3 mg, or 2 mg (1 to 2) with age 65 or older, eGFR below 60 or low weight [D]."""
    reasons = tuple(_low_dose_reasons(record, on))
    return DoseProposal(LOW_MG if reasons else USUAL_MG, reasons, SOURCE)


def outside_label(dose_mg: Decimal, record: Record, on: date) -> tuple[Message, ...]:
    """Why a start with this dose is outside the Japanese label for lupus nephritis; empty when inside."""
    reasons = []
    if record.person.renal_involvement is not True:
        reasons.append(
            say(gettext_noop("no nephritis"))
            if record.person.renal_involvement is False
            else say(gettext_noop("nephritis is not recorded"))
        )
    if dose_mg > LEVELS.label_dose_mg:
        reasons.append(say(gettext_noop("dose above %(mg)s mg/day"), mg=LEVELS.label_dose_mg))
    steroid = latest_statement(record, "steroid_insufficient_or_not_tolerated", on)
    if steroid is None or steroid.answer is not True:
        reasons.append(say(gettext_noop("steroid not recorded as insufficient or poorly tolerated")))
    return tuple(reasons)


def is_on_grid(dose_mg: Decimal) -> bool:
    """Whether the smallest capsules make up the dose."""
    return dose_mg % STEP_MG == 0


def needs_second_confirmation(dose_mg: Decimal) -> bool:
    """A high dose, or one that capsules do not make up, is asked twice (hazard 7)."""
    return dose_mg > SECOND_CONFIRMATION_ABOVE_MG or not is_on_grid(dose_mg)


def needs_reason(dose_mg: Decimal) -> bool:
    """Above the label's dose a reason is needed."""
    return dose_mg > LEVELS.label_dose_mg


def _low_dose_reasons(record: Record, on: date) -> list[Message]:
    age = age_years(record.person.birth.earliest, on)
    reasons = []
    if age >= SAFETY.elderly_years:
        reasons.append(say(gettext_noop("age %(age)s"), age=age))
    row = latest_laboratory(record, "creatinine", on, RECENT_DAYS)
    if row is not None and row.value is not None and row.value > 0 and age >= ADULT_YEARS:
        egfr = egfr_japan(float(row.value), age, record.person.sex)
        if egfr < float(SAFETY.egfr_caution_ml_min_173):
            reasons.append(say(gettext_noop("eGFR %(egfr)s (Japanese equation)"), egfr=round(egfr)))
    visit = latest_visit(record, on)
    if visit is not None and visit.weight_kg is not None and visit.weight_kg < LOW_WEIGHT_KG:
        reasons.append(say(gettext_noop("weight %(weight)s kg"), weight=visit.weight_kg))
    return reasons

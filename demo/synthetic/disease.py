"""How an invented disease runs: a hidden activity, from which symptoms, answers and results follow."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from math import exp
from random import Random

from demo.synthetic.plan import CoursePlan, SyntheticPhase
from patients.rules.findings import OBSERVATIONS, ORGAN_FINDINGS, SYMPTOMS
from patients.rules.record import Attribution, LaboratoryValue, Symptom, Visit
from patients.rules.sledai import ITEMS

LABORATORIES = ("City laboratory (invented)", "University laboratory (invented)")
DSDNA_METHOD, DSDNA_LIMIT = "ELISA", Decimal(12)
FLARE_DAYS, TACROLIMUS_HALF_DAYS = 70, 90
# At every visit: mean of a quiet disease, spread, decimals, and how it moves with activity.
AT_EACH_VISIT = {
    "c4": (20.0, 2.0, 0, -6.0),
    "creatinine": (0.64, 0.05, 2, 0.0),
    "platelets": (225.0, 25.0, 0, -60.0),
}
ONCE = {
    "potassium": (4.1, 0.25, 1), "ck": (85.0, 20.0, 0), "glucose": (92.0, 8.0, 0), "hba1c": (5.5, 0.2, 1),
    "ast": (20.0, 4.0, 0), "alt": (18.0, 4.0, 0), "lymphocytes": (1.4, 0.2, 1),
    "wbc": (5.8, 0.8, 1), "haemoglobin": (12.8, 0.5, 1), "urine_rbc": (1.5, 0.4, 0),
    "urine_wbc": (1.5, 0.4, 0),
}  # fmt: skip
FINDINGS = {
    "urine_casts": "absent", "hbsag": "negative", "anti_hbc": "negative", "anti_hbs": "negative",
    "hcv": "negative", "tb_screen": "negative", "pregnancy_test": "negative", "chest_xray": "normal",
}  # fmt: skip
# From which activity on a finding is there, for the items of mild disease.
APPEARS_AT = {"rash": 0.45, "alopecia": 0.6, "mucosal_ulcers": 0.65, "arthritis": 0.7}


def activity_on(plan: CoursePlan, day: date) -> float:
    """The hidden activity of a day, 0 to 1: the usual one, a flare that fades, tacrolimus that helps."""
    level = plan.activity
    if plan.flare_day is not None and day >= plan.flare_day:
        level += 0.4 * exp(-(day - plan.flare_day).days / FLARE_DAYS)
    if plan.tacrolimus_start is not None and day > plan.tacrolimus_start:
        last = min(day, plan.tacrolimus_last_day or day)
        level *= 0.4 + 0.6 * exp(-(last - plan.tacrolimus_start).days / TACROLIMUS_HALF_DAYS)
    return max(0.0, min(1.0, level))


def visits(random: Random, plan: CoursePlan) -> tuple[Visit, ...]:
    """A signed visit on each day; the last one shows what the phase is about."""
    return tuple(_visit(random, plan, day, day == plan.visit_days[-1]) for day in plan.visit_days)


def results(random: Random, plan: CoursePlan) -> tuple[LaboratoryValue, ...]:
    """Results at each visit, and what is measured once before tacrolimus."""
    place = random.choices(LABORATORIES, weights=(4, 1))[0]
    found = [row for day in plan.visit_days for row in _at_visit(random, plan, day, place)]
    last = plan.visit_days[-1]
    if plan.phase is SyntheticPhase.INCOMPLETE and random.random() < 1 / 2:
        found = [row for row in found if not (row.analyte in ("upcr", "urine_rbc") and row.on == last)]
    once = [_value(name, last, number(random, *normal), place) for name, normal in ONCE.items()]
    screens = [
        LaboratoryValue(0, name, last, finding=word, laboratory=place) for name, word in FINDINGS.items()
    ]
    return (*found, *once, *screens)


def number(random: Random, mean: float, spread: float, decimals: int) -> Decimal:
    """A plausible result: never at or below zero, with the decimals that a laboratory reports."""
    value = Decimal(str(round(max(random.gauss(mean, spread), mean / 5), decimals)))
    return value if value else Decimal(1).scaleb(-decimals)


def _at_visit(random: Random, plan: CoursePlan, day: date, place: str) -> list[LaboratoryValue]:
    activity = activity_on(plan, day)
    rows = [
        _value(name, day, number(random, mean + slope * activity, spread, decimals), place)
        for name, (mean, spread, decimals, slope) in AT_EACH_VISIT.items()
    ]
    c3 = plan.usual_c3_mg_dl * (1 - 0.3 * activity) * _fall(plan, day)
    proteinuria = 0.09 + (0.5 * max(0.0, activity - 0.3) if plan.renal else 0.0)
    antibodies = number(random, 6 + 40 * activity**2, 2, 0)
    dsdna = LaboratoryValue(
        0, "dsdna", day, antibodies, laboratory=place, method=DSDNA_METHOD, upper_limit=DSDNA_LIMIT
    )
    return [
        *rows,
        _value("c3", day, number(random, c3, 2.5, 0), place),
        _value("upcr", day, number(random, proteinuria, 0.02, 2), place),
        dsdna,
    ]


def _fall(plan: CoursePlan, day: date) -> float:
    """Two low samples at the end for who has a falling C3."""
    return 0.78 if plan.phase is SyntheticPhase.FALLING_C3 and day >= plan.visit_days[-2] else 1.0


def _value(analyte: str, day: date, value: Decimal, place: str) -> LaboratoryValue:
    return LaboratoryValue(0, analyte, day, value, laboratory=place)


def _visit(random: Random, plan: CoursePlan, day: date, is_last: bool) -> Visit:
    activity = activity_on(plan, day)
    present = {code for code, limit in APPEARS_AT.items() if activity + random.gauss(0, 0.04) > limit}
    if is_last and plan.phase is SyntheticPhase.WORSENED:
        present.add("rash")
    sledai: dict[str, bool | None] = {item.code: item.code in present for item in ITEMS}
    sledai["pericarditis"] = is_last and plan.phase is SyntheticPhase.ACTIVE_ORGAN
    if is_last and plan.phase is SyntheticPhase.INCOMPLETE:
        sledai["visual"] = None
    return Visit(
        id=0,
        on=day,
        sledai=sledai,
        symptoms={code: _symptom(random, code, present) for code in SYMPTOMS},
        swollen_joints=2 if "arthritis" in present else 0,
        inflamed_joints=2 if "arthritis" in present else 0,
        highest_temperature_c=number(random, 36.7, 0.2, 1),
        organ_findings=dict.fromkeys(ORGAN_FINDINGS, False),
        observations=dict.fromkeys(OBSERVATIONS, False),
        systolic_mm_hg=round(random.gauss(120, 8)),
        diastolic_mm_hg=round(random.gauss(74, 6)),
        weight_kg=number(random, 54, 6, 1),
        physician_global=Decimal(str(round(min(3.0, 0.4 + 2 * activity), 1))),
        adherence_percent=random.choice((85, 90, 95, 100)),
    )


def _symptom(random: Random, code: str, present: set[str]) -> Symptom:
    if code not in present:
        return Symptom(0)
    return Symptom(random.choice((1, 1, 2)), Attribution.YES)

"""Potassium, glucose, blood pressure and QTc on tacrolimus."""

from collections.abc import Iterator
from decimal import Decimal

from dosing.rules.case import Case
from dosing.rules.findings import AlertFinding, Severity
from dosing.rules.signals.matter import (
    above,
    at_least,
    baseline,
    format_result,
    latest_since_start,
    matter,
)
from dosing.rules.signals.thresholds import SIGNALS
from patients.rules.evidence import laboratory_evidence, visit_evidence
from patients.rules.reading import latest_statement
from patients.rules.record import LaboratoryValue, Visit
from patients.rules.verdict import Value, gettext_noop, say

# These limits are published in both units: WHO's 11.1 mmol/l of glucose is 199.96 mg/dl, 6.1 is 109.89, and
# 42 mmol/mol of HbA1c, 6.0 % in the NGSP's table, is 5.994. No result in mg/dl or % lies so little below.
SAME_LIMIT = {"glucose": Decimal("0.2"), "hba1c": Decimal("0.01")}


def potassium(case: Case) -> Iterator[AlertFinding]:
    """Above normal at this visit; higher, act now."""
    row = latest_since_start(case, "potassium")
    if row is None or not above(row, SIGNALS.potassium_visit_mmol_l):
        return
    texts = (
        (
            SIGNALS.potassium_urgent_mmol_l,
            gettext_noop("Potassium %(value)s mmol/l: urgent, ECG; repeat at once if haemolysed"),
        ),
        (
            SIGNALS.potassium_act_mmol_l,
            gettext_noop("Potassium %(value)s mmol/l: act now; repeat if haemolysed"),
        ),
    )
    for limit, text in texts:
        if at_least(row, limit):
            yield _measured("potassium", Severity.ACT_NOW, row, text)
            return
    text = gettext_noop("Potassium %(value)s mmol/l, above %(limit)s: repeat, look for drugs that raise it")
    yield _measured("potassium", Severity.THIS_VISIT, row, text, limit=SIGNALS.potassium_visit_mmol_l)


def glucose(case: Case) -> Iterator[AlertFinding]:
    """New diabetes is for this visit; whether a sample was fasting is not recorded, so the sentence asks."""
    known = latest_statement(case.record, "diabetes", case.on)
    row = latest_since_start(case, "glucose")
    if row is not None and _reaches(row, SIGNALS.glucose_random_mg_dl):
        text = gettext_noop("Glucose %(value)s mg/dl: thirst, weight loss? Then today")
        yield _measured("glucose", Severity.THIS_VISIT, row, text)
    elif known is not None and known.answer:
        return
    elif row is not None and _reaches(row, SIGNALS.glucose_diabetes_mg_dl):
        text = gettext_noop("Glucose %(value)s mg/dl: diabetes if fasting")
        yield _measured("glucose", Severity.THIS_VISIT, row, text)
    elif row is not None and _reaches(row, SIGNALS.glucose_fasting_mg_dl):
        yield _measured(
            "glucose", Severity.KNOW, row, gettext_noop("Glucose %(value)s mg/dl: raised if fasting")
        )


def hba1c(case: Case) -> Iterator[AlertFinding]:
    """From 6.0 %, or half a per cent above before tacrolimus; in known diabetes only the rise counts."""
    row = latest_since_start(case, "hba1c")
    if row is None or row.value is None:
        return
    before = baseline(case, "hba1c")
    known = latest_statement(case.record, "diabetes", case.on)
    risen = before is not None and row.is_exact and row.value - before >= SIGNALS.hba1c_rise_percent
    high = _reaches(row, SIGNALS.hba1c_visit_percent) and not (known is not None and known.answer)
    if _reaches(row, SIGNALS.hba1c_diabetes_percent) and high:
        text = gettext_noop("HbA1c %(value)s %%: new diabetes on tacrolimus?")
        yield _measured("hba1c", Severity.THIS_VISIT, row, text)
    elif risen or high:
        yield _measured("hba1c", Severity.THIS_VISIT, row, gettext_noop("HbA1c %(value)s %%: rising"))


def _reaches(row: LaboratoryValue, limit: Decimal) -> bool:
    """Whether a result surely reaches a limit, as it is published in either unit."""
    return at_least(row, limit - SAME_LIMIT[row.analyte])


def blood_pressure(case: Case) -> Iterator[AlertFinding]:
    """As last measured at a visit of this treatment: a visit without a measurement settles nothing."""
    visit = _last_measured(case)
    if visit is None or visit.systolic_mm_hg is None or visit.diastolic_mm_hg is None:
        return
    steps = (
        (SIGNALS.systolic_urgent_mm_hg, SIGNALS.diastolic_urgent_mm_hg, Severity.ACT_NOW,
         gettext_noop("Blood pressure %(value)s mmHg: urgent")),
        (SIGNALS.systolic_act_mm_hg, SIGNALS.diastolic_act_mm_hg, Severity.ACT_NOW,
         gettext_noop("Blood pressure %(value)s mmHg: act now")),
        (SIGNALS.systolic_visit_mm_hg, SIGNALS.diastolic_visit_mm_hg, Severity.THIS_VISIT,
         gettext_noop("Blood pressure %(value)s mmHg, from %(limit)s: repeat, treat")),
    )  # fmt: skip
    for systolic, diastolic, severity, text in steps:
        if visit.systolic_mm_hg >= systolic or visit.diastolic_mm_hg >= diastolic:
            shown = f"{visit.systolic_mm_hg}/{visit.diastolic_mm_hg}"
            evidence = visit_evidence(visit, say(gettext_noop("blood pressure")), shown, "mm[Hg]")
            yield matter(
                "blood_pressure",
                severity,
                say(text, value=shown, limit=f"{systolic}/{diastolic}"),
                [evidence],
            )
            return


def _last_measured(case: Case) -> Visit | None:
    first = case.first_dose_on
    measured = [
        visit
        for visit in case.record.visits_in_order
        if first is not None
        and first <= visit.on <= case.on
        and visit.systolic_mm_hg is not None
        and visit.diastolic_mm_hg is not None
    ]
    return measured[-1] if measured else None


def qtc(case: Case) -> Iterator[AlertFinding]:
    """Long for the sex; above 500 ms or 60 ms longer than before tacrolimus act now."""
    row = latest_since_start(case, "qtc")
    if row is None or row.value is None:
        return
    before = baseline(case, "qtc")
    longer = before is not None and row.value - before >= SIGNALS.qtc_rise_ms
    female = case.record.person.sex == "F"
    if above(row, SIGNALS.qtc_act_ms) or longer:
        text = gettext_noop("QTc %(value)s ms: act now; potassium, magnesium, drugs that lengthen QT")
        yield _measured("qtc", Severity.ACT_NOW, row, text)
    elif above(row, SIGNALS.qtc_visit_female_ms if female else SIGNALS.qtc_visit_male_ms):
        yield _measured("qtc", Severity.THIS_VISIT, row, gettext_noop("QTc %(value)s ms, longer than normal"))


def _measured(
    rule: str, severity: Severity, row: LaboratoryValue, text: str, limit: Decimal | None = None
) -> AlertFinding:
    """limit: where the sentence names it."""
    values: dict[str, Value] = {} if limit is None else {"limit": limit}
    return matter(rule, severity, say(text, value=format_result(row), **values), [laboratory_evidence(row)])

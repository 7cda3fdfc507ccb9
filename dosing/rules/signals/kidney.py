"""Kidney function on tacrolimus against what it was before: creatinine and eGFR by two named equations."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from dosing.rules.case import Case
from dosing.rules.findings import AlertFinding, Severity
from dosing.rules.levels import level_evidence, timing
from dosing.rules.levels.timing import Timing
from dosing.rules.signals.matter import SOURCE, baseline, format_result, matter, since_start
from dosing.rules.signals.thresholds import SIGNALS
from patients.rules.bounds import AT_MOST
from patients.rules.dates import age_years
from patients.rules.evidence import laboratory_evidence
from patients.rules.reading import laboratory_values
from patients.rules.record import LaboratoryValue
from patients.rules.renal import ADULT_YEARS, CKD_EPI_2021, JAPAN, egfr_ckd_epi_2021, egfr_japan
from patients.rules.verdict import Evidence, Message, Source, Value, gettext_noop, say

INJURY_SOURCE = Source("KDIGO, acute kidney injury [M]")
LEVEL_SOURCE = Source("Xenobiotica 2015;45:1147: above 5.2 ng/ml after 12 hours, 35 patients")
ONE_DECIMAL = Decimal("0.1")
HOURS_A_DAY = 24


def raised(case: Case) -> Iterator[AlertFinding]:
    """Creatinine against before tacrolimus; and a level in range while it rises."""
    rows = since_start(case, "creatinine")
    if not rows or rows[-1].comparator in AT_MOST:
        return
    row, before = rows[-1], baseline(case, "creatinine")
    rise = None if before is None else _percent(row, before)
    injury = _acute_injury(laboratory_values(case.record, "creatinine", case.on))
    found: tuple[Severity, Message] | None = None
    if before is not None and rise is not None and rise >= SIGNALS.creatinine_repeat_percent:
        found = _risen(rows, row, before, rise)
    if injury is not None:
        yield _matter(case, row, Severity.ACT_NOW, injury, before, INJURY_SOURCE)
    elif _low(case, row) and (found is None or found[0] < Severity.ACT_NOW):
        yield _matter(case, row, Severity.ACT_NOW, _low_sentence(case, row), before, SOURCE)
    elif found is not None:
        yield _matter(case, row, *found, before, SOURCE)
    if rise is not None and rise >= SIGNALS.creatinine_repeat_percent:
        yield from _level(case, row, rise)


def _risen(
    rows: list[LaboratoryValue], row: LaboratoryValue, before: Decimal, rise: Decimal
) -> tuple[Severity, Message]:
    values: dict[str, Value] = {
        "value": format_result(row),
        "percent": rise.quantize(Decimal(1)),
        "before": before.normalize(),
    }
    if rise < SIGNALS.creatinine_act_percent:
        text = gettext_noop("Creatinine %(value)s mg/dl, %(percent)s %% above %(before)s before: repeat it")
        return Severity.THIS_VISIT, say(text, **values)
    text = (
        gettext_noop(
            "Creatinine %(value)s mg/dl, %(percent)s %% above %(before)s before, confirmed: reduce or hold "
            "tacrolimus"
        )
        if _confirmed(rows, row, before)
        else gettext_noop(
            "Creatinine %(value)s mg/dl, %(percent)s %% above %(before)s before (eGFR a quarter lower): "
            "repeat now, review tacrolimus"
        )
    )
    return Severity.ACT_NOW, say(text, **values)


def _confirmed(rows: list[LaboratoryValue], row: LaboratoryValue, before: Decimal) -> bool:
    """Whether another value of the two weeks before rose as much."""
    return any(
        0 < (row.on - other.on).days <= SIGNALS.confirmed_within_days
        and _percent(other, before) >= SIGNALS.creatinine_act_percent
        for other in rows
    )


def _acute_injury(rows: list[LaboratoryValue]) -> Message | None:
    """A rise of 0.3 mg/dl in 48 hours or of half in 7 days, by the newest value; none without it.

    The value it rose from may be from before the first dose: injury of the first days counts too.
    """
    last = rows[-1]
    for other in rows[:-1]:
        if last.value is None or other.value is None or not other.is_exact:
            continue
        rise, days = last.value - other.value, (last.on - other.on).days
        quick = _hours_between(other, last) <= SIGNALS.injury_hours and rise >= SIGNALS.injury_mg_dl
        half = _within_days(other, last) and rise >= other.value * SIGNALS.injury_percent / 100
        if quick or half:
            text = gettext_noop(
                "Creatinine from %(before)s to %(value)s mg/dl in %(days)s day(s): acute kidney injury, hold "
                "tacrolimus"
            )
            return say(text, before=other.value.normalize(), value=format_result(last), days=days)
    return None


def _within_days(first: LaboratoryValue, second: LaboratoryValue) -> bool:
    """Whether by days, or by hours where one is not known, the rise may have come in 7 days."""
    days = (second.on - first.on).days
    return days <= SIGNALS.injury_days or _hours_between(first, second) <= SIGNALS.injury_days * HOURS_A_DAY


def _hours_between(first: LaboratoryValue, second: LaboratoryValue) -> float:
    """The shortest time that may lie between them, where an hour is not known."""
    days = (second.on - first.on).days
    if first.time and second.time:
        span = datetime.fromisoformat(second.time) - datetime.fromisoformat(first.time)
        return span / timedelta(hours=1)
    return float(max(days - 1, 0) * HOURS_A_DAY)


def _percent(row: LaboratoryValue, before: Decimal) -> Decimal:
    return Decimal(0) if row.value is None else 100 * (row.value - before) / before


def _low(case: Case, row: LaboratoryValue) -> bool:
    """eGFR below 45 by CKD-EPI 2021 now, and not before tacrolimus."""
    now = _ckd_epi(case, row.value, row)
    before = _ckd_epi(case, baseline(case, "creatinine"), row)
    if now is None or now >= SIGNALS.egfr_ml_min_173:
        return False
    return before is None or before >= SIGNALS.egfr_ml_min_173


def _ckd_epi(case: Case, creatinine: Decimal | None, row: LaboratoryValue) -> float | None:
    age = age_years(case.record.person.birth.earliest, row.on)
    if creatinine is None or creatinine <= 0 or age < ADULT_YEARS:
        return None
    return egfr_ckd_epi_2021(float(creatinine), age, case.record.person.sex)


def _low_sentence(case: Case, row: LaboratoryValue) -> Message:
    now = _ckd_epi(case, row.value, row) or 0.0
    text = gettext_noop("eGFR %(egfr)s ml/min/1.73 m² by %(equation)s is below %(limit)s: review tacrolimus")
    return say(
        text,
        egfr=Decimal(str(round(now, 1))),
        equation=CKD_EPI_2021,
        limit=Decimal(str(SIGNALS.egfr_ml_min_173)).quantize(Decimal(1)),
    )


def _level(case: Case, row: LaboratoryValue, rise: Decimal) -> Iterator[AlertFinding]:
    """In range, but above 5.2 while kidney function falls: a finding of its own."""
    morning = [
        level
        for level in case.treatment.levels_in_order
        if timing(level.hours_after_dose) is Timing.MORNING and level.comparator != "<"
    ]
    first = case.first_dose_on
    if not morning or first is None or morning[-1].on < first:
        return
    level = morning[-1]
    if level.ng_ml <= SIGNALS.renal_level_ng_ml or level.ng_ml > case.thresholds.level_high_ng_ml:
        return
    text = gettext_noop(
        "Level %(level)s ng/ml is in range, but creatinine rose by %(percent)s %%: a lower dose may be enough"
    )
    sentence = say(text, level=level.ng_ml, percent=rise.quantize(Decimal(1)))
    evidence = [level_evidence(level), laboratory_evidence(row)]
    yield matter("level_and_kidney", Severity.THIS_VISIT, sentence, evidence, source=LEVEL_SOURCE)


def _matter(
    case: Case,
    row: LaboratoryValue,
    severity: Severity,
    sentence: Message,
    before: Decimal | None,
    source: Source,
) -> AlertFinding:
    evidence = [laboratory_evidence(row), *_computed(case, row, before)]
    return matter("kidney", severity, sentence, evidence, source=source)


def _computed(case: Case, row: LaboratoryValue, before: Decimal | None) -> Iterator[Evidence]:
    """eGFR now and before, each by a named equation; the two equations are never compared."""
    age = age_years(case.record.person.birth.earliest, row.on)
    if age < ADULT_YEARS or row.value is None or row.value <= 0:
        return
    sex = case.record.person.sex
    for name, equation in ((JAPAN, egfr_japan), (CKD_EPI_2021, egfr_ckd_epi_2021)):
        now = Decimal(str(round(equation(float(row.value), age, sex), 1)))
        label = say(gettext_noop("eGFR"))
        unit = f"mL/min/1.73 m² ({name})"
        yield Evidence(label, now, unit, row.on)
        if before:
            earlier = Decimal(str(round(equation(float(before), age, sex), 1)))
            yield Evidence(say(gettext_noop("eGFR before tacrolimus")), earlier, unit)

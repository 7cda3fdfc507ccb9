"""What makes a forecast of a case less certain, in addition to the fit itself: sentences (section 4 f)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from dosing.pharmacokinetics.adjustments import PREDNISOLONE, PREDNISOLONE_REFERENCE_MG
from dosing.pharmacokinetics.inputs.blocking_issues import soon_ends
from dosing.pharmacokinetics.inputs.covariates import prednisolone_unknown_since
from dosing.pharmacokinetics.inputs.doses import SUPPER, next_intake, planned_until
from dosing.pharmacokinetics.inputs.reported_doses import Intake, drawn_at, is_unlisted, last_dose_at, nearest
from dosing.pharmacokinetics.inputs.strong_interactions import acted_before, acting
from dosing.pharmacokinetics.model import BIOAVAILABILITY, Model
from dosing.pharmacokinetics.regimen import Covariates, covariates_at
from dosing.rules.case import Case
from dosing.rules.interactions.check import Concern, check
from dosing.rules.interactions.table import LEVEL
from dosing.rules.levels.context import is_steady, steady_since
from dosing.rules.levels.course import variation_percent
from dosing.rules.levels.thresholds import LEVELS
from dosing.rules.levels.timing import Timing, timing
from dosing.rules.signals.thresholds import SIGNALS
from dosing.rules.treatment import Level
from patients.rules.dates import age_years
from patients.rules.drugs import DRUGS
from patients.rules.evidence import drug_name
from patients.rules.glucocorticoids import stability
from patients.rules.reading import latest_laboratory
from patients.rules.verdict import Message, gettext_noop, say

# Dose-normalised variation above which levels are called variable (section 4 f); beyond the limit of the
# rules about levels they are very variable.
VARIABLE_PERCENT = Decimal("20.5")
# [D] How many of the last draws are held against the drug list, and by how much a time may differ.
LAST_DRAWS, OTHER_TIME = 3, timedelta(hours=3)
HALF_A_DAY = timedelta(hours=12)
# [D] A level is old, and a gap between two is long, from so many days on.
LONG_DAYS = 365
ADULT_YEARS = 18

NO_TIME = gettext_noop("The drug list has no time of the dose: %(time)s is assumed")
NO_LAST_DOSE = gettext_noop(
    "The time of the last dose is not known for the level of %(day)s: the planned time is taken, and the "
    "level counts half as much"
)
UNLIKELY_LAST_DOSE = gettext_noop(
    "A last dose %(hours)s h before the level of %(day)s is more likely a wrong date: the planned time is "
    "taken, and the level counts half as much"
)
ODD_TIME = gettext_noop(
    "The level of %(day)s was drawn %(hours)s h after the dose: it is used, but no target range holds for it"
)
NOT_STEADY = gettext_noop("Not at steady state: dose or interacting drugs changed on %(day)s")
ASSAY = gettext_noop(
    "The assay changed from %(before)s to %(now)s: an immunoassay reads higher than LC-MS (about 1.25 times)"
)
PREDNISOLONE_CHANGED = gettext_noop(
    "Prednisolone went from %(before)s to %(now)s mg/day since the last level: expect %(percent)s %% "
    "in the next"
)
PREDNISOLONE_UNKNOWN = gettext_noop(
    "Prednisolone is not known since %(day)s: %(mg)s mg/day is assumed; enter the dose, 0 mg too"
)
PULSE = gettext_noop("%(drug)s was given on %(day)s, after the last level: it may raise or lower the next")
PRODUCT = gettext_noop(
    "The product was changed on %(day)s: products are not interchangeable, and no level was drawn on the new "
    "one yet"
)
PLANNED_END = gettext_noop(
    "By the drug list this dose ends on %(day)s: the next level is told for before that, and the table as if "
    "each dose went on"
)
MOVED = gettext_noop("The level of %(day)s was drawn while %(drug)s acted on it: it is left out")
NOT_IN_THE_LIST = gettext_noop(
    "At the draw of %(drawn)s a dose on %(day)s was told of that the drug list does not have: that level is "
    "left out; check the list"
)
OTHER_HOUR = gettext_noop(
    "At the draw of %(drawn)s the last dose was said to be at %(said)s, by the drug list it is at "
    "%(listed)s: check the list"
)
OTHER_MG = gettext_noop(
    "At the draw of %(drawn)s the dose was said to be %(said)s mg, by the drug list it is %(listed)s mg, "
    "which counts"
)
OLD_LEVEL = gettext_noop("The last level is of %(day)s, more than a year ago: measure anew")
GAP = gettext_noop("No level was measured between %(before)s and %(now)s: what happened then is not known")
CHILD = gettext_noop("The models were made from adults, and this patient is %(years)s years old")
TURNED = gettext_noop("%(drug)s was started, changed or stopped since the last level, or may still act")
UNIDENTIFIED = gettext_noop("%(drug)s is not in the catalogue: whether it changes the level is not known")
VARIABLE = gettext_noop("Level divided by dose varies by %(percent)s %% (above %(limit)s %% is variable)")
VERY_VARIABLE = gettext_noop(
    "Level divided by dose varies by %(percent)s %% (above %(limit)s %%): a forecast helps little, ask "
    "about doses taken"
)
RENAL = gettext_noop(
    "The last level, %(level)s ng/ml, is above %(limit)s ng/ml and creatinine rose from %(before)s to "
    "%(now)s mg/dl: in lupus nephritis such levels went with acute renal dysfunction, also within the target"
)
OLD_HAEMATOCRIT = gettext_noop("The haematocrit is of %(day)s: measure it anew")


def doubts(case: Case, model: Model, covariates: Covariates) -> list[Message]:
    """Everything that a reader must know in addition to the numbers, the most serious first."""
    levels = case.treatment.levels_in_order
    planned = [] if case.dose is None else planned_until(case, next_intake(case, case.dose))
    return [
        *_renal(case, levels),
        *_not_steady(case),
        *_of_drugs(case, levels),
        *_unlisted(levels, planned),
        *_against_the_list(levels, planned),
        *_planned_end(case),
        *_moved_levels(case),
        *_product(case, levels),
        *_prednisolone(case, levels, model, covariates),
        *_steroid(case, levels),
        *_child(case),
        *_old(case, levels),
        *_variable(case, levels),
        *_of_times(case, levels),
        *_assay(levels),
        *_old_haematocrit(case),
    ]


def _renal(case: Case, levels: tuple[Level, ...]) -> Iterator[Message]:
    rows = [row for row in case.record.laboratory_in_order.get("creatinine", ()) if row.on <= case.on]
    known = [row for row in rows if row.value is not None and row.is_exact]
    morning = [row for row in levels if timing(row.hours_after_dose) is Timing.MORNING]
    if len(known) > 1 and morning and morning[-1].ng_ml > SIGNALS.renal_level_ng_ml:
        before, now = known[-2].value, known[-1].value
        if before and now and 100 * (now - before) >= SIGNALS.creatinine_repeat_percent * before:
            yield say(RENAL, level=morning[-1].ng_ml, limit=SIGNALS.renal_level_ng_ml, before=before, now=now)


def _not_steady(case: Case) -> Iterator[Message]:
    since = steady_since(case, case.on)
    if since is not None and not is_steady(case, case.on):
        yield say(NOT_STEADY, day=since)


def _of_drugs(case: Case, levels: tuple[Level, ...]) -> Iterator[Message]:
    found = check(case)
    last = levels[-1].on if levels else date.min
    turned = {row.episode.drug for row in found.concerns if row.since >= last and _moves_the_level(row)}
    for drug in sorted(turned):
        yield say(TURNED, drug=DRUGS[drug].label)
    for row in found.unidentified:
        yield say(UNIDENTIFIED, drug=row.drug_text)


def _moves_the_level(concern: Concern) -> bool:
    control = concern.interaction.control
    return control is not None and LEVEL in control.items


def _prednisolone(
    case: Case, levels: tuple[Level, ...], model: Model, covariates: Covariates
) -> Iterator[Message]:
    """By how much the bioavailability changed: the expected change of every level at an equal dose."""
    if not levels or case.dose is None:
        return
    now = covariates_at(covariates, next_intake(case, case.dose))
    before = covariates_at(covariates, _dose_before(levels[-1]))
    if PREDNISOLONE in now and now[PREDNISOLONE] != before[PREDNISOLONE]:
        share = model.typical(now)[BIOAVAILABILITY] / model.typical(before)[BIOAVAILABILITY]
        told = {"before": f"{before[PREDNISOLONE]:g}", "now": f"{now[PREDNISOLONE]:g}"}
        yield say(PREDNISOLONE_CHANGED, **told, percent=f"{100 * (share - 1):+.0f}")


def _dose_before(level: Level) -> datetime:
    """The last dose before the draw, as reported, or about half a day before."""
    return last_dose_at(level) or drawn_at(level) - HALF_A_DAY


def _steroid(case: Case, levels: tuple[Level, ...]) -> Iterator[Message]:
    """A pulse since the last level, which may raise or lower it; a dose of unknown size."""
    since = levels[-1].on if levels else case.on
    for row in stability(case.record, case.on, (case.on - since).days).pulses:
        yield say(PULSE, drug=drug_name(row.drug, row.drug_text).text, day=row.on)
    unknown = prednisolone_unknown_since(case)
    if unknown is not None:
        yield say(PREDNISOLONE_UNKNOWN, day=unknown, mg=f"{PREDNISOLONE_REFERENCE_MG:g}")


def _product(case: Case, levels: tuple[Level, ...]) -> Iterator[Message]:
    """The parts of a forecast that come from another product (hazard 6: not interchangeable)."""
    then = case.dose_on(_dose_before(levels[-1]).date()) if levels else None
    if then is not None and case.dose is not None and then.formulation != case.dose.formulation:
        yield say(PRODUCT, day=case.dose.start)


def _planned_end(case: Case) -> Iterator[Message]:
    last = soon_ends(case)
    if last is not None:
        yield say(PLANNED_END, day=last)


def _old(case: Case, levels: tuple[Level, ...]) -> Iterator[Message]:
    """Levels of long ago say little, and a long gap hides what happened in it."""
    if levels and (case.on - levels[-1].on).days > LONG_DAYS:
        yield say(OLD_LEVEL, day=levels[-1].on)
    gaps = [(before.on, now.on) for before, now in pairwise(levels) if (now.on - before.on).days > LONG_DAYS]
    for before, now in gaps[-1:]:
        yield say(GAP, before=before, now=now)


def _child(case: Case) -> Iterator[Message]:
    years = age_years(case.record.person.birth.latest, case.on)
    if years < ADULT_YEARS:
        yield say(CHILD, years=years)


def _moved_levels(case: Case) -> Iterator[Message]:
    for row in case.treatment.levels_in_order:
        for drug in acting(case, row.on)[:1] if acted_before(case, row.on) else ():
            yield say(MOVED, day=row.on, drug=drug_name(drug.drug, "").text)


def _unlisted(levels: tuple[Level, ...], planned: list[Intake]) -> Iterator[Message]:
    for row in levels:
        last = last_dose_at(row)
        if last is not None and is_unlisted(planned, row):
            yield say(NOT_IN_THE_LIST, day=last.date(), drawn=row.on)


def _against_the_list(levels: tuple[Level, ...], planned: list[Intake]) -> Iterator[Message]:
    """Where the last draws differ from the drug list, in the time or the size of a dose."""
    for row in levels[-LAST_DRAWS:]:
        last = last_dose_at(row)
        if last is None:
            continue
        place = nearest(planned, last)
        if place is not None and abs(planned[place].at - last) > OTHER_TIME:
            yield say(OTHER_HOUR, drawn=row.on, **_times(last, planned[place].at))
        if place is not None and row.dose_mg is not None and float(row.dose_mg) != planned[place].mg:
            yield say(OTHER_MG, drawn=row.on, said=row.dose_mg, listed=f"{planned[place].mg:g}")


def _times(said: datetime, listed: datetime) -> dict[str, str]:
    """The hour, and the day where it differs."""
    form = "%H:%M" if said.date() == listed.date() else "%Y-%m-%d %H:%M"
    return {"said": f"{said:{form}}", "listed": f"{listed:{form}}"}


def _variable(case: Case, levels: tuple[Level, ...]) -> Iterator[Message]:
    first = case.first_dose_on
    percent = variation_percent([row for row in levels if first is not None and row.on >= first])
    if percent is None or percent <= VARIABLE_PERCENT:
        return
    very = percent > LEVELS.variation_percent
    limit = LEVELS.variation_percent if very else VARIABLE_PERCENT
    yield say(VERY_VARIABLE if very else VARIABLE, percent=f"{percent:.0f}", limit=limit)


def _of_times(case: Case, levels: tuple[Level, ...]) -> Iterator[Message]:
    if case.dose is not None and case.dose.usual_time is None:
        yield say(NO_TIME, time=f"{SUPPER:%H:%M}")
    for row in levels:
        kind = timing(row.hours_after_dose)
        if kind is Timing.UNKNOWN:
            yield say(NO_LAST_DOSE, day=row.on)
        elif last_dose_at(row) is None:
            yield say(UNLIKELY_LAST_DOSE, day=row.on, hours=f"{row.hours_after_dose:.0f}")
        elif kind not in (Timing.MORNING, Timing.TWENTY_FOUR_HOURS):
            yield say(ODD_TIME, day=row.on, hours=f"{row.hours_after_dose:.1f}")


def _assay(levels: tuple[Level, ...]) -> Iterator[Message]:
    named = [row.assay for row in levels if row.assay]
    turns = [(before, now) for before, now in pairwise(named) if before != now]
    if turns:
        yield say(ASSAY, before=turns[-1][0], now=turns[-1][1])


def _old_haematocrit(case: Case) -> Iterator[Message]:
    row = latest_laboratory(case.record, "haematocrit", case.on)
    if row is not None and (case.on - row.on).days > LEVELS.blood_max_age_days:
        yield say(OLD_HAEMATOCRIT, day=row.on)

"""What of a case makes a forecast less sure, beside the fit itself: sentences (section 4 f)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from dosing.pharmacokinetics.adjustments import PREDNISOLONE
from dosing.pharmacokinetics.model import BIOAVAILABILITY, Model
from dosing.pharmacokinetics.of_case.doses import drawn_at, next_intake
from dosing.pharmacokinetics.regimen import Covariates, covariates_at
from dosing.rules.case import Case
from dosing.rules.interactions.check import Concern, check
from dosing.rules.interactions.table import LEVEL
from dosing.rules.levels.context import is_steady, steady_since
from dosing.rules.levels.course import variation_percent
from dosing.rules.levels.timing import Timing, timing
from dosing.rules.treatment import Level
from patients.rules.drugs import DRUGS
from patients.rules.reading import latest_laboratory
from patients.rules.verdict import Message, gettext_noop, say

# Dose-normalised variation above which levels are called variable, and very variable (section 4 f).
VARIABLE_PERCENT, VERY_VARIABLE_PERCENT = 20.5, 30.0
# Section 1.5: in 35 patients with lupus nephritis this level 12 h after the dose best told acute renal
# dysfunction; with creatinine so far above the result before [D].
RENAL_NG_ML, RISING = 5.2, 1.15
HAEMATOCRIT_DAYS = 92

NO_TIME = gettext_noop("The drug list has no time of the dose: 20:00 is assumed")
NO_LAST_DOSE = gettext_noop(
    "The time of the last dose is not known for the level of %(day)s: the planned time is taken, and the "
    "level counts half"
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
TURNED = gettext_noop("%(drug)s was started, changed or stopped since the last level, or may still act")
UNRECOGNISED = gettext_noop("%(drug)s is not in the catalogue: whether it changes the level is not known")
VARIABLE = gettext_noop("Level divided by dose varies by %(percent)s %% (above 20.5 %% is variable)")
VERY_VARIABLE = gettext_noop(
    "Level divided by dose varies by %(percent)s %% (above 30 %%): a forecast helps little, ask "
    "about doses taken"
)
RENAL = gettext_noop(
    "The last level, %(level)s ng/ml, is above 5.2 ng/ml and creatinine rose from %(before)s to %(now)s "
    "mg/dl: in lupus nephritis such levels went with acute renal dysfunction, also within the target"
)
OLD_HAEMATOCRIT = gettext_noop("The haematocrit is of %(day)s: measure it anew")


def doubts(case: Case, model: Model, covariates: Covariates) -> list[Message]:
    """Everything that a reader must know beside the numbers, the gravest first."""
    levels = case.treatment.levels_in_order
    return [
        *_renal(case, levels),
        *_not_steady(case),
        *_of_drugs(case, levels),
        *_prednisolone(case, levels, model, covariates),
        *_variable(case, levels),
        *_of_times(case, levels),
        *_assay(levels),
        *_old_haematocrit(case),
    ]


def _renal(case: Case, levels: tuple[Level, ...]) -> Iterator[Message]:
    rows = [row for row in case.record.laboratory_in_order.get("creatinine", ()) if row.on <= case.on]
    known = [row for row in rows if row.value is not None and not row.comparator]
    morning = [row for row in levels if timing(row.hours_after_dose) is Timing.MORNING]
    if len(known) > 1 and morning and float(morning[-1].ng_ml) > RENAL_NG_ML:
        before, now = known[-2].value, known[-1].value
        if before and now and float(now) >= RISING * float(before):
            yield say(RENAL, level=morning[-1].ng_ml, before=before, now=now)


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
    for row in found.unrecognised:
        yield say(UNRECOGNISED, drug=row.drug_text)


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
    before = covariates_at(covariates, drawn_at(levels[-1]))
    if PREDNISOLONE in now and now[PREDNISOLONE] != before[PREDNISOLONE]:
        share = model.typical(now)[BIOAVAILABILITY] / model.typical(before)[BIOAVAILABILITY]
        told = {"before": f"{before[PREDNISOLONE]:g}", "now": f"{now[PREDNISOLONE]:g}"}
        yield say(PREDNISOLONE_CHANGED, **told, percent=f"{100 * (share - 1):+.0f}")


def _variable(case: Case, levels: tuple[Level, ...]) -> Iterator[Message]:
    first = case.first_dose_on
    percent = variation_percent([row for row in levels if first is not None and row.on >= first])
    if percent is None or percent <= VARIABLE_PERCENT:
        return
    text = VERY_VARIABLE if percent > VERY_VARIABLE_PERCENT else VARIABLE
    yield say(text, percent=f"{percent:.0f}")


def _of_times(case: Case, levels: tuple[Level, ...]) -> Iterator[Message]:
    if case.dose is not None and case.dose.usual_time is None:
        yield say(NO_TIME)
    for row in levels:
        kind = timing(row.hours_after_dose)
        if kind is Timing.UNKNOWN:
            yield say(NO_LAST_DOSE, day=row.on)
        elif kind not in (Timing.MORNING, Timing.TWENTY_FOUR_HOURS):
            yield say(ODD_TIME, day=row.on, hours=f"{row.hours_after_dose:.1f}")


def _assay(levels: tuple[Level, ...]) -> Iterator[Message]:
    named = [row.assay for row in levels if row.assay]
    turns = [(before, now) for before, now in pairwise(named) if before != now]
    if turns:
        yield say(ASSAY, before=turns[-1][0], now=turns[-1][1])


def _old_haematocrit(case: Case) -> Iterator[Message]:
    row = latest_laboratory(case.record, "haematocrit", case.on)
    if row is not None and (case.on - row.on).days > HAEMATOCRIT_DAYS:
        yield say(OLD_HAEMATOCRIT, day=row.on)

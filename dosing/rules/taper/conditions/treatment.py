"""What tacrolimus, its level, stress cover and pregnancy say about a taper step."""

from collections.abc import Iterator

from dosing.rules.case import Case
from dosing.rules.levels.evidence import level_evidence
from dosing.rules.levels.interpretation import LevelCategory, interpret_recorded_level
from dosing.rules.levels.thresholds import LEVELS
from dosing.rules.taper.conditions.shared import SOURCE
from dosing.rules.treatment import Level
from patients.rules.activity.visits import (
    verdict_from,
)
from patients.rules.evidence import episode_evidence, statement_evidence
from patients.rules.reading import latest_statement
from patients.rules.record import Purpose, Visit
from patients.rules.sledai import score
from patients.rules.verdict import Message, Verdict, gettext_noop, say


def of_the_treatment(case: Case, visit: Visit | None) -> Iterator[Verdict]:
    """Tacrolimus and its level, stress cover, pregnancy."""
    yield _tacrolimus(case)
    yield from _level(case, visit)
    yield _stress(case)
    yield _pregnancy(case)


def _tacrolimus(case: Case) -> Verdict:
    dose = case.dose
    return verdict_from(
        dose is not None,
        (say(gettext_noop("Tacrolimus is taken")), say(gettext_noop("Tacrolimus is not taken"))),
        SOURCE,
        () if dose is None else (episode_evidence(dose),),
    )


def _level(case: Case, visit: Visit | None) -> Iterator[Verdict]:
    """The last level, where it cannot be measured, or is below the range at a low dose in active disease."""
    first = case.first_dose_on
    levels = [row for row in case.treatment.levels_in_order if first is not None and row.on >= first]
    if not levels:
        return
    latest = levels[-1]
    hold = _not_measurable(latest) or _low_while_active(case, latest, visit)
    fine = say(gettext_noop("Tacrolimus level %(value)s ng/ml"), value=latest.ng_ml)
    yield verdict_from(hold is None, (fine, hold or fine), SOURCE, (level_evidence(latest),))


def _not_measurable(level: Level) -> Message | None:
    if level.comparator != "<":
        return None
    text = gettext_noop("Tacrolimus <%(value)s ng/ml is not measurable: was every dose taken?")
    return say(text, value=level.ng_ml)


def _low_while_active(case: Case, level: Level, visit: Visit | None) -> Message | None:
    """At the label dose most levels are below the range; there it says nothing (4.1)."""
    if case.dose_mg is None or case.dose_mg >= LEVELS.label_dose_mg:
        return None
    active = visit is not None and score(visit.sledai).clinical_low > 0
    if (
        not active
        or interpret_recorded_level(case.treatment, level, case.thresholds).category
        is not LevelCategory.BELOW
    ):
        return None
    text = gettext_noop("Tacrolimus %(value)s ng/ml is below the range while SLE is active")
    return say(text, value=level.ng_ml)


def _stress(case: Case) -> Verdict:
    stress = [row for row in case.record.episodes if row.purpose is Purpose.STRESS_COVER]
    covers = [row for row in stress if row.covers(case.on)]
    return verdict_from(
        not covers,
        (
            say(gettext_noop("No steroid cover for stress or surgery")),
            say(gettext_noop("Steroid cover for stress or surgery: no step now")),
        ),
        SOURCE,
        tuple(episode_evidence(row) for row in covers),
    )


def _pregnancy(case: Case) -> Verdict:
    stated = latest_statement(case.record, "pregnant", case.on)
    pregnant = stated is not None and stated.answer is True
    return verdict_from(
        not pregnant,
        (say(gettext_noop("No pregnancy is recorded")), say(gettext_noop("Pregnant: no step by rule"))),
        SOURCE,
        () if stated is None else (statement_evidence(stated),),
    )

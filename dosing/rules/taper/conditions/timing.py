"""When a step may be taken at all, and what a low dose needs in addition."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from dosing.rules.case import Case
from dosing.rules.taper.conditions.shared import SOURCE
from dosing.rules.taper.plan import TaperPlan
from dosing.rules.taper.thresholds import TAPER
from patients.rules.activity import lldas_for_months
from patients.rules.activity.visits import (
    verdict_from,
)
from patients.rules.verdict import Verdict, gettext_noop, say


def in_time(earliest_on: date, on: date) -> Verdict:
    """The least time at this dose is over, and the first four weeks of tacrolimus."""
    sentences = (
        say(gettext_noop("The time at this dose was over on %(day)s"), day=earliest_on),
        say(gettext_noop("Not before %(day)s"), day=earliest_on),
    )
    return verdict_from(on >= earliest_on, sentences, SOURCE)


def of_a_low_dose(case: Case, plan: TaperPlan, to_mg: Decimal) -> Iterator[Verdict]:
    """Below 5 mg: the doctor's own decision and six months in low disease activity."""
    if to_mg >= TAPER.low_dose_mg:
        return
    yield verdict_from(
        plan.below_5_agreed,
        (
            say(gettext_noop("The doctor agreed to go below %(mg)s mg"), mg=TAPER.low_dose_mg),
            say(
                gettext_noop("Going below %(mg)s mg needs the doctor's agreement in the plan"),
                mg=TAPER.low_dose_mg,
            ),
        ),
        SOURCE,
    )
    yield lldas_for_months(case.record, case.on, TAPER.low_dose_lldas_months)

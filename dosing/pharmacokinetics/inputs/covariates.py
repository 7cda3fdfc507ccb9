"""What changes the level besides the dose, with the day of each change: blood, prednisolone, other drugs."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from dosing.pharmacokinetics.adjustments import INTERACTION, PREDNISOLONE, PREDNISOLONE_REFERENCE_MG
from dosing.pharmacokinetics.forecast import Component
from dosing.pharmacokinetics.inputs.doses import doses_of
from dosing.pharmacokinetics.regimen import Covariates
from dosing.pharmacokinetics.registry import EXPRESSER, HAEMATOCRIT, IMMEDIATE_RELEASE
from dosing.rules.case import Case
from dosing.rules.interactions.table import CLEARANCE_FACTORS
from patients.rules.glucocorticoids import daily_doses
from patients.rules.reading import active_episodes, episodes_of, laboratory_values, latest_statement
from patients.rules.record import Formulation
from patients.rules.verdict import gettext_noop

ONE_DAY = timedelta(days=1)
GENOTYPE = "cyp3a5_expresser"
HUNDRED = 100
EXPRESSES = gettext_noop("CYP3A5 expresser")
DOES_NOT = gettext_noop("CYP3A5 non-expresser")

Rows = list[tuple[datetime, float]]


def covariates_of(case: Case) -> Covariates:
    """Everything but the genotype; what is not known is not in it."""
    return {
        HAEMATOCRIT: _haematocrit(case),
        IMMEDIATE_RELEASE: _formulation(case),
        PREDNISOLONE: _prednisolone(case),
        INTERACTION: _interactions(case),
    }


def genotype(case: Case) -> bool | None:
    """Whether the patient expresses CYP3A5; None where it is not known."""
    said = latest_statement(case.record, GENOTYPE, case.on)
    return None if said is None else said.answer


def components(case: Case, known: Covariates) -> list[Component]:
    """The recorded genotype, or both with the chance of each."""
    expresses = genotype(case)
    share = float(case.thresholds.cyp3a5_non_expresser_percent) / HUNDRED
    both = ((DOES_NOT, share, 0.0), (EXPRESSES, 1 - share, 1.0))
    return [
        Component(name, chance if expresses is None else 1.0, {**known, EXPRESSER: value})
        for name, chance, value in both
        if expresses is None or float(expresses) == value
    ]


def other_genotype(case: Case, known: Covariates) -> Covariates | None:
    """As if the recorded genotype were the other one; None where none is recorded."""
    expresses = genotype(case)
    return None if expresses is None else {**known, EXPRESSER: float(not expresses)}


def _haematocrit(case: Case) -> Rows:
    rows = laboratory_values(case.record, "haematocrit", case.on)
    return [(_from(row.on), float(row.value)) for row in rows if row.value and row.is_exact]


def _formulation(case: Case) -> Rows:
    rows = [row for row in doses_of(case) if row.formulation]
    return [(_from(row.start), float(row.formulation != Formulation.PROLONGED_RELEASE)) for row in rows]


def _prednisolone(case: Case) -> Rows:
    """Milligrams a day at each change since the first tacrolimus; a gap between two doses changes nothing."""
    first = min((row.start for row in doses_of(case)), default=case.on)
    found: Rows = []
    for day, mg in daily_doses(case.record, first, case.on).items():
        if mg is not None and (not found or found[-1][1] != float(mg)):
            found.append((_from(day), float(mg)))
    unknown = prednisolone_unknown_since(case)
    if found and unknown is not None:
        found.append((_from(unknown), PREDNISOLONE_REFERENCE_MG))
    return found


def prednisolone_now(case: Case) -> Decimal | None:
    """Milligrams of today; None where the drug list does not say."""
    return daily_doses(case.record, case.on, case.on)[case.on]


def prednisolone_unknown_since(case: Case) -> date | None:
    """The day after the last one for which the drug list says anything; None where it says it of today."""
    first = min((row.start for row in doses_of(case)), default=case.on)
    known = [day for day, mg in daily_doses(case.record, first, case.on).items() if mg is not None]
    if not known or known[-1] == case.on:
        return None
    return known[-1] + ONE_DAY


def _interactions(case: Case) -> Rows:
    """The product of the factors of what is taken, at each start and stop."""
    rows = episodes_of(case.record, CLEARANCE_FACTORS, case.on)
    first = min((row.start for row in doses_of(case)), default=case.on)
    days = {first, *(row.start for row in rows), *(row.last_day + ONE_DAY for row in rows if row.last_day)}
    return [(_from(day), _factor(case, day)) for day in sorted(days)]


def _factor(case: Case, day: date) -> float:
    drugs = {row.drug for row in active_episodes(case.record, CLEARANCE_FACTORS, day)}
    return math.prod(float(CLEARANCE_FACTORS[drug]) for drug in drugs)


def _from(day: date) -> datetime:
    return datetime.combine(day, time())

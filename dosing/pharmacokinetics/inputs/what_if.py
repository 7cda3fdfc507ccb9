"""The same patient otherwise: another dose, more or less prednisolone, another drug, doses not taken."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dosing.pharmacokinetics.adjustments import INTERACTION, PREDNISOLONE, PREDNISOLONE_REFERENCE_MG
from dosing.pharmacokinetics.inputs.forecast_inputs import Inputs
from dosing.pharmacokinetics.regimen import Covariates, Regimen, Segment, Timeline
from dosing.rules.interactions.table import CLEARANCE_FACTORS
from patients.rules.reading import active_episodes


@dataclass(frozen=True)
class WhatIf:
    """From the next intake on: mg of each dose, prednisolone in mg/day, a drug with a factor on clearance.

    None or "": as it is. missed: of the doses before the draw, how many of the last are not taken.
    """

    mg: float | None = None
    prednisolone_mg: float | None = None
    drug: str = ""
    missed: int = 0

    @property
    def changes_something(self) -> bool:
        """Whether anything is otherwise."""
        return self != WhatIf()

    @property
    def settles(self) -> bool:
        """Whether it comes to another level in the end: doses not taken once do not."""
        return replace(self, missed=0).changes_something


def otherwise(inputs: Inputs, change: WhatIf) -> Inputs:
    """The inputs with the change. KeyError: a drug without a factor; what it does is not known."""
    covariates = {**inputs.covariates, **_changed(inputs, change)}
    components = [replace(one, covariates={**one.covariates, **covariates}) for one in inputs.components]
    *past, ahead = inputs.regimen.segments
    mg = ahead.mg if change.mg is None else change.mg
    taken = _taken(replace(ahead, mg=mg), inputs.question.draw_at, change.missed)
    return replace(
        inputs,
        dose_mg=mg,
        regimen=Regimen((*past, *taken)),
        covariates=covariates,
        components=tuple(components),
    )


def _changed(inputs: Inputs, change: WhatIf) -> Covariates:
    """The course of each covariate that becomes another number."""
    from_then = inputs.question.next_intake
    found: dict[str, Timeline] = {}
    if change.prednisolone_mg is not None:
        rows = _rows(inputs, PREDNISOLONE, PREDNISOLONE_REFERENCE_MG)
        found[PREDNISOLONE] = [*rows, (from_then, change.prednisolone_mg)]
    if change.drug and change.drug not in taken_now(inputs):
        rows = _rows(inputs, INTERACTION, 1.0)
        factor = float(CLEARANCE_FACTORS[change.drug])
        found[INTERACTION] = [*rows, (from_then, rows[-1][1] * factor)]
    return found


def taken_now(inputs: Inputs) -> set[str]:
    """The drugs with a factor that are in the forecast already."""
    case = inputs.case
    return {row.drug for row in active_episodes(case.record, CLEARANCE_FACTORS, case.on)}


def _rows(inputs: Inputs, name: str, default: float) -> list[tuple[datetime, float]]:
    """What held until now, also where only the default did: a change must not reach into the past."""
    timeline = inputs.covariates.get(name) or ()
    rows = [] if isinstance(timeline, int | float) else list(timeline)
    first = inputs.regimen.origin or inputs.question.next_intake
    return rows or [(first, default)]


def doses_ahead(inputs: Inputs) -> int:
    """How many doses are to come before the draw."""
    return _before_draw(inputs.regimen.segments[-1], inputs.question.draw_at)


def _before_draw(ahead: Segment, draw_at: datetime) -> int:
    return max(0, math.ceil((draw_at - ahead.start) / timedelta(hours=ahead.interval_hours)))


def _taken(ahead: Segment, draw_at: datetime, missed: int) -> tuple[Segment, ...]:
    """The future doses without the last ones before the draw; none of those already taken can be missed."""
    step = timedelta(hours=ahead.interval_hours)
    if not missed:
        return (ahead,)
    before_draw = _before_draw(ahead, draw_at)
    gap = ahead.start + max(0, before_draw - missed) * step
    again = ahead.start + before_draw * step
    until = gap if ahead.end is None else min(gap, ahead.end)
    return (replace(ahead, end=until), replace(ahead, start=again))

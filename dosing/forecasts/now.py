"""The forecast of a patient's next level and of every dose, as the page and the command show it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from dosing.judging import case_today
from dosing.models import Task, TaskState
from dosing.rules.case import Case
from dosing.rules.levels.proposal import LARGEST_RISE_MG, Action, Proposal, propose_dose
from dosing.rules.levels.thresholds import LEVELS
from patients.models import Patient
from patients.rules.verdict import Message

if TYPE_CHECKING:
    from dosing.pharmacokinetics.forecast import Forecast, Option, Outlook
    from dosing.pharmacokinetics.model import Model
    from dosing.pharmacokinetics.observed import Level
    from dosing.pharmacokinetics.of_case import Inputs, WhatIf

# Work of the rules in which a level is drawn.
LEVEL_WORK = ("control", "level_due")
# Section 1: with fewer levels than this, simple proportion forecasts as well as a fit.
ENOUGH_LEVELS = 4
HALF = 0.5
# [D] Of two doses the one nearer to today's is marked, unless the other puts so many more in the target.
WORTH_CHANGING = 0.10


@dataclass(frozen=True)
class Row:
    """One dose of the table. proportion_ng_ml: None without a level to take it from.

    is_now: today's dose; is_far: more than a step of 1 mg away; is_above_label: of lupus nephritis in Japan.
    """

    option: Option
    proportion_ng_ml: float | None
    change_mg: float
    is_now: bool
    is_far: bool
    is_above_label: bool


@dataclass(frozen=True)
class ForecastNow:
    """What can be said today. refused: why nothing is; then the rest is None.

    trusts_model: whether forecasts of this clinic by the model met their levels as well as proportion did.
    """

    patient: Patient
    case: Case
    refused: tuple[Message, ...]
    inputs: Inputs | None
    found: Forecast | None
    model: Model | None
    trusts_model: bool = True

    @cached_property
    def warnings(self) -> list[Message]:
        """What must be known beside the numbers."""
        if self.inputs is None or self.found is None or self.model is None:
            return []
        return self.inputs.warnings(self.found, self.model)

    @cached_property
    def used(self) -> int:
        """How many levels the fit uses."""
        return 0 if self.found is None else len(next(iter(self.found.fits.values())).levels)

    @cached_property
    def proposal(self) -> Proposal | None:
        """The next dose by the rules."""
        return propose_dose(self.case)

    @property
    def rules_come_first(self) -> bool:
        """Something is to be settled, or the dose held, before anybody thinks of another."""
        return self.proposal is not None and self.proposal.action in (Action.CALL, Action.HOLD)

    @property
    def leads_with_proportion(self) -> bool:
        """With few levels, or where the model did worse in this clinic, proportion is told first."""
        has_proportion = self.inputs is not None and self.inputs.proportion is not None
        return has_proportion and (self.used < ENOUGH_LEVELS or not self.trusts_model)

    @property
    def may_rise(self) -> bool:
        """Whether the rules propose a higher dose."""
        return self.proposal is not None and self.proposal.action is Action.RAISE

    @cached_property
    def levels(self) -> list[tuple[Decimal | None, Level]]:
        """Hours after the dose, None where nobody knows, and the level as the fit sees it; oldest first."""
        if self.inputs is None:
            return []
        hours = [row.hours_after_dose for row in self.case.treatment.levels_in_order]
        return list(zip(hours, self.inputs.levels, strict=True))

    @property
    def proportion_ng_ml(self) -> float | None:
        """The next level by proportion, on today's dose."""
        return None if self.inputs is None else self.by_proportion(self.inputs.dose_mg)

    @cached_property
    def rows(self) -> list[Row]:
        """Every dose of the table."""
        return [] if self.found is None else [self._row(option) for option in self.found.options]

    @property
    def none_is_likely(self) -> bool:
        """No dose reaches the target in half of such patients."""
        return all(row.option.outlook.within < HALF for row in self.rows)

    @cached_property
    def marked(self) -> Row | None:
        """The dose that the leading forecast speaks for, at most a step of 1 mg away; None where none is.

        Never one that the rules speak against: none where they ask for something else first, a higher one
        only where they propose a rise, a lower one where they reduce.
        """
        near = [row for row in self.rows if not row.is_far]
        if self.rules_come_first:
            return None
        if not self.may_rise:
            near = [row for row in near if row.change_mg <= 0]
        if self.proposal is not None and self.proposal.action is Action.REDUCE:
            near = [row for row in near if row.change_mg < 0]
        if self.leads_with_proportion:
            return self._marked_by_proportion(near)
        if self.none_is_likely or not near:
            return None
        best = max(row.option.outlook.within for row in near)
        good = [row for row in near if row.option.outlook.within > best - WORTH_CHANGING]
        return min(good, key=lambda row: (abs(row.change_mg), row.option.mg)) if best >= HALF else None

    @property
    def first_sensible_draw(self) -> date | None:
        """The day of the usual draw once a new dose has settled; None where it takes too long to say."""
        if self.inputs is None or self.found is None or self.found.settled_days is None:
            return None
        return (self.inputs.question.first_draw + timedelta(days=self.found.settled_days)).date()

    @property
    def expresser_percent(self) -> float | None:
        """The chance of a CYP3A5 expresser given the levels; None where the genotype is recorded."""
        from dosing.pharmacokinetics.of_case.covariates import EXPRESSES

        if self.found is None or len(self.found.chances) == 1:
            return None
        return 100 * self.found.chances[EXPRESSES]

    def by_proportion(self, mg: float) -> float | None:
        """The level on doses of so many mg; ng/ml. None without a level to take it from."""
        if self.inputs is None or self.inputs.proportion is None or not self.inputs.dose_mg:
            return None
        doses_a_day = float(self.case.dose_mg or 0) / self.inputs.dose_mg
        return self.inputs.proportion.at(mg * doses_a_day)

    def what_if(self, change: WhatIf) -> Outlook | None:
        """The next level with the change; None where nothing is forecast."""
        from dosing.pharmacokinetics.of_case import otherwise

        if self.inputs is None or self.model is None:
            return None
        return otherwise(self.inputs, change).forecast(self.model).next

    def _marked_by_proportion(self, near: list[Row]) -> Row | None:
        """Today's dose where its level is in range, else the one nearest to the middle of the range."""
        if self.inputs is None:
            return None
        low, high = self.inputs.question.low_ng_ml, self.inputs.question.high_ng_ml
        middle = math.log(math.sqrt(low * high))
        known = [(row, row.proportion_ng_ml) for row in near if row.proportion_ng_ml is not None]
        within = [(row, ng_ml) for row, ng_ml in known if low <= ng_ml <= high]
        nearest = min(within, key=lambda pair: abs(math.log(pair[1]) - middle), default=None)
        now = next((row for row, _ng_ml in within if row.is_now), None)
        return now or (None if nearest is None else nearest[0])

    def _row(self, option: Option) -> Row:
        now_mg = 0.0 if self.inputs is None else self.inputs.dose_mg
        change = option.mg - now_mg
        return Row(
            option=option,
            proportion_ng_ml=self.by_proportion(option.mg),
            change_mg=change,
            is_now=change == 0,
            is_far=abs(change) > float(LARGEST_RISE_MG),
            is_above_label=option.mg > float(LEVELS.label_dose_mg),
        )


def forecast_now(
    patient: Patient, today: date | None = None, *, pictured: bool = False, model: Model | None = None
) -> ForecastNow:
    """The forecast of a patient as of today, or why there is none; by the default model, or another.

    pictured: with the levels of a picture.
    """
    from dosing.forecasts.audit import trusts_model

    case = case_today(patient, today)
    draw_on = _next_draw(patient, case.on)
    return forecast_of(
        patient, case, draw_on, trusts=trusts_model(patient.clinic), pictured=pictured, model=model
    )


def forecast_of(
    patient: Patient,
    case: Case,
    draw_on: date | None,
    *,
    trusts: bool = True,
    pictured: bool = False,
    model: Model | None = None,
) -> ForecastNow:
    """The forecast of a case. draw_on: when a level is planned, None where none is."""
    from dosing.pharmacokinetics.adjustments import DEFAULT
    from dosing.pharmacokinetics.of_case import inputs_of, refusals

    refused = tuple(refusals(case))
    if refused:
        return ForecastNow(patient, case, refused, None, None, None, trusts)
    inputs = inputs_of(case, draw_on)
    if pictured:
        inputs = inputs.pictured()
    chosen = model or DEFAULT
    return ForecastNow(patient, case, (), inputs, inputs.forecast(chosen), chosen, trusts)


def _next_draw(patient: Patient, today: date) -> date | None:
    """The day on which the next level is planned."""
    tasks = Task.objects.filter(patient=patient, state=TaskState.OPEN, kind__in=LEVEL_WORK)
    due = tasks.order_by("due_on", "pk").values_list("due_on", flat=True).first()
    return None if due is None else max(due, today)

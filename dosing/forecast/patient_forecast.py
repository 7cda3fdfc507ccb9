"""The forecast of a patient's next level and of every dose, as the page and the command show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from dosing.assessment.assess import case_today
from dosing.forecast.marking import DoseRow, MarkedDose, mark, row_of, rules_first
from dosing.models import Task, TaskState
from dosing.rules import treatment
from dosing.rules.case import Case
from dosing.rules.levels.proposal import NextDoseProposal, propose_dose
from dosing.rules.levels.thresholds import LEVELS
from patients.models import Patient
from patients.rules.verdict import Message

if TYPE_CHECKING:
    from dosing.pharmacokinetics.forecast import Forecast
    from dosing.pharmacokinetics.inputs import Inputs, WhatIf
    from dosing.pharmacokinetics.model import Model
    from dosing.pharmacokinetics.observed import ObservedLevel

# Work of the rules in which a level is drawn.
LEVEL_WORK = ("control", "level_due")
HOURS_A_DAY = 24
HALF_WEIGHT = 0.5


@dataclass(frozen=True)
class PatientForecast:
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
        """What a reader must know in addition to the numbers."""
        if self.inputs is None or self.found is None or self.model is None:
            return []
        return self.inputs.warnings(self.found, self.model)

    @cached_property
    def used(self) -> int:
        """How many levels the fit uses."""
        return 0 if self.found is None else len(next(iter(self.found.fits.values())).levels)

    @property
    def recent(self) -> int:
        """How many of them count at least half: of about the last year, with the time of the dose."""
        return 0 if self.inputs is None else sum(level.weight >= HALF_WEIGHT for level in self.inputs.levels)

    @cached_property
    def proposal(self) -> NextDoseProposal | None:
        """The next dose by the rules."""
        return propose_dose(self.case)

    @property
    def leads_with_proportion(self) -> bool:
        """With few recent levels, where they contradict the fit, or where the model did worse here."""
        has_proportion = self.inputs is not None and self.inputs.proportion is not None
        few = self.recent < LEVELS.enough_for_model
        return has_proportion and (few or not self.trusts_model or self.is_doubtful)

    @cached_property
    def is_doubtful(self) -> bool:
        """Whether the levels contradict the fit."""
        return self.inputs is not None and self.found is not None and self.inputs.is_doubtful(self.found)

    @cached_property
    def levels(self) -> list[tuple[Decimal | None, ObservedLevel]]:
        """Hours after the dose (None where unknown) and the level as the fit uses it; oldest first."""
        if self.inputs is None:
            return []
        hours = [row.hours_after_dose for row in self.inputs.counted]
        return list(zip(hours, self.inputs.levels, strict=True))

    @property
    def proportion_ng_ml(self) -> float | None:
        """The next level by proportion, on today's dose."""
        return None if self.inputs is None else self.by_proportion(self.inputs.dose_mg)

    @cached_property
    def rows(self) -> list[DoseRow]:
        """Every dose of the table."""
        if self.found is None or self.inputs is None:
            return []
        now_mg = self.inputs.dose_mg
        days = round(self.inputs.question.interval_hours / HOURS_A_DAY)
        return [row_of(one, now_mg, self.by_proportion(one.mg), days) for one in self.found.options]

    @cached_property
    def mark(self) -> MarkedDose:
        """The dose that the leading forecast supports, and the sentences that say so."""
        if self.inputs is None or self.found is None:
            return MarkedDose(None, ())
        question = self.inputs.question
        target = (question.low_ng_ml, question.high_ng_ml)
        open_questions = self.inputs.blocking_issues(self.found)
        by_proportion = self.leads_with_proportion
        return mark(self.rows, self.proposal, target, open_questions, by_proportion=by_proportion)

    @property
    def leads_with(self) -> str:
        """Which forecast is shown first: model, proportion, or none where the rules come first."""
        if self.rules_first:
            return "none"
        return "proportion" if self.leads_with_proportion else "model"

    @property
    def rules_first(self) -> bool:
        """Something is to be settled, or the dose held: then neither forecast leads."""
        return rules_first(self.proposal)

    @cached_property
    def covariate_summary(self) -> list[Message]:
        """What the model takes into account besides doses and levels."""
        return [] if self.inputs is None or self.model is None else self.inputs.covariate_summary(self.model)

    @property
    def has_target(self) -> bool:
        """Whether a target holds for the usual time of the draw; probabilities are shown only then."""
        return self.inputs is not None and self.inputs.band is not None

    @property
    def last_level(self) -> treatment.Level | None:
        """The latest level, whether it counts or not."""
        return next(reversed(self.case.treatment.levels_in_order), None)

    @property
    def settles_on(self) -> date | None:
        """The day of the usual draw at which a new dose has settled; None where it takes too long to say."""
        if self.inputs is None or self.found is None or self.found.settled_days is None:
            return None
        return (self.inputs.question.first_draw + timedelta(days=self.found.settled_days)).date()

    @property
    def first_sensible_draw(self) -> date | None:
        """As computed, and not before a level counts as one of steady state by the rules."""
        if self.inputs is None or self.settles_on is None:
            return None
        by_rules = self.inputs.question.next_intake.date() + timedelta(days=LEVELS.steady_after_days)
        return max(self.settles_on, by_rules)

    @property
    def expresser_percent(self) -> float | None:
        """The chance of a CYP3A5 expresser given the levels; None where the genotype is recorded."""
        from dosing.pharmacokinetics.inputs.covariates import EXPRESSES

        if self.found is None or len(self.found.chances) == 1:
            return None
        return 100 * self.found.chances[EXPRESSES]

    def by_proportion(self, mg: float) -> float | None:
        """The level on doses of so many mg; ng/ml. None without a level to take it from."""
        if self.inputs is None or self.inputs.proportion is None:
            return None
        return self.inputs.proportion.at(mg)

    def what_if(self, change: WhatIf) -> Forecast | None:
        """The forecast with the change; None where nothing is forecast."""
        from dosing.pharmacokinetics.inputs import otherwise

        if self.inputs is None or self.model is None:
            return None
        return otherwise(self.inputs, change).forecast(self.model)


def forecast_patient(
    patient: Patient, today: date | None = None, *, pictured: bool = False, model: Model | None = None
) -> PatientForecast:
    """The forecast of a patient as of today, or why there is none; by the default model, or another.

    pictured: with the levels of a picture.
    """
    from dosing.forecast.validation import trusts_model

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
) -> PatientForecast:
    """The forecast of a case. draw_on: when a level is planned, None where none is."""
    from dosing.pharmacokinetics.adjustments import DEFAULT
    from dosing.pharmacokinetics.inputs import inputs_of, refusals

    refused = tuple(refusals(case))
    if refused:
        return PatientForecast(patient, case, refused, None, None, None, trusts)
    inputs = inputs_of(case, draw_on)
    if pictured:
        inputs = inputs.pictured()
    chosen = model or DEFAULT
    return PatientForecast(patient, case, (), inputs, inputs.forecast(chosen), chosen, trusts)


def _next_draw(patient: Patient, today: date) -> date | None:
    """The day on which the next level is planned."""
    tasks = Task.objects.filter(patient=patient, state=TaskState.OPEN, kind__in=LEVEL_WORK)
    due = tasks.order_by("due_on", "pk").values_list("due_on", flat=True).first()
    return None if due is None else max(due, today)

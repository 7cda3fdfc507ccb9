"""The patient's taper of prednisolone today: dose, plan, next step, and the course so far."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from dosing.assessment.assess import case_today
from dosing.assessment.facts import taper_facts
from dosing.models import TaperPlan
from dosing.rules.case import Case
from dosing.rules.efficacy import Efficacy, efficacy
from dosing.rules.taper.advice import RULES
from dosing.rules.taper.against_plan import AgainstPlan, against_plan
from dosing.rules.taper.decision import StepDecision, decide_step
from dosing.rules.taper.decision_json import step_to_json
from dosing.rules.taper.effect import consequences
from dosing.rules.taper.present import Present, present_dose
from dosing.rules.taper.steps import PlannedDose, planned_doses
from patients.models import DoseEpisode, Patient
from patients.rules.activity import doris, lldas
from patients.rules.drugs import STEROID, members
from patients.rules.reading import active_episodes
from patients.rules.record import Purpose
from patients.rules.schedules import Schedule
from patients.rules.steroid_exposure import Exposure, exposure
from patients.rules.verdict import Message, Verdict

SHOWN_AHEAD = 6
PREDNISOLONE = "prednisolone"


@dataclass(frozen=True)
class TaperStatus:
    """Prednisolone on the day of the case. row: the plan that runs, None where there is none."""

    patient: Patient
    case: Case
    row: TaperPlan | None

    @cached_property
    def present(self) -> Present:
        """What is taken, since when; other steroids by their equivalents."""
        return present_dose(self.case.record, self.case.on)

    @cached_property
    def step(self) -> StepDecision | None:
        return None if self.row is None else decide_step(self.case, taper_facts(self.row))

    @cached_property
    def consequences(self) -> tuple[Message, ...]:
        """What the next step wins, and what an increase costs."""
        return () if self.step is None else tuple(consequences(self.case, self.step))

    @cached_property
    def against(self) -> AgainstPlan | None:
        return None if self.row is None else against_plan(self.case, taper_facts(self.row))

    @cached_property
    def ahead(self) -> tuple[PlannedDose, ...]:
        """The next doses of the plan from today's dose on, each in its least time."""
        if (
            self.row is None
            or self.step is None
            or self.step.from_mg is None
            or self.step.earliest_on is None
        ):
            return ()
        first = max(self.step.earliest_on, self.case.on)
        return planned_doses(taper_facts(self.row), self.step.from_mg, self.case.on, first)[
            1 : SHOWN_AHEAD + 1
        ]

    @cached_property
    def exposure(self) -> Exposure | None:
        """What was taken from the first dose of tacrolimus to yesterday; None before tacrolimus."""
        first = self.case.first_dose_on
        return None if first is None else exposure(self.case.record, first, self.case.on)

    @cached_property
    def lldas(self) -> Verdict:
        return lldas(self.case.record, self.case.on)

    @cached_property
    def doris(self) -> Verdict:
        return doris(self.case.record, self.case.on)

    @cached_property
    def efficacy(self) -> Efficacy | None:
        return efficacy(self.case)

    @property
    def sick_day_rules(self) -> tuple[Message, ...]:
        return RULES

    @cached_property
    def episode(self) -> DoseEpisode | None:
        """The dose period that a step can follow; None where prednisolone daily is not the only steroid."""
        rows = active_episodes(self.case.record, members(STEROID), self.case.on)
        taken = [row for row in rows if row.dose_mg != 0 and row.purpose is not Purpose.STRESS_COVER]
        if len(taken) != 1 or taken[0].drug != PREDNISOLONE or taken[0].schedule is not Schedule.DAILY:
            return None
        return DoseEpisode.objects.select_related("patient__clinic").get(pk=taken[0].id)

    def fingerprint(self) -> str:
        """Changes whenever the plan, the dose or the rules' verdict on the step changes."""
        plan = None if self.row is None else (self.row.pk, self.row.version)
        step = None if self.step is None else step_to_json(self.step)
        shown = json.dumps([plan, [row.id for row in self.present.episodes], step], sort_keys=True)
        return hashlib.sha256(shown.encode()).hexdigest()[:16]


def taper_status(patient: Patient) -> TaperStatus:
    """The taper of a patient today."""
    return TaperStatus(patient, case_today(patient), running_plan(patient))


def running_plan(patient: Patient) -> TaperPlan | None:
    """The plan that no day has ended; None where there is none."""
    rows = TaperPlan.objects.active().select_related("created_by")
    return rows.filter(patient=patient, ended_on__isnull=True).first()

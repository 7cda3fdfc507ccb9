"""The patient's treatment with tacrolimus today: taken, paused or stopped, and the next dose."""

from __future__ import annotations

import enum
import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from dosing.assessment.assess import PatientAssessment, assess_patient
from dosing.models import TacrolimusCourse
from dosing.rules.case import LONGEST_PAUSE, Case
from dosing.rules.levels.proposal import NextDoseProposal, propose_dose
from dosing.rules.levels.proposal_json import proposal_to_json
from patients.models import DoseEpisode, Patient


class TreatmentPhase(enum.StrEnum):
    """Where the treatment is. PAUSED: not taken, and no stop is recorded."""

    NEVER = "never"
    TAKEN = "taken"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True)
class TreatmentStatus:
    """The treatment on the day of its assessment.

    course: the one that runs, else the last; None when the treatment is only in the drug list.
    episode: the last dose period, None when there never was one.
    """

    patient: Patient
    assessed: PatientAssessment
    course: TacrolimusCourse | None
    episode: DoseEpisode | None

    @property
    def case(self) -> Case:
        return self.assessed.case

    @property
    def on(self) -> date:
        return self.assessed.on

    @cached_property
    def proposal(self) -> NextDoseProposal | None:
        """The next dose by the rules; None unless tacrolimus is taken or paused."""
        return propose_dose(self.case)

    @property
    def last_dose_on(self) -> date | None:
        """The last day taken, where the last dose period has an end; it may be in the future."""
        return None if self.episode is None else self.episode.last_day

    @property
    def phase(self) -> TreatmentPhase:
        """A pause begins with its last dose, which is taken in the evening."""
        if self.episode is None:
            return TreatmentPhase.NEVER
        last = self.last_dose_on
        if last is None:
            return TreatmentPhase.TAKEN
        if self.course is not None and self.course.ended_on is not None and self.course.ended_on >= last:
            return TreatmentPhase.STOPPED
        if last > self.on:
            return TreatmentPhase.TAKEN
        runs = self.course is not None and self.course.ended_on is None
        return TreatmentPhase.PAUSED if runs or self.on - last <= LONGEST_PAUSE else TreatmentPhase.STOPPED

    @property
    def running(self) -> TacrolimusCourse | None:
        """The course that no stop has ended."""
        return self.course if self.course is not None and self.course.ended_on is None else None

    @property
    def started_on(self) -> date | None:
        """The first dose: of the course that runs, else of the last treatment in the drug list."""
        return self.case.first_dose_on if self.running is None else self.running.started_on

    def fingerprint(self) -> str:
        """Changes whenever the dose, the course or the proposal on the page changes."""
        rows = [None if row is None else (row.pk, row.version) for row in (self.course, self.episode)]
        proposal = None if self.proposal is None else proposal_to_json(self.proposal)
        shown = json.dumps([self.phase, rows, proposal, self.assessed.fingerprint()], sort_keys=True)
        return hashlib.sha256(shown.encode()).hexdigest()[:16]


def treatment_status(patient: Patient) -> TreatmentStatus:
    """The treatment of a patient today."""
    assessed = assess_patient(patient)
    doses = assessed.case.doses
    courses = TacrolimusCourse.objects.active().filter(patient=patient).order_by("-started_on", "-pk")
    episode = DoseEpisode.objects.select_related("patient__clinic").get(pk=doses[-1].id) if doses else None
    return TreatmentStatus(patient, assessed, courses.first(), episode)

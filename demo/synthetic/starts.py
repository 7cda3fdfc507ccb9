"""The decisions, courses and planned work of invented patients who were started on tacrolimus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from demo.synthetic.invent import Invented
from dosing.assessment.assess import ClinicRules, assess_record
from dosing.decisions.follow_up import tasks_after_start
from dosing.decisions.services import StartOrder, start_row
from dosing.models import Decision, ReasonCode, TacrolimusCourse, Task
from dosing.rules.start_policy import start_policy
from patients.models import DoseEpisode, Patient
from patients.rules.record import Formulation, Record
from patients.services.bulk import insert_rows

if TYPE_CHECKING:
    from accounts.models import User


def write_starts(
    people: Sequence[tuple[Patient, Invented]], records: Mapping[int, Record], rules: ClinicRules, *, by: User
) -> None:
    """Keep each start as it would have been decided on its day."""
    started = [(patient, found) for patient, found in people if found.plan.tacrolimus_start is not None]
    first = _first_episodes([patient for patient, _ in started])
    decisions: list[Decision] = []
    tasks: list[Task] = []
    for patient, found in started:
        decision, planned = _decision(patient, found, records[patient.pk], rules)
        decisions.append(decision)
        tasks += planned
    insert_rows(decisions, by=by)
    courses = [
        _course(decision, first[decision.patient_id], found)
        for decision, (_, found) in zip(decisions, started, strict=True)
    ]
    insert_rows(courses, by=by)
    insert_rows(tasks, by=by)


def _first_episodes(patients: Sequence[Patient]) -> dict[int, DoseEpisode]:
    rows = DoseEpisode.objects.filter(patient__in=patients, drug="tacrolimus").order_by("-start")
    return {row.patient_id: row for row in rows}


def _decision(
    patient: Patient, found: Invented, record: Record, rules: ClinicRules
) -> tuple[Decision, list[Task]]:
    day = _start(found)
    assessed = assess_record(record, day, rules)
    policy = start_policy(assessed.assessment.answer, assessed.safety)
    order = StartOrder(
        first_dose_on=day,
        dose_mg=next(row.dose_mg for row in record.episodes if row.drug == "tacrolimus"),  # type: ignore[arg-type]
        formulation=Formulation.CAPSULE,
        reason_code=ReasonCode.CLINICAL_JUDGEMENT if policy.needs_reason else "",
        cautions_accepted=policy.cautions,
    )
    decision = start_row(patient, order, assessed)
    return decision, tasks_after_start(decision, assessed, day)


def _course(decision: Decision, episode: DoseEpisode, found: Invented) -> TacrolimusCourse:
    last = found.plan.tacrolimus_last_day
    return TacrolimusCourse(
        patient=decision.patient,
        decision=decision,
        first_episode=episode,
        started_on=_start(found),
        ended_on=last,
        end_reason="" if last is None else "invented: stopped",
    )


def _start(found: Invented) -> date:
    start = found.plan.tacrolimus_start
    assert start is not None  # noqa: S101 - only those who were started come here
    return start

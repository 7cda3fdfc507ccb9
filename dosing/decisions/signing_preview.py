"""What the verdict would be if a visit that is still being typed were signed now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from accounts.clock import local_today
from dosing.assessment.assess import PatientAssessment, assess_record, rules_of
from dosing.decisions.checklist import CriterionRow, checklist
from dosing.rules.criteria import TITLES
from patients.loading import load_record
from patients.models import Patient, Visit
from patients.rules.answers import Answer
from patients.rules.record import Record
from patients.rules.verdict import Verdict
from patients.visit_facts import visit_facts

# An unsaved visit has no number yet; facts are numbered from 1.
UNSAVED = 0


@dataclass(frozen=True)
class CriterionChange:
    """A criterion whose answer signing would change."""

    criterion: str
    before: Answer
    verdict: Verdict

    @property
    def title(self) -> str:
        """The criterion in words; the template translates it."""
        return TITLES[self.criterion]


@dataclass(frozen=True)
class IfSigned:
    """Today's assessment without the visit and with it."""

    now: PatientAssessment
    then: PatientAssessment

    @property
    def changes(self) -> list[CriterionChange]:
        before = self.now.assessment.criteria
        return [
            CriterionChange(key, before[key].answer, verdict)
            for key, verdict in self.then.assessment.criteria.items()
            if before[key].answer is not verdict.answer
        ]

    @property
    def still_against(self) -> list[CriterionRow]:
        """The criteria that are not met, whether the visit is signed or not."""
        changed = {change.criterion for change in self.changes}
        return [
            row
            for row in checklist(self.then.assessment)
            if row.verdict.answer is Answer.NOT_MET and row.id not in changed
        ]


def if_signed(patient: Patient, typed: Visit, replaced: int | None = None) -> IfSigned:
    """Assess the patient's record with the typed visit, in place of the visit with the id `replaced`."""
    today = local_today(patient.clinic)
    rules = rules_of(patient.clinic, today)
    record = load_record(patient)
    return IfSigned(
        now=assess_record(record, today, rules),
        then=assess_record(_with_visit(record, typed, replaced, today), today, rules),
    )


def _with_visit(record: Record, typed: Visit, replaced: int | None, today: date) -> Record:
    typed.pk = UNSAVED
    typed.on = typed.on or today
    others = tuple(visit for visit in record.visits if visit.id != replaced)
    return replace(record, visits=(*others, visit_facts(typed)))

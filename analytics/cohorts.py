"""Choosing the patients of a report, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.clock import local_today
from accounts.models import Clinic
from analytics.changed_patients import patients_changed_since
from analytics.loading import load_batches
from analytics.outcomes import Facts, PatientOutcome, Started, patient_outcome, started
from analytics.report.contents.cohort import Cohort, tally
from analytics.snapshot import Snapshot
from dosing.assessment.assess import rules_of
from dosing.rules.criteria import assess
from dosing.rules.thresholds import Thresholds
from patients.models import Patient
from patients.rules.answers import Answer
from patients.services.person_states import in_research

# Called with the number of patients that are done, and the number of all.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class CohortSelection:
    """Which patients a report is about.

    cut_off: the last day that counts. first_from, first_to: bounds of the day of the first tacrolimus dose,
    both included. renal_involvement: only those with or without it. None: any.
    """

    cut_off: date
    first_from: date | None = None
    first_to: date | None = None
    renal_involvement: bool | None = None


def cohort_of(
    clinic: Clinic, choice: CohortSelection, progress: Progress = lambda _done, _all: None
) -> Cohort:
    """The clinic's patients as of the cut-off, assessed by the thresholds in force on that day."""
    own = in_research(Patient.objects.filter(clinic=clinic), local_today(clinic))
    keys = list(own.order_by("pk").values_list("pk", flat=True))
    thresholds = rules_of(clinic, choice.cut_off).thresholds
    begun = _Begun(clinic, choice.cut_off, thresholds)
    snapshot = Snapshot()
    chosen: list[PatientOutcome] = []
    not_started: list[str] = []
    left_out: list[str] = []
    done = 0
    for batch in load_batches(keys):
        for facts, found in begun.of(batch):
            snapshot.add(facts)
            if found is None:
                not_started.append(_why_not_started(facts, choice.cut_off, thresholds))
            elif reason := _why_left_out(found, choice):
                left_out.append(reason)
            else:
                chosen.append(patient_outcome(found, facts, choice.cut_off, thresholds))
            done += 1
            progress(done, len(keys))
    return Cohort(
        clinic=str(clinic),
        cut_off=choice.cut_off,
        outcomes=tuple(sorted(chosen, key=lambda one: (one.first, one.key))),
        not_started=tally([reason for reason in not_started if reason]),
        left_out=tally(left_out),
        snapshot=snapshot.hexdigest(),
    )


class _Begun:
    """Patients who started, read in columns; those with a write meanwhile, from their facts."""

    def __init__(self, clinic: Clinic, cut_off: date, thresholds: Thresholds) -> None:
        from analytics.columns import everybody_started  # numpy is for workers only

        self._cut_off, self._thresholds = cut_off, thresholds
        self._read_at = timezone.now()
        self._known = {one.key: one for one in everybody_started(clinic, cut_off, thresholds)}

    def of(self, batch: Sequence[Facts]) -> Iterator[tuple[Facts, Started | None]]:
        """The facts of each up to the cut-off, and how they were when they started; None: they did not."""
        written = patients_changed_since(self._read_at, [facts.key for facts in batch])
        for facts in batch:
            known = facts.as_of(self._cut_off)
            if facts.key in written:
                yield known, started(known, self._cut_off, self._thresholds)
            else:
                yield known, self._known.get(facts.key)


def _why_not_started(facts: Facts, cut_off: date, thresholds: Thresholds) -> str:
    """Which criteria are met by the facts at the cut-off; "" for a patient who was never seen by then."""
    if not facts.record.visits:
        return ""
    return {
        Answer.MET: _("criteria met, not started"),
        Answer.NOT_MET: _("criteria not met"),
        Answer.CANNOT_TELL: _("criteria cannot be judged"),
    }[assess(facts.record, cut_off, thresholds).answer]


def _why_left_out(found: Started, choice: CohortSelection) -> str:
    if choice.first_from and found.first < choice.first_from:
        return _("first dose before the chosen period")
    if choice.first_to and found.first > choice.first_to:
        return _("first dose after the chosen period")
    if choice.renal_involvement is None:
        return ""
    if found.entry.renal_involvement is None:
        return _("renal involvement not recorded")
    if found.entry.renal_involvement is choice.renal_involvement:
        return ""
    return _("without renal involvement") if choice.renal_involvement else _("with renal involvement")

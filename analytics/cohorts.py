"""Choosing the patients of a report, and what became of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.models import Clinic
from analytics.loading import load_facts
from analytics.outcomes import Facts, Outcome, outcome
from analytics.report.contents.cohort import Cohort, tally
from analytics.snapshot import Snapshot
from dosing.judging import rules_of
from dosing.rules.criteria import assess
from dosing.rules.thresholds import Thresholds
from patients.models import Patient
from patients.rules.answers import Answer

# Told how many patients of how many are done.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Choice:
    """Which patients a report is about.

    cut_off: the last day that counts. first_from, first_to: bounds of the day of the first tacrolimus dose,
    both included. renal_involvement: only those with or without it. None: any.
    """

    cut_off: date
    first_from: date | None = None
    first_to: date | None = None
    renal_involvement: bool | None = None


def cohort_of(clinic: Clinic, choice: Choice, progress: Progress = lambda _done, _all: None) -> Cohort:
    """The clinic's patients as of the cut-off, judged by the thresholds that are in force on that day."""
    keys = list(Patient.objects.filter(clinic=clinic).order_by("pk").values_list("pk", flat=True))
    thresholds = rules_of(clinic, choice.cut_off).thresholds
    snapshot = Snapshot()
    chosen: list[Outcome] = []
    not_started: list[str] = []
    left_out: list[str] = []
    for done, facts in enumerate(load_facts(keys), start=1):
        known = facts.as_of(choice.cut_off)
        snapshot.add(known)
        found = outcome(known, choice.cut_off, thresholds)
        if found is None:
            not_started.append(_why_not_started(known, choice.cut_off, thresholds))
        elif reason := _why_left_out(found, choice):
            left_out.append(reason)
        else:
            chosen.append(found)
        progress(done, len(keys))
    return Cohort(
        clinic=str(clinic),
        cut_off=choice.cut_off,
        outcomes=tuple(sorted(chosen, key=lambda one: (one.first, one.key))),
        not_started=tally([reason for reason in not_started if reason]),
        left_out=tally(left_out),
        snapshot=snapshot.hexdigest(),
    )


def _why_not_started(facts: Facts, cut_off: date, thresholds: Thresholds) -> str:
    """How the criteria stand by the facts of the cut-off; "" for somebody who was never seen by then."""
    if not facts.record.visits:
        return ""
    return {
        Answer.MET: _("criteria met, not started"),
        Answer.NOT_MET: _("criteria not met"),
        Answer.CANNOT_TELL: _("criteria cannot be judged"),
    }[assess(facts.record, cut_off, thresholds).answer]


def _why_left_out(found: Outcome, choice: Choice) -> str:
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

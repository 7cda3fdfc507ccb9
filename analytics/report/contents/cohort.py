"""The cohort that a report is about: who was looked at, who started, and what became of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Generic, TypeVar

from django.utils.translation import gettext as _

from analytics.outcomes import PatientOutcome, Started
from analytics.outcomes.values import Value
from analytics.report.cells import small
from patients import messages
from patients.rules.answers import Answer

Patient_co = TypeVar("Patient_co", bound=Started, covariant=True)


@dataclass(frozen=True)
class Group(Generic[Patient_co]):
    """outcomes: of those who started tacrolimus, in the order of their first dose.

    not_started: how many were seen and did not start, by reason in words. cut_off: the last day that counts.
    left_out: how many started and do not fit the choice of the report, by reason. snapshot: of their facts.
    """

    clinic: str
    cut_off: date
    outcomes: tuple[Patient_co, ...]
    not_started: tuple[tuple[str, int], ...] = ()
    left_out: tuple[tuple[str, int], ...] = ()
    snapshot: str = ""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The patients' names in this report: their place by first dose, which tells nobody who they are."""
        width = len(str(len(self.outcomes)))
        return tuple(f"P{place:0{width}}" for place in range(1, len(self.outcomes) + 1))

    def numbers(self, week: str, key: str) -> list[Decimal | None]:
        """The values of week "week_0" or "week_52", one a patient."""
        return [value.number for value in self.values(week, key)]

    def values(self, week: str, key: str) -> list[Value]:
        return [getattr(one, week).values[key] for one in self.outcomes]

    def named(self) -> Iterable[tuple[str, Patient_co]]:
        return zip(self.names, self.outcomes, strict=True)

    def each(self, read: Callable[[Patient_co], bool | None]) -> list[bool | None]:
        return [read(one) for one in self.outcomes]


# With what the rules say of each patient, and without: tables of numbers need no more than what was recorded.
Cohort = Group[PatientOutcome]
Starters = Group[Started]


def numbers_or_reasons(values: Sequence[Value]) -> list[Decimal | str]:
    """Of each patient the number, or in words why there is none. Many patients share few reasons."""
    words: dict[int, str] = {}
    for value in values:
        if value.reason is not None and id(value.reason) not in words:
            words[id(value.reason)] = small(messages.sentence(value.reason))
    return [words[id(value.reason)] if value.number is None else value.number for value in values]


def why_not_assessable(one: PatientOutcome) -> str:
    """Why nobody can say yet whether the patient responded, in words that many patients share."""
    judged = one.efficacy
    if not one.observed_52:
        return _("week 52 lies after the cut-off")
    if judged.visit is None:
        return _("no visit in the time of week 52")
    if judged.less_active.answer is Answer.CANNOT_TELL:
        return _("SLEDAI not comparable or not complete")
    if judged.continued.answer is Answer.CANNOT_TELL:
        return _("tacrolimus paused at week 52")
    return _("steroid dose or other drugs not known")


def responded(one: PatientOutcome) -> bool | str:
    """Whether the patient responded, or why that cannot be decided."""
    answer = one.efficacy.responder.answer
    return why_not_assessable(one) if answer is Answer.CANNOT_TELL else answer is Answer.MET


def tally(reasons: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Each reason with its number, the most frequent first."""
    found = {reason: reasons.count(reason) for reason in set(reasons)}
    return tuple(sorted(found.items(), key=lambda item: (-item[1], item[0])))

"""What the pages about adverse events show: an event with its causality in words, grades to propose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from dosing.adverse_events.services import at_the_time
from dosing.assessment.assess import case_today
from dosing.models import AdverseEvent
from dosing.rules.adverse_events import GRADES, Circumstances, GradeProposal, circumstances, proposals
from dosing.rules.naranjo import LABELS, QUESTIONS, Naranjo, Reply
from dosing.rules.who_umc import CATEGORIES, Criteria
from patients.conflicts import Difference
from patients.models import Patient
from patients.rules.dates import PartialDate

REPLY_WORDS = {Reply.YES: "yes", Reply.NO: "no", Reply.UNKNOWN: "unknown"}


@dataclass(frozen=True)
class Answered:
    """One question of the scale with its reply in words and its points; None where nobody answered."""

    text: str
    reply: str | None
    points: int | None


@dataclass(frozen=True)
class EventDetails:
    """An event with everything that is computed from it."""

    row: AdverseEvent
    causality: Naranjo
    circumstances: Circumstances

    @property
    def onset(self) -> date | str:
        """The day, or the month or year as far as it is known."""
        return _in_words(self.row.onset)

    @property
    def resolved(self) -> date | str | None:
        return None if self.row.resolved is None else _in_words(self.row.resolved)

    @property
    def grade_words(self) -> str:
        return "" if self.row.grade is None else gettext(GRADES[self.row.grade])

    @property
    def causality_word(self) -> str:
        """The class of the score: "possible"; "" while questions are open."""
        found = self.causality.causality
        return "" if found is None else gettext(LABELS[found])

    @property
    def category(self) -> Criteria | None:
        """The WHO-UMC category that was chosen, with its criteria."""
        return next((row for row in CATEGORIES if row.category == self.row.who_umc), None)

    def answers(self) -> Iterator[Answered]:
        """The ten questions in order."""
        for question in QUESTIONS:
            stored = self.row.naranjo.get(question.code)
            if stored is None:
                yield Answered(gettext(question.text), None, None)
            else:
                reply = Reply(stored)
                yield Answered(gettext(question.text), gettext(REPLY_WORDS[reply]), question.points(reply))


def event_details(row: AdverseEvent) -> EventDetails:
    """An event with its score and what was true at the time, as stored."""
    return EventDetails(row, row.causality, Circumstances.from_json(row.circumstances))


def events_of(patient: Patient) -> list[EventDetails]:
    """The patient's events, the latest first."""
    rows = AdverseEvent.objects.active().filter(patient=patient).select_related("created_by")
    return [event_details(row) for row in rows.order_by("-onset", "-pk")]


def has_changed_since(row: AdverseEvent) -> bool:
    """Whether the record now says otherwise of the time than when the event was saved."""
    return at_the_time(row.patient, row.onset) != Circumstances.from_json(row.circumstances)


def beside_the_form(patient: Patient, onset: PartialDate | None) -> dict[str, Any]:
    """Grades that the laboratory proposes, and what is known of the time; without an onset, of today."""
    case = case_today(patient)
    found: tuple[GradeProposal, ...] = proposals(case, onset)
    time = circumstances(case.record, case.treatment, onset or PartialDate.on(case.on), case.on)
    return {"proposals": found, "circumstances": time, "onset_known": onset is not None}


def naranjo_differences(mine: dict[str, str], theirs: dict[str, str]) -> list[Difference]:
    """The questions that two editors answered differently."""
    return [
        Difference(gettext(question.text), theirs.get(question.code), mine.get(question.code))
        for question in QUESTIONS
        if mine.get(question.code) != theirs.get(question.code)
    ]


def _in_words(day: PartialDate) -> date | str:
    return day.earliest if day.is_exact else str(day)

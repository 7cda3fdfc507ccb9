"""The study's two adverse events (Safety, Table 3). What is not published stays empty or is called a reading.

The replies to Naranjo's questions are readings of this project (clinical specification 4.7); the paper prints
neither a grade nor a scale, nor what was serious. It calls both events non-severe and their relation to
tacrolimus "definitive or unquestionable".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from accounts.models import User
from demo.study.course import first_dose_day
from demo.study.rows import CRAMPS, RHABDOMYOLYSIS, StudyRow
from dosing.adverse_events.services import import_event
from dosing.models import AdverseEvent
from dosing.models.adverse_event import ActionTaken, EventOutcome
from dosing.rules.naranjo import QUESTIONS, Reply
from patients.models import Patient
from patients.rules.dates import PartialDate

YES, NO, UNKNOWN = Reply.YES, Reply.NO, Reply.UNKNOWN
READINGS = (
    "The paper calls it non-severe, and its relation to tacrolimus definitive or unquestionable. "
    "Not published: the grade, whether it was serious, the day on which it was over. "
    "Reconstructed: the calendar days, the hours of the draw, all doses, and which statin. "
    "This project's reading: the replies to Naranjo's questions."
)


@dataclass(frozen=True)
class Published:
    """One event as far as it is published; replies in the order of Naranjo's ten questions."""

    term: str
    comment: str
    action: ActionTaken
    outcome: EventOutcome
    replies: tuple[Reply, ...]


PUBLISHED: Mapping[str, Published] = MappingProxyType(
    {
        RHABDOMYOLYSIS: Published(
            term="rhabdomyolysis",
            comment="Published: it began 7 days after the start, at a level of 6.7 ng/ml, with a statin as a "
            "possible cause; it improved after tacrolimus was stopped, and the statin was not continued.",
            action=ActionTaken.STOPPED,
            outcome=EventOutcome.RECOVERED,
            replies=(YES, YES, YES, UNKNOWN, YES, UNKNOWN, NO, UNKNOWN, NO, YES),
        ),
        CRAMPS: Published(
            term="muscle_cramps",
            comment="Published: it began 11 months after the start, at a level of 7.4 ng/ml; she improved on "
            "a lower dose and went on.",
            action=ActionTaken.REDUCED,
            outcome=EventOutcome.RECOVERING,
            replies=(YES, YES, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, NO, YES, NO, NO),
        ),
    }
)


def add_event(row: StudyRow, patient: Patient, by: User) -> AdverseEvent | None:
    """The patient's event, confirmed as the study's physicians did; None for the 36 who had none."""
    if row.adverse_event_day is None:
        return None
    told = PUBLISHED[row.adverse_event]
    event = AdverseEvent(
        patient=patient,
        term=told.term,
        onset=PartialDate.on(first_dose_day(row) + timedelta(days=row.adverse_event_day)),
        action=told.action,
        outcome=told.outcome,
        naranjo={question.code: reply.value for question, reply in zip(QUESTIONS, told.replies, strict=True)},
        comment=f"{told.comment} {READINGS}",
    )
    return import_event(event=event, by=by)

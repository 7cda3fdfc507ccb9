"""A pause of tacrolimus does not end by itself: a person resumes or stops the treatment.

In a pause nothing else is asked for, so that a forgotten one would be silent.
"""

from collections.abc import Iterator

from dosing.rules.case import LONGEST_PAUSE, Case
from dosing.rules.findings import TaskFinding
from patients.rules.verdict import gettext_noop, say

PAUSE = "pause"
ASKED_AFTER = LONGEST_PAUSE / 2  # [D]


def due(case: Case) -> Iterator[TaskFinding]:
    """One work as long as a course runs, or a pause lasts, without a dose."""
    if case.is_on_tacrolimus or not case.doses:
        return
    last = case.doses[-1].last_day
    runs = any(course.ended_on is None for course in case.treatment.courses)
    if last is None or not (runs or case.is_paused):
        return
    sentence = say(
        gettext_noop(
            "Tacrolimus is paused, last dose on %(day)s: resume or stop it. After more than %(days)s days it "
            "is another course"
        ),
        day=last,
        days=LONGEST_PAUSE.days,
    )
    yield TaskFinding(PAUSE, sentence, last + ASKED_AFTER, last + LONGEST_PAUSE, f"since {last.isoformat()}")

"""What the rules ask for: an alert to be raised, or work to be planned. Planned work is never an alert.

Severities follow the page design: act now, act at this visit, know.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from patients.rules.verdict import Message, Verdict, gettext_noop


class Severity(enum.IntEnum):
    """Three only. A higher number is more severe."""

    KNOW = 1
    THIS_VISIT = 2
    ACT_NOW = 3


SEVERITY_LABELS: Mapping[Severity, str] = MappingProxyType(
    {
        Severity.KNOW: gettext_noop("Know"),
        Severity.THIS_VISIT: gettext_noop("At this visit"),
        Severity.ACT_NOW: gettext_noop("Act now"),
    }
)


@dataclass(frozen=True)
class AlertFinding:
    """An alert that the facts of the day raise.

    rule names it; subject distinguishes two findings of one rule (a drug's key, an analyte, the id of a
    fact) and stays the same from day to day while the finding is the same. One alert a patient, rule
    and subject.
    """

    rule: str
    severity: Severity
    verdict: Verdict
    subject: str = ""


@dataclass(frozen=True)
class TaskFinding:
    """Planned work that the facts of the day ask for, done when the facts no longer ask for it.

    kind names it, subject distinguishes two of a kind. From overdue_from on it is overdue.
    """

    kind: str
    sentence: Message
    due_on: date
    overdue_from: date
    subject: str = ""

"""What became of a person: died, moved, was transferred, is lost to follow-up, or wants no research.

Source: second clinical specification, section 5. Each state is dated and acts from its day.
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from patients.rules.verdict import gettext_noop


class StateKind(enum.StrEnum):
    """What became of the person."""

    DIED = "died"
    MOVED = "moved"
    TRANSFERRED = "transferred"
    LOST = "lost"
    RETURNED = "returned"
    NO_RESEARCH = "no_research"


STATE_LABELS: Mapping[StateKind, str] = MappingProxyType(
    {
        StateKind.DIED: gettext_noop("died"),
        StateKind.MOVED: gettext_noop("moved away"),
        StateKind.TRANSFERRED: gettext_noop("transferred to another clinic"),
        StateKind.LOST: gettext_noop("lost to follow-up"),
        StateKind.RETURNED: gettext_noop("under care here again"),
        StateKind.NO_RESEARCH: gettext_noop("wants no research with their data"),
    }
)
OF_CARE = frozenset({StateKind.MOVED, StateKind.TRANSFERRED, StateKind.LOST, StateKind.RETURNED})


class Watch(enum.Enum):
    """What is raised and planned for a person."""

    ALL = enum.auto()
    URGENT_ONLY = enum.auto()
    NOTHING = enum.auto()


@dataclass(frozen=True)
class PersonState:
    """A state from a day on. accepted_on: of a transfer, when the receiver took over; None: not yet."""

    id: int
    kind: StateKind
    since: date
    accepted_on: date | None = None


def state_on(states: Iterable[PersonState], on: date) -> PersonState | None:
    """The state of care in force on a day; None: under care. Death goes before everything."""
    begun = [row for row in states if row.since <= on]
    dead = [row for row in begun if row.kind is StateKind.DIED]
    if dead:
        return min(dead, key=lambda row: (row.since, row.id))
    of_care = [row for row in begun if row.kind in OF_CARE]
    newest = max(of_care, key=lambda row: (row.since, row.id), default=None)
    return None if newest is None or newest.kind is StateKind.RETURNED else newest


def died_by(states: Iterable[PersonState], on: date) -> bool:
    """Whether the person had died on a day, as far as recorded."""
    state = state_on(states, on)
    return state is not None and state.kind is StateKind.DIED


def watch_on(states: Iterable[PersonState], on: date) -> Watch:
    """What is watched of a person on a day.

    The dead are watched for nothing. Who moved or was transferred keeps what must be acted on now, until a
    transfer is accepted. Who is lost to follow-up is watched as before.
    """
    state = state_on(states, on)
    if state is None or state.kind is StateKind.LOST:
        return Watch.ALL
    if state.kind is StateKind.DIED:
        return Watch.NOTHING
    accepted = state.accepted_on is not None and state.accepted_on <= on
    return Watch.NOTHING if accepted else Watch.URGENT_ONLY


def wants_no_research(states: Iterable[PersonState], on: date) -> bool:
    """Whether their data are left out of reports and exports on a day."""
    return any(row.kind is StateKind.NO_RESEARCH and row.since <= on for row in states)

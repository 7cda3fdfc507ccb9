"""What this app knows of a treatment with tacrolimus, as the rules see it: frozen, dated, no database.

Doses are episodes of the patient's record; levels, courses, targets and adverse events belong here. Facts
entered in error are never in a treatment. `as_of` removes what is dated later.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from types import MappingProxyType
from typing import Any, TypeVar

from dosing.rules.taper.plan import TaperHold, TaperPlan
from patients.rules.dates import PartialDate


@dataclass(frozen=True)
class Level:
    """A whole-blood level in ng/ml.

    hours_after_dose is None when the time of the last dose is unknown. dose_mg is the dose before the
    draw. time orders the levels of one day.
    """

    id: int
    on: date
    ng_ml: Decimal
    comparator: str = ""
    hours_after_dose: Decimal | None = None
    laboratory: str = ""
    assay: str = ""
    dose_mg: Decimal | None = None
    time: str = ""


@dataclass(frozen=True)
class Course:
    """A treatment from its first to its last dose; ended_on is None while it runs, end_code why it ended."""

    id: int
    started_on: date
    ended_on: date | None = None
    end_code: str = ""


@dataclass(frozen=True)
class Target:
    """The patient's own range for morning levels, in ng/ml, from a day on."""

    id: int
    set_on: date
    low_ng_ml: Decimal
    high_ng_ml: Decimal
    source: str = ""


@dataclass(frozen=True)
class AdverseEvent:
    """Something that happened under treatment. term is a key of the list of terms, or "" with term_text.

    onset may be known in part; grade is CTCAE's, 1 to 5, serious is apart from it; None: not said.
    action: on tacrolimus; outcome: of the event; "": not said.
    """

    id: int
    onset: PartialDate
    term: str
    term_text: str = ""
    grade: int | None = None
    serious: bool | None = None
    is_confirmed: bool = False
    action: str = ""
    outcome: str = ""

    @property
    def on(self) -> date:
        """The first day on which it can have begun."""
        return self.onset.earliest


Ending = TypeVar("Ending", Course, TaperPlan)

# The field that says from which day on each kind of fact is known.
DATED_BY: Mapping[str, str] = MappingProxyType(
    {
        "levels": "on",
        "courses": "started_on",
        "targets": "set_on",
        "adverse_events": "on",
        "tapers": "start_on",
        "taper_holds": "on",
    }
)


@dataclass(frozen=True)
class Treatment:
    """Everything this app knows of one patient's treatment. Tuples are in no promised order."""

    levels: tuple[Level, ...] = ()
    courses: tuple[Course, ...] = ()
    targets: tuple[Target, ...] = ()
    adverse_events: tuple[AdverseEvent, ...] = ()
    tapers: tuple[TaperPlan, ...] = ()
    taper_holds: tuple[TaperHold, ...] = ()

    @cached_property
    def levels_in_order(self) -> tuple[Level, ...]:
        """The levels, oldest first."""
        return tuple(sorted(self.levels, key=attrgetter("on", "time", "id")))

    @property
    def taper(self) -> TaperPlan | None:
        """The plan of prednisolone that runs; None where there is none."""
        return next((plan for plan in self.tapers if plan.is_running), None)

    def as_of(self, on: date) -> "Treatment":
        """The treatment without facts dated after `on`; a later end of one is not known either."""
        known: dict[str, Any] = {
            kind: tuple(fact for fact in getattr(self, kind) if getattr(fact, day) <= on)
            for kind, day in DATED_BY.items()
        }
        for kind in ("courses", "tapers"):
            known[kind] = tuple(running(fact, on) for fact in known[kind])
        return replace(self, **known)


def running(fact: Ending, on: date) -> Ending:
    """The fact as it was known on a day before its end."""
    ended = fact.ended_on
    return replace(fact, ended_on=None) if ended is not None and ended > on else fact


NO_TREATMENT = Treatment()

"""A patient's facts as the rules see them: frozen, dated, without a database.

Drafts and facts entered in error are never in a record. `as_of` removes what is dated later.
"""

import enum
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from patients.rules import bounds
from patients.rules.dates import PartialDate
from patients.rules.person_states import PersonState
from patients.rules.schedules import Schedule, mean_mg_per_day
from patients.rules.thresholds import SLEDAI_2K
from patients.rules.verdict import gettext_noop
from patients.rules.visit_fields import Measurements

NOTHING: Mapping[str, bool | None] = MappingProxyType({})


class Purpose(enum.StrEnum):
    """Why a drug was given, as far as a rule cares."""

    SLE = "sle"
    STRESS_COVER = "stress_cover"
    OTHER = "other"


PURPOSE_LABELS: Mapping[Purpose, str] = MappingProxyType(
    {
        Purpose.SLE: gettext_noop("for SLE"),
        Purpose.STRESS_COVER: gettext_noop("stress cover, not for SLE"),
        Purpose.OTHER: gettext_noop("for something else"),
    }
)


class Route(enum.StrEnum):
    """The way into the body."""

    ORAL = "oral"
    INTRAVENOUS = "intravenous"
    INTRAMUSCULAR = "intramuscular"
    SUBCUTANEOUS = "subcutaneous"
    TOPICAL = "topical"


ROUTE_LABELS: Mapping[Route, str] = MappingProxyType(
    {
        Route.ORAL: gettext_noop("by mouth"),
        Route.INTRAVENOUS: gettext_noop("into a vein"),
        Route.INTRAMUSCULAR: gettext_noop("into a muscle"),
        Route.SUBCUTANEOUS: gettext_noop("under the skin"),
        Route.TOPICAL: gettext_noop("on the skin or locally"),
    }
)


class Formulation(enum.StrEnum):
    """Tacrolimus products, which are not interchangeable."""

    NOT_APPLICABLE = ""
    CAPSULE = "capsule"
    GRANULE = "granule"
    PROLONGED_RELEASE = "prolonged_release"


FORMULATION_LABELS: Mapping[Formulation, str] = MappingProxyType(
    {
        Formulation.NOT_APPLICABLE: gettext_noop("not applicable"),
        Formulation.CAPSULE: gettext_noop("capsule or tablet"),
        Formulation.GRANULE: gettext_noop("granules"),
        Formulation.PROLONGED_RELEASE: gettext_noop("prolonged release"),
    }
)


class Attribution(enum.StrEnum):
    """Whether the doctor attributes a symptom to SLE."""

    YES = "yes"
    NO = "no"
    UNCERTAIN = "uncertain"


ATTRIBUTION_LABELS: Mapping[Attribution, str] = MappingProxyType(
    {
        Attribution.YES: gettext_noop("due to SLE"),
        Attribution.NO: gettext_noop("not due to SLE"),
        Attribution.UNCERTAIN: gettext_noop("uncertain"),
    }
)


@dataclass(frozen=True)
class Person:
    """Who the patient is. sex is "F" or "M"; renal_involvement is None when never stated."""

    id: int
    sex: str
    birth: PartialDate
    first_treatment: PartialDate | None = None
    renal_involvement: bool | None = None
    biopsy_class: str = ""
    biopsy: PartialDate | None = None


@dataclass(frozen=True)
class Symptom:
    """One of the six trigger symptoms at a visit. severity 0 to 3; None means not assessed."""

    severity: int | None = None
    attribution: Attribution | None = None
    worse_than_before: bool = False


@dataclass(frozen=True)
class Visit(Measurements):
    """A signed visit, with its measurements.

    Mappings from codes: sledai, new_or_recurrent, organ_findings and observations to yes/no/None (not
    assessed), symptoms to Symptom.
    """

    id: int
    on: date
    sledai: Mapping[str, bool | None] = field(default_factory=lambda: NOTHING)
    sledai_window_days: int = SLEDAI_2K.window_days
    new_or_recurrent: Mapping[str, bool | None] = field(default_factory=lambda: NOTHING)
    symptoms: Mapping[str, Symptom] = field(default_factory=lambda: MappingProxyType({}))
    organ_findings: Mapping[str, bool | None] = field(default_factory=lambda: NOTHING)
    observations: Mapping[str, bool | None] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True)
class LaboratoryValue:
    """A result in the catalogue's canonical unit.

    Either value (with comparator "", "<", ">", "≤" or "≥", or with value_high as the upper end of a range
    that begins at value) or finding ("negative", "positive", "indeterminate", "normal", "abnormal") is set,
    as the analyte's kind in the catalogue says. lowest and highest are what the value can be.
    lower_limit and upper_limit hold for this result: its own, else its assay's, else the catalogue's.
    analytical_variation_percent is that of its assay, None where the laboratory states none. `time` orders
    results of one day.
    """

    id: int
    analyte: str
    on: date
    value: Decimal | None = None
    finding: str = ""
    comparator: str = ""
    laboratory: str = ""
    method: str = ""
    lower_limit: Decimal | None = None
    upper_limit: Decimal | None = None
    during_infection: bool = False
    time: str = ""
    analytical_variation_percent: Decimal | None = None
    value_high: Decimal | None = None
    fasting: bool | None = None
    haemolysed: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether the value is a number and not merely a bound or a range."""
        return self.value is not None and not self.comparator and self.value_high is None

    @property
    def lowest(self) -> Decimal | None:
        """The least that the value can be; None of a finding."""
        return None if self.value is None else bounds.lowest(self.value, self.comparator)

    @property
    def highest(self) -> Decimal | None:
        """The most that the value can be; None where nothing bounds it above, and of a finding."""
        return None if self.value is None else bounds.highest(self.value, self.comparator, self.value_high)


@dataclass(frozen=True)
class Episode:
    """A period at one dose. drug is a catalogue key, or "" with the free text in drug_text.

    dose_mg is per intake (None: unknown; 0 is a stated fact); last_day is the last day taken, may
    lie in the future (a planned stop), None: open. usual_time: of the first intake of a day, by the
    clinic's clock. second_dose_mg, weekdays and every_weeks: as patients.rules.schedules.Dosing has them.
    """

    id: int
    drug: str
    start: date
    dose_mg: Decimal | None
    last_day: date | None = None
    schedule: Schedule = Schedule.DAILY
    purpose: Purpose = Purpose.SLE
    route: str = Route.ORAL
    drug_text: str = ""
    formulation: str = ""
    usual_time: time | None = None
    second_dose_mg: Decimal | None = None
    weekdays: str = ""
    every_weeks: int | None = None

    @property
    def mg_per_day(self) -> Decimal | None:
        """The mean daily dose in mg over the cycle of the schedule."""
        return mean_mg_per_day(self)

    def covers(self, day: date) -> bool:
        return self.start <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True)
class Administration:
    """One dated dose: an infusion, an injection, a pulse."""

    id: int
    drug: str
    on: date
    dose_mg: Decimal | None = None
    purpose: Purpose = Purpose.SLE
    route: str = Route.INTRAVENOUS
    drug_text: str = ""


@dataclass(frozen=True)
class PriorUse:
    """A drug used in the past, known only by its last dose; None when that date is unknown.

    drug is a catalogue key, or "" with the free text in drug_text.
    """

    id: int
    drug: str
    stated_on: date
    last_dose: PartialDate | None = None
    drug_text: str = ""


@dataclass(frozen=True)
class DrugHistory:
    """Someone confirmed on stated_on that the drug list was complete for the days before it."""

    id: int
    stated_on: date
    complete_days: int


@dataclass(frozen=True)
class Statement:
    """A dated yes/no/unknown (None) about the patient, of a kind in patients.rules.statements."""

    id: int
    kind: str
    stated_on: date
    answer: bool | None
    event: PartialDate | None = None


@dataclass(frozen=True)
class Classification:
    """The result of a set of classification criteria. met is None when that is not known."""

    id: int
    system: str
    on: date
    score: int | None = None
    met: bool | None = None
    complete: bool = False


# The field that says from which day on each kind of fact is known.
DATED_BY: Mapping[str, str] = MappingProxyType(
    {
        "visits": "on",
        "laboratory": "on",
        "episodes": "start",
        "administrations": "on",
        "prior_uses": "stated_on",
        "drug_histories": "stated_on",
        "statements": "stated_on",
        "classifications": "on",
        "states": "since",
    }
)


@dataclass(frozen=True)
class Record:
    """Everything known of one patient. Tuples are in no promised order.

    The views in order are made when first asked for: many rules ask for the same ones.
    """

    person: Person
    visits: tuple[Visit, ...] = ()
    laboratory: tuple[LaboratoryValue, ...] = ()
    episodes: tuple[Episode, ...] = ()
    administrations: tuple[Administration, ...] = ()
    prior_uses: tuple[PriorUse, ...] = ()
    drug_histories: tuple[DrugHistory, ...] = ()
    statements: tuple[Statement, ...] = ()
    classifications: tuple[Classification, ...] = ()
    states: tuple[PersonState, ...] = ()

    @cached_property
    def visits_in_order(self) -> tuple[Visit, ...]:
        """The visits, oldest first."""
        return tuple(sorted(self.visits, key=attrgetter("on", "id")))

    @cached_property
    def laboratory_in_order(self) -> Mapping[str, Sequence[LaboratoryValue]]:
        """The results of each analyte, oldest first."""
        found: dict[str, list[LaboratoryValue]] = defaultdict(list)
        for row in self.laboratory:
            found[row.analyte].append(row)
        by_time = attrgetter("on", "time", "id")
        for rows in found.values():
            rows.sort(key=by_time)
        return dict(found)

    @cached_property
    def episodes_in_order(self) -> tuple[Episode, ...]:
        """The dose episodes, oldest first; those of one day by drug."""
        return tuple(sorted(self.episodes, key=attrgetter("start", "drug", "id")))

    @cached_property
    def drug_histories_in_order(self) -> tuple[DrugHistory, ...]:
        """The confirmations of the drug list, oldest first."""
        return tuple(sorted(self.drug_histories, key=attrgetter("stated_on", "id")))

    @cached_property
    def drugs(self) -> frozenset[str]:
        """The drugs that any dose episode is of."""
        return frozenset([row.drug for row in self.episodes])

    @cached_property
    def statements_in_order(self) -> Mapping[str, Sequence[Statement]]:
        """The answers to each question, oldest first."""
        found: dict[str, list[Statement]] = defaultdict(list)
        for row in sorted(self.statements, key=attrgetter("stated_on", "id")):
            found[row.kind].append(row)
        return dict(found)

    @cached_property
    def _newest(self) -> date:
        """The day of the fact that is dated last."""
        days = [
            max(map(attrgetter(day), facts))
            for kind, day in DATED_BY.items()
            if (facts := getattr(self, kind))
        ]
        return max(days, default=date.min)

    def as_of(self, on: date) -> "Record":
        """The record without facts dated after `on`; a planned last day of an episode stays known."""
        if self._newest <= on:
            return self
        known: dict[str, Any] = {
            kind: tuple(fact for fact in getattr(self, kind) if getattr(fact, day) <= on)
            for kind, day in DATED_BY.items()
        }
        return replace(self, **known)

"""What was true when an adverse event began: levels, tacrolimus, and every other drug taken at the time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dosing.rules.case import Case, case_of
from dosing.rules.levels import TIMING_LABELS, level_evidence, timing
from dosing.rules.treatment import Level, Treatment
from patients.rules.dates import PartialDate
from patients.rules.drugs import STEROID, members
from patients.rules.evidence import administration_evidence, episode_evidence
from patients.rules.record import Episode, Record
from patients.rules.verdict import Evidence, Message, gettext_noop, say
from patients.rules.verdict_json import (
    evidence_from_json,
    evidence_to_json,
    message_from_json,
    message_to_json,
)

# [D] A level drawn because of the event comes a few days after its onset.
LEVEL_AFTER = timedelta(days=7)
# [D] An infusion or pulse of the last four weeks may still act.
GIVEN_BEFORE = timedelta(days=28)
ONE_DECIMAL_HOURS = 1


@dataclass(frozen=True)
class Known:
    """A fact of the time with what to know about it: the kind of a level, where it was measured."""

    fact: Evidence
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Circumstances:
    """The state on a day. levels: the last one up to the day, and the first of the week after it.

    day_of_tacrolimus counts from the first dose, which is day 0; None when it was not taken on the day,
    last_dose_on then says until when. drug_list_on is the day on which the list was last called complete.
    """

    on: date
    day_of_tacrolimus: int | None
    last_dose_on: date | None
    levels: tuple[Known, ...]
    drugs: tuple[Known, ...]
    drug_list_on: date | None

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict that from_json turns back into equal circumstances."""
        return {
            "on": self.on.isoformat(),
            "day_of_tacrolimus": self.day_of_tacrolimus,
            "last_dose_on": _day_to_json(self.last_dose_on),
            "levels": [_known_to_json(row) for row in self.levels],
            "drugs": [_known_to_json(row) for row in self.drugs],
            "drug_list_on": _day_to_json(self.drug_list_on),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Circumstances":
        """The circumstances that to_json was given."""
        return cls(
            on=date.fromisoformat(data["on"]),
            day_of_tacrolimus=data["day_of_tacrolimus"],
            last_dose_on=_day_from_json(data["last_dose_on"]),
            levels=tuple(_known_from_json(row) for row in data["levels"]),
            drugs=tuple(_known_from_json(row) for row in data["drugs"]),
            drug_list_on=_day_from_json(data["drug_list_on"]),
        )


def circumstances(record: Record, treatment: Treatment, onset: PartialDate, today: date) -> Circumstances:
    """The state at an onset; of an onset known in part, on its last possible day up to today."""
    on = min(onset.latest, today)
    case = case_of(record, treatment, on)
    confirmed = [row.stated_on for row in case.record.drug_histories]
    last = case.doses[-1].last_day if case.doses and not case.is_on_tacrolimus else None
    return Circumstances(
        on=on,
        day_of_tacrolimus=case.days_on_tacrolimus if case.is_on_tacrolimus else None,
        last_dose_on=last,
        levels=tuple(_levels(treatment, on, today)),
        drugs=(*(Known(episode_evidence(row)) for row in _episodes_at_onset(case)), *_given(case)),
        drug_list_on=max(confirmed, default=None),
    )


def _levels(treatment: Treatment, on: date, today: date) -> Iterator[Known]:
    before = [row for row in treatment.levels_in_order if row.on <= on]
    after = [row for row in treatment.levels_in_order if on < row.on <= min(on + LEVEL_AFTER, today)]
    yield from (_level(row) for row in (*before[-1:], *after[:1]))


def _level(row: Level) -> Known:
    hours = row.hours_after_dose
    shown = None if hours is None else round(hours, ONE_DECIMAL_HOURS)
    place = ", ".join(word for word in (row.laboratory, row.assay) if word)
    kind = say(TIMING_LABELS[timing(hours)], hours=shown)
    return Known(level_evidence(row), (kind, say("%(place)s", place=place)) if place else (kind,))


def _episodes_at_onset(case: Case) -> list[Episode]:
    """Tacrolimus first, then steroids, then the rest by name."""
    steroids = members(STEROID)
    taken = [row for row in case.record.episodes if row.covers(case.on) and row.dose_mg != 0]
    return sorted(
        taken, key=lambda row: (row.drug != "tacrolimus", row.drug not in steroids, row.drug, row.id)
    )


def _given(case: Case) -> Iterator[Known]:
    rows = sorted(case.record.administrations, key=lambda row: (row.on, row.id))
    note = say(gettext_noop("given once"))
    for row in rows:
        if row.on > case.on - GIVEN_BEFORE:
            yield Known(administration_evidence(row), (note,))


def _known_to_json(row: Known) -> dict[str, Any]:
    return {"fact": evidence_to_json(row.fact), "notes": [message_to_json(note) for note in row.notes]}


def _known_from_json(data: dict[str, Any]) -> Known:
    return Known(evidence_from_json(data["fact"]), tuple(message_from_json(note) for note in data["notes"]))


def _day_to_json(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day_from_json(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)

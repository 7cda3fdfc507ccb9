"""Which drugs of a patient interact with tacrolimus, since when, and what was measured since."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dosing.rules.case import Case
from dosing.rules.interactions.table import LEVEL, TABLE, InteractionClass
from patients.rules.answers import Answer
from patients.rules.drugs import DRUGS
from patients.rules.evidence import drug_name
from patients.rules.reading import active_episodes, episodes_of, laboratory_values
from patients.rules.record import Administration, Episode
from patients.rules.unidentified_drugs import unidentified_drugs
from patients.rules.verdict import Message

ONE_DAY = timedelta(days=1)
# [D] What was stopped, or given once, so long ago no longer acts on the level.
ACTS_FOR = timedelta(days=28)
OF_THE_DRUG = {key: tuple(row for row in TABLE if key in row.members) for key in DRUGS}
INTERACTING = frozenset(key for key, rows in OF_THE_DRUG.items() if rows)


@dataclass(frozen=True)
class Concern:
    """A drug of one class taken with tacrolimus. stopped_on: its last day, where that is over already.

    missing: what of the control of its start, or of its stop, is not measured yet.
    """

    interaction: InteractionClass
    episode: Episode
    stopped_on: date | None
    missing: tuple[str, ...]

    @property
    def since(self) -> date:
        """The day from which the control is counted."""
        return self.episode.start if self.stopped_on is None else self.stopped_on


@dataclass(frozen=True)
class Check:
    """All concerns of a day, and drugs that only their free text names: any of them could interact."""

    concerns: tuple[Concern, ...]
    unidentified: tuple[Episode | Administration, ...]

    @property
    def answer(self) -> Answer:
        """MET: something interacts. CANNOT_TELL while one drug is not identified, even if others interact."""
        if self.unidentified:
            return Answer.CANNOT_TELL
        return Answer.MET if self.concerns else Answer.NOT_MET

    def text_of(self, row: Episode | Administration) -> Message:
        """The drug as it was entered."""
        return drug_name(row.drug, row.drug_text)


def check(case: Case) -> Check:
    """Every drug that is taken with tacrolimus on the day of the case, or was stopped recently."""
    return Check(tuple(_concerns(case)), tuple(_unidentified(case)))


def begins(case: Case, row: Episode) -> bool:
    """Whether it is a start, not another dose of a drug that was taken before."""
    day_before = row.start - ONE_DAY
    others = episodes_of(case.record, [row.drug], case.on)
    return not any(other.covers(day_before) and other.dose_mg != 0 for other in others if other is not row)


def _concerns(case: Case) -> Iterator[Concern]:
    for row in active_episodes(case.record, INTERACTING, case.on):
        for interaction in OF_THE_DRUG[row.drug]:
            yield Concern(interaction, row, None, tuple(_missing(case, interaction, row.start)))
    for row in episodes_of(case.record, INTERACTING, case.on):
        stopped = _stopped_on(case, row)
        for interaction in OF_THE_DRUG[row.drug] if stopped is not None else ():
            if interaction.after_stop and stopped is not None:
                yield Concern(interaction, row, stopped, tuple(_missing(case, interaction, stopped)))


def _stopped_on(case: Case, row: Episode) -> date | None:
    """The last day of a drug that was stopped in the last weeks, and not continued at another dose."""
    last = row.last_day
    if row.dose_mg == 0 or last is None or not case.on - ACTS_FOR <= last < case.on:
        return None
    others = episodes_of(case.record, [row.drug], case.on)
    goes_on = any(other.covers(last + ONE_DAY) and other.dose_mg != 0 for other in others if other is not row)
    return None if goes_on else last


def _missing(case: Case, interaction: InteractionClass, since: date) -> Iterator[str]:
    """What was not measured from the first day of the control on."""
    if interaction.control is None:
        return
    earliest = since + timedelta(days=interaction.control.first_day)
    for item in interaction.control.items:
        if not _is_measured(case, item, earliest):
            yield item


def _is_measured(case: Case, item: str, earliest: date) -> bool:
    if item == LEVEL:
        return any(level.on >= earliest for level in case.treatment.levels)
    return any(row.on >= earliest for row in laboratory_values(case.record, item, case.on))


def _unidentified(case: Case) -> Iterator[Episode | Administration]:
    """Taken today, or stopped or given so recently that it may act."""
    for row in unidentified_drugs(case.record, case.on - ACTS_FOR + ONE_DAY, case.on):
        if isinstance(row, Episode | Administration):
            yield row

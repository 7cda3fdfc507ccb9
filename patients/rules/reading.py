"""Questions that rules ask of a record. Each gives the same answer for any order of the facts."""

from collections.abc import Iterable
from datetime import date, timedelta

from patients.rules.record import Episode, LaboratoryValue, Record, Statement, Visit


def laboratory_values(record: Record, analyte: str, on: date) -> list[LaboratoryValue]:
    """The analyte's results up to `on`, oldest first."""
    return sorted(
        (row for row in record.laboratory if row.analyte == analyte and row.on <= on),
        key=lambda row: (row.on, row.time, row.id),
    )


def latest_laboratory(
    record: Record, analyte: str, on: date, max_age_days: int | None = None
) -> LaboratoryValue | None:
    """The newest result up to `on`, or None when there is none or it is older than max_age_days."""
    found = laboratory_values(record, analyte, on)
    if not found or _too_old(found[-1].on, on, max_age_days):
        return None
    return found[-1]


def latest_visit(record: Record, on: date, max_age_days: int | None = None) -> Visit | None:
    """The newest signed visit up to `on`, or None when there is none or it is older than max_age_days."""
    found = sorted(
        (visit for visit in record.visits if visit.on <= on), key=lambda visit: (visit.on, visit.id)
    )
    if not found or _too_old(found[-1].on, on, max_age_days):
        return None
    return found[-1]


def latest_statement(record: Record, kind: str, on: date) -> Statement | None:
    """What was last stated about the kind, up to `on`."""
    found = (fact for fact in record.statements if fact.kind == kind and fact.stated_on <= on)
    return max(found, key=lambda fact: (fact.stated_on, fact.id), default=None)


def episodes_of(record: Record, drugs: Iterable[str], on: date) -> list[Episode]:
    """The dose episodes of these drugs that began up to `on`, oldest first."""
    keys = frozenset(drugs)
    return sorted(
        (episode for episode in record.episodes if episode.drug in keys and episode.start <= on),
        key=lambda episode: (episode.start, episode.drug, episode.id),
    )


def active_episodes(record: Record, drugs: Iterable[str], on: date) -> list[Episode]:
    """The episodes of these drugs that cover `on` with a dose other than a stated 0 mg."""
    return [row for row in episodes_of(record, drugs, on) if row.covers(on) and row.dose_mg != 0]


def _too_old(day: date, on: date, max_age_days: int | None) -> bool:
    return max_age_days is not None and day < on - timedelta(days=max_age_days)

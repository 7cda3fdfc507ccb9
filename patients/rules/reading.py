"""Questions that rules ask of a record. Each gives the same answer for any order of the facts."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TypeVar

from patients.rules.haemolysis import RAISED, without_harmless
from patients.rules.record import Episode, LaboratoryValue, Record, Statement, Visit
from patients.rules.sample_order import with_worst_last, worst_last

Dated = TypeVar("Dated", LaboratoryValue, Visit)


def laboratory_values(record: Record, analyte: str, on: date) -> list[LaboratoryValue]:
    """The analyte's results up to `on`, oldest first; of those that may be the last the worst at the end."""
    return with_worst_last([row for row in _that_count(record, analyte) if row.on <= on])


def latest_laboratory(
    record: Record, analyte: str, on: date, max_age_days: int | None = None
) -> LaboratoryValue | None:
    """The newest result up to `on`, or None when there is none or it is older than max_age_days.

    Of several of one day of which one has no hour, the worst that may be the last.
    """
    in_order = _that_count(record, analyte)
    last = _latest(in_order, on, max_age_days)
    if last is None or (in_order[-1] is last and (len(in_order) == 1 or in_order[-2].on != last.on)):
        return last
    return worst_last([row for row in in_order if row.on == last.on])


def _that_count(record: Record, analyte: str) -> Sequence[LaboratoryValue]:
    in_order = record.laboratory_in_order.get(analyte, ())
    return without_harmless(in_order) if analyte in RAISED else in_order


def latest_visit(record: Record, on: date, max_age_days: int | None = None) -> Visit | None:
    """The newest signed visit up to `on`, or None when there is none or it is older than max_age_days."""
    return _latest(record.visits_in_order, on, max_age_days)


def latest_statement(record: Record, kind: str, on: date) -> Statement | None:
    """What was last stated about the kind, up to `on`."""
    for fact in reversed(record.statements_in_order.get(kind, ())):
        if fact.stated_on <= on:
            return fact
    return None


def episodes_of(record: Record, drugs: Iterable[str], on: date) -> list[Episode]:
    """The dose episodes of these drugs that began up to `on`, oldest first."""
    keys = frozenset(drugs)
    if record.drugs.isdisjoint(keys):
        return []
    return [row for row in record.episodes_in_order if row.drug in keys and row.start <= on]


def active_episodes(record: Record, drugs: Iterable[str], on: date) -> list[Episode]:
    """The episodes of these drugs that cover `on` with a dose other than a stated 0 mg."""
    return [row for row in episodes_of(record, drugs, on) if row.covers(on) and row.dose_mg != 0]


def _latest(in_order: Sequence[Dated], on: date, max_age_days: int | None) -> Dated | None:
    for fact in reversed(in_order):
        if fact.on <= on:
            recent = max_age_days is None or fact.on >= on - timedelta(days=max_age_days)
            return fact if recent else None
    return None

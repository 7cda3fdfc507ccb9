"""Drugs that are known by free text only: any of them could be any drug, until a doctor says which it is.

Second clinical specification, section 3: a rule that asks about drugs in a window cannot tell while such a
row is active in it. What is only put on the skin, and a stated 0 mg, is no such row.
"""

from collections.abc import Iterator
from datetime import date

from patients.rules.record import Administration, Episode, PriorUse, Record, Route
from patients.rules.verdict import Missing, gettext_noop, say

UnidentifiedDrug = Episode | Administration | PriorUse


def unidentified_drugs(record: Record, first: date, on: date) -> list[UnidentifiedDrug]:
    """Those taken or given on any day from `first` to `on`, or perhaps then; the oldest first."""
    found: list[UnidentifiedDrug] = [
        *_taken(record, first, on),
        *_given(record, first, on),
        *_used_before(record, first, on),
    ]
    return sorted(found, key=lambda row: (_day(row), row.drug_text, row.id))


def unidentified_missing(row: UnidentifiedDrug) -> Missing:
    """The question that opens every rule about drugs."""
    text = gettext_noop("The drug “%(drug)s” is not in the catalogue; say which drug it is")
    return Missing("unmapped_drug", say(text, drug=row.drug_text), "which_drug")


def _taken(record: Record, first: date, on: date) -> Iterator[Episode]:
    for row in record.episodes:
        is_open = not row.drug and row.route != Route.TOPICAL and row.dose_mg != 0
        if is_open and row.start <= on and (row.last_day is None or row.last_day >= first):
            yield row


def _given(record: Record, first: date, on: date) -> Iterator[Administration]:
    for row in record.administrations:
        if not row.drug and row.route != Route.TOPICAL and first <= row.on <= on:
            yield row


def _used_before(record: Record, first: date, on: date) -> Iterator[PriorUse]:
    """A last dose of unknown date may lie in the window."""
    for row in record.prior_uses:
        is_open = not row.drug and row.stated_on <= on
        if is_open and (row.last_dose is None or row.last_dose.latest >= first):
            yield row


def _day(row: UnidentifiedDrug) -> date:
    match row:
        case Episode():
            return row.start
        case Administration():
            return row.on
        case PriorUse():
            return row.stated_on

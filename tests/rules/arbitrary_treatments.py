"""Hypothesis strategies for patients with a course of tacrolimus, and any levels and results beside it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from dosing.rules.case import Case, case_of
from dosing.rules.taper.plan import TaperPlan
from dosing.rules.treatment import Course, Level, Target, Treatment
from patients.rules.analytes import ANALYTES
from patients.rules.record import Episode, Record
from tests.rules.arbitrary_records import DAY, records
from tests.rules.records import ON

MEASURED = sorted(key for key, row in ANALYTES.items() if row.is_quantity and key != "tacrolimus_trough")
DOSE_MG = st.sampled_from([Decimal(1), Decimal(2), Decimal(3), Decimal(5)])
FIRST_NUMBER = 2_000_000  # above every number that an arbitrary record gives


def few(row: st.SearchStrategy[Level], most: int) -> st.SearchStrategy[tuple[Level, ...]]:
    return st.lists(row, max_size=most, unique_by=lambda level: level.id).map(tuple)


def levels() -> st.SearchStrategy[Level]:
    return st.builds(
        Level,
        id=st.integers(1, 10**6),
        on=DAY,
        ng_ml=st.decimals("0.1", "60", places=1),
        comparator=st.sampled_from(["", "", "", "<"]),
        hours_after_dose=st.none() | st.decimals("0.5", "40", places=1),
        laboratory=st.sampled_from(["A", "B"]),
        dose_mg=st.none() | DOSE_MG,
        time=st.sampled_from(["", "T08:30", "T20:00"]),
    )


@st.composite
def treatments(draw: st.DrawFn) -> tuple[Treatment, tuple[Episode, ...]]:
    """A treatment and the doses of its courses: one or two changes of dose, perhaps a pause or an end."""
    lengths = draw(st.lists(st.integers(1, 120), min_size=1, max_size=3))
    gap = draw(st.sampled_from([0, 0, 5, 40]))
    ended = draw(st.sampled_from([None, None, None, 3]))
    doses = tuple(_doses(draw, lengths, gap, ended))
    course = Course(FIRST_NUMBER, doses[0].start, None if ended is None else ON - timedelta(days=ended))
    target = Target(FIRST_NUMBER, draw(DAY), Decimal(4), Decimal(8))
    targets = draw(st.sampled_from([(), (target,)]))
    plan = TaperPlan(FIRST_NUMBER, draw(DAY))
    tapers = draw(st.sampled_from([(), (plan,)]))
    found = Treatment(levels=draw(few(levels(), 5)), courses=(course,), targets=targets, tapers=tapers)
    return found, doses


def _doses(draw: st.DrawFn, lengths: list[int], gap: int, ended: int | None) -> Iterator[Episode]:
    """From the earliest to the latest dose; the gap lies before the latest."""
    start: date = ON - timedelta(days=sum(lengths) + gap)
    for number, days in enumerate(lengths[:-1], start=1):
        last = start + timedelta(days=days - 1)
        yield Episode(FIRST_NUMBER + number, "tacrolimus", start, draw(DOSE_MG), last)
        start = last + timedelta(days=1)
    start += timedelta(days=gap)
    stopped_on = None if ended is None else max(start, ON - timedelta(days=ended))
    yield Episode(FIRST_NUMBER, "tacrolimus", start, draw(DOSE_MG), stopped_on)


@st.composite
def patients_on_tacrolimus(draw: st.DrawFn) -> tuple[Record, Treatment]:
    record = draw(records(MEASURED))
    treatment, doses = draw(treatments())
    others = tuple(row for row in record.episodes if row.drug != "tacrolimus")
    return replace(record, episodes=(*others, *doses)), treatment


def case_at(record: Record, treatment: Treatment, on: date = ON) -> Case:
    return case_of(record, treatment, on)

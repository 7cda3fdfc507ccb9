"""Drugs of a reconstructed patient: prednisolone on the tablet grid, tacrolimus apart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from demo.study.rows import RHABDOMYOLYSIS, StudyRow
from patients.rules.dates import PartialDate, add_months
from patients.rules.record import Episode, PriorUse

STABLE_SINCE_DAYS = 100
KNOWN_SINCE_DAYS = 260
LONG_BEFORE_DAYS = 700
RECORD_ENDS_AFTER_DAYS = 28
STEP_MG = Decimal("0.5")
EARLIER_MG = Decimal("2.5")
CHANGES_AT_WEEKS = (8, 16, 24, 32, 40, 48)
HIGH_DOSE_MG = 20
HIGH_DOSE_CHANGES_AT_WEEKS = (4, 12, 20, 28, 36, 44)
STOPPED_MONTHS_BEFORE = 14
KEYS = {
    "CPA": "cyclophosphamide",
    "MTX": "methotrexate",
    "MMF": "mycophenolate_mofetil",
    "AZA": "azathioprine",
    "RTX": "rituximab",
    "CyA": "ciclosporin",
    "MZB": "mizoribine",
}


def last_known_day(row: StudyRow, start: date) -> date:
    """Four weeks after the last visit the record ends, and every open dose with it."""
    days = 364 if row.week_52 is not None else 28
    return start + timedelta(days=days + RECORD_ENDS_AFTER_DAYS)


def episodes(row: StudyRow, start: date) -> tuple[Episode, ...]:
    """Every dose episode but tacrolimus, whose start is a decision."""
    end = last_known_day(row, start)
    long_before = start - timedelta(days=LONG_BEFORE_DAYS)
    others = [
        (row.mizoribine_continued, "mizoribine", Decimal(150), end),
        (row.statin, "rosuvastatin", Decimal("2.5"), _last_statin_day(row, start, end)),
        (row.arb_ace, "losartan", Decimal(25), end),
    ]
    taken = [Episode(0, drug, long_before, dose, last_day=last) for on, drug, dose, last in others if on]
    return (*_prednisolone(row, start, end), *taken)


def _last_statin_day(row: StudyRow, start: date, end: date) -> date:
    """The paper: statins continued, "other than a case who had rhabdomyolysis"; its day is not printed."""
    if row.adverse_event == RHABDOMYOLYSIS and row.adverse_event_day is not None:
        return start + timedelta(days=row.adverse_event_day)
    return end


def prior_uses(row: StudyRow, start: date) -> tuple[PriorUse, ...]:
    """Drugs that ended more than a year before; mizoribine only where it was not continued."""
    month = add_months(start, -STOPPED_MONTHS_BEFORE)
    last = PartialDate.parse(f"{month:%Y-%m}")
    stated_on = start - timedelta(weeks=24)
    ended = [KEYS[name] for name in row.prior if not (name == "MZB" and row.mizoribine_continued)]
    return tuple(PriorUse(0, drug, stated_on, last) for drug in ended)


def _prednisolone(row: StudyRow, start: date, end: date) -> Iterator[Episode]:
    """A higher dose until 100 days before, the same for 100 days, then equal steps to week 52."""
    doses = list(_doses(row, start))
    days = [day for day, _mg in doses] + [end + timedelta(days=1)]
    for (first, following), (_day, dose) in zip(pairwise(days), doses, strict=True):
        yield Episode(0, "prednisolone", first, dose, last_day=following - timedelta(days=1))


def _doses(row: StudyRow, start: date) -> Iterator[tuple[date, Decimal]]:
    present = row.week_0.psl_mg
    yield start - timedelta(days=KNOWN_SINCE_DAYS), present + EARLIER_MG
    yield start - timedelta(days=STABLE_SINCE_DAYS), present
    if row.week_52 is None:
        return
    weeks = HIGH_DOSE_CHANGES_AT_WEEKS if present >= HIGH_DOSE_MG else CHANGES_AT_WEEKS
    for number, week in enumerate(weeks, start=1):
        planned = present + (row.week_52.psl_mg - row.week_0.psl_mg) * number / len(weeks)
        dose = (planned / STEP_MG).quantize(Decimal(1)) * STEP_MG
        yield start + timedelta(weeks=week), dose

"""Laboratory values between the table's weeks: a straight line, with noise that stays unremarkable."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from demo.study.rows import StudyRow, StudyWeek

WEEKS = tuple(range(-24, 56, 4))
LAST_WEEK = 52
CONFIRMING_WEEK = -4
LOWER_LIMIT_C3 = Decimal(86)
# A fall of a fifth, reached in two steps, is beyond every reference change value in use.
BEFORE_THE_FALL = Decimal("0.80")
HALF_WAY = Decimal("0.83")
LOW_C4, NORMAL_C4 = Decimal(7), Decimal(22)
HAEMATURIA_CELLS, NO_CELLS = Decimal(12), Decimal(1)
LEUKOPENIA, ENOUGH_LEUKOCYTES = Decimal("2.6"), Decimal("5.4")
NOISE = {"c3": 0.015, "creatinine": 0.03, "dsdna": 0.05, "upcr": 0.04}
PLACES = {"c3": 1, "creatinine": 2, "dsdna": 1, "upcr": 2}


def measured(row: StudyRow, week: int, random: Random) -> dict[str, Decimal]:
    """What the laboratory reported in a week; weeks 0 and 52 are exactly the table's."""
    values = {name: _value(row, name, week, random) for name in NOISE}
    state = _nearest(row, week)
    normal_c3 = values["c3"] >= LOWER_LIMIT_C3
    low_complement = "low_complement" in state.items and week >= 0
    values["c4"] = LOW_C4 if low_complement and normal_c3 else NORMAL_C4
    values["urine_rbc"] = HAEMATURIA_CELLS if "haematuria" in state.items and week >= 0 else NO_CELLS
    values["wbc"] = LEUKOPENIA if "leukopenia" in state.items and week >= 0 else ENOUGH_LEUKOCYTES
    return values


def _value(row: StudyRow, name: str, week: int, random: Random) -> Decimal:
    noise = Decimal(str(1 + random.uniform(-NOISE[name], NOISE[name])))
    if week == 0 or (week == LAST_WEEK and row.week_52 is not None):
        return _of(_nearest(row, week), name)
    if week < 0:
        return _rounded(name, _before(row.week_0, name, week) * noise)
    return _rounded(name, _between(row, name, week) * noise)


def _before(start: StudyWeek, name: str, week: int) -> Decimal:
    """A C3 that is low at week 0 has fallen to it; everything else was as it is."""
    value = _of(start, name)
    if name != "c3" or value >= LOWER_LIMIT_C3:
        return value
    earlier = value / BEFORE_THE_FALL
    return earlier * HALF_WAY if week == CONFIRMING_WEEK else earlier


def _between(row: StudyRow, name: str, week: int) -> Decimal:
    first = _of(row.week_0, name)
    last = _of(row.week_52, name) if row.week_52 else first
    return first + (last - first) * week / LAST_WEEK


def _nearest(row: StudyRow, week: int) -> StudyWeek:
    """The table's week whose findings hold: week 0 until half of the year has passed."""
    return row.week_52 if row.week_52 is not None and week > LAST_WEEK // 2 else row.week_0


def _of(week: StudyWeek, name: str) -> Decimal:
    return {
        "c3": week.c3_mg_dl,
        "creatinine": week.creatinine_mg_dl,
        "dsdna": week.dsdna_iu_ml,
        "upcr": week.upcr_g_gcr,
    }[name]


def _rounded(name: str, value: Decimal) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-PLACES[name]))

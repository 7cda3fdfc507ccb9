"""Grades of laboratory findings by CTCAE version 5. Clinical specification 4.6.

The boundaries of creatinine, CPK and potassium are those that the tests of pharmaverse admiral use (S37);
those of QTc are [M]. A grade says how severe a finding is, never whether it is serious. Hyperglycaemia is
graded by its treatment, and what a person feels by a person: neither is computed.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from patients.rules.verdict import Source

SOURCE = Source("CTCAE v5.0, boundaries as tested by pharmaverse admiral")
SOURCE_OF_QTC = Source("CTCAE v5.0, QTc row [M], to be confirmed by the clinic", published=False)

CREATININE_TIMES_UPPER = (Decimal(1), Decimal("1.5"), Decimal(3), Decimal(6))
# Version 5 dropped the grade 1 of version 4 for 1 to 1.5 times the baseline.
CREATININE_TIMES_BASELINE = {2: Decimal("1.5"), 3: Decimal(3)}
CPK_TIMES_UPPER = (Decimal(1), Decimal("2.5"), Decimal(5), Decimal(10))
POTASSIUM_ABOVE_MMOL_L = {2: Decimal("5.5"), 3: Decimal("6.0"), 4: Decimal("7.0")}
QTC_FROM_MS, QTC_ABOVE_MS = Decimal(450), {2: Decimal(480), 3: Decimal(500)}
QTC_RISE_MS, QTC_RISE_GRADE = Decimal(60), 3


class Grade(NamedTuple):
    """A grade of 1 to 4; 0 is no grade. at_least: what is missing could make it higher, never lower."""

    number: int
    at_least: bool = False


def creatinine_increased(value: Decimal, upper: Decimal | None, baseline: Decimal | None) -> Grade | None:
    """By the upper limit and by the baseline, all in one unit, whichever is worse.

    None without an upper limit, and within it without a baseline: the grade is unknown.
    """
    if upper is None:
        return None
    by_upper = _times(value, upper, CREATININE_TIMES_UPPER)
    if baseline is None:
        highest_by_baseline = max(CREATININE_TIMES_BASELINE)
        return Grade(by_upper, at_least=by_upper < highest_by_baseline) if by_upper else None
    by_baseline = (number for number, times in CREATININE_TIMES_BASELINE.items() if value > times * baseline)
    return Grade(max([by_upper, *by_baseline]))


def cpk_increased(value: Decimal, upper: Decimal | None) -> Grade | None:
    """CK by its upper limit in the same unit; None without one."""
    return None if upper is None else Grade(_times(value, upper, CPK_TIMES_UPPER))


def hyperkalaemia(value: Decimal, upper: Decimal | None) -> Grade | None:
    """Potassium in mmol/l; only grade 1 needs the upper limit, and is None without it."""
    worst = max((number for number, above in POTASSIUM_ABOVE_MMOL_L.items() if value > above), default=0)
    if worst:
        return Grade(worst)
    return None if upper is None else Grade(int(value > upper))


def qtc_prolonged(value: Decimal, baseline: Decimal | None) -> Grade:
    """QTc in ms. Grade 4 is a torsade de pointes, which no number tells.

    Without a baseline a rise by more than 60 ms cannot be ruled out.
    """
    worst = max(
        [int(value >= QTC_FROM_MS), *(number for number, above in QTC_ABOVE_MS.items() if value > above)]
    )
    if baseline is None:
        return Grade(worst, at_least=0 < worst < QTC_RISE_GRADE)
    return Grade(max(worst, QTC_RISE_GRADE) if value - baseline > QTC_RISE_MS else worst)


def _times(value: Decimal, limit: Decimal, steps: Iterable[Decimal]) -> int:
    """How many of the steps, each times the limit, a value exceeds."""
    return sum(value > step * limit for step in steps)

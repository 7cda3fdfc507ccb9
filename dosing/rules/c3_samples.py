"""C3 results as samples: which one is judged, and which earlier ones it may be compared with.

Clinical specification 2.4.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from dosing.rules.thresholds import Thresholds
from patients.rules.reading import laboratory_values, latest_statement
from patients.rules.record import LaboratoryValue, Record
from patients.rules.verdict import Evidence, FactReference, Value, gettext_noop, say

C3 = say(gettext_noop("C3"))
PREGNANT = "pregnant"


class Sample(NamedTuple):
    """One C3 result in mg/dl. excluded: taken during infection or pregnancy.

    lower_limit is the result's own, None for the thresholds'; fact is the id of its row.
    """

    collected: date
    mg_dl: Decimal | float | int | str
    laboratory: str
    method: str = ""
    comparator: str = ""
    excluded: bool = False
    lower_limit: Decimal | None = None
    fact: int | None = None
    time: str = ""

    @property
    def on(self) -> date:
        return self.collected.date() if isinstance(self.collected, datetime) else self.collected

    @property
    def value(self) -> Decimal:
        return self.mg_dl if isinstance(self.mg_dl, Decimal) else Decimal(str(self.mg_dl))

    def usable_with(self, other: "Sample") -> bool:
        """Whether it can stand beside another: same laboratory and method, an exact value."""
        same = self.laboratory == other.laboratory and self.method == other.method
        return same and not self.excluded and not self.comparator and self.value > 0


def samples(record: Record, on: date) -> tuple[Sample, ...]:
    """The C3 results of a record up to `on`, those of infection or pregnancy marked as excluded."""
    rows = laboratory_values(record, "c3", on)
    ever_pregnant = any(row.answer for row in record.statements_in_order.get(PREGNANT, ()))
    return tuple([_sample(record, row, row.value, ever_pregnant) for row in rows if row.value is not None])


def in_order(taken: Iterable[Sample], on: date) -> list[Sample]:
    return sorted(
        (sample for sample in taken if sample.on <= on),
        key=lambda sample: (sample.on, sample.time, -sample.value, sample.laboratory, sample.method),
    )


def current_sample(known: list[Sample], on: date, thresholds: Thresholds) -> Sample | None:
    """The latest sample, if it can be judged: recent, not excluded."""
    if not known or known[-1].excluded:
        return None
    latest = known[-1]
    return latest if latest.on >= on - timedelta(days=thresholds.c3_max_age_days) else None


def baseline(current: Sample, known: list[Sample], thresholds: Thresholds) -> list[Sample]:
    """Up to three latest comparable samples of the year before, at least two weeks earlier."""
    oldest = current.on - timedelta(days=thresholds.c3_baseline_max_days)
    newest = current.on - timedelta(days=thresholds.c3_baseline_min_days)
    earlier = [item for item in known if oldest <= item.on <= newest and item.usable_with(current)]
    return earlier[-thresholds.c3_baseline_values :]


def lower_limit_mg_dl(item: Sample, thresholds: Thresholds) -> Decimal:
    return item.lower_limit if item.lower_limit is not None else thresholds.c3_lower_limit_mg_dl


def mean_mg_dl(earlier: list[Sample]) -> Decimal:
    return sum((item.value for item in earlier), Decimal(0)) / len(earlier)


def fall_percent(current: Sample, earlier: list[Sample]) -> Decimal:
    before = mean_mg_dl(earlier)
    return 100 * (current.value - before) / before


def sample_evidence(shown: list[Sample]) -> tuple[Evidence, ...]:
    return tuple([Evidence(C3, _value(item), "mg/dL", item.on, _reference(item)) for item in shown])


def _sample(record: Record, row: LaboratoryValue, mg_dl: Decimal, ever_pregnant: bool) -> Sample:
    excluded = row.during_infection or (ever_pregnant and _pregnant(record, row.on))
    taken = (row.on, mg_dl, row.laboratory, row.method, row.comparator, excluded)
    return Sample(*taken, lower_limit=row.lower_limit, fact=row.id, time=row.time)


def _pregnant(record: Record, on: date) -> bool:
    stated = latest_statement(record, PREGNANT, on)
    return stated is not None and stated.answer is True


def _reference(item: Sample) -> FactReference | None:
    return None if item.fact is None else FactReference("laboratory", item.fact)


def _value(item: Sample) -> Value:
    return f"{item.comparator}{item.value}" if item.comparator else item.value

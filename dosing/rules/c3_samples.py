"""C3 results as samples: which one is assessed, and which earlier ones it may be compared with.

Clinical specification 2.4.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from operator import attrgetter
from typing import Any, NamedTuple, Self

from dosing.rules.thresholds import Thresholds
from patients.rules.folding import same_name
from patients.rules.reading import latest_statement
from patients.rules.record import LaboratoryValue, Record
from patients.rules.verdict import Evidence, FactReference, Value, gettext_noop, say

C3 = say(gettext_noop("C3"))
PREGNANT = "pregnant"
MOMENT = attrgetter("on", "time")


class _Values(NamedTuple):
    collected: date
    mg_dl: Decimal
    laboratory: str
    method: str = ""
    comparator: str = ""
    excluded: bool = False
    lower_limit: Decimal | None = None
    fact: int | None = None
    time: str = ""
    analytical_variation_percent: Decimal | None = None


class Sample(_Values):
    """One C3 result in mg/dl, collected on a day. excluded: taken during infection or pregnancy.

    lower_limit is the result's own, None for the thresholds'; fact is the id of its row;
    analytical_variation_percent is its assay's, None for the thresholds'.
    """

    __slots__ = ()
    on = _Values.collected
    value = _Values.mg_dl

    def __new__(
        cls, collected: date, mg_dl: Decimal | float | int | str, laboratory: str, *others: Any, **named: Any
    ) -> Self:
        """A moment counts by its day; a number that is no decimal is read as it is written."""
        day = collected.date() if isinstance(collected, datetime) else collected
        value = mg_dl if isinstance(mg_dl, Decimal) else Decimal(str(mg_dl))
        return super().__new__(cls, day, value, laboratory, *others, **named)

    def usable_with(self, other: "Sample") -> bool:
        """Whether it can be compared with another: same laboratory and method, an exact value."""
        same = same_name(self.laboratory, other.laboratory) and same_name(self.method, other.method)
        return same and not self.excluded and not self.comparator and self.value > 0


def samples(record: Record, on: date, reach_days: int | None = None) -> tuple[Sample, ...]:
    """The C3 results of a record up to `on`, those of infection or pregnancy marked as excluded.

    reach_days: only the latest and those of so many days before it; None: all.
    """
    rows = [row for row in record.laboratory_in_order.get("c3", ()) if row.on <= on and row.value is not None]
    if reach_days is not None and rows:
        first = rows[-1].on - timedelta(days=reach_days)
        rows = [row for row in rows if row.on >= first]
    ever_pregnant = any(row.answer for row in record.statements_in_order.get(PREGNANT, ()))
    return tuple([_sample(record, row, ever_pregnant) for row in rows])


def in_order(taken: Iterable[Sample], on: date) -> list[Sample]:
    """Oldest first; of two at one moment the lower last, in whichever order they were recorded."""
    known = [sample for sample in taken if sample.on <= on]
    alone = len(set(map(MOMENT, known))) == len(known)
    return sorted(known, key=MOMENT if alone else _place)


def _place(sample: Sample) -> tuple[date, str, Decimal, str, str]:
    return sample.on, sample.time, -sample.value, sample.laboratory, sample.method


def current_sample(known: list[Sample], on: date, thresholds: Thresholds) -> Sample | None:
    """The latest sample, if it can be assessed: recent, not excluded."""
    if not known or known[-1].excluded:
        return None
    latest = known[-1]
    return latest if latest.on >= on - timedelta(days=thresholds.c3_max_age_days) else None


def baseline(current: Sample, known: list[Sample], thresholds: Thresholds) -> list[Sample]:
    """Up to three latest comparable samples of the year before, at least two weeks earlier."""
    oldest = current.on - timedelta(days=thresholds.c3_baseline_max_days)
    newest = current.on - timedelta(days=thresholds.c3_baseline_min_days)
    earlier = (item for item in reversed(known) if oldest <= item.on <= newest and item.usable_with(current))
    return list(islice(earlier, thresholds.c3_baseline_values))[::-1]


def lower_limit_mg_dl(item: Sample, thresholds: Thresholds) -> Decimal:
    return item.lower_limit if item.lower_limit is not None else thresholds.c3_lower_limit_mg_dl


def mean_mg_dl(earlier: list[Sample]) -> Decimal:
    return sum((item.value for item in earlier), Decimal(0)) / len(earlier)


def fall_percent(current: Sample, earlier: list[Sample]) -> Decimal:
    before = mean_mg_dl(earlier)
    return 100 * (current.value - before) / before


def sample_evidence(shown: list[Sample]) -> tuple[Evidence, ...]:
    return tuple([Evidence(C3, _value(item), "mg/dL", item.on, _reference(item)) for item in shown])


def _sample(record: Record, row: LaboratoryValue, ever_pregnant: bool) -> Sample:
    excluded = row.during_infection or (ever_pregnant and _pregnant(record, row.on))
    return Sample._make(
        (
            row.on, row.value, row.laboratory, row.method, row.comparator, excluded, row.lower_limit, row.id,
            row.time, row.analytical_variation_percent,
        )
    )  # fmt: skip


def _pregnant(record: Record, on: date) -> bool:
    stated = latest_statement(record, PREGNANT, on)
    return stated is not None and stated.answer is True


def _reference(item: Sample) -> FactReference | None:
    return None if item.fact is None else FactReference("laboratory", item.fact)


def _value(item: Sample) -> Value:
    return f"{item.comparator}{item.value}" if item.comparator else item.value

"""Table 2: values before and after, each pair of the same patient, with both tests and their basis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from analytics.report.cells import Notes, count, number, p_value, reasons, signed, text
from analytics.report.document import Cell, Column, Row, Table
from analytics.statistics import adjust, normality, paired
from analytics.statistics.descriptive import Summary
from analytics.statistics.numbers import Number
from analytics.statistics.paired import Paired, PairedT
from analytics.statistics.results import Interval, NotEstimable
from analytics.statistics.wilcoxon import SignedRank
from patients import messages


@dataclass(frozen=True)
class Measure:
    """One measurement of each patient, before and after, None where there is none.

    places: decimal places that its mean is read to.
    """

    key: str
    label: str
    unit: str
    places: int
    before: Sequence[Number]
    after: Sequence[Number]

    @cached_property
    def compared(self) -> Paired:
        return paired(self.before, self.after)

    @property
    def changes(self) -> list[Number]:
        return [
            None if old is None or new is None else float(new) - float(old)
            for old, new in zip(self.before, self.after, strict=True)
        ]

    @property
    def name(self) -> str:
        return f"{self.label}, {self.unit}" if self.unit else self.label


def before_after(measures: Sequence[Measure]) -> Table:
    """Means, deviations, the change with its interval and both p-values, one line a measure."""
    notes = Notes()
    notes.add(
        _(
            "Mean and standard deviation (SD) of complete pairs: patients with a value at week 0 and at"
            " week 52. Change: week 52 − week 0. Both tests are shown for each measure; neither was chosen"
            " by its result."
        )
    )
    columns = (
        Column("measure", _("Measure")),
        Column("pairs", _("Pairs")),
        Column("mean_week_0", _("Mean, week 0")),
        Column("sd_week_0", _("SD, week 0")),
        Column("mean_week_52", _("Mean, week 52")),
        Column("sd_week_52", _("SD, week 52")),
        Column("change", _("Change")),
        Column("change_low", _("95 % from")),
        Column("change_high", _("to")),
        Column("change_percent", _("Change"), "%"),
        Column("p_paired_t", _("p, paired t-test")),
        Column("p_wilcoxon", _("p, Wilcoxon signed-rank")),
    )
    rows = tuple(Row(_means(measure, notes), key=measure.key) for measure in measures)
    return Table("table_2_before_after", _("Table 2. Before and after"), columns, rows, notes.all())


def _means(measure: Measure, notes: Notes) -> tuple[Cell, ...]:
    found, places = measure.compared, measure.places

    def change(read: str) -> Cell:
        return notes.estimated(found.t_test, lambda test: signed(_of_change(test, read), places))

    return (
        text(measure.name),
        count(found.n),
        _mean(found.before, places, notes),
        _sd(found.before, places, notes),
        _mean(found.after, places, notes),
        _sd(found.after, places, notes),
        notes.estimated(found.change, lambda one: signed(one.mean, places)),
        change("low"),
        change("high"),
        _relative(found, notes),
        notes.estimated(found.t_test, lambda test: p_value(test.p_value)),
        notes.estimated(found.wilcoxon, lambda test: p_value(test.p_value)),
    )


def _of_change(test: PairedT, read: str) -> float:
    return test.interval.low if read == "low" else test.interval.high


def _mean(found: Summary | NotEstimable, places: int, notes: Notes) -> Cell:
    return notes.estimated(found, lambda one: number(one.mean, places))


def _sd(found: Summary | NotEstimable, places: int, notes: Notes) -> Cell:
    if isinstance(found, NotEstimable):
        return notes.estimated(found, lambda _: text(""))
    return notes.estimated(found.sd, lambda sd: number(sd, places))


def _relative(found: Paired, notes: Notes) -> Cell:
    if (
        isinstance(found.before, NotEstimable)
        or isinstance(found.change, NotEstimable)
        or not found.before.mean
    ):
        return text("–")
    return signed(100 * found.change.mean / found.before.mean, 1)


def behind_the_tests(measures: Sequence[Measure]) -> Table:
    """The basis of each p-value of table 2, and the p-values adjusted for multiple testing."""
    notes = Notes()
    holm = adjust([_wilcoxon_p(measure) for measure in measures], "holm")
    benjamini_hochberg = adjust([_wilcoxon_p(measure) for measure in measures], "bh")
    columns = (
        Column("measure", _("Measure")),
        Column("pairs", _("Pairs")),
        Column("left_out", _("Left out, with reason")),
        Column("t_statistic", _("t")),
        Column("zeros", _("Zero differences")),
        Column("tied", _("Tied differences")),
        Column("rank_sum", _("V (ranks of what rose)")),
        Column("shift", _("Hodges–Lehmann shift")),
        Column("shift_low", _("95 % from")),
        Column("shift_high", _("to")),
        Column("d_z", _("Effect size d_z")),
        Column("rank_biserial", _("Rank-biserial correlation")),
        Column("p_normality", _("p, normality of differences")),
        Column("p_holm", _("p Wilcoxon, Holm")),
        Column("p_bh", _("p Wilcoxon, Benjamini–Hochberg")),
    )
    rows = tuple(
        Row((*_details(measure, notes), p_value(one), p_value(other)), key=measure.key)
        for measure, one, other in zip(measures, holm.p_values, benjamini_hochberg.p_values, strict=True)
    )
    for method, names in _methods(measures).items():
        notes.add(f"{', '.join(names)}: {method}.")
    for adjusted in (holm.method, benjamini_hochberg.method):
        notes.add(messages.sentence(adjusted) + _(", over the %(n)s measures of this table.") % {"n": holm.n})
    return Table("table_2_tests", _("Table 2, the tests behind it"), columns, rows, notes.all())


def _methods(measures: Sequence[Measure]) -> dict[str, list[str]]:
    """The measures by how their ranks were tested."""
    names: dict[str, list[str]] = {}
    for measure in measures:
        found = measure.compared.wilcoxon
        if not isinstance(found, NotEstimable):
            names.setdefault(messages.sentence(found.method), []).append(measure.label)
    return names


def _wilcoxon_p(measure: Measure) -> float | None:
    found = measure.compared.wilcoxon
    return None if isinstance(found, NotEstimable) else found.p_value


def _details(measure: Measure, notes: Notes) -> tuple[Cell, ...]:
    found = measure.compared
    return (
        text(measure.name),
        count(found.n),
        reasons(found.left_out),
        notes.estimated(found.t_test, lambda test: signed(test.statistic, 2)),
        *_ranks(found.wilcoxon, measure, notes),
        notes.estimated(found.effect.d_z, lambda size: signed(size, 2)),
        notes.estimated(found.wilcoxon, lambda test: signed(test.rank_biserial, 2)),
        notes.estimated(normality(measure.changes), lambda test: p_value(test.p_value)),
    )


def _ranks(found: SignedRank | NotEstimable, measure: Measure, notes: Notes) -> tuple[Cell, ...]:
    places = measure.places + 1

    def bound(test: SignedRank, which: str) -> Cell:
        return notes.estimated(test.interval, lambda interval: signed(_bound(interval, which), places))

    return (
        notes.estimated(found, lambda test: count(test.zeros)),
        notes.estimated(found, lambda test: count(test.tied)),
        notes.estimated(found, lambda test: number(test.statistic, 1)),
        notes.estimated(found, lambda test: signed(test.shift, places)),
        notes.estimated(found, lambda test: bound(test, "low")),
        notes.estimated(found, lambda test: bound(test, "high")),
    )


def _bound(interval: Interval, which: str) -> float:
    return interval.low if which == "low" else interval.high

"""Subgroups named before the data were seen: the effect in each, and whether it differs between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from django.utils.translation import gettext as _

from analytics.report.cells import Notes, count, p_value, percent, signed, text
from analytics.report.contents.plots import FigureDescription
from analytics.report.document import (
    Axis,
    Cell,
    Column,
    Figure,
    Point,
    Row,
    Series,
    SeriesRole,
    SeriesStyle,
    Table,
)
from analytics.statistics import fisher, interaction, mann_whitney
from analytics.statistics.descriptive import Summary, summary
from analytics.statistics.groups import SubgroupEffect
from analytics.statistics.paired import PairedT, paired_t
from analytics.statistics.results import NotEstimable

BOTH = 2


@dataclass(frozen=True)
class Division:
    """A question that divides the patients; answers: yes, no or not known, in the cohort's order."""

    label: str
    yes: str
    no: str
    answers: Sequence[bool | None]

    def of(self, values: Sequence[float | None], answer: bool) -> list[float]:
        """The known values of those with the answer."""
        return [
            value
            for value, given in zip(values, self.answers, strict=True)
            if given is answer and value is not None
        ]


def forest(
    drawn: FigureDescription, changes: Sequence[float | None], divisions: Sequence[Division]
) -> Figure:
    """The mean change with its interval in all and in each subgroup, and the tests between the two."""
    groups = [(_("All patients"), [value for value in changes if value is not None])]
    for division in divisions:
        groups += [
            (f"{division.label}: {division.yes}", division.of(changes, True)),
            (f"{division.label}: {division.no}", division.of(changes, False)),
        ]
    found = [(name, paired_t(values)) for name, values in groups]
    points = tuple(
        Point(test.mean, place, test.interval.low, test.interval.high, f"{name}: n = {test.n}")
        for place, (name, test) in enumerate(found)
        if isinstance(test, PairedT)
    )
    return Figure(
        drawn.key,
        drawn.title,
        _("Mean change, week 52 − week 0, with its 95 % interval; groups too small for one have no mark."),
        Axis(drawn.quantity, drawn.unit),
        Axis("", categories=tuple(name for name, _values in groups)),
        (Series(drawn.quantity, SeriesStyle.INTERVALS, SeriesRole.MAIN, points),),
        _table(drawn, groups, [_between(division, changes) for division in divisions]),
    )


@dataclass(frozen=True)
class _Between:
    interaction: float | NotEstimable
    ranks: float | NotEstimable


def _between(division: Division, changes: Sequence[float | None]) -> _Between:
    yes, no = division.of(changes, True), division.of(changes, False)
    tested = interaction([_effect(yes), _effect(no)])
    ranked = mann_whitney(yes, no)
    return _Between(
        tested if isinstance(tested, NotEstimable) else tested.p_value,
        ranked if isinstance(ranked, NotEstimable) else ranked.p_value,
    )


def _effect(values: Sequence[float]) -> SubgroupEffect | NotEstimable:
    found = summary(values)
    if isinstance(found, NotEstimable):
        return found
    if isinstance(found.sd, NotEstimable):
        return found.sd
    return SubgroupEffect(found.mean, found.sd / sqrt(found.n))


def _table(
    drawn: FigureDescription, groups: Sequence[tuple[str, list[float]]], between: Sequence[_Between]
) -> Table:
    notes = Notes()
    columns = (
        Column("group", _("Group")),
        Column("pairs", _("Pairs")),
        Column("change", _("Mean change"), drawn.unit),
        Column("low", _("95 % from"), drawn.unit),
        Column("high", _("to"), drawn.unit),
        Column("p_interaction", _("p, interaction")),
        Column("p_mann_whitney", _("p, Mann–Whitney")),
    )
    rows = []
    for place, (name, values) in enumerate(groups):
        # All patients first; then two lines a division, the tests on the first of them.
        tests = between[(place - 1) // BOTH] if place % BOTH else None
        rows.append(
            Row((text(name), count(len(values)), *_line(values, drawn.places, notes), *_tests(tests, notes)))
        )
    title = _("%(figure)s: numbers") % {"figure": drawn.title}
    return Table(f"{drawn.key}_data", title, columns, tuple(rows), notes.all())


def _line(values: Sequence[float], places: int, notes: Notes) -> tuple[Cell, ...]:
    test = paired_t(values)
    middle: Summary | NotEstimable = summary(values)
    return (
        notes.estimated(middle, lambda one: signed(one.mean, places)),
        notes.estimated(test, lambda one: signed(one.interval.low, places)),
        notes.estimated(test, lambda one: signed(one.interval.high, places)),
    )


def _tests(found: _Between | None, notes: Notes) -> tuple[Cell, ...]:
    if found is None:
        return (Cell(None, ""), Cell(None, ""))
    return notes.estimated(found.interaction, p_value), notes.estimated(found.ranks, p_value)


def responders_by(responded: Sequence[bool | None], divisions: Sequence[Division]) -> Table:
    """The share of responders in each subgroup, and Fisher's exact test between the two."""
    notes = Notes()
    columns = (
        Column("group", _("Group")),
        Column("responders", _("Responders")),
        Column("of", _("of")),
        Column("percent", _("Share"), "%"),
        Column("p_fisher", _("p, Fisher exact")),
    )
    values = [None if answer is None else float(answer) for answer in responded]
    rows: list[Row] = []
    for division in divisions:
        yes, no = division.of(values, True), division.of(values, False)
        found = fisher(int(sum(yes)), len(yes), int(sum(no)), len(no))
        p_between = notes.estimated(found, lambda test: p_value(test.p_value))
        rows.append(_responders(f"{division.label}: {division.yes}", yes, p_between))
        rows.append(_responders(f"{division.label}: {division.no}", no, Cell(None, "")))
    return Table("responders_by_subgroup", _("Responders by subgroup"), columns, tuple(rows), notes.all())


def _responders(name: str, answers: Sequence[float], p_between: Cell) -> Row:
    share = sum(answers) / len(answers) if answers else None
    return Row((text(name), count(int(sum(answers))), count(len(answers)), percent(share), p_between))

"""Tables of shares: always with the denominator, both intervals and the number who could not be assessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from analytics.report.cells import Notes, count, p_value, percent, text
from analytics.report.document import Cell, Column, Row, Table
from analytics.statistics import mcnemar, proportion
from analytics.statistics.proportions import Proportion
from analytics.statistics.results import NotEstimable


@dataclass(frozen=True)
class Share:
    """successes of n who could be assessed; unknown: how many could not, by reason in words."""

    key: str
    label: str
    successes: int
    n: int
    unknown: Mapping[str, int] = field(default_factory=dict)
    indent: int = 0


def share_of(key: str, label: str, answers: Iterable[bool | str | None], indent: int = 0) -> Share:
    """A share from one answer a patient: yes, no, in words why it is not known, or None: does not count."""
    known: list[bool] = []
    unknown: dict[str, int] = {}
    for answer in answers:
        if isinstance(answer, str):
            unknown[answer] = unknown.get(answer, 0) + 1
        elif answer is not None:
            known.append(answer)
    return Share(key, label, sum(known), len(known), dict(sorted(unknown.items())), indent)


def shares(key: str, title: str, rows: Sequence[Share], notes: Sequence[str] = ()) -> Table:
    """One line a share."""
    said = Notes(list(notes))
    columns = (
        Column("outcome", _("Outcome")),
        Column("patients", _("Patients")),
        Column("of", _("of")),
        Column("percent", _("Share"), "%"),
        Column("wilson_low", _("Wilson 95 % from"), "%"),
        Column("wilson_high", _("to"), "%"),
        Column("exact_low", _("Exact 95 % from"), "%"),
        Column("exact_high", _("to"), "%"),
        Column("not_assessable", _("Not assessable")),
    )
    return Table(key, title, columns, tuple(_share(row, said) for row in rows), said.all())


def _share(row: Share, notes: Notes) -> Row:
    found = proportion(row.successes, row.n)
    return Row(
        (
            text(row.label),
            count(row.successes),
            count(row.n),
            notes.estimated(found, lambda share: percent(share.estimate)),
            *_limits(found, notes),
            _unknown(row.unknown),
        ),
        row.indent,
        key=row.key,
    )


def _limits(found: Proportion | NotEstimable, notes: Notes) -> tuple[Cell, ...]:
    return (
        notes.estimated(found, lambda share: percent(share.wilson.low)),
        notes.estimated(found, lambda share: percent(share.wilson.high)),
        notes.estimated(found, lambda share: percent(share.exact.low)),
        notes.estimated(found, lambda share: percent(share.exact.high)),
    )


def _unknown(reasons: Mapping[str, int]) -> Cell:
    told = "; ".join(f"{number} {reason}" for reason, number in reasons.items())
    return Cell(sum(reasons.values()), told or "0")


@dataclass(frozen=True)
class Finding:
    """Present or not in each patient, before and after; None: not assessed."""

    key: str
    label: str
    before: Sequence[bool | None]
    after: Sequence[bool | None]


def findings(key: str, title: str, rows: Sequence[Finding], notes: Sequence[str] = ()) -> Table:
    """How many had it before and after, among those assessed at both, and the exact McNemar test."""
    said = Notes(list(notes))
    columns = (
        Column("finding", _("Finding")),
        Column("at_week_0", _("Week 0, all assessed")),
        Column("assessed_week_0", _("of")),
        Column("pairs", _("Assessed at both")),
        Column("before", _("of these at week 0")),
        Column("after", _("and at week 52")),
        Column("lost", _("Gone")),
        Column("gained", _("New")),
        Column("p_mcnemar", _("p, McNemar exact")),
    )
    return Table(key, title, columns, tuple(_finding(row, said) for row in rows), said.all())


def _finding(row: Finding, notes: Notes) -> Row:
    pairs = [
        (old, new)
        for old, new in zip(row.before, row.after, strict=True)
        if old is not None and new is not None
    ]
    found = mcnemar(row.before, row.after)
    known = [answer for answer in row.before if answer is not None]
    return Row(
        (
            text(row.label),
            count(sum(known)),
            count(len(known)),
            count(len(pairs)),
            count(sum(old for old, _new in pairs)),
            count(sum(new for _old, new in pairs)),
            count(sum(old and not new for old, new in pairs)),
            count(sum(new and not old for old, new in pairs)),
            notes.estimated(found, lambda test: p_value(test.p_value)),
        ),
        key=row.key,
    )

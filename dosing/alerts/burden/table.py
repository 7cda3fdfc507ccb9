"""The burden of alerts as rows of a page and of a CSV file: one declaration of columns feeds both."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dosing.alerts.burden.queries import Burden, BurdenLine
from dosing.alerts.override_reasons import reason_in_words
from dosing.alerts.rule_labels import rule_in_words, work_in_words
from dosing.rules.burden import per_100_weeks
from dosing.rules.findings import Severity

Number = int | float | None
NOTHING = "–"


@dataclass(frozen=True)
class BurdenColumn:
    """A column of the table. share: it is also shown as per cent of what was raised."""

    label: Any
    value: Callable[[BurdenLine], Number]
    share: bool = False

    def text(self, line: BurdenLine) -> str:
        """What the page shows: a whole number, one digit after the point, and its share."""
        value = self.value(line)
        share = line.tally.share(int(value)) if self.share and value else None
        return (
            format_number(value) if share is None else f"{format_number(value)} ({number_format(share, 0)} %)"
        )

    def cells(self, line: BurdenLine) -> list[str]:
        """What the file holds: the number, and its share in a column of its own."""
        value = self.value(line)
        plain = ["" if value is None else f"{value:g}"]
        share = line.tally.share(int(value or 0)) if self.share else None
        return [*plain, "" if share is None else f"{share:.1f}"] if self.share else plain

    def headings(self) -> list[str]:
        return [str(self.label), f"{self.label}, %"] if self.share else [str(self.label)]


COLUMNS = (
    BurdenColumn(_("Raised"), lambda line: line.tally.raised),
    BurdenColumn(_("per 100 patient-weeks"), lambda line: line.per_100),
    BurdenColumn(_("On tacrolimus"), lambda line: line.on_tacrolimus),
    BurdenColumn(_("per 100 patient-weeks on tacrolimus"), lambda line: line.per_100_on_tacrolimus),
    BurdenColumn(_("Settled by the facts"), lambda line: line.tally.settled, share=True),
    BurdenColumn(_("Acknowledged"), lambda line: line.tally.acknowledged, share=True),
    BurdenColumn(_("Put aside"), lambda line: line.tally.snoozed, share=True),
    BurdenColumn(_("Overridden"), lambda line: line.tally.overridden, share=True),
    BurdenColumn(_("Became graver"), lambda line: line.tally.graver, share=True),
    BurdenColumn(_("Still open"), lambda line: line.tally.waiting, share=True),
    BurdenColumn(_("“Act now” for more than 4 hours"), lambda line: line.tally.late),
    BurdenColumn(_("Median hours until handled"), lambda line: line.tally.median_hours),
)


@dataclass(frozen=True)
class BurdenRow:
    """A row of the page: what it counts, how severe (0: all), its cells, and the reasons of overrides."""

    label: str
    severity: int
    cells: tuple[str, ...]
    reasons: str = ""


def format_number(value: Number) -> str:
    """A count as it is, a rate with one digit, "–" where there is none."""
    if value is None:
        return NOTHING
    return number_format(value) if isinstance(value, int) else number_format(value, 1)


def headings() -> list[str]:
    return [str(column.label) for column in COLUMNS]


def rows_by_severity(found: Burden) -> list[BurdenRow]:
    """All alerts, then those of each severity."""
    return [_row(gettext("All"), found.total), *(_row("", line) for line in found.severities)]


def rows_by_rule(found: Burden) -> list[BurdenRow]:
    """A row a rule and severity, with the reasons of its overrides."""
    return [_row(rule_in_words(line.rule), line) for line in found.lines]


def rows_by_month(found: Burden) -> list[dict[str, Any]]:
    """How many alerts of each month were overridden: what is reviewed monthly."""
    return [
        {
            "month": month,
            "raised": each.raised,
            "overridden": each.overridden,
            "rate": format_number(each.override_rate),
        }
        for month, each in found.months
    ]


def rows_of_work(found: Burden) -> list[dict[str, Any]]:
    """Planned work by kind, the most frequent first: these are no alerts, and counted separately."""
    return [
        {
            "label": work_in_words(kind),
            "planned": count,
            "rate": format_number(per_100_weeks(count, found.patient_weeks)),
        }
        for kind, count in sorted(found.tasks.items(), key=lambda item: (-item[1], item[0]))
    ]


def csv_text(found: Burden) -> str:
    """A row a rule and severity, under a heading; counts and rates with a point, whatever the language."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerows(_csv_rows(found))
    return file.getvalue()


def _csv_rows(found: Burden) -> Iterator[list[str]]:
    period = [found.since.isoformat(), found.until.isoformat()]
    weeks = [f"{found.patient_weeks:.1f}", f"{found.tacrolimus_weeks:.1f}"]
    yield [
        "clinic", "since", "until", "patient_weeks", "tacrolimus_weeks", "rule", "severity",
        *(heading for column in COLUMNS for heading in column.headings()), "reasons",
    ]  # fmt: skip
    for line in found.lines:
        cells = [cell for column in COLUMNS for cell in column.cells(line)]
        yield [
            found.clinic.name, *period, *weeks, line.rule, Severity(line.severity).name.lower(), *cells,
            "; ".join(f"{code} {count}" for code, count in line.tally.reasons),
        ]  # fmt: skip


def _row(label: str, line: BurdenLine) -> BurdenRow:
    reasons = ", ".join(f"{reason_in_words(code)} {count}" for code, count in line.tally.reasons)
    return BurdenRow(label, line.severity, tuple(column.text(line) for column in COLUMNS), reasons)

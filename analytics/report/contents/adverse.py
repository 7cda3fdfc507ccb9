"""Table 3: adverse events by term, per patient and per 100 patient-years, and each of them in a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from analytics.report.cells import EMPTY, Notes, count, number, percent, text
from analytics.report.document import Cell, Column, Row, Table
from analytics.statistics import proportion

SEVERE_GRADE = 3
PATIENT_YEARS = 100


@dataclass(frozen=True)
class ReportedEvent:
    """One event as a report tells it; day since the first tacrolimus dose; None and "": not recorded."""

    patient: str
    day: int
    term: str
    grade: int | None = None
    serious: bool | None = None
    level_ng_ml: float | None = None
    action: str = ""
    outcome: str = ""


def by_term(events: Sequence[ReportedEvent], patients: int, patient_years: float) -> Table:
    """One line a term, all together first; years: on tacrolimus and observed."""
    notes = Notes()
    notes.add(
        _("%(n)s patients, %(years)s patient-years on tacrolimus.")
        % {"n": patients, "years": f"{patient_years:.1f}"}
    )
    notes.add(_("A patient counts once for a term, however often it happened. Intervals of shares: Wilson."))
    columns = (
        Column("term", _("Event")),
        Column("patients", _("Patients")),
        Column("percent", _("Share"), "%"),
        Column("low", _("95 % from"), "%"),
        Column("high", _("to"), "%"),
        Column("events", _("Events")),
        Column("rate", _("per 100 patient-years")),
        Column("severe", _("Grade 3 or more")),
        Column("grade_unknown", _("Grade not recorded")),
        Column("serious", _("Serious")),
        Column("serious_unknown", _("Seriousness not recorded")),
    )
    terms = sorted({event.term for event in events})
    groups = [("any", _("Any event"), list(events))]
    groups += [(term, term, [event for event in events if event.term == term]) for term in terms]
    rows = tuple(
        Row(_counted(name, group, patients, patient_years, notes), key=key) for key, name, group in groups
    )
    return Table("table_3_events", _("Table 3. Adverse events"), columns, rows, notes.all())


def _counted(
    name: str, events: Sequence[ReportedEvent], patients: int, patient_years: float, notes: Notes
) -> tuple[Cell, ...]:
    affected = len({event.patient for event in events})
    share = proportion(affected, patients)
    rate = PATIENT_YEARS * len(events) / patient_years if patient_years else None
    return (
        text(name),
        count(affected),
        notes.estimated(share, lambda found: percent(found.estimate)),
        notes.estimated(share, lambda found: percent(found.wilson.low)),
        notes.estimated(share, lambda found: percent(found.wilson.high)),
        count(len(events)),
        number(rate, 1),
        count(sum((event.grade or 0) >= SEVERE_GRADE for event in events)),
        count(sum(event.grade is None for event in events)),
        count(sum(event.serious is True for event in events)),
        count(sum(event.serious is None for event in events)),
    )


def listed(events: Sequence[ReportedEvent]) -> Table:
    """Each event in the order of the patients and days."""
    columns = (
        Column("patient", _("Patient")),
        Column("day", _("Day of tacrolimus")),
        Column("term", _("Event")),
        Column("grade", _("CTCAE grade")),
        Column("serious", _("Serious")),
        Column("level", _("Level at the time"), "ng/ml"),
        Column("action", _("Action on tacrolimus")),
        Column("outcome", _("Outcome")),
    )
    return Table(
        "table_3_each_event", _("Table 3, each event"), columns, tuple(Row(_line(event)) for event in events)
    )


def _line(event: ReportedEvent) -> tuple[Cell, ...]:
    not_recorded = text(_("not recorded"))
    return (
        text(event.patient),
        count(event.day),
        text(event.term),
        not_recorded if event.grade is None else count(event.grade),
        not_recorded if event.serious is None else text(_("yes") if event.serious else _("no")),
        EMPTY if event.level_ng_ml is None else number(event.level_ng_ml, 1),
        text(event.action) if event.action else not_recorded,
        text(event.outcome) if event.outcome else not_recorded,
    )

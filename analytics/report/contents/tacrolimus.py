"""Tacrolimus itself: how long it was kept, in which doses, and where the levels lay."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from analytics.outcomes import PatientOutcome
from analytics.report.cells import Notes, count, number, text
from analytics.report.contents.cohort import Cohort, Starters
from analytics.report.contents.harm import event_name
from analytics.report.contents.patients import reason_name
from analytics.report.contents.plots import PatientLane, against_band, swimmer
from analytics.report.contents.retention import RetentionTime, retention
from analytics.report.document import Column, Figure, Row, Section, Table
from analytics.statistics.descriptive import summary
from dosing.rules.efficacy import WEEK_52
from dosing.rules.levels import LevelRange


def tacrolimus(cohort: Cohort, band: LevelRange) -> Section:
    """band: the clinic's default target range of morning levels."""
    return Section(
        "tacrolimus",
        _("Tacrolimus"),
        tables=(in_range(cohort),),
        figures=(retention_figure(cohort), lanes(cohort), levels(cohort, band)),
    )


def retention_figure(cohort: Starters) -> Figure:
    """Days count up to week 52 at most."""
    people = [
        RetentionTime(min(one.staying.days, WEEK_52), one.staying.stopped and one.staying.days < WEEK_52)
        for one in cohort.outcomes
    ]
    return retention("retention", _("Retention on tacrolimus"), people)


def lanes(cohort: Cohort) -> Figure:
    return swimmer(
        "swimmer",
        _("Tacrolimus of each patient"),
        [
            PatientLane(
                name,
                tuple((first, last, float(mg or Decimal(0))) for first, last, mg in one.staying.doses),
                tuple((event.day, event_name(event.fact)) for event in one.events),
                _end(one),
            )
            for name, one in cohort.named()
        ],
    )


def _end(one: PatientOutcome) -> str:
    if one.staying.stopped:
        return _("stopped on day %(day)s: %(reason)s") % {
            "day": one.staying.days,
            "reason": reason_name(one.staying.reason),
        }
    if one.staying.left:
        return _("went on elsewhere after day %(day)s") % {"day": one.staying.days}
    return _("taken when last seen, day %(day)s") % {"day": one.staying.days}


def levels(cohort: Cohort, band: LevelRange) -> Figure:
    points = [(name, day, float(ng_ml)) for name, one in cohort.named() for day, ng_ml in one.levels]
    return against_band(
        "levels",
        _("Morning levels against the target range"),
        points,
        (float(band.low_ng_ml), float(band.high_ng_ml)),
    )


def in_range(cohort: Cohort) -> Table:
    """Each patient's share of time in their own range, where two levels are near enough."""
    notes = Notes()
    shares = [one.in_range.in_range_percent for one in cohort.outcomes]
    found = summary(shares)
    columns = (
        Column("quantity", _("Time in the patient's own target range")),
        Column("patients", _("Patients")),
        Column("mean", _("Mean"), "%"),
        Column("median", _("Median"), "%"),
        Column("none", _("Too few levels")),
    )
    cells = (
        text(_("Share of days, Rosendaal")),
        count(found.n),
        notes.estimated(found, lambda one: number(one.mean, 1)),
        notes.estimated(found, lambda one: number(one.median, 1)),
        count(shares.count(None)),
    )
    notes.add(_("Linear between morning levels; gaps of more than twelve weeks are unknown."))
    bounded = sum(one.in_range.is_most for one in cohort.outcomes)
    if bounded:
        notes.add(
            _("A level beyond the measuring range counts as its bound: at most so much in range (n %(n)s).")
            % {"n": bounded}
        )
    row = Row(cells, key="in_range")
    return Table("time_in_range", _("Time in the target range"), columns, (row,), notes.all())

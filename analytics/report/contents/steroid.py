"""Whether tacrolimus spared steroid: figure 1, the change of each patient, and the goals reached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from analytics.outcomes import PatientOutcome
from analytics.outcomes.entry import HIGH_PREDNISOLONE_MG
from analytics.report.cells import Notes, count, number, text
from analytics.report.contents.cohort import Cohort, Starters, numbers_or_reasons
from analytics.report.contents.plots import DAYS_A_WEEK, FigureDescription, PatientPath, paths, waterfall
from analytics.report.contents.shares import Share, share_of, shares
from analytics.report.document import Column, Figure, Row, Section, Table
from analytics.statistics.descriptive import summary
from patients.messages import format_value
from patients.rules.steroid_exposure import EULAR_MG, LLDAS_MG

WEEKS = (0, 13, 26, 39, 52)
NOTHING_MG = Decimal(0)


def steroid(cohort: Cohort) -> Section:
    return Section(
        "steroid",
        _("Prednisolone"),
        tables=(sparing(cohort), exposure(cohort)),
        figures=(figure_1(cohort), change(cohort)),
    )


def figure_1(cohort: Cohort) -> Figure:
    """Each patient's daily dose over the year."""
    drawn = FigureDescription("figure_1", _("Figure 1. Prednisolone"), _("Prednisolone"), "mg/day", 1)
    individuals = [
        PatientPath(name, tuple((day, float(mg)) for day, mg in one.prednisolone))
        for name, one in cohort.named()
    ]
    at_weeks: dict[int, list[float | None]] = {
        week: [_dose_at(one, week * DAYS_A_WEEK) for one in cohort.outcomes] for week in WEEKS[1:-1]
    }
    for week in (WEEKS[0], WEEKS[-1]):
        at_weeks[week] = [
            None if mg is None else float(mg) for mg in cohort.numbers(f"week_{week}", "prednisolone")
        ]
    return paths(drawn, individuals, dict(sorted(at_weeks.items())))


def _dose_at(one: PatientOutcome, day: int) -> float | None:
    """The dose in force on a day; None before and after what is known."""
    known = [mg for changed, mg in one.prednisolone if changed <= day]
    observed = one.prednisolone[-1][0] if one.prednisolone else -1
    return float(known[-1]) if known and day <= observed else None


def change(cohort: Starters) -> Figure:
    drawn = FigureDescription(
        "prednisolone_change", _("Prednisolone, change of each patient"), _("Change"), "mg/day", 1
    )
    pairs = zip(
        cohort.names, cohort.numbers("week_0", "prednisolone"), cohort.numbers("week_52", "prednisolone"),
        strict=True,
    )  # fmt: skip
    changes = [
        (name, float(after - before))
        for name, before, after in pairs
        if before is not None and after is not None
    ]
    return waterfall(drawn, changes, len(cohort.outcomes) - len(changes))


def sparing(cohort: Starters) -> Table:
    """The goals at week 52, and separately for the group that began with 20 mg/day or more."""
    everybody = numbers_or_reasons(cohort.values("week_52", "prednisolone"))
    high = [
        known for one, known in zip(cohort.outcomes, everybody, strict=True) if one.entry.high_prednisolone
    ]
    eular = {"mg": format_value(EULAR_MG)}
    rows = [
        _goal(
            "up_to_7_5",
            _("%(mg)s mg/day or less (LLDAS)") % {"mg": format_value(LLDAS_MG)},
            everybody,
            lambda mg: mg <= LLDAS_MG,
        ),
        _goal("up_to_5", _("%(mg)s mg/day or less") % eular, everybody, lambda mg: mg <= EULAR_MG),
        _goal("below_5", _("below %(mg)s mg/day") % eular, everybody, lambda mg: mg < EULAR_MG),
        _goal("stopped", _("stopped, 0 mg/day"), everybody, lambda mg: mg == NOTHING_MG),
        _goal(
            "high_5_to_10",
            _("of those who began with %(high)s mg/day or more: %(low)s to %(twice)s mg/day")
            % {"high": HIGH_PREDNISOLONE_MG, "low": EULAR_MG, "twice": 2 * EULAR_MG},
            high,
            lambda mg: EULAR_MG <= mg <= 2 * EULAR_MG,
        ),
    ]
    return shares("steroid_sparing", _("Prednisolone at week 52"), rows)


def _goal(key: str, label: str, doses: Sequence[Decimal | str], reached: Callable[[Decimal], bool]) -> Share:
    """doses: mg/day, or why there is none."""
    return share_of(key, label, [dose if isinstance(dose, str) else reached(dose) for dose in doses])


def exposure(cohort: Cohort) -> Table:
    """What was taken in the first 52 weeks, as far as the cut-off."""
    notes = Notes()
    columns = (
        Column("quantity", _("In the first 52 weeks")),
        Column("patients", _("Patients")),
        Column("mean", _("Mean")),
        Column("sd", _("SD")),
        Column("median", _("Median")),
    )
    known = [one.exposure for one in cohort.outcomes]
    quantities = (
        ("cumulative", _("Prednisolone in all, mg"), [float(one.total_mg) for one in known]),
        ("daily_mean", _("Mean daily dose, mg/day"), [_float(one.mean_mg) for one in known]),
        (
            "days_up_to_7_5",
            _("Days at %(mg)s mg or less") % {"mg": format_value(LLDAS_MG)},
            [float(one.days_up_to_7_5) for one in known],
        ),
        (
            "days_up_to_5",
            _("Days at %(mg)s mg or less") % {"mg": format_value(EULAR_MG)},
            [float(one.days_up_to_5) for one in known],
        ),
        ("unknown", _("Days of unknown dose"), [float(one.unknown_days) for one in known]),
    )
    rows = []
    for key, label, values in quantities:
        found = summary(values)
        rows.append(
            Row(
                (
                    text(label),
                    count(found.n),
                    notes.estimated(found, lambda one: number(one.mean, 1)),
                    notes.estimated(found, lambda one: notes.estimated(one.sd, lambda sd: number(sd, 1))),
                    notes.estimated(found, lambda one: number(one.median, 1)),
                ),
                key=key,
            )
        )
    notes.add(_("Oral doses and infusions, as prednisolone; days of unknown dose are in no sum."))
    return Table("steroid_exposure", _("Prednisolone taken"), columns, tuple(rows), notes.all())


def _float(mg: Decimal | None) -> float | None:
    return None if mg is None else float(mg)

"""The disease itself: figure 2, states, flares, and whether serology became normal."""

from __future__ import annotations

from django.utils.translation import gettext as _

from analytics.outcomes import PatientOutcome
from analytics.report.contents.cohort import Cohort, Starters, why_not_assessable
from analytics.report.contents.plots import DAYS_A_WEEK, FigureDescription, PatientPath, paths
from analytics.report.contents.shares import share_of, shares
from analytics.report.contents.shifts import shift
from analytics.report.document import Figure, Section, Table
from patients.rules.answers import Answer
from patients.rules.limits import Side

MIDDLE_WEEKS = (13, 26, 39)
# [D] A visit within four weeks is used for a week between.
NEAR_DAYS = 28


def disease(cohort: Cohort) -> Section:
    return Section(
        "disease",
        _("Disease activity"),
        tables=(states(cohort), flares(cohort), *serology(cohort)),
        figures=(figure_2(cohort),),
    )


def figure_2(cohort: Cohort) -> Figure:
    """Each patient's SLEDAI over the year."""
    drawn = FigureDescription("figure_2", _("Figure 2. SLEDAI-2K"), "SLEDAI-2K", "", 1)
    individuals = [
        PatientPath(name, tuple((day, float(total)) for day, total in one.sledai))
        for name, one in cohort.named()
    ]
    at_weeks: dict[int, list[float | None]] = {
        week: [_near(one, week * DAYS_A_WEEK) for one in cohort.outcomes] for week in MIDDLE_WEEKS
    }
    for week in (0, 52):
        at_weeks[week] = [
            None if total is None else float(total) for total in cohort.numbers(f"week_{week}", "sledai")
        ]
    return paths(drawn, individuals, dict(sorted(at_weeks.items())))


def _near(one: PatientOutcome, day: int) -> float | None:
    found = [(abs(on - day), on, total) for on, total in one.sledai if abs(on - day) <= NEAR_DAYS]
    return float(min(found)[2]) if found else None


def states(cohort: Cohort) -> Table:
    """LLDAS and DORIS at week 52, and at any visit under tacrolimus."""
    people = cohort.outcomes
    at_52 = (
        ("lldas_52", _("LLDAS at week 52"), [_at_52(one, one.activity.lldas_52) for one in people]),
        ("doris_52", _("DORIS remission at week 52"), [_at_52(one, one.activity.doris_52) for one in people]),
    )
    ever = (
        ("lldas_ever", _("LLDAS at any visit up to week 52"), [one.activity.lldas_ever for one in people]),
        ("doris_ever", _("DORIS at any visit up to week 52"), [one.activity.doris_ever for one in people]),
    )
    rows = [share_of(key, label, answers) for key, label, answers in at_52]
    rows += [share_of(key, label, answers) for key, label, answers in ever]
    return shares("states", _("Low disease activity and remission"), rows)


def _at_52(one: PatientOutcome, answer: Answer | None) -> bool | str:
    if answer is None:
        return why_not_assessable(one)
    return _("not everything recorded") if answer is Answer.CANNOT_TELL else answer is Answer.MET


def flares(cohort: Cohort) -> Table:
    """Patients with a flare at any visit up to week 52; separately by activity and by treatment."""
    rows = (
        ("mild_by_activity", _("Mild or moderate flare, by activity"), "flares_mild"),
        ("severe_by_activity", _("Severe flare, by activity"), "flares_severe"),
        ("mild_by_treatment", _("Mild or moderate flare, by treatment"), "treatment_mild"),
        ("severe_by_treatment", _("Severe flare, by treatment"), "treatment_severe"),
    )
    return shares(
        "flares",
        _("Flares up to week 52 (SELENA-SLEDAI flare index)"),
        [share_of(key, label, [_flared(one, name) for one in cohort.outcomes]) for key, label, name in rows],
        (
            _(
                "Adding tacrolimus is no flare. What treatment alone calls a flare is often none: both are"
                " shown."
            ),
        ),
    )


def _flared(one: PatientOutcome, name: str) -> bool | str:
    if one.activity.visits <= one.activity.flares_unknown:
        return _("no visit under tacrolimus that can be compared")
    return bool(getattr(one.activity, name))


def serology(cohort: Starters) -> tuple[Table, Table]:
    """C3 and anti-dsDNA against the limits of their own results, before and after."""
    notes = (_("Against the limits of the result, else of the laboratory's assay, else of the catalogue."),)
    c3 = (
        ("below", _("low")),
        ("within", _("normal")),
        ("above", _("high")),
        ("unknown", _("limit not known")),
    )
    dsdna = (("within", _("normal")), ("above", _("raised")), ("unknown", _("limit not known")))
    return (
        shift("shift_c3", _("C3, week 0 against week 52"), c3, _sides(cohort, "c3"), notes),
        shift("shift_dsdna", _("Anti-dsDNA, week 0 against week 52"), dsdna, _sides(cohort, "dsdna"), notes),
    )


def _sides(cohort: Starters, name: str) -> list[tuple[str | None, str | None]]:
    def code(week: str) -> list[str | None]:
        return [
            None if value.number is None else _within_unless_above(value.side, name).value
            for value in cohort.values(week, name)
        ]

    return list(zip(code("week_0"), code("week_52"), strict=True))


def _within_unless_above(found: Side, name: str) -> Side:
    """Anti-dsDNA has no lower limit: what is not raised is normal."""
    return Side.WITHIN if name == "dsdna" and found is Side.BELOW else found

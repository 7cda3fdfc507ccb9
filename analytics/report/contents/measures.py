"""Values and symptoms before and after: tables 2 of the report."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from analytics.report.cells import count, text
from analytics.report.contents.before_after import Measure, before_after, behind_the_tests
from analytics.report.contents.cohort import Starters, numbers_or_reasons, tally
from analytics.report.contents.shares import Finding, findings
from analytics.report.document import Column, Row, Section, Table
from patients import messages
from patients.rules.findings import SYMPTOMS
from patients.rules.verdict import say


def compared(cohort: Starters) -> Section:
    measures = measures_of(cohort)
    return Section(
        "before_after",
        _("Before and after"),
        tables=(before_after(measures), behind_the_tests(measures), symptoms(cohort), missing(cohort)),
    )


def measures_of(cohort: Starters) -> list[Measure]:
    """The study's seven comparisons."""

    def measure(key: str, label: str, unit: str, places: int, name: str) -> Measure:
        return Measure(
            key, label, unit, places, cohort.numbers("week_0", name), cohort.numbers("week_52", name)
        )

    return [
        measure("psl_mg_per_day", _("Prednisolone"), "mg/day", 1, "prednisolone"),
        measure("sledai", "SLEDAI-2K", "", 1, "sledai"),
        measure("c3_mg_dl", "C3", "mg/dl", 1, "c3"),
        measure("dsdna_iu_ml", _("Anti-dsDNA, same method"), "IU/ml", 1, "dsdna"),
        measure("upcr_g_gcr", _("Urine protein/creatinine"), "g/gCr", 2, "upcr"),
        measure("creatinine_mg_dl", _("Creatinine"), "mg/dl", 2, "creatinine"),
        measure("egfr_ml_min_173", _("eGFR, Japanese equation"), "ml/min/1.73 m²", 1, "egfr"),
    ]


def symptoms(cohort: Starters) -> Table:
    rows = [
        Finding(
            code,
            messages.sentence(say(name)),
            [one.week_0.symptoms[code] for one in cohort.outcomes],
            [one.week_52.symptoms[code] for one in cohort.outcomes],
        )
        for code, name in SYMPTOMS.items()
    ]
    return findings("symptoms", _("Symptoms before and after"), rows)


def missing(cohort: Starters) -> Table:
    """What is not known at either week, by reason; and how many results are known as a bound only."""
    columns = (
        Column("measure", _("Measure")),
        Column("week", _("Week")),
        Column("known", _("Known")),
        Column("missing", _("Missing")),
        Column("reasons", _("By reason")),
        Column("bounds", _("Known as “<” or “>” only, counted as that limit")),
    )
    rows: list[Row] = []
    for name, label in _names():
        for week in (0, 52):
            rows.append(_missing(cohort, name, label, week))
    return Table("missing_data", _("Missing data"), columns, tuple(rows))


def _names() -> Sequence[tuple[str, str]]:
    return (
        ("prednisolone", _("Prednisolone")),
        ("sledai", "SLEDAI-2K"),
        ("c3", "C3"),
        ("dsdna", _("Anti-dsDNA")),
        ("upcr", _("Urine protein/creatinine")),
        ("creatinine", _("Creatinine")),
    )


def _missing(cohort: Starters, name: str, label: str, week: int) -> Row:
    values = cohort.values(f"week_{week}", name)
    lacking = [known for known in numbers_or_reasons(values) if isinstance(known, str)]
    told = "; ".join(f"{number} {reason}" for reason, number in tally(lacking))
    return Row(
        (
            text(label),
            count(week),
            count(len(values) - len(lacking)),
            count(len(lacking)),
            text(told),
            count(sum(bool(value.comparator) for value in values)),
        ),
        key=f"{name}_{week}",
    )

"""A row a patient: who they are, then what each of the weeks 0, 12, 24, 36 and 52 of tacrolimus tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from analytics.exports.columns import CellType, ExportColumn
from analytics.exports.subjects import Subject, middle_of_band
from analytics.exports.tables.patients import PATIENTS
from analytics.exports.weeks import ANALYTES as WEEK_ANALYTES
from analytics.exports.weeks import DAYS_A_WEEK, ENTRY_DAYS, WEEKS, WINDOW_DAYS, Whole
from analytics.outcomes.values import BEFORE_DAYS, Value
from dosing.assessment.facts import load_treatments
from patients.loading import load_records
from patients.models import Patient
from patients.rules.analytes import ANALYTES
from patients.rules.dates import age_years
from patients.rules.sledai import Score, score

NAME = "wide"


@dataclass(frozen=True)
class Wide:
    """The file of a wide export: the patient's columns, then those of the weeks."""

    name: str = NAME
    meaning: str = "a row a patient, with the values of weeks 0, 12, 24, 36 and 52 of tacrolimus"

    def chosen(self, identified: bool) -> tuple[ExportColumn, ...]:
        """The patient's columns, then those of each week."""
        return (*PATIENTS.chosen(identified), *OF_THE_WEEKS)

    def cells(self, subjects: Mapping[int, Subject], identified: bool, on: date) -> Iterator[list[str]]:
        """The rows of some patients as known on a day, in the order of the mapping, in few queries."""
        records = load_records(Patient.objects.filter(pk__in=list(subjects)))
        treatments = load_treatments(list(subjects))
        people = PATIENTS.chosen(identified)
        for key, row in PATIENTS.by_key(subjects, identified).items():
            who = subjects[key]
            whole = Whole(records[key], treatments[key], who.first_dose, on)
            yield [
                *(column.cell(row, who) for column in people),
                *(column.cell(whole, who) for column in OF_THE_WEEKS),
            ]


def _when(week: int) -> str:
    if week == 0:
        return f"of week 0: the last visit of the {ENTRY_DAYS} days up to the first dose"
    day = week * DAYS_A_WEEK
    return f"of week {week}: the visit nearest to day {day}, within {WINDOW_DAYS} days"


def _near(week: int) -> str:
    if week == 0:
        return f"of week 0: the last of the {BEFORE_DAYS} days up to the first dose"
    return (
        f"of week {week}: the nearest to its visit, or to day {week * DAYS_A_WEEK}, within {WINDOW_DAYS} days"
    )


def _day(found: Callable[[Whole], Any]) -> Callable[[Whole, Subject], int | None]:
    """The day of tacrolimus of what a function finds."""

    def day_of_fact(whole: Whole, who: Subject) -> int | None:
        fact = found(whole)
        return None if fact is None else who.day_of_tacrolimus(fact.on)

    return day_of_fact


def _sledai(week: int, name: str, meaning: str, told: Callable[[Score], int | None]) -> ExportColumn:
    def value(whole: Whole, _who: Subject) -> int | None:
        visit = whole.visits[week]
        return None if visit is None else told(score(visit.sledai))

    full = f"SLEDAI-2K{meaning}, {_when(week)}"
    sources = ("visits.sledai_*",)
    return ExportColumn(
        f"{name}_w{week}",
        CellType.INTEGER,
        full,
        sources,
        value,
        unit="points",
        allowed="0 to 105; empty = missing",
    )


def _number(
    name: str,
    meaning: str,
    source: str,
    value: Callable[[Whole], object],
    unit: str,
    kind: CellType = CellType.DECIMAL,
) -> ExportColumn:
    return ExportColumn(name, kind, meaning, (source,), lambda whole, _who: value(whole), unit=unit)


def _day_column(name: str, meaning: str, source: str, found: Callable[[Whole], Any]) -> ExportColumn:
    return ExportColumn(
        name, CellType.INTEGER, f"day of tacrolimus of {meaning}", (source,), _day(found), unit="d"
    )


def _visit_columns(week: int) -> tuple[ExportColumn, ...]:
    return (
        _day_column(
            f"visit_day_w{week}", f"the visit {_when(week)}", "visits.on", lambda whole: whole.visits[week]
        ),
        _sledai(week, "sledai_total", "; empty when an item was not assessed", lambda found: found.total),
        _sledai(week, "sledai_low", " at least", lambda found: found.low),
        _sledai(week, "sledai_high", " at most", lambda found: found.high),
    )


def _dose_columns(week: int) -> tuple[ExportColumn, ...]:
    day = f"on the day of the visit of week {week}, or on day {week * DAYS_A_WEEK}"
    steroid = "prednisolone equivalent of all systemic glucocorticoids, "
    return (
        _number(
            f"prednisolone_mg_per_day_w{week}",
            f"{steroid}{day if week else 'on the day before the first dose'}; empty = not known",
            "drug_episodes.dose_mg",
            lambda whole: whole.prednisolone_mg(week),
            "mg/d",
        ),
        _number(
            f"tacrolimus_mg_per_day_w{week}",
            f"dose of tacrolimus {day if week else 'on the day of the first dose'}; 0 = none taken",
            "drug_episodes.dose_mg",
            lambda whole: whole.tacrolimus_mg(week),
            "mg/d",
        ),
    )


def _level_columns(week: int) -> tuple[ExportColumn, ...]:
    if week == 0:
        return ()
    label = f"exact morning level of tacrolimus {_near(week)}"
    return (
        _number(
            f"level_ng_ml_w{week}",
            label,
            "levels.value_ng_ml",
            lambda whole: getattr(whole.level(week), "ng_ml", None),
            "ng/mL",
        ),
        _day_column(f"level_day_w{week}", label, "levels.drawn_at", lambda whole: whole.level(week)),
    )


def _analyte_columns(key: str, week: int) -> tuple[ExportColumn, ...]:
    analyte, name = ANALYTES[key], f"{ANALYTES[key].label} {_near(week)}"

    def result(whole: Whole) -> Value | None:
        return whole.results.get((key, week))

    def method(whole: Whole, who: Subject) -> str | None:
        found = result(whole)
        return who.disguise.series(found.method) if found and found.method else None

    return (
        _number(
            f"{key}_w{week}", name, "laboratory.value", lambda whole: getattr(result(whole), "number", None),
            analyte.unit,
        ),
        ExportColumn(
            f"{key}_comparator_w{week}",
            CellType.CODE,
            f"{analyte.label}: below or above the value",
            ("laboratory.comparator",),
            lambda whole, _who: getattr(result(whole), "comparator", None) or None,
            allowed="<; >; ≤; ≥; empty = exact",
        ),
        _day_column(f"{key}_day_w{week}", name, "laboratory.collected_at", result),
        ExportColumn(
            f"{key}_method_w{week}",
            CellType.CODE,
            f"{analyte.label}: method; de-identified, a random name of this export only",
            ("laboratory.method",),
            method,
            allowed="any; empty = none stated",
        ),
    )  # fmt: skip


def _egfr(week: int) -> ExportColumn:
    def value(whole: Whole, who: Subject) -> float | None:
        found = whole.egfr(week, _age_for_egfr(whole, who, week))
        return None if found is None else round(found, 1)

    return ExportColumn(
        f"egfr_japan_w{week}",
        CellType.DECIMAL,
        f"eGFR of adults by the Japanese equation (Matsuo 2009) from the creatinine of week {week}; "
        "de-identified with the age in the middle of the age band, or it would tell the age",
        ("laboratory.value", "patients.birth", "patients.sex"),
        value,
        unit="mL/min/1.73 m²",
    )


def _age_for_egfr(whole: Whole, who: Subject, week: int) -> int | None:
    """Identified the age on the day of the sample, as the report has it."""
    if not who.disguise.identified:
        return None if who.age is None else middle_of_band(who.age)
    found = whole.results.get(("creatinine", week))
    return age_years(who.birth.earliest, found.on) if found and found.on else None


OF_THE_WEEKS: tuple[ExportColumn, ...] = tuple(
    column
    for week in WEEKS
    for column in (
        *_visit_columns(week),
        *_dose_columns(week),
        *_level_columns(week),
        *(each for key in WEEK_ANALYTES for each in _analyte_columns(key, week)),
        _egfr(week),
    )
)
WIDE = Wide()

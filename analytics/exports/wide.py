"""A row a patient: who she is, then what each of the weeks 0, 12, 24, 36 and 52 of tacrolimus tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from analytics.exports.columns import Column, Kind
from analytics.exports.subjects import Subject, middle_of_band
from analytics.exports.tables.laboratory import SERIES
from analytics.exports.tables.patients import PATIENTS
from analytics.exports.weeks import DAYS_A_WEEK, ENTRY_DAYS, WEEKS, WINDOW_DAYS, Whole
from dosing.loading import load_treatments
from patients.loading import load_records
from patients.models import Patient
from patients.rules.analytes import ANALYTES
from patients.rules.record import LaboratoryValue, Visit
from patients.rules.sledai import Score, score

ANALYTES_TOLD = ("c3", "c4", "dsdna", "upcr", "creatinine")
NAME = "wide"


@dataclass(frozen=True)
class Wide:
    """The file of a wide export: the patient's columns, and behind them those of the weeks."""

    name: str = NAME
    meaning: str = "a row a patient, with the values of weeks 0, 12, 24, 36 and 52 of tacrolimus"

    def chosen(self, identified: bool) -> tuple[Column, ...]:
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
        return f"at entry: the last of the {ENTRY_DAYS} days up to the first dose"
    return (
        f"at week {week}: the nearest to day {week * 7} within {WINDOW_DAYS} days, of two as near the earlier"
    )


def _day(found: Callable[[Whole], object]) -> Callable[[Whole, Subject], int | None]:
    def told(whole: Whole, who: Subject) -> int | None:
        fact = found(whole)
        return None if fact is None else who.day_of_tacrolimus(fact.on)  # type: ignore[attr-defined]

    return told


def _sledai(week: int, name: str, meaning: str, told: Callable[[Score], int | None]) -> Column:
    def value(whole: Whole, _who: Subject) -> int | None:
        visit: Visit | None = whole.visit(week)
        return None if visit is None else told(score(visit.sledai))

    full = f"SLEDAI-2K{meaning}, {_when(week)}"
    return Column(
        f"{name}_w{week}", Kind.INTEGER, full, ("visits.sledai_*",), value, unit="points", allowed="0 to 105"
    )


def _visit_columns(week: int) -> tuple[Column, ...]:
    return (
        Column(
            f"visit_day_w{week}",
            Kind.INTEGER,
            f"day of tacrolimus of the visit {_when(week)}",
            ("visits.on",),
            _day(lambda whole: whole.visit(week)),
            unit="d",
        ),
        _sledai(week, "sledai_total", "; empty when an item was not assessed", lambda found: found.total),
        _sledai(week, "sledai_low", " at least", lambda found: found.low),
        _sledai(week, "sledai_high", " at most", lambda found: found.high),
    )


def _dose_columns(week: int) -> tuple[Column, ...]:
    day = f"on day {week * DAYS_A_WEEK} of tacrolimus"
    return (
        Column(
            f"prednisolone_mg_per_day_w{week}",
            Kind.DECIMAL,
            f"prednisolone equivalent of all systemic glucocorticoids {day}; empty = not known",
            ("drug_episodes.dose_mg",),
            lambda whole, _who: whole.prednisolone_mg(week),
            unit="mg/d",
        ),
        Column(
            f"tacrolimus_mg_per_day_w{week}",
            Kind.DECIMAL,
            f"dose of tacrolimus {day}; 0 = none taken",
            ("drug_episodes.dose_mg",),
            lambda whole, _who: whole.tacrolimus_mg(week),
            unit="mg/d",
        ),
    )


def _level_columns(week: int) -> tuple[Column, ...]:
    if week == 0:
        return ()
    when = _when(week)
    return (
        Column(
            f"level_ng_ml_w{week}",
            Kind.DECIMAL,
            f"exact morning level of tacrolimus {when}",
            ("levels.value_ng_ml",),
            lambda whole, _who: getattr(whole.level(week), "ng_ml", None),
            unit="ng/mL",
        ),
        Column(
            f"level_day_w{week}",
            Kind.INTEGER,
            f"day of tacrolimus of the level {when}",
            ("levels.drawn_at",),
            _day(lambda whole: whole.level(week)),
            unit="d",
        ),
    )


def _analyte_columns(key: str, week: int) -> tuple[Column, ...]:
    analyte, when = ANALYTES[key], _when(week)

    def result(whole: Whole) -> LaboratoryValue | None:
        return whole.result(key, week)

    def series(whole: Whole, who: Subject) -> str | None:
        found = result(whole)
        return who.disguise.series(found.laboratory, found.method) if found else None

    return (
        Column(
            f"{key}_w{week}",
            Kind.DECIMAL,
            f"{analyte.label} {when}",
            ("laboratory.value",),
            lambda whole, _who: getattr(result(whole), "value", None),
            unit=analyte.unit,
        ),
        Column(
            f"{key}_comparator_w{week}",
            Kind.CODE,
            f"{analyte.label}: below or above the value",
            ("laboratory.comparator",),
            lambda whole, _who: getattr(result(whole), "comparator", None) or None,
            allowed="<; >; empty = exact",
        ),
        Column(
            f"{key}_day_w{week}",
            Kind.INTEGER,
            f"day of tacrolimus of {analyte.label} {when}",
            ("laboratory.collected_at",),
            _day(result),
            unit="d",
        ),
        Column(
            f"{key}_series_w{week}",
            Kind.CODE,
            f"{analyte.label}: {SERIES}",
            ("laboratory.laboratory", "laboratory.method"),
            series,
        ),
    )


def _egfr(week: int) -> Column:
    def value(whole: Whole, who: Subject) -> float | None:
        band = None if who.age is None else middle_of_band(who.age)
        found = whole.egfr(week, who.age if who.disguise.identified else band)
        return None if found is None else round(found, 1)

    return Column(
        f"egfr_japan_w{week}",
        Kind.DECIMAL,
        f"eGFR of adults by the Japanese equation (Matsuo 2009) from the creatinine of week {week} and the "
        "age at entry; de-identified from the middle of the age band, or it would tell the age",
        ("laboratory.value", "patients.birth", "patients.sex"),
        value,
        unit="mL/min/1.73 m²",
    )


OF_THE_WEEKS: tuple[Column, ...] = tuple(
    column
    for week in WEEKS
    for column in (
        *_visit_columns(week),
        *_dose_columns(week),
        *_level_columns(week),
        *(each for key in ANALYTES_TOLD for each in _analyte_columns(key, week)),
        _egfr(week),
    )
)
WIDE = Wide()

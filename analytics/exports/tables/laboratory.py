"""Laboratory results in the catalogue's units, and tacrolimus levels with the hours after the dose."""

from __future__ import annotations

from decimal import Decimal

from analytics.exports.columns import CellType, ColumnScope, ExportColumn
from analytics.exports.fields import catalogued, day_of, field, text
from analytics.exports.subjects import Row, Subject
from analytics.exports.tables.table import OF_THE_ENTRY, ExportTable
from dosing.models import TacrolimusLevel
from dosing.rules.levels.timing import timing
from patients.models import LaboratoryResult
from patients.rules.analytes import ANALYTES

SECONDS_AN_HOUR = 3600
TENTH = Decimal("0.1")
AS_ENTERED = "what was typed; the value in the canonical unit is exported"
SERIES = (
    "measured by one laboratory with one method; values of different series are not comparable. "
    "De-identified, a random name of this export only"
)
_LIMIT = "limit that the laboratory gave with the result; empty where it gave none"


def _unit(row: Row, _who: Subject) -> str | None:
    known = ANALYTES.get(row["analyte"])
    return known.unit or None if known else None


def _hours(row: Row, _who: Subject) -> Decimal | None:
    if row["last_dose_at"] is None:
        return None
    seconds = Decimal((row["drawn_at"] - row["last_dose_at"]).total_seconds())
    return (seconds / SECONDS_AN_HOUR).quantize(TENTH)


def _timing(row: Row, _who: Subject) -> str:
    if row["last_dose_at"] is None:
        return timing(None).value
    hours = Decimal((row["drawn_at"] - row["last_dose_at"]).total_seconds()) / SECONDS_AN_HOUR
    return timing(hours).value


LABORATORY = ExportTable(
    name="laboratory",
    meaning="laboratory results in the units of the catalogue",
    model=LaboratoryResult,
    rows=LaboratoryResult.objects.active(),
    order=("collected_at", "analyte"),
    columns=(
        ExportColumn(
            "collected_date",
            CellType.DATE,
            "day of collection",
            ("collected_at",),
            lambda row, who: who.local(row["collected_at"]),
        ),
        day_of("collected_at", "collected_day", moment=True),
        field(LaboratoryResult, "collected_at", kept=ColumnScope.IDENTIFIED),
        catalogued("analyte", "what was measured", ANALYTES, where="catalogue.csv"),
        field(LaboratoryResult, "value", unit="the column unit says it"),
        field(LaboratoryResult, "value_high", unit="the column unit says it"),
        ExportColumn(
            "unit",
            CellType.CODE,
            "unit of value, lower_limit and upper_limit (UCUM)",
            ("analyte",),
            _unit,
            allowed="as catalogue.csv says",
        ),
        ExportColumn(
            "comparator",
            CellType.CODE,
            "the value lies below or above what is told; with value_high between the two",
            ("comparator",),
            lambda row, _who: row["comparator"] or None,
            allowed="<; >; ≤; ≥; empty = exact, or a range",
        ),
        ExportColumn(
            "finding",
            CellType.CODE,
            "a result that is no number",
            ("finding",),
            lambda row, _who: _known_finding(row),
            allowed="as catalogue.csv says of the analyte",
        ),
        field(LaboratoryResult, "lower_limit", unit="the column unit says it", meaning=f"lower {_LIMIT}"),
        field(LaboratoryResult, "upper_limit", unit="the column unit says it", meaning=f"upper {_LIMIT}"),
        field(LaboratoryResult, "during_infection"),
        field(LaboratoryResult, "fasting"),
        field(LaboratoryResult, "haemolysed"),
        ExportColumn(
            "series",
            CellType.CODE,
            SERIES,
            ("laboratory__name", "method"),
            lambda row, who: who.disguise.series(row["laboratory__name"], row["method"]),
        ),
        text(LaboratoryResult, "method"),
    ),
    left_out=OF_THE_ENTRY | {"entered": AS_ENTERED},
)


def _known_finding(row: Row) -> str | None:
    known = ANALYTES.get(row["analyte"])
    return row["finding"] if known and row["finding"] in known.findings else None


LEVELS = ExportTable(
    name="levels",
    meaning="tacrolimus levels in whole blood",
    model=TacrolimusLevel,
    rows=TacrolimusLevel.objects.active(),
    order=("drawn_at",),
    columns=(
        ExportColumn(
            "drawn_date",
            CellType.DATE,
            "day of the draw",
            ("drawn_at",),
            lambda row, who: who.local(row["drawn_at"]),
        ),
        day_of("drawn_at", "drawn_day", moment=True),
        ExportColumn(
            "hours_after_dose",
            CellType.DECIMAL,
            "hours from the last dose to the draw; empty when not known",
            ("drawn_at", "last_dose_at"),
            _hours,
            unit="h",
        ),
        ExportColumn(
            "timing",
            CellType.CODE,
            "kind of level by these hours; the target is one of morning levels",
            ("drawn_at", "last_dose_at"),
            _timing,
            allowed="early; morning; intermediate; twenty_four_hours; dose_missed; unknown",
        ),
        field(TacrolimusLevel, "value_ng_ml", name="level_ng_ml", unit="ng/mL"),
        ExportColumn(
            "comparator",
            CellType.CODE,
            "the level lies below or above what is told",
            ("comparator",),
            lambda row, _who: row["comparator"] or None,
            allowed="<; >; empty = exact",
        ),
        field(TacrolimusLevel, "dose_mg", unit="mg", meaning="last dose of tacrolimus before the draw"),
        field(TacrolimusLevel, "drawn_at", kept=ColumnScope.IDENTIFIED),
        field(TacrolimusLevel, "last_dose_at", kept=ColumnScope.IDENTIFIED),
        ExportColumn(
            "series",
            CellType.CODE,
            SERIES,
            ("laboratory__name", "assay"),
            lambda row, who: who.disguise.series(row["laboratory__name"], row["assay"]),
        ),
        text(TacrolimusLevel, "assay"),
    ),
    left_out=OF_THE_ENTRY | {"entered": AS_ENTERED},
)

"""The study's published figures compared with those of this cohort.

Every figure of this cohort is read from a table of the report: what is compared is what is shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from analytics.report.cells import EMPTY, printed, signed, text
from analytics.report.document import Cell, Column, Row, Table

P_LIMIT = "<0.001"


@dataclass(frozen=True)
class PublishedValue:
    """A published figure and the place of this cohort's: table, row and column by their keys.

    published: a number, or P_LIMIT; test: by which a p-value was computed, where it is one.
    """

    label: str
    unit: str
    places: int
    published: Decimal | str
    table: str
    row: str
    column: str
    test: str = ""


@cache
def published() -> Mapping[str, Any]:
    """The study's figures as data; numbers are decimals as printed."""
    path = Path(__file__).with_name("published.json")
    return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def figures() -> Iterator[PublishedValue]:
    """Every published figure, in the order of the paper."""
    yield from _baseline(published()["baseline"])
    yield from _pairs(published()["paired"])
    yield from _symptoms(published()["symptoms"])
    yield from _outcomes(published())


def _baseline(known: Mapping[str, Any]) -> Iterator[PublishedValue]:
    entry = "table_1"
    for key, label, unit, places in (
        ("age_years", _("Age"), _("years"), 1),
        ("tacrolimus_mg_per_day", _("Tacrolimus, first dose"), "mg/day", 2),
    ):
        yield PublishedValue(
            _("%(label)s, mean") % {"label": label}, unit, places, known[key]["mean"], entry, key, "mean"
        )
        yield PublishedValue(
            _("%(label)s, SD") % {"label": label}, unit, places, known[key]["sd"], entry, key, "sd"
        )
    for key, label in (
        ("female", _("Female")),
        ("renal_involvement", _("Renal involvement, now or past")),
        ("prior_immunosuppressants", _("Immunosuppressant before")),
        ("statin", _("Statin")),
        ("arb_or_ace_inhibitor", _("ARB or ACE inhibitor")),
        ("serological_activity_only", _("Serological activity only")),
        ("psl_20_mg_or_more", _("Prednisolone 20 mg/day or more")),
    ):
        yield PublishedValue(label, _("patients"), 0, Decimal(known[key]), entry, key, "number")


# The test by which the study may have computed each p-value (specification 1.4, numbers 16 and 17; 1.5).
TESTS = {
    "psl_mg_per_day": "paired_t",
    "sledai": "paired_t",
    "c3_mg_dl": "paired_t",
    "dsdna_iu_ml": "wilcoxon",
    "upcr_g_gcr": "wilcoxon",
    "creatinine_mg_dl": "paired_t",
    "egfr_ml_min_173": "paired_t",
}


def _pairs(known: Mapping[str, Any]) -> Iterator[PublishedValue]:
    table = "table_2_before_after"
    names = {"paired_t": _("paired t-test"), "wilcoxon": _("Wilcoxon signed-rank test")}
    for key, label, unit, places in (
        ("psl_mg_per_day", _("Prednisolone"), "mg/day", 1),
        ("sledai", "SLEDAI", "", 1),
        ("c3_mg_dl", "C3", "mg/dl", 1),
        ("dsdna_iu_ml", _("Anti-dsDNA"), "IU/ml", 1),
        ("upcr_g_gcr", _("Urine protein"), "g/gCr", 2),
        ("creatinine_mg_dl", _("Creatinine"), "mg/dl", 2),
        ("egfr_ml_min_173", "eGFR", "ml/min/1.73 m²", 1),
    ):
        for side, week in (("before", 0), ("after", 52)):
            if known[key][side] is not None:
                for place, what, name in ((0, "mean", _("mean")), (1, "sd", _("SD"))):
                    said = _("%(label)s, week %(week)s, %(name)s") % {
                        "label": label,
                        "week": week,
                        "name": name,
                    }
                    yield PublishedValue(
                        said, unit, places, known[key][side][place], table, key, f"{what}_week_{week}"
                    )
        test = TESTS[key]
        said = _("%(label)s, p") % {"label": label}
        p_places = 0 if known[key]["p"] == P_LIMIT else -known[key]["p"].as_tuple().exponent
        yield PublishedValue(said, "", p_places, known[key]["p"], table, key, f"p_{test}", names[test])


def _symptoms(known: Mapping[str, Sequence[int]]) -> Iterator[PublishedValue]:
    names = {
        "headache": _("Headache"),
        "arthritis": _("Arthritis"),
        "rash": _("Rash"),
        "alopecia": _("Alopecia"),
        "mucosal_ulcers": _("Mucosal ulcers"),
        "fever": _("Fever"),
    }
    for key, (before, after) in known.items():
        for column, week, number in (("at_week_0", 0, before), ("after", 52, after)):
            label = _("%(symptom)s, week %(week)s") % {"symptom": names[key], "week": week}
            yield PublishedValue(label, _("patients"), 0, Decimal(number), "symptoms", key, column)


def _outcomes(known: Mapping[str, Any]) -> Iterator[PublishedValue]:
    def patients(label: str, number: int, table: str, row: str, column: str = "patients") -> PublishedValue:
        return PublishedValue(label, _("patients"), 0, Decimal(number), table, row, column)

    yield patients(_("Started tacrolimus"), known["n_enrolled"], "flow_data", "started")
    yield PublishedValue(
        _("Prednisolone pairs"), _("pairs"), 0, Decimal(known["n_paired"]),
        "table_2_before_after", "psl_mg_per_day", "pairs",
    )  # fmt: skip
    yield patients(_("Responders"), known["responders"], "response", "responders")
    yield patients(_("Non-responders"), known["non_responders"], "response", "non_responders")
    yield patients(
        _("Prednisolone below 5 mg/day at week 52"),
        known["psl_below_5_mg_at_52"],
        "steroid_sparing",
        "below_5",
    )
    yield patients(
        _("Prednisolone stopped at week 52"), known["psl_stopped_at_52"], "steroid_sparing", "stopped"
    )
    yield patients(_("Patients with an adverse event"), len(known["adverse_events"]), "table_3_events", "any")


def beside_published(tables: Sequence[Table]) -> Table:
    """Each published figure, the same of this cohort to the same digits, and the difference."""
    columns = (
        Column("figure", _("Figure")),
        Column("unit", _("Unit")),
        Column("published", _("Published")),
        Column("cohort", _("This cohort")),
        Column("difference", _("Difference")),
        Column("test", _("Test")),
    )
    by_key = {table.key: table for table in tables}
    rows = tuple(_row(figure, by_key[figure.table].cell(figure.row, figure.column)) for figure in figures())
    notes = (
        _("Published: tacrolimus added in the maintenance phase of SLE, 38 patients, 52 weeks.")
        + " "
        + _("The difference is that of the printed digits: this cohort − published."),
    )
    return Table("beside_published", _("This cohort beside the published study"), columns, rows, notes)


def _row(figure: PublishedValue, found: Cell) -> Row:
    key = f"{figure.table}.{figure.row}.{figure.column}"
    return Row(
        (
            text(figure.label),
            text(figure.unit),
            _published(figure),
            _to_its_digits(figure, found),
            _difference(figure, found),
            text(figure.test),
        ),
        key=key,
    )


def _published(figure: PublishedValue) -> Cell:
    if isinstance(figure.published, str):
        return text(figure.published)
    return Cell(figure.published, printed(figure.published, figure.places))


def _to_its_digits(figure: PublishedValue, found: Cell) -> Cell:
    if not isinstance(found.value, Decimal | int):
        return found
    if isinstance(figure.published, str):
        return found
    return Cell(found.value, printed(Decimal(found.value), figure.places))


def _difference(figure: PublishedValue, found: Cell) -> Cell:
    if not isinstance(found.value, Decimal | int):
        return EMPTY
    if isinstance(figure.published, str):
        agrees = Decimal(found.value) < Decimal(figure.published.removeprefix("<"))
        return text(_("agrees") if agrees else _("differs"))
    rounded = Decimal(f"{Decimal(found.value):.{figure.places}f}")
    return signed(rounded - figure.published, figure.places)

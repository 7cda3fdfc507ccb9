"""The published figures come out of the reconstructed cohort, through loading, outcomes and the report.

Expected values are those of published.json alone; each p-value by the test that can have given it
(specification 1.4, numbers 16 and 17, and 1.5).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

import analytics.report.contents
from accounts.models import Clinic
from analytics import cohorts
from analytics.cohorts import CohortSelection, cohort_of
from analytics.columns import everybody_started
from analytics.report.contents.build import build
from analytics.report.document import Cell, Document
from analytics.report.document_json import from_json, to_json
from dosing.rules.levels import morning_band
from dosing.rules.thresholds import STUDY
from tests.analytics.columns.by_facts import by_facts

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("study"), pytest.mark.sqlite]
PUBLISHED = json.loads(
    Path(analytics.report.contents.__file__).with_name("published.json").read_text(), parse_float=Decimal
)
PAIRED = PUBLISHED["paired"]
P_BY = {
    "psl_mg_per_day": ("p_paired_t", "p_wilcoxon"),
    "sledai": ("p_paired_t", "p_wilcoxon"),
    "c3_mg_dl": ("p_paired_t",),
    "dsdna_iu_ml": ("p_wilcoxon",),
    "upcr_g_gcr": ("p_wilcoxon",),
    "creatinine_mg_dl": ("p_paired_t",),
    "egfr_ml_min_173": ("p_paired_t",),
}


@pytest.fixture(scope="module")
def study(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Clinic]:
    """The clinic of the reconstructed cohort."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_study_cohort", verbosity=0)
        yield Clinic.objects.get(is_reconstruction=True)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def report(study: Clinic, django_db_blocker: DjangoDbBlocker) -> Document:
    """The report of the reconstructed cohort, kept and read again as a report's row does it."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        # Written just now: without this each patient would be told from their facts, not from the columns.
        patch.setattr(cohorts, "patients_changed_since", lambda _moment, _patients: set())
        cohort = cohort_of(study, CohortSelection(cut_off=date(2014, 1, 1)))
        made = build(cohort, (), "test", morning_band(None, STUDY), lambda _title: None)
        return from_json(to_json(made))


def test_the_columns_agree_with_the_facts(study: Clinic) -> None:
    for cut_off in (date(2012, 1, 1), date(2014, 1, 1)):
        found = everybody_started(study, cut_off)
        assert found == by_facts(study, cut_off)
    assert len(found) == PUBLISHED["n_enrolled"]


def value(report: Document, table: str, row: str, column: str) -> Decimal:
    found: Cell = report.table(table).cell(row, column)
    assert isinstance(found.value, Decimal | int), found
    return Decimal(found.value)


def to_digits(found: Decimal, published: Decimal) -> Decimal:
    """As many decimals as were published, ties away from zero as people round."""
    return found.quantize(Decimal(1).scaleb(published.as_tuple().exponent), rounding="ROUND_HALF_UP")


@pytest.mark.parametrize("name", ["age_years", "tacrolimus_mg_per_day"])
@pytest.mark.parametrize("what", ["mean", "sd"])
def test_quantities_at_entry(report: Document, name: str, what: str) -> None:
    published = PUBLISHED["baseline"][name][what]
    assert to_digits(value(report, "table_1", name, what), published) == published


@pytest.mark.parametrize(
    "name",
    [name for name in PUBLISHED["baseline"] if name not in ("age_years", "tacrolimus_mg_per_day")],
)
def test_numbers_of_patients_at_entry(report: Document, name: str) -> None:
    assert value(report, "table_1", name, "number") == PUBLISHED["baseline"][name]
    assert value(report, "table_1", name, "known") == PUBLISHED["n_enrolled"]


@pytest.mark.parametrize("name", [name for name in PAIRED if PAIRED[name]["before"]])
@pytest.mark.parametrize(("side", "week"), [("before", 0), ("after", 52)])
@pytest.mark.parametrize(("place", "what"), [(0, "mean"), (1, "sd")])
def test_before_and_after(report: Document, name: str, side: str, week: int, place: int, what: str) -> None:
    published = Decimal(PAIRED[name][side][place])
    found = value(report, "table_2_before_after", name, f"{what}_week_{week}")
    assert to_digits(found, published) == published
    assert value(report, "table_2_before_after", name, "pairs") == PUBLISHED["n_paired"]


@pytest.mark.parametrize(("name", "column"), [(name, column) for name in P_BY for column in P_BY[name]])
def test_p_values(report: Document, name: str, column: str) -> None:
    published, found = PAIRED[name]["p"], value(report, "table_2_before_after", name, column)
    if published == "<0.001":
        assert 0 < found < Decimal("0.001")
    else:
        assert to_digits(found, published) == published


def test_what_a_t_test_cannot_have_given(report: Document) -> None:
    """Specification 1.4: not 0.47 for urine protein, not below 0.001 for anti-dsDNA."""
    assert value(report, "table_2_before_after", "upcr_g_gcr", "p_paired_t") > Decimal("0.78")
    assert value(report, "table_2_before_after", "dsdna_iu_ml", "p_paired_t") > Decimal("0.001")


@pytest.mark.parametrize("name", PUBLISHED["symptoms"])
def test_symptoms(report: Document, name: str) -> None:
    before, after = PUBLISHED["symptoms"][name]
    assert value(report, "symptoms", name, "at_week_0") == before
    assert value(report, "symptoms", name, "after") == after


def test_responders_with_their_denominator(report: Document) -> None:
    """28 of 38; the rule finds 10 who are none, the published 8 and the two with an adverse event."""
    assert value(report, "response", "responders", "patients") == PUBLISHED["responders"]
    assert value(report, "response", "responders", "of") == PUBLISHED["n_enrolled"]
    assert value(report, "response", "non_responders", "patients") == PUBLISHED["non_responders"] + 2
    said = " ".join(report_text(report, "published"))
    assert "28 respond and 10 do not" in said and "two patients with an adverse event" in said


def report_text(report: Document, section: str) -> tuple[str, ...]:
    return next(one.paragraphs for one in report.sections if one.key == section)


def test_prednisolone_goals(report: Document) -> None:
    assert value(report, "steroid_sparing", "below_5", "patients") == PUBLISHED["psl_below_5_mg_at_52"]
    assert value(report, "steroid_sparing", "stopped", "patients") == PUBLISHED["psl_stopped_at_52"]
    assert value(report, "steroid_sparing", "below_5", "of") == PUBLISHED["n_paired"]
    # Specification 1.3: of the four who began with 20 mg or more, three took 5 to 10 mg.
    assert value(report, "steroid_sparing", "high_5_to_10", "patients") == 3
    assert (
        value(report, "steroid_sparing", "high_5_to_10", "of") == PUBLISHED["baseline"]["psl_20_mg_or_more"]
    )


def test_adverse_events(report: Document) -> None:
    events = report.table("table_3_each_event").rows
    told = {row.cells[2].text: row for row in events}
    columns = [column.key for column in report.table("table_3_each_event").columns]
    assert len(events) == len(PUBLISHED["adverse_events"]) == 2
    for event in PUBLISHED["adverse_events"]:
        cells = dict(zip(columns, told[event["term"]].cells, strict=True))
        assert cells["level"].value == event["trough_ng_ml"]
        day = int(str(cells["day"].value))
        # Month 11 of treatment: from ten months to eleven.
        assert day == event["day"] if "day" in event else 10 * 30 < day <= 11 * Decimal("30.44")
    assert told["rhabdomyolysis"].cells[columns.index("action")].text == "stopped"
    assert told["muscle cramps"].cells[columns.index("action")].text == "dose reduced"
    assert value(report, "table_3_events", "any", "patients") == 2


def test_the_flow_adds_up(report: Document) -> None:
    assert value(report, "flow_data", "started", "patients") == PUBLISHED["n_enrolled"]
    assert value(report, "flow_data", "completed", "patients") == PUBLISHED["n_paired"]


def test_every_published_figure_stands_beside_the_cohorts(report: Document) -> None:
    """Nothing differs but the non-responders, and each p-value names its test."""
    table = report.table("beside_published")
    columns = [column.key for column in table.columns]
    differs = [
        row.key for row in table.rows if row.cells[columns.index("difference")].value not in (0, "agrees")
    ]
    assert differs == ["response.non_responders.patients"]
    tested = [row for row in table.rows if ".p_" in row.key]
    assert len(tested) == len(PAIRED)
    assert all(row.cells[columns.index("test")].text for row in tested)


def test_the_same_cohort_is_the_same_document(report: Document) -> None:
    assert to_json(from_json(to_json(report))) == to_json(report)

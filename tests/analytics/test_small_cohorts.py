"""Cohorts of nobody, one and two, and one before its week 52: every table says what it cannot tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from analytics.outcomes import PatientOutcome
from analytics.report.contents.build import build
from analytics.report.contents.cohort import Cohort
from analytics.report.document import Document, Table
from analytics.report.document_json import from_json, to_json
from analytics.report.files.workbook import workbook
from dosing.rules.levels import morning_band
from dosing.rules.thresholds import STUDY
from dosing.rules.treatment import Course, Treatment
from tests.outcomes.people import FIRST, LATE, day, of, result, start, tacrolimus, with_results, with_visits


def made(*outcomes: PatientOutcome, cut_off: int = 1000) -> Document:
    cohort = Cohort("A", day(cut_off), outcomes)
    return build(cohort, (), "test", morning_band(None, STUDY), lambda _title: None)


def treated(c3: str = "90") -> PatientOutcome:
    """From rash to nothing in a year."""
    return of(with_visits(with_results(start(), result("c3", 0, "80"), result("c3", 364, c3)), 364))


def text(table: Table, row: str, column: str) -> str:
    return table.cell(row, column).text


def whole(document: Document) -> str:
    return to_json(document)


@pytest.mark.parametrize("people", [0, 1, 2])
def test_every_section_is_there_and_nothing_is_a_false_number(people: int) -> None:
    report = made(*[treated(str(90 + number)) for number in range(people)])
    assert len(report.sections) == 10
    assert text(report.table("flow_data"), "started", "patients") == str(people)
    for written in ("nan", "inf", "Infinity", "NaN"):
        assert f'"{written}"' not in whole(report)
    for row in report.table("table_2_before_after").rows:
        for column in ("p_paired_t", "p_wilcoxon"):
            value = report.table("table_2_before_after").cell(row.key, column).value
            assert value is None or 0 < float(str(value)) <= 1
    assert from_json(to_json(report)) == report
    assert workbook(report)


def test_nobody() -> None:
    report = made()
    assert text(report.table("response"), "responders", "percent") == "n.e."
    assert any("nobody to count" in note for note in report.table("response").notes)
    assert text(report.table("table_2_before_after"), "c3_mg_dl", "mean_week_0") == "n.e."
    assert report.table("retention_data").rows == ()


def test_one() -> None:
    report = made(treated())
    assert text(report.table("response"), "responders", "patients") == "1"
    assert text(report.table("table_2_before_after"), "c3_mg_dl", "change") == "+10.0"
    assert text(report.table("table_2_before_after"), "c3_mg_dl", "sd_week_0") == "n.e."
    assert text(report.table("table_2_before_after"), "c3_mg_dl", "p_paired_t") == "n.e."


def test_two_who_changed_alike_give_no_certainty() -> None:
    report = made(treated("90"), treated("90"))
    assert text(report.table("table_2_before_after"), "c3_mg_dl", "change") == "+10.0"
    assert text(report.table("table_2_before_after"), "c3_mg_dl", "p_paired_t") == "n.e."
    # The least that the exact test of two pairs can give: 2 · (1/2)² = 0.5.
    assert text(report.table("table_2_before_after"), "c3_mg_dl", "p_wilcoxon") == "0.500"


def test_before_week_52_nobody_has_failed_yet() -> None:
    early = of(with_visits(start(), 100), day(200))
    report = made(early, cut_off=200)
    assert text(report.table("response"), "responders", "of") == "0"
    assert (
        text(report.table("response"), "responders", "not_assessable") == "1 week 52 lies after the cut-off"
    )
    assert text(report.table("response_sensitivity"), "as_failures", "of") == "0"
    assert text(report.table("flow_data"), "completed", "patients") == "0"
    reasons = [row.cells[0].text for row in report.table("flow_data").rows if row.indent]
    assert reasons == ["week 52 lies after the cut-off"]


def test_who_never_came_back_is_not_assessable_and_in_the_worst_case_a_failure() -> None:
    lost = of(with_visits(start(), 100))
    report = made(treated(), lost)
    assert text(report.table("response"), "responders", "of") == "1"
    assert (
        text(report.table("response"), "responders", "not_assessable") == "1 no visit in the time of week 52"
    )
    worst = report.table("response_sensitivity")
    assert (text(worst, "as_failures", "patients"), text(worst, "as_failures", "of")) == ("1", "2")


def test_a_stop_counts_at_once_with_its_reason() -> None:
    ended = Treatment(courses=(Course(1, FIRST, day(30), "kidney"),))
    stopped = of(start(tacrolimus(0, 30)), day(60), ended)
    report = made(stopped, cut_off=60)
    assert text(report.table("response"), "non_responders", "patients") == "1"
    reasons = [row.cells[0].text for row in report.table("flow_data").rows if row.indent]
    assert reasons == ["stopped: kidney function"]


def test_patients_bear_the_numbers_of_the_report() -> None:
    people = [
        replace(treated(), key=900 + number, first=FIRST + timedelta(days=number)) for number in range(12)
    ]
    cohort = Cohort("A", LATE, tuple(people))
    assert cohort.names[0] == "P01" and cohort.names[-1] == "P12"
    document = build(cohort, (), "test", morning_band(None, STUDY), lambda _title: None)
    assert "900" not in whole(document)

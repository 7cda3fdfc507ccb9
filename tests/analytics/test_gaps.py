"""What a report could not count: found patient by patient, and led to the form that fills it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from analytics.gaps import gaps
from analytics.links import way
from analytics.models import Report
from analytics.report.contents.cohort import Cohort
from dosing.rules.treatment import AdverseEvent, Course, Treatment
from patients.rules.dates import PartialDate
from patients.rules.record import Record
from tests.analytics.reports import finished_report
from tests.hazards import Place, make_place
from tests.outcomes.people import FIRST, LATE, day, of, result, start, tacrolimus, with_results, with_visits


def found(record: Record, cut_off: date = LATE, treatment: Treatment | None = None) -> list[dict[str, Any]]:
    return gaps(Cohort("A", cut_off, (of(record, cut_off, treatment),)))


def complete() -> Record:
    """Every value of both weeks."""
    results = [
        result(analyte, number, "1", method="RIA" if analyte == "dsdna" else "")
        for analyte in ("c3", "dsdna", "upcr", "creatinine")
        for number in (0, 364)
    ]
    return with_visits(with_results(start(), *results), 364)


def told(rows: list[dict[str, Any]]) -> list[tuple[str, int | None]]:
    return [(row["item"], row["week"]) for row in rows]


def test_nothing_is_missing_where_all_is_recorded() -> None:
    assert found(complete()) == []


def test_a_value_that_is_missing_names_its_week_and_why() -> None:
    record = complete()
    less = tuple(row for row in record.laboratory if (row.analyte, row.on) != ("c3", day(364)))
    (gap,) = found(replace(record, laboratory=less))
    assert (gap["name"], gap["item"], gap["week"]) == ("P1", "c3", 52)
    assert gap["reason"]["text"] == "not measured"


def test_a_missing_visit_is_told_once() -> None:
    record = complete()
    without = tuple(visit for visit in record.visits if visit.on < FIRST)
    assert told(found(replace(record, visits=without))) == [("visit", 52)]


@pytest.mark.parametrize("treatment", ["early", "stopped", "elsewhere"])
def test_what_cannot_be_filled_in_is_not_asked_for(treatment: str) -> None:
    """Week 52 lies ahead, or was never reached on tacrolimus."""
    if treatment == "early":
        assert told(found(with_results(start(), *complete().laboratory), day(200))) == []
        return
    code = "side_effect" if treatment == "stopped" else "care_elsewhere"
    record = with_results(start(tacrolimus(0, 100)), *complete().laboratory)
    ended = Treatment(courses=(Course(1, FIRST, day(100), code),))
    assert told(found(record, treatment=ended)) == []


def test_an_incomplete_sledai_names_its_visit() -> None:
    record = complete()
    visits = [row for row in record.visits if row.on < FIRST]
    opened = with_visits(replace(record, visits=tuple(visits)), 364, arthritis=None)
    (gap,) = found(opened)
    assert (gap["item"], gap["week"], gap["fact"]) == ("sledai", 52, 900 + 364)


def test_renal_involvement_and_half_recorded_events() -> None:
    record = complete()
    unknown = replace(record, person=replace(record.person, renal_involvement=None))
    event = AdverseEvent(7, PartialDate.on(day(30)), "tremor", grade=1)
    rows = found(unknown, treatment=Treatment(adverse_events=(event,)))
    assert Counter(told(rows)) == Counter([("renal", None), ("event", None)])
    assert rows[-1]["fact"] == 7


@pytest.mark.parametrize(
    ("item", "fact", "name", "arguments"),
    [
        ("visit", None, "patients:new_visit", [5]),
        ("renal", None, "patients:change", [5]),
        ("event", 7, "dosing:change_adverse_event", [5, 7]),
        ("prednisolone", None, "patients:new_episode", [5]),
        ("sledai", 9, "patients:fact", [5, "visit", 9]),
        ("c3", None, "patients:new_laboratory", [5]),
    ],
)
def test_each_leads_to_its_form(item: str, fact: int | None, name: str, arguments: list[Any]) -> None:
    assert way({"patient": 5, "item": item, "fact": fact}) == reverse(name, args=arguments)


@pytest.mark.django_db
class TestPage:
    @pytest.fixture
    def place(self) -> Place:
        return make_place("Gaps")

    @pytest.fixture
    def report(self, place: Place) -> Report:
        report = finished_report(place.clinic, place.administrator)
        rows = [("c3", 52, None), ("visit", 52, None)]
        report.gaps = [
            {
                "patient": place.patient.pk,
                "name": "P1",
                "item": item,
                "week": week,
                "fact": fact,
                "reason": None,
            }
            for item, week, fact in rows
        ]
        report.save()
        return report

    def page(self, place: Place, who: Any, report: Report, q: str = "") -> str:
        answer = place.client(who).get(reverse("analytics:report_missing", args=[report.pk]), {"q": q})
        assert answer.status_code == 200
        return answer.content.decode()

    def test_a_doctor_sees_the_patient_and_the_form(self, place: Place, report: Report) -> None:
        page = self.page(place, place.doctor, report)
        assert str(place.patient) in page
        assert reverse("patients:new_laboratory", args=[place.patient.pk]) in page
        assert reverse("patients:new_visit", args=[place.patient.pk]) in page

    def test_an_administrator_sees_the_number_of_the_report_alone(self, place: Place, report: Report) -> None:
        page = self.page(place, place.administrator, report)
        assert "P1" in page and "urine" not in page
        assert str(place.patient) not in page
        assert reverse("patients:new_laboratory", args=[place.patient.pk]) not in page

    def test_by_item(self, place: Place, report: Report) -> None:
        page = self.page(place, place.doctor, report, "visit")
        assert reverse("patients:new_visit", args=[place.patient.pk]) in page
        assert reverse("patients:new_laboratory", args=[place.patient.pk]) not in page

    def test_nothing_missing_says_so(self, place: Place, report: Report) -> None:
        report.gaps = []
        report.save()
        assert "Nothing is missing" in self.page(place, place.doctor, report)

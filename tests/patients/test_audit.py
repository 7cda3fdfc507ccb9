"""The audits of records: who viewed and who wrote; a patient is a number, and nothing clinical is told."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.clock import local_today
from accounts.models import AuditExport
from dosing.decisions.services import decide_not_suitable
from patients.history.every_kind import audited
from patients.models import LaboratoryResult, Patient, RecordView, Visit
from patients.services import laboratory, registration, visits, writing
from tests.hazards import Place, make_place
from tests.markup import on_one_line
from tests.sharing import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@made_once
def place() -> Place:
    return make_place()


def page(place: Place, name: str, **asked: Any) -> str:
    answer = place.client(place.administrator).get(reverse(f"patients:{name}"), asked)
    return on_one_line(answer.content.decode())


def rows(place: Place, name: str, **asked: Any) -> list[list[str]]:
    """The cells of each line but its time."""
    body = re.search(r"<tbody>(.*)</tbody>", page(place, name, **asked), re.S)
    found = re.findall(r"<tr>(.*?)</tr>", body.group(1), re.S) if body else []
    return [re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)[1:] for row in found]


def view(place: Place) -> None:
    for name in ("patients:page", "patients:history"):
        place.client(place.nurse).get(reverse(name, args=[place.patient.pk]))


def potassium(place: Place) -> LaboratoryResult:
    where = laboratory.laboratory_named(clinic=place.clinic, name="A", by=place.nurse)
    row = LaboratoryResult(
        patient=place.patient, analyte="potassium", value=Decimal("4.25"), entered="4.25", laboratory=where,
        collected_at=timezone.now() - timedelta(minutes=5),
    )  # fmt: skip
    return laboratory.record_result(result=row, by=place.nurse)


class TestViews:
    def test_who_opened_which_page_of_whose_record(self, place: Place) -> None:
        view(place)
        who = place.nurse.username
        assert rows(place, "audit_views") == [
            [who, "Nurse", "#1", "history"],
            [who, "Nurse", "#1", "patient page"],
        ]

    def test_a_patient_is_a_number(self, place: Place) -> None:
        Patient.objects.update(family_name="Unmistakable", given_name="Secret")
        view(place)
        text = page(place, "audit_views") + page(place, "audit_changes")
        assert "Unmistakable" not in text and "Secret" not in text

    def test_other_clinics_views_do_not_show(self, place: Place) -> None:
        view(make_place("Other"))
        assert rows(place, "audit_views") == []
        assert "Nothing happened that matches" in page(place, "audit_views")

    @pytest.mark.parametrize(("number", "count"), [("1", 2), ("#1", 2), (" 1 ", 2), ("2", 0), ("x" * 21, 2)])
    def test_filter_by_number(self, place: Place, number: str, count: int) -> None:
        view(place)
        view(make_place("Other"))
        assert len(rows(place, "audit_views", patient=number)) == count

    def test_filter_by_person_and_day(self, place: Place) -> None:
        view(place)
        today = local_today(place.clinic)
        assert len(rows(place, "audit_views", person=place.nurse.pk, since=today)) == 2
        assert rows(place, "audit_views", person=place.doctor.pk) == []
        assert rows(place, "audit_views", until=today - timedelta(days=1)) == []

    def test_looking_at_the_audit_is_no_view_of_a_record(self, place: Place) -> None:
        view(place)
        page(place, "audit_views")
        assert RecordView.objects.count() == 2

    def test_as_many_queries_for_many_as_for_few(self, place: Place) -> None:
        def count() -> int:
            with CaptureQueriesContext(connection) as seen:
                page(place, "audit_views")
            return len(seen)

        view(place)
        few = count()
        RecordView.objects.bulk_create(
            RecordView(patient=place.patient, user=place.doctor, page="patients:page") for _ in range(300)
        )
        assert count() == few <= 30

    def test_the_export_has_all_of_it_and_is_written_down(self, place: Place) -> None:
        view(place)
        client = place.client(place.administrator)
        answer = client.post(reverse("patients:export_views") + "?patient=1")
        lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
        assert lines[0] == "When,Who,Role,Patient,Page" and len(lines) == 3
        assert AuditExport.objects.get().asked == {"patient": "1"}


class TestChanges:
    def acts(self, place: Place, **asked: Any) -> list[tuple[str, ...]]:
        return [tuple(row[2:]) for row in rows(place, "audit_changes", **asked)]

    def test_who_wrote_which_kind_and_why_and_not_what(self, place: Place) -> None:
        row = potassium(place)
        writing.void(row, by=place.doctor, reason="wrong tube")
        doctor, nurse = place.doctor.username, place.nurse.username
        what = "Laboratory results"
        assert rows(place, "audit_changes")[:2] == [
            [doctor, "Rheumatologist", "#1", what, "marked as entered in error", "wrong tube"],
            [nurse, "Nurse", "#1", what, "entered", ""],
        ]
        text = page(place, "audit_changes")
        assert "4.25" not in text and "otassium" not in text

    def test_signing_and_amending_are_told_apart(self, place: Place) -> None:
        day = local_today(place.clinic)
        visit = visits.open_visit(patient=place.patient, on=day, values={}, by=place.nurse)
        visit = visits.save_visit(visit=visit, values={"note": "x"}, by=place.nurse, expected_version=1)
        visit = visits.sign_visit(visit=visit, by=place.doctor, expected_version=2)
        visits.amend_visit(
            visit=visit, values={"note": "y"}, reason="forgot", by=place.doctor, expected_version=3
        )
        assert self.acts(place, kind="visit")[:4] == [
            ("#1", "Visits", "amended", "forgot"),
            ("#1", "Visits", "signed", ""),
            ("#1", "Visits", "changed", ""),
            ("#1", "Visits", "entered", ""),
        ]

    def test_the_person_and_the_decision_are_kinds_too(self, place: Place) -> None:
        registration.change_patient(
            patient=place.patient, values={"given_name": "Aya"}, by=place.nurse, expected_version=1,
            reason="misspelt",
        )  # fmt: skip
        decide_not_suitable(
            patient=place.patient, by=place.doctor, reason_code="patient_declines", reason_text="",
            fingerprint=None,
        )  # fmt: skip
        found = self.acts(place)[:2]
        assert found == [("#1", "Decisions", "entered", ""), ("#1", "Person", "changed", "misspelt")]

    def test_the_kinds_are_all_facts_and_nothing_that_rules_write(self) -> None:
        assert {"visit", "laboratory", "episode", "patient", "decision", "course", "level"} <= set(audited())
        assert not {"alert", "task"} & set(audited())

    def test_other_clinics_changes_do_not_show(self, place: Place) -> None:
        other = make_place("Other")
        writing.void(
            Visit.objects.filter(patient=other.patient).latest("on"), by=other.doctor, reason="theirs"
        )
        assert "theirs" not in page(place, "audit_changes")
        asked = {"patient": other.patient.number, "kind": "visit"}
        assert "theirs" not in page(place, "audit_changes", **asked)

    def test_filters(self, place: Place) -> None:
        row = potassium(place)
        writing.void(row, by=place.doctor, reason="wrong tube")
        assert len(self.acts(place, kind="laboratory", person=place.nurse.pk)) == 1
        assert self.acts(place, kind="laboratory", patient="1")[0][3] == "wrong tube"
        assert self.acts(place, kind="laboratory", patient="9") == []

    def test_pages_go_on_through_all_tables(self, place: Place) -> None:
        """Every write of the record once, over as many pages as it takes."""
        stored = sum(kind.versions.count() for kind in audited().values())
        client, told, address = place.client(place.administrator), 0, reverse("patients:audit_changes")
        asked: dict[str, str] = {"since": ""}
        while True:
            answer = client.get(address, asked)
            told += len(answer.context["lines"])
            if not answer.context["following"]:
                break
            asked["after"] = answer.context["following"]
        assert told == stored > 50

    def test_as_many_queries_for_many_as_for_few(self, place: Place) -> None:
        def count() -> int:
            with CaptureQueriesContext(connection) as seen:
                page(place, "audit_changes")
            assert not any("COUNT(" in query["sql"] for query in seen)
            return len(seen)

        count()
        few = count()
        for number in range(20):
            row = potassium(place)
            writing.void(row, by=place.doctor, reason=f"tube {number}")
        assert count() == few

    def test_the_export_holds_no_value(self, place: Place) -> None:
        potassium(place)
        answer = place.client(place.administrator).post(reverse("patients:export_changes"))
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        assert "Laboratory results" in text and "4.25" not in text
        assert AuditExport.objects.get().subject == "audit_changes"

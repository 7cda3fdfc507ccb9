"""Every change of a fact: who, when, old, new, and after signing why. Nothing is ever erased."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.clock import local_today
from patients.history import HistoryEntry, entries
from patients.loading import load_record
from patients.models import DoseEpisode, Fact, LaboratoryResult, RecordView, Statement, Visit
from patients.services import drugs, laboratory, visits, writing
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@made_once
def place() -> Place:
    return make_place()


@pytest.fixture
def today(place: Place) -> date:
    return local_today(place.clinic)


@pytest.fixture
def doctor(place: Place) -> Client:
    return place.client(place.doctor)


def c3(place: Place) -> LaboratoryResult:
    return LaboratoryResult.objects.filter(patient=place.patient, analyte="c3").latest("collected_at")


def told(entry: HistoryEntry) -> dict[str, tuple[object, object]]:
    return {change.label: (change.old, change.new) for change in entry.changes}


class TestEntries:
    def test_the_first_has_no_changes(self, place: Place) -> None:
        (first,) = entries(c3(place))
        assert (first.by, first.reason, first.changes) == (place.doctor.username, "", ())

    def test_a_correction_keeps_who_when_old_new_and_why(self, place: Place) -> None:
        moment = datetime(2126, 11, 23, 3, 0, tzinfo=UTC)
        with time_machine.travel(moment, tick=False):
            laboratory.correct_result(
                result=c3(place),
                values={"value": Decimal(69)},
                reason="digits swapped",
                by=place.nurse,
                expected_version=1,
            )
        newest = entries(c3(place))[0]
        assert (newest.at, newest.by, newest.reason) == (moment, place.nurse.username, "digits swapped")
        assert told(newest) == {"result": ("96 mg/dl", "69 mg/dl")}

    def test_one_entry_a_write_the_newest_first(self, place: Place, today: date) -> None:
        visit = visits.open_visit(patient=place.patient, on=today, values={}, by=place.nurse)
        for number, note in enumerate(("first", "second", "third"), start=1):
            visits.save_visit(visit=visit, values={"note": note}, by=place.doctor, expected_version=number)
        found = [told(entry).get("note") for entry in entries(Visit.objects.get(pk=visit.pk))]
        assert found == [("second", "third"), ("first", "second"), ("not recorded", "first"), None]

    def test_a_refused_write_leaves_no_entry(self, place: Place) -> None:
        before = len(entries(c3(place)))
        with pytest.raises(writing.StaleFactError):
            laboratory.correct_result(
                result=c3(place), values={"value": 1}, reason="x", by=place.nurse, expected_version=9
            )
        assert len(entries(c3(place))) == before

    def test_a_changed_dose_is_told_in_both_rows(self, place: Place, today: date) -> None:
        psl = DoseEpisode.objects.get(patient=place.patient, drug="prednisolone")
        new = drugs.change_dose(
            episode=psl, dose_mg=9, start=today, reason="taper", by=place.doctor, expected_version=1
        )
        newest = entries(DoseEpisode.objects.get(pk=psl.pk))[0]
        yesterday = f"{today - timedelta(days=1):%-d %b %Y}"
        assert told(newest) == {"last day taken": ("still taken", yesterday)}
        assert newest.reason == new.reason == "taper"


KINDS = {
    "visit": Visit,
    "laboratory": LaboratoryResult,
    "episode": DoseEpisode,
    "statement": Statement,
}
each_kind = pytest.mark.parametrize(("kind", "model"), KINDS.items())


class TestEnteredInError:
    def void(self, client: Client, place: Place, kind: str, fact: Fact, reason: str):
        address = reverse("patients:void_fact", args=[place.patient.pk, kind, fact.pk])
        return client.post(address, {"reason": reason})

    @each_kind
    def test_the_row_stays_with_who_and_why(
        self, doctor: Client, place: Place, kind: str, model: type[Fact]
    ) -> None:
        fact = model.objects.filter(patient=place.patient).latest("pk")
        assert self.void(doctor, place, kind, fact, "wrong patient").status_code == 302
        fact.refresh_from_db()
        assert (fact.is_voided, fact.voided_by, fact.void_reason) == (True, place.doctor, "wrong patient")
        assert fact.history.count() == 2
        page = doctor.get(reverse("patients:fact", args=[place.patient.pk, kind, fact.pk]))
        assert "Entered in error" in page.content.decode() and "wrong patient" in page.content.decode()

    @each_kind
    def test_no_rule_sees_it(self, place: Place, kind: str, model: type[Fact]) -> None:
        def counted() -> int:
            record = load_record(place.patient)
            return sum(
                len(rows) for rows in (record.visits, record.laboratory, record.episodes, record.statements)
            )

        before = counted()
        fact = model.objects.filter(patient=place.patient).latest("pk")
        writing.void(fact, by=place.doctor, reason="wrong patient")
        assert counted() == before - 1

    @each_kind
    @pytest.mark.parametrize("reason", ["", "   ", "r" * 301])
    def test_it_needs_a_reason_that_fits(
        self, doctor: Client, place: Place, kind: str, model: type[Fact], reason: str
    ) -> None:
        fact = model.objects.filter(patient=place.patient).latest("pk")
        answer = self.void(doctor, place, kind, fact, reason)
        assert answer.status_code == 200 and answer.context["errors"]
        fact.refresh_from_db()
        assert not fact.is_voided and fact.history.count() == 1

    def test_it_happens_once(self, doctor: Client, place: Place) -> None:
        fact = c3(place)
        self.void(doctor, place, "laboratory", fact, "first")
        answer = self.void(doctor, place, "laboratory", fact, "second")
        assert "already marked" in answer.context["errors"][0]
        fact.refresh_from_db()
        assert fact.void_reason == "first"

    def test_its_day_is_free_again(self, place: Place, today: date) -> None:
        visit = visits.open_visit(patient=place.patient, on=today, values={}, by=place.doctor)
        writing.void(visit, by=place.doctor, reason="wrong patient")
        assert visits.open_visit(patient=place.patient, on=today, values={}, by=place.doctor).pk

    def test_its_period_is_free_again(self, place: Place, today: date) -> None:
        psl = DoseEpisode.objects.get(patient=place.patient, drug="prednisolone")
        writing.void(psl, by=place.doctor, reason="wrong patient")
        again = DoseEpisode(patient=place.patient, drug="prednisolone", dose_mg=8, start=psl.start)
        assert drugs.start_episode(episode=again, by=place.doctor).pk


class TestFactPage:
    def test_it_tells_the_whole_story(self, doctor: Client, place: Place) -> None:
        laboratory.correct_result(
            result=c3(place), values={"value": 69}, reason="swapped", by=place.nurse, expected_version=1
        )
        address = reverse("patients:fact", args=[place.patient.pk, "laboratory", c3(place).pk])
        page = doctor.get(address).content.decode()
        assert "swapped" in page and place.nurse.username in page and "96" in page

    def test_a_long_history_costs_no_more_queries(self, doctor: Client, place: Place, today: date) -> None:
        visit = visits.open_visit(patient=place.patient, on=today, values={}, by=place.doctor)
        address = reverse("patients:fact", args=[place.patient.pk, "visit", visit.pk])

        def count() -> int:
            doctor.get(address)
            with CaptureQueriesContext(connection) as seen:
                assert doctor.get(address).status_code == 200
            return len(seen)

        few = count()
        for number in range(1, 21):
            visits.save_visit(
                visit=visit, values={"note": f"note {number}"}, by=place.nurse, expected_version=number
            )
        assert count() == few

    def test_a_nurse_is_offered_no_voiding(self, place: Place) -> None:
        address = reverse("patients:fact", args=[place.patient.pk, "laboratory", c3(place).pk])
        assert "Entered in error?" not in place.client(place.nurse).get(address).content.decode()
        assert "Entered in error?" in place.client(place.doctor).get(address).content.decode()


class TestViews:
    """Who looked at whose record."""

    def views(self) -> list[tuple[str, str]]:
        return list(RecordView.objects.order_by("pk").values_list("user__username", "page"))

    def test_each_page_of_a_record_is_one_view(self, doctor: Client, place: Place) -> None:
        for name in ("page", "new_visit", "change"):
            doctor.get(reverse(f"patients:{name}", args=[place.patient.pk]))
        doctor.get(reverse("dosing:start", args=[place.patient.pk]))
        pages = ["patients:page", "patients:new_visit", "patients:change", "dosing:start"]
        assert self.views() == [(place.doctor.username, page) for page in pages]

    def test_a_refused_page_is_none(self, place: Place) -> None:
        address = reverse("patients:page", args=[place.patient.pk])
        stranger = make_place("Other")
        assert stranger.client(stranger.doctor).get(address).status_code == 404
        assert place.client(place.administrator).get(address).status_code == 403
        assert Client().get(address).status_code == 302
        assert self.views() == []

    def test_lists_and_what_is_written_are_none(self, doctor: Client, place: Place) -> None:
        doctor.get(reverse("patients:list"))
        doctor.get(reverse("dosing:worklist"))
        form = {"kind": "diabetes", "answer": "no"}
        assert (
            doctor.post(reverse("patients:new_statement", args=[place.patient.pk]), form).status_code == 302
        )
        assert self.views() == []

    def test_a_fragment_opened_as_a_page_is_one(self, doctor: Client, place: Place) -> None:
        doctor.get(reverse("patients:laboratory", args=[place.patient.pk]))
        assert self.views() == [(place.doctor.username, "patients:laboratory")]

    def test_the_fragments_of_a_logged_page_count_once_an_hour(self, doctor: Client, place: Place) -> None:
        """Also when a request only claims to be for a fragment, nobody reads a record unseen."""
        page = reverse("patients:page", args=[place.patient.pk])
        panel = reverse("patients:laboratory", args=[place.patient.pk])
        fragment = {"HX-Request": "true"}
        doctor.get(page)
        doctor.get(panel, headers=fragment)
        assert self.views() == [(place.doctor.username, "patients:page")]
        nurse = place.client(place.nurse)
        nurse.get(page, headers=fragment)
        nurse.get(panel, headers=fragment)
        assert self.views()[1:] == [(place.nurse.username, "patients:page")]
        RecordView.objects.update(at=timezone.now() - timedelta(minutes=61))
        doctor.get(panel, headers=fragment)
        assert self.views()[2:] == [(place.doctor.username, "patients:laboratory")]

    def test_a_view_that_cannot_be_logged_is_shown(
        self, doctor: Client, place: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(**_: object) -> None:
            raise DatabaseError

        monkeypatch.setattr(RecordView.objects, "create", fail)
        assert doctor.get(reverse("patients:page", args=[place.patient.pk])).status_code == 200

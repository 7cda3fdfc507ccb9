"""Two people open the same form: the second sees both versions, loses nothing, and can then save."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.clock import local_today
from patients.conflicts import Difference
from patients.models import DoseEpisode, Patient, Visit
from patients.services import drugs, registration, visits
from tests.hazards import Place, make_place
from tests.markup import on_one_line
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


def shown(answer: HttpResponse) -> dict[str, tuple[object, object]]:
    """What the page lists: label, what was saved meanwhile, what was typed."""
    rows: list[Difference] = answer.context["conflict"]
    return {row.label: (row.theirs, row.yours) for row in rows}


def version_in(answer: HttpResponse) -> str:
    return answer.context["form"]["version"].value()


def merged(answer: HttpResponse) -> dict[str, tuple[object, object, object, str]]:
    """What the merge page lists: label, as opened, saved meanwhile, typed, and what is chosen already."""
    return {row.label: (row.opened, row.theirs, row.yours, row.chosen) for row in answer.context["rows"]}


def chosen(answer: HttpResponse, **choices: str) -> dict[str, object]:
    """The merge page's form with a choice for each of these fields."""
    sent: dict[str, object] = dict(answer.context["carried"])
    sent["version"] = str(answer.context["current"].version)
    sent["asked"] = [row.name for row in answer.context["rows"]]
    return {**sent, **{f"keep_{name}": choice for name, choice in choices.items()}}


class TestVisit:
    @pytest.fixture
    def visit(self, place: Place, today: date) -> Visit:
        opened = visits.open_visit(patient=place.patient, on=today, values={}, by=place.doctor)
        values = {"weight_kg": Decimal(51), "sledai_rash": False, "note": "theirs", "rash_severity": 1}
        return visits.save_visit(visit=opened, values=values, by=place.nurse, expected_version=1)

    @pytest.fixture
    def address(self, place: Place, visit: Visit) -> str:
        return reverse("patients:visit", args=[place.patient.pk, visit.pk])

    def form(self, today: date, version: str = "1") -> dict[str, str]:
        return {
            "on": today.isoformat(), "weight_kg": "61", "sledai_rash": "yes", "note": "mine",
            "rash_severity": "1", "version": version,
        }  # fmt: skip

    def test_both_versions_field_by_field(self, doctor: Client, address: str, today: date) -> None:
        answer = doctor.post(address, self.form(today))
        assert answer.status_code == 409
        assert merged(answer) == {
            "Weight, kg": (None, Decimal("51.0"), Decimal(61), ""),
            "Rash": (None, "no", "yes", ""),
            "Note": (None, "theirs", "mine", ""),
        }
        assert "Someone else saved this meanwhile" in answer.content.decode()

    def test_what_only_one_of_them_changed_is_chosen_already(
        self, doctor: Client, place: Place, address: str, visit: Visit, today: date
    ) -> None:
        values = {"note": "theirs, newer", "heart_rate_per_minute": 70}
        visits.save_visit(visit=visit, values=values, by=place.nurse, expected_version=2)
        answer = doctor.post(address, {**self.form(today, "2"), "note": "theirs", "weight_kg": "51"})
        assert merged(answer) == {
            "Rash": ("no", "no", "yes", "yours"),
            "Note": ("theirs", "theirs, newer", "theirs", "theirs"),
            "Heart rate, /min": (None, 70, None, "theirs"),
        }

    def test_the_choices_are_saved(self, doctor: Client, address: str, visit: Visit, today: date) -> None:
        answer = doctor.post(address, self.form(today))
        visit.refresh_from_db()
        assert (visit.version, visit.note) == (2, "theirs")
        sent = chosen(answer, weight_kg="theirs", sledai_rash="yours", note="yours")
        assert doctor.post(answer.context["action"], sent).status_code == 302
        visit.refresh_from_db()
        assert (visit.version, visit.note, visit.weight_kg, visit.sledai_rash) == (3, "mine", 51, True)

    def test_a_box_that_they_unticked_stays_so(self, doctor: Client, place: Place, today: date) -> None:
        ticked = {"rash_severity": 1, "rash_worse": True, "worse_comment": "more"}
        opened = visits.open_visit(patient=place.patient, on=today, values=ticked, by=place.doctor)
        visits.save_visit(visit=opened, values={"rash_worse": False}, by=place.nurse, expected_version=1)
        address = reverse("patients:visit", args=[place.patient.pk, opened.pk])
        form = {
            "on": today.isoformat(), "rash_severity": "1", "rash_worse": "on", "worse_comment": "more",
            "note": "mine", "version": "1",
        }  # fmt: skip
        answer = doctor.post(address, form)
        assert merged(answer) == {
            "rash worse than before": ("yes", "no", "yes", "theirs"),
            "Note": (None, None, "mine", "yours"),
        }
        sent = chosen(answer, rash_worse="theirs", note="yours")
        assert doctor.post(answer.context["action"], sent).status_code == 302
        opened.refresh_from_db()
        assert (opened.rash_worse, opened.note) == (False, "mine")

    def test_without_a_choice_it_asks_again(
        self, doctor: Client, address: str, visit: Visit, today: date
    ) -> None:
        answer = doctor.post(address, self.form(today))
        again = doctor.post(address, chosen(answer, weight_kg="yours", note="yours"))
        assert again.status_code == 409
        assert "Choose one of the two" in again.content.decode()
        visit.refresh_from_db()
        assert (visit.version, visit.note) == (2, "theirs")

    def test_a_third_version_is_shown_again(
        self, doctor: Client, place: Place, address: str, visit: Visit, today: date
    ) -> None:
        answer = doctor.post(address, self.form(today))
        visits.save_visit(visit=visit, values={"note": "newest"}, by=place.nurse, expected_version=2)
        again = doctor.post(address, chosen(answer, weight_kg="yours", sledai_rash="yours", note="yours"))
        assert again.status_code == 409
        assert merged(again)["Note"] == ("theirs", "newest", "mine", "")

    def test_signed_meanwhile_is_amended_with_a_reason(
        self, doctor: Client, place: Place, address: str, visit: Visit, today: date
    ) -> None:
        visits.sign_visit(visit=visit, by=place.doctor, expected_version=2)
        answer = doctor.post(address, self.form(today, "2"))
        assert answer.status_code == 409
        assert answer.context["action"] == reverse("patients:amend_visit", args=[place.patient.pk, visit.pk])
        sent = chosen(answer, weight_kg="yours", sledai_rash="theirs", note="theirs")
        assert "This field is required" in doctor.post(answer.context["action"], sent).content.decode()
        visit.refresh_from_db()
        assert visit.weight_kg == 51
        sent["reason"] = "the scale was read anew"
        sent["confirm_contradictions"] = "on"
        assert doctor.post(answer.context["action"], sent).status_code == 302
        visit.refresh_from_db()
        assert (visit.is_signed, visit.weight_kg, visit.note) == (True, 61, "theirs")

    def test_signed_meanwhile_is_not_for_a_nurse(
        self, place: Place, address: str, visit: Visit, today: date
    ) -> None:
        visits.sign_visit(visit=visit, by=place.doctor, expected_version=2)
        answer = place.client(place.nurse).post(address, self.form(today, "2"))
        assert answer.status_code == 409
        assert "Only a doctor can amend it" in answer.content.decode()

    @pytest.mark.parametrize("version", ["", "0", "999"])
    def test_a_version_that_never_was(
        self, doctor: Client, address: str, visit: Visit, today: date, version: str
    ) -> None:
        assert doctor.post(address, self.form(today, version)).status_code == 409
        visit.refresh_from_db()
        assert visit.note == "theirs"


class TestTwoNewVisitsOfOneDay:
    """The nurse saves the vital signs while the doctor types into a new visit of the same day."""

    @pytest.fixture
    def address(self, place: Place) -> str:
        return reverse("patients:new_visit", args=[place.patient.pk])

    def test_the_second_goes_into_the_first(
        self, doctor: Client, place: Place, address: str, today: date
    ) -> None:
        first = visits.open_visit(
            patient=place.patient, on=today, values={"weight_kg": 51, "note": "theirs"}, by=place.nurse
        )
        form = {"on": today.isoformat(), "sledai_rash": "yes", "note": "mine", "submission": str(uuid4())}
        answer = doctor.post(address, form)
        assert merged(answer) == {
            "Rash": (None, None, "yes", "yours"),
            "Weight, kg": (None, 51, None, "theirs"),
            "Note": (None, "theirs", "mine", ""),
        }
        sent = chosen(answer, sledai_rash="yours", weight_kg="theirs", note="yours")
        assert doctor.post(answer.context["action"], sent).status_code == 302
        first.refresh_from_db()
        assert (first.weight_kg, first.sledai_rash, first.note) == (51, True, "mine")
        assert Visit.objects.filter(patient=place.patient, on=today).count() == 1

    def test_a_double_submit_is_no_second_editor(
        self, doctor: Client, place: Place, address: str, today: date
    ) -> None:
        form = {"on": today.isoformat(), "note": "mine", "submission": str(uuid4())}
        assert doctor.post(address, form).status_code == 302
        assert doctor.post(address, form).status_code == 302
        assert Visit.objects.filter(patient=place.patient, on=today).count() == 1

    def test_a_signed_visit_of_the_day_says_so(
        self, doctor: Client, place: Place, address: str, today: date
    ) -> None:
        first = visits.open_visit(patient=place.patient, on=today, values={}, by=place.doctor)
        visits.sign_visit(visit=first, by=place.doctor, expected_version=1)
        answer = doctor.post(address, {"on": today.isoformat(), "note": "mine"})
        assert "There is a visit on this day already" in answer.content.decode()
        assert ">\nmine</textarea>" in answer.content.decode()


class TestAmendment:
    def test_the_second_amendment_sees_the_first(self, doctor: Client, place: Place) -> None:
        visit = Visit.objects.filter(patient=place.patient).latest("on")
        address = reverse("patients:amend_visit", args=[place.patient.pk, visit.pk])
        form = {
            "on": visit.on.isoformat(), "note": "mine", "reason": "misread", "version": "1",
            "confirm_contradictions": "on",
        }  # fmt: skip
        visits.amend_visit(
            visit=visit, values={"note": "theirs"}, reason="x", by=place.doctor, expected_version=1
        )
        answer = doctor.post(address, form)
        assert answer.status_code == 409
        assert merged(answer)["Note"] == (None, "theirs", "mine", "")
        names = [row.name for row in answer.context["rows"]]
        sent = chosen(answer, **dict.fromkeys(names, "yours"))
        assert sent["reason"] == "misread"
        assert doctor.post(answer.context["action"], sent).status_code == 302
        visit.refresh_from_db()
        assert visit.note == "mine"


class TestPerson:
    def form(self, version: str) -> dict[str, str]:
        return {
            "number": "1", "family_name": "Mine", "given_name": "Person", "sex": "F", "birth": "1980",
            "renal_involvement": "yes", "reason": "passport", "version": version,
        }  # fmt: skip

    def test_both_values_and_a_second_save(self, doctor: Client, place: Place) -> None:
        registration.change_patient(
            patient=place.patient,
            values={"family_name": "Theirs", "renal_involvement": None},
            by=place.nurse,
            expected_version=1,
        )
        address = reverse("patients:change", args=[place.patient.pk])
        answer = doctor.post(address, self.form("1"))
        assert answer.status_code == 409
        assert shown(answer)["Family name"] == ("Theirs", "Mine")
        assert shown(answer)["Renal involvement, now or in the past"] == (None, "yes")
        assert "Given name" not in shown(answer)
        page = on_one_line(answer.content.decode())
        assert "<td>Theirs</td><td>Mine</td>" in page and 'value="passport"' in page
        assert Patient.objects.get(pk=place.patient.pk).family_name == "Theirs"
        assert doctor.post(address, self.form(version_in(answer))).status_code == 302
        assert Patient.objects.get(pk=place.patient.pk).family_name == "Mine"


class TestDose:
    def test_both_doses_and_a_second_save(self, doctor: Client, place: Place, today: date) -> None:
        episode = DoseEpisode.objects.get(patient=place.patient, drug="prednisolone")
        drugs.correct_episode(
            episode=episode, values={"dose_mg": 8}, reason="misread", by=place.nurse, expected_version=1
        )
        address = reverse("patients:change_episode", args=[place.patient.pk, episode.pk])
        form = {
            "action": "change", "dose_mg": "9", "start": today.isoformat(), "reason": "taper",
            "version": "1",
        }  # fmt: skip
        answer = doctor.post(address, form)
        assert answer.status_code == 409
        assert shown(answer) == {"New dose, mg per intake": (8, 9)}
        assert 'value="9"' in answer.content.decode()
        assert doctor.post(address, {**form, "version": version_in(answer)}).status_code == 302
        rows = DoseEpisode.objects.filter(patient=place.patient, drug="prednisolone").order_by("start")
        assert [(row.dose_mg, row.last_day) for row in rows] == [(8, today - timedelta(days=1)), (9, None)]

    def test_stopped_meanwhile_is_not_stretched(self, doctor: Client, place: Place, today: date) -> None:
        episode = DoseEpisode.objects.get(patient=place.patient, drug="prednisolone")
        ended = today - timedelta(days=9)
        drugs.end_episode(episode=episode, last_day=ended, reason="x", by=place.nurse, expected_version=1)
        address = reverse("patients:change_episode", args=[place.patient.pk, episode.pk])
        form = {"action": "change", "dose_mg": "9", "start": today.isoformat(), "reason": "y", "version": "1"}
        answer = doctor.post(address, form)
        assert "This dose ended on" in answer.content.decode()
        episode.refresh_from_db()
        assert episode.last_day == ended

    def test_a_double_click_changes_the_dose_once(self, doctor: Client, place: Place, today: date) -> None:
        episode = DoseEpisode.objects.get(patient=place.patient, drug="prednisolone")
        address = reverse("patients:change_episode", args=[place.patient.pk, episode.pk])
        form = {"action": "change", "dose_mg": "9", "start": today.isoformat(), "reason": "y", "version": "1"}
        doctor.post(address, form)
        doctor.post(address, form)
        rows = DoseEpisode.objects.filter(patient=place.patient, drug="prednisolone").order_by("start")
        assert [row.dose_mg for row in rows] == [10, 9]

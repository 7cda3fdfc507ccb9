"""Facts that cannot be: refused in words beside the field, before any rule meets them."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.clock import local_today
from patients.models import DoseEpisode, LaboratoryResult, Patient, Statement
from patients.rules.dates import PartialDate
from patients.services import drugs
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
EPISODE = {
    "drug_name": "ciclosporin",
    "dose_mg": "25",
    "schedule": "daily",
    "route": "oral",
    "purpose": "sle",
}


@made_once
def place() -> Place:
    return make_place()


@pytest.fixture
def today(place: Place) -> date:
    return local_today(place.clinic)


@pytest.fixture
def doctor(place: Place) -> Client:
    return place.client(place.doctor)


def address(name: str, place: Place, *more: int) -> str:
    return reverse(f"patients:{name}", args=[place.patient.pk, *more])


def taken(place: Place, drug: str) -> list[tuple[date, date | None, int | None]]:
    rows = DoseEpisode.objects.filter(patient=place.patient, drug=drug).order_by("start")
    return [(row.start, row.last_day, row.dose_mg and int(row.dose_mg)) for row in rows]


class TestDaysAhead:
    """A planned stop or vaccine may lie ahead; the year 9999 is a slip that no rule could count from."""

    @pytest.mark.parametrize(("years", "status"), [(1, 302), (10, 302), (11, 200)])
    def test_a_planned_stop(self, doctor: Client, place: Place, today: date, years: int, status: int) -> None:
        stop = date(today.year + years, today.month, min(today.day, 28))
        form = {**EPISODE, "start": today.isoformat(), "last_day": stop.isoformat()}
        answer = doctor.post(address("new_episode", place), form)
        assert answer.status_code == status
        assert status == 302 or "ten years ahead" in str(answer.context["form"].errors["last_day"])

    def test_the_last_day_of_the_calendar(self, doctor: Client, place: Place, today: date) -> None:
        form = {**EPISODE, "start": today.isoformat(), "last_day": "9999-12-31"}
        answer = doctor.post(address("new_episode", place), form)
        assert "last_day" in answer.context["form"].errors
        assert 'value="9999-12-31"' in answer.content.decode()

    @pytest.mark.parametrize("event", ["9999", "9999-12", "9999-12-31"])
    def test_a_planned_vaccine(self, doctor: Client, place: Place, event: str) -> None:
        form = {"kind": "live_vaccine", "answer": "yes", "event": event}
        answer = doctor.post(address("new_statement", place), form)
        assert "ten years ahead" in str(answer.context["form"].errors["event"])
        assert f'value="{event}"' in answer.content.decode()

    def test_a_vaccine_next_month(self, doctor: Client, place: Place, today: date) -> None:
        day = today + timedelta(days=30)
        form = {"kind": "live_vaccine", "answer": "yes", "event": day.isoformat()}
        assert doctor.post(address("new_statement", place), form).status_code == 302
        assert Statement.objects.latest("pk").event == PartialDate.on(day)


class TestDaysBehind:
    def test_an_event_before_birth(self, doctor: Client, place: Place) -> None:
        form = {"kind": "malignancy", "answer": "yes", "event": "1900"}
        answer = doctor.post(address("new_statement", place), form)
        assert "before the patient" in str(answer.context["form"].errors["event"])

    @pytest.mark.parametrize("birth", ["0001", "0198-07", "1850-01-01"])
    def test_a_birth_long_ago(self, doctor: Client, place: Place, birth: str) -> None:
        form = {
            "clinic": place.clinic.pk, "number": "2", "family_name": "New", "given_name": "Person",
            "sex": "F", "birth": birth,
        }  # fmt: skip
        answer = doctor.post(reverse("patients:register"), form)
        assert "check the year" in str(answer.context["form"].errors["birth"])
        assert f'value="{birth}"' in answer.content.decode()
        assert Patient.objects.count() == 1

    @pytest.mark.parametrize("text", ["0001", "0198-07", "0980-02-29"])
    def test_a_year_is_written_with_four_figures(self, text: str) -> None:
        """As it was read: "1" could not be read again."""
        assert str(PartialDate.parse(text)) == text


class TestEpisodes:
    def episode(self, place: Place) -> DoseEpisode:
        return DoseEpisode.objects.get(patient=place.patient, drug="hydroxychloroquine")

    def stop(self, doctor: Client, place: Place, day: date) -> object:
        form = {"action": "stop", "last_day": day.isoformat(), "reason": "eyes", "version": "1"}
        return doctor.post(address("change_episode", place, self.episode(place).pk), form)

    def test_an_end_before_the_start_is_said_in_words(self, doctor: Client, place: Place) -> None:
        first = self.episode(place).start
        answer = self.stop(doctor, place, first - timedelta(days=1))
        assert answer.context["form"].errors["last_day"] == ["The last day lies before the first."]
        assert self.stop(doctor, place, first).status_code == 302

    def test_an_end_on_record_is_not_moved_to_fill_a_gap(
        self, doctor: Client, place: Place, today: date
    ) -> None:
        """Stopped 60 days ago and begun again today are two courses with 59 days between."""
        ended = today - timedelta(days=60)
        self.stop(doctor, place, ended)
        before = taken(place, "hydroxychloroquine")
        form = {
            "action": "change",
            "dose_mg": "400",
            "start": today.isoformat(),
            "reason": "x",
            "version": "2",
        }
        answer = doctor.post(address("change_episode", place, self.episode(place).pk), form)
        assert "This dose ended on" in str(answer.context["form"].errors["start"])
        assert 'value="400"' in answer.content.decode()
        assert taken(place, "hydroxychloroquine") == before

    @pytest.mark.parametrize(("stop", "kept"), [(10, True), (0, True), (-1, False)])
    def test_a_planned_stop_outlives_a_change_of_dose(
        self, place: Place, today: date, stop: int, kept: bool
    ) -> None:
        episode = drugs.end_episode(
            episode=self.episode(place),
            last_day=today + timedelta(days=stop),
            reason="planned",
            by=place.doctor,
            expected_version=1,
        )
        following = drugs.change_dose(
            episode=episode, dose_mg=400, start=today, reason="x", by=place.doctor, expected_version=2
        )
        assert following.last_day == (today + timedelta(days=stop) if kept else None)
        assert taken(place, "hydroxychloroquine")[0][1] == today - timedelta(days=1)


class TestLaboratory:
    def sheet(self, today: date, **changed: str) -> dict[str, str]:
        return {"collected_on": today.isoformat(), "laboratory": "A", "c3_value": "90", **changed}

    def test_limits_that_cross(self, doctor: Client, place: Place, today: date) -> None:
        """With 160 as its lower limit every C3 would count as low."""
        form = self.sheet(today, c3_low="160", c3_high="86")
        answer = doctor.post(address("new_laboratory", place), form)
        assert "below the lower limit" in str(answer.context["form"].errors["c3_value"])
        assert 'value="160"' in answer.content.decode()
        assert LaboratoryResult.objects.filter(patient=place.patient, value=90).count() == 0

    def test_a_moment_ahead_is_said_at_the_collection(
        self, doctor: Client, place: Place, today: date
    ) -> None:
        form = self.sheet(today + timedelta(days=1), c4_value="20")
        answer = doctor.post(address("new_laboratory", place), form)
        assert answer.context["form"].errors == {
            "collected_on": [f"This moment is in the future; here it is {timezone.localtime():%H:%M}."]
        }


class TestSearch:
    @pytest.mark.parametrize("typed", ["a " * 2000, "x" * 10_000, "Test\0", "%", "_", "'; --"])
    def test_no_search_breaks_the_list(self, doctor: Client, place: Place, typed: str) -> None:
        assert doctor.get(reverse("patients:list"), {"q": typed}).status_code == 200

    def test_nul_is_left_out(self, doctor: Client, place: Place) -> None:
        answer = doctor.get(reverse("patients:list"), {"q": "Te\0st"})
        assert list(answer.context["rows"]) == [place.patient]

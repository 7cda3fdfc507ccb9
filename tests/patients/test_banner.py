"""What stays in view on every page of a patient."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.clock import local_today
from patients.banner import Banner, banner_of
from patients.models import DoseEpisode, Patient, Statement
from patients.rules.dates import PartialDate
from patients.services import drugs, statements
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = pytest.mark.django_db


@made_once
def place() -> Place:
    return make_place()


@pytest.fixture
def today(place: Place) -> date:
    return local_today(place.clinic)


def take(place: Place, drug: str, dose_mg: str | None, since: date, last: date | None = None, **more: str):
    episode = DoseEpisode(
        patient=place.patient,
        drug=drug,
        dose_mg=None if dose_mg is None else Decimal(dose_mg),
        start=since,
        last_day=last,
        **more,
    )
    return drugs.start_episode(episode=episode, by=place.doctor)


def banner(place: Place) -> Banner:
    return banner_of(Patient.objects.get(pk=place.patient.pk))


class TestWeekOfTacrolimus:
    @pytest.mark.parametrize(("days", "week"), [(0, 0), (6, 0), (7, 1), (98, 14)])
    def test_counted_from_the_first_dose(self, place: Place, today: date, days: int, week: int) -> None:
        take(place, "tacrolimus", "3", today - timedelta(days=days))
        assert banner(place).tacrolimus_week == week

    def test_another_dose_does_not_begin_anew(self, place: Place, today: date) -> None:
        episode = take(place, "tacrolimus", "3", today - timedelta(days=98))
        for days, dose in ((40, 2), (1, 1)):
            episode = drugs.change_dose(
                episode=episode,
                dose_mg=dose,
                start=today - timedelta(days=days),
                reason="level",
                by=place.doctor,
                expected_version=episode.version,
            )
        found = banner(place)
        assert (found.tacrolimus_week, found.tacrolimus_mg) == (14, 1)

    def test_a_pause_begins_anew(self, place: Place, today: date) -> None:
        take(place, "tacrolimus", "3", today - timedelta(days=98), today - timedelta(days=30))
        take(place, "tacrolimus", "2", today - timedelta(days=21))
        assert banner(place).tacrolimus_week == 3

    def test_days_at_zero_are_a_pause(self, place: Place, today: date) -> None:
        take(place, "tacrolimus", "3", today - timedelta(days=98), today - timedelta(days=30))
        take(place, "tacrolimus", "0", today - timedelta(days=29), today - timedelta(days=22))
        take(place, "tacrolimus", "2", today - timedelta(days=21))
        assert banner(place).tacrolimus_week == 3

    def test_after_the_last_day_there_is_none(self, place: Place, today: date) -> None:
        take(place, "tacrolimus", "3", today - timedelta(days=98), today - timedelta(days=1))
        assert (banner(place).tacrolimus_week, banner(place).tacrolimus_mg) == (None, None)

    def test_many_changes_cost_no_query(self, place: Place, today: date) -> None:
        def count() -> int:
            patient = Patient.objects.select_related("clinic").get(pk=place.patient.pk)
            with CaptureQueriesContext(connection) as seen:
                banner_of(patient)
            return len(seen)

        take(place, "tacrolimus", "3", today)
        few = count()
        for days in range(1, 20):
            take(place, "tacrolimus", "2", today - timedelta(days=days), today - timedelta(days=days))
        assert banner(place).tacrolimus_week == 2
        assert count() == few == 4


class TestDoses:
    def test_every_other_day_is_half(self, place: Place, today: date) -> None:
        take(place, "tacrolimus", "3", today, schedule="alternate_days")
        assert banner(place).tacrolimus_mg == Decimal("1.5")

    def test_steroids_add_up_as_prednisolone(self, place: Place, today: date) -> None:
        """4 mg of methylprednisolone are 5 mg of prednisolone; 10 mg are taken already."""
        assert banner(place).prednisolone_mg == 10
        take(place, "methylprednisolone", "4", today)
        assert banner(place).prednisolone_mg == 15

    def test_an_unknown_dose_makes_the_sum_unknown(self, place: Place, today: date) -> None:
        take(place, "methylprednisolone", None, today)
        assert banner(place).prednisolone_mg is None

    def test_tomorrow_is_not_today(self, place: Place, today: date) -> None:
        psl = DoseEpisode.objects.get(patient=place.patient, drug="prednisolone")
        drugs.end_episode(
            episode=psl, last_day=today, reason="planned", by=place.doctor, expected_version=psl.version
        )
        assert banner(place).prednisolone_mg == 10


class TestMarks:
    def say(self, place: Place, kind: str, on: date, answer: bool | None) -> None:
        said = Statement(patient=place.patient, kind=kind, stated_on=on, answer=answer)
        statements.state(statement=said, by=place.nurse)

    def test_pregnant_by_the_latest_answer(self, place: Place, today: date) -> None:
        self.say(place, "pregnant", today, True)
        assert banner(place).pregnant
        self.say(place, "pregnant", today, False)
        assert not banner(place).pregnant

    @pytest.mark.parametrize(
        "kind", ["tacrolimus_hypersensitivity", "calcineurin_inhibitor_serious_reaction"]
    )
    def test_allergic(self, place: Place, today: date, kind: str) -> None:
        assert not banner(place).allergic
        self.say(place, kind, today, True)
        assert banner(place).allergic


@pytest.mark.parametrize(("birth", "age"), [("{year}-01-01", "40"), ("{year}", "39–40")])
def test_age_is_as_exact_as_the_birth(place: Place, birth: str, age: str) -> None:
    patient = place.patient
    patient.birth = PartialDate.parse(birth.format(year=1986))
    with time_machine.travel("2026-06-15T03:00:00+00:00", tick=False):
        assert banner_of(patient).age == age


PAGES = (
    "page", "change", "new_visit", "new_laboratory", "new_episode", "new_administration", "new_prior_use",
    "confirm_history", "new_statement", "new_classification",
)  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_a_patient_shows_it(place: Place, today: date, name: str) -> None:
    """A page without it would say "no tacrolimus" of somebody who takes it."""
    take(place, "tacrolimus", "3", today - timedelta(days=98))
    page = place.client(place.doctor).get(reverse(f"patients:{name}", args=[place.patient.pk]))
    text = page.content.decode()
    assert "no tacrolimus" not in text and "not recorded" not in text
    assert "38 years" in text


def test_a_dose_that_is_not_known_is_not_none(place: Place, today: date) -> None:
    take(place, "tacrolimus", None, today - timedelta(days=8))
    assert (banner(place).tacrolimus_mg, banner(place).tacrolimus_week) == (None, 1)
    page = place.client(place.doctor).get(reverse("patients:page", args=[place.patient.pk]))
    assert "dose unknown" in page.content.decode() and "no tacrolimus" not in page.content.decode()


def test_the_banner_names_the_week(place: Place, today: date) -> None:
    take(place, "tacrolimus", "3", today - timedelta(days=98))
    page = place.client(place.nurse).get(reverse("patients:page", args=[place.patient.pk]))
    assert "week 14" in page.content.decode().lower()

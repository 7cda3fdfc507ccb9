"""The count beside the form is that of the report: one query, the same patients."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Clinic, Role, User
from analytics import cohorts
from analytics.cohorts import CohortSelection, cohort_of
from analytics.counting import count
from demo.study.load import load_patient
from demo.study.rows import read_rows
from patients.models import DoseEpisode, Patient
from patients.services import writing
from tests.accounts.administration.conftest import browser_of
from tests.factories_accounts import UserFactory
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = pytest.mark.sqlite

ADDRESS = "analytics:report_count"


@made_once
def studied() -> Place:
    """Eight of the study, of one of whom the kidneys are not recorded, and one without tacrolimus."""
    place = make_place("Studied")
    treated = [load_patient(row, place.clinic, place.doctor) for row in read_rows()[:8]]
    unrecorded = next(patient for patient in treated if patient.renal_involvement is False)
    Patient.objects.filter(pk=unrecorded.pk).update(renal_involvement=None)
    return place


def test_it_agrees_with_the_report(studied: Place, today: date, monkeypatch: pytest.MonkeyPatch) -> None:
    """For each choice around the days of the first doses, one of which was entered in error."""
    doses = DoseEpisode.objects.filter(drug="tacrolimus").exclude(dose_mg=0)
    wrong = doses.order_by("start", "pk").first()
    assert wrong is not None
    writing.void(wrong, by=studied.doctor, reason="wrong patient")
    days = sorted(set(doses.active().values_list("start", flat=True)))
    first, middle = days[0], days[len(days) // 2]
    # Written just now: without this each patient would be told from their facts, forty-five times.
    monkeypatch.setattr(cohorts, "patients_changed_since", lambda _moment, _patients: set())
    periods = (
        (None, None), (middle, None), (None, middle), (first, middle - timedelta(days=1)), (today, first),
    )  # fmt: skip
    seen = set()
    for cut_off, (since, until) in product((first - timedelta(days=1), middle, today), periods):
        for renal in (None, True, False):
            choice = CohortSelection(cut_off, since, until, renal)
            cohort = cohort_of(studied.clinic, choice)
            n = len(cohort.outcomes)
            assert count(studied.clinic, choice) == (
                n,
                n + sum(number for _why, number in cohort.left_out),
            ), choice
            seen.add(n)
    assert {0, 1} < seen and max(seen) > 4


def test_another_clinic_has_its_own(studied: Place, stranger: User, today: date) -> None:
    assert count(stranger.own_clinics[0], CohortSelection(today)) == (0, 0)


def test_few_queries_however_many_patients(studied: Place, today: date) -> None:
    with CaptureQueriesContext(connection) as seen:
        count(studied.clinic, CohortSelection(today, today, today, True))
    assert len(seen) == 2


class TestFragment:
    def told(self, user: User, **said: str) -> str:
        return str(browser_of(user).get(reverse(ADDRESS), said).content.decode())

    def test_as_the_form_stands(self, studied: Place, today: date) -> None:
        of_all, _ = count(studied.clinic, CohortSelection(today))
        told = self.told(studied.administrator, clinic=str(studied.clinic.pk), cut_off=today.isoformat())
        assert f"<strong>{of_all} patients would be in it</strong>, of {of_all} who took" in told

    def test_of_so_few_it_says_so(self, clinic: Clinic, administrator: User, today: date) -> None:
        told = self.told(administrator, clinic=str(clinic.pk), cut_off=today.isoformat())
        assert "0 patients would be in it" in told and "next to nothing can be estimated" in told

    @pytest.mark.parametrize("said", [{}, {"cut_off": "soon"}, {"clinic": "999999"}])
    def test_a_form_that_does_not_say_enough(
        self, clinic: Clinic, administrator: User, today: date, said: dict[str, str]
    ) -> None:
        asked = {"clinic": str(clinic.pk), "cut_off": today.isoformat(), **said} if said else {}
        assert "is told once the clinic and the days are given" in self.told(administrator, **asked)

    def test_another_clinics_patients_are_not_counted(self, studied: Place, today: date) -> None:
        elsewhere = UserFactory(role=Role.ADMINISTRATOR)
        told = self.told(elsewhere, clinic=str(studied.clinic.pk), cut_off=today.isoformat())
        assert "is told once" in told

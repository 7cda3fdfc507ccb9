"""The count beside the form is that of the report: one query, the same patients."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Clinic, Role, User
from analytics.cohorts import CohortSelection, cohort_of
from analytics.counting import count
from demo.study.load import load_patient
from demo.study.rows import read_rows
from patients.models import DoseEpisode, Patient
from patients.services import writing
from tests.accounts.administration.conftest import browser_of
from tests.factories_accounts import UserFactory

pytestmark = pytest.mark.sqlite

ADDRESS = "analytics:report_count"


@pytest.fixture
def studied(clinic: Clinic, doctor: User, never: Patient) -> Clinic:
    """Eight of the study, of one of whom the kidneys are not recorded, and one without tacrolimus."""
    for row in read_rows()[:8]:
        load_patient(row, clinic, doctor)
    one = Patient.objects.filter(clinic=clinic, renal_involvement=False).first()
    assert one is not None
    Patient.objects.filter(pk=one.pk).update(renal_involvement=None)
    return clinic


def test_it_agrees_with_the_report(studied: Clinic, doctor: User, today: date) -> None:
    """For each choice around the days of the first doses, one of which was entered in error."""
    doses = DoseEpisode.objects.filter(drug="tacrolimus").exclude(dose_mg=0)
    wrong = doses.order_by("start", "pk").first()
    assert wrong is not None
    writing.void(wrong, by=doctor, reason="wrong patient")
    days = sorted(set(doses.active().values_list("start", flat=True)))
    first, middle = days[0], days[len(days) // 2]
    periods = (
        (None, None), (middle, None), (None, middle), (first, middle - timedelta(days=1)), (today, first),
    )  # fmt: skip
    seen = set()
    for cut_off, (since, until) in product((first - timedelta(days=1), middle, today), periods):
        for renal in (None, True, False):
            choice = CohortSelection(cut_off, since, until, renal)
            cohort = cohort_of(studied, choice)
            n = len(cohort.outcomes)
            assert count(studied, choice) == (n, n + sum(number for _why, number in cohort.left_out)), choice
            seen.add(n)
    assert {0, 1} < seen and max(seen) > 4


def test_another_clinic_has_its_own(studied: Clinic, stranger: User, today: date) -> None:
    assert count(stranger.own_clinics[0], CohortSelection(today)) == (0, 0)


def test_few_queries_however_many_patients(studied: Clinic, today: date) -> None:
    with CaptureQueriesContext(connection) as seen:
        count(studied, CohortSelection(today, today, today, True))
    assert len(seen) == 2


class TestFragment:
    def told(self, user: User, **said: str) -> str:
        return str(browser_of(user).get(reverse(ADDRESS), said).content.decode())

    def test_as_the_form_stands(self, studied: Clinic, administrator: User, today: date) -> None:
        of_all, _ = count(studied, CohortSelection(today))
        told = self.told(administrator, clinic=str(studied.pk), cut_off=today.isoformat())
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

    def test_another_clinics_patients_are_not_counted(self, studied: Clinic, today: date) -> None:
        elsewhere = UserFactory(role=Role.ADMINISTRATOR)
        told = self.told(elsewhere, clinic=str(studied.pk), cut_off=today.isoformat())
        assert "is told once" in told

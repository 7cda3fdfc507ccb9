"""A patient of whom something is written while the columns are read is told from their facts."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Clinic, User
from analytics import cohorts, columns
from analytics.changed_patients import SLACK, patients_changed_since
from analytics.cohorts import CohortSelection, cohort_of
from demo.study.load import load_patient
from demo.study.rows import read_rows
from patients.models import Assay, LaboratoryResult, Patient
from patients.services import writing

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def studied(clinic: Clinic, doctor: User) -> Clinic:
    """Four of the study, written a day ago."""
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        for row in read_rows()[:4]:
            load_patient(row, clinic, doctor)
    return clinic


def keys(clinic: Clinic) -> list[int]:
    return list(Patient.objects.filter(clinic=clinic).order_by("pk").values_list("pk", flat=True))


def c3_of_week_0(patient: int) -> LaboratoryResult:
    rows = LaboratoryResult.objects.active().filter(patient=patient, analyte="c3")
    (found,) = rows.filter(collected_at__date__lte=first_dose(patient)).order_by("-collected_at")[:1]
    return found


def first_dose(patient: int):
    rows = Patient.objects.get(pk=patient).doseepisode_set.filter(drug="tacrolimus")
    return rows.earliest("start").start


def test_nobody_where_nothing_is_written(studied: Clinic) -> None:
    assert patients_changed_since(timezone.now(), keys(studied)) == set()


def test_whoever_had_something_written_or_voided(studied: Clinic, doctor: User) -> None:
    first, second, *_others = keys(studied)
    writing.void(c3_of_week_0(second), by=doctor, reason="wrong patient")
    assert patients_changed_since(timezone.now(), keys(studied)) == {second}
    assert patients_changed_since(timezone.now(), [first]) == set()
    assert patients_changed_since(timezone.now() + SLACK + timedelta(seconds=1), keys(studied)) == set()


def test_everybody_where_a_limit_changed(studied: Clinic) -> None:
    laboratory = c3_of_week_0(keys(studied)[0]).laboratory
    Assay.objects.create(laboratory=laboratory, analyte="c3", lower_limit=Decimal(70))
    assert patients_changed_since(timezone.now(), keys(studied)) == set(keys(studied))


def test_a_report_never_mixes_two_moments(
    studied: Clinic, doctor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A C3 is voided after the columns were read and before their facts are: the report has neither."""
    choice = CohortSelection(timezone.now().date())
    patient = keys(studied)[1]
    read = columns.everybody_started

    def read_and_then_voided(*given):
        found = read(*given)
        writing.void(c3_of_week_0(patient), by=doctor, reason="wrong patient")
        return found

    before = cohort_of(studied, choice)
    monkeypatch.setattr(columns, "everybody_started", read_and_then_voided)
    mixed = cohort_of(studied, choice)
    monkeypatch.undo()
    after = cohort_of(studied, choice)
    assert mixed == after
    assert mixed.outcomes != before.outcomes
    monkeypatch.setattr(cohorts, "patients_changed_since", lambda *_given: set())
    assert cohort_of(studied, choice) == after

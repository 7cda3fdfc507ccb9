"""A clinic with patients of every kind: two of the study's cohort, one who never took tacrolimus."""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.clock import local_today
from accounts.models import Clinic, Role, User
from accounts.services import create_user
from demo.samples import base
from demo.study.load import load_patient
from demo.study.rows import read_rows
from patients.models import Patient
from patients.rules.record import Administration, Purpose
from patients.services.importing import Identity, import_record
from tests.accounts.conftest import administrator, nurse, stranger
from tests.factories_accounts import ClinicFactory, UserFactory
from tests.sharing import made_once

__all__ = ["administrator", "nurse", "stranger"]

# Cramps in month 11; rhabdomyolysis on day 7.
STUDIED = ("TS23", "TS38")


@dataclass
class StudiedClinic:
    """A clinic, its doctor, and all its patients: first the one without tacrolimus."""

    clinic: Clinic
    doctor: User
    people: list[Patient]


def make_studied_clinic() -> StudiedClinic:
    clinic = ClinicFactory(name="North")
    doctor = _doctor(clinic)
    never = _without_tacrolimus(clinic, doctor)
    loader = create_user(
        username="loader", password="a long enough secret", role=Role.RHEUMATOLOGIST, clinics=[clinic]
    )
    rows = {row.patient: row for row in read_rows()}
    treated = [load_patient(rows[name], clinic, loader) for name in STUDIED]
    return StudiedClinic(clinic, doctor, [never, *treated])


@made_once
def studied_clinic() -> StudiedClinic:
    return make_studied_clinic()


@pytest.fixture
def people(studied_clinic: StudiedClinic) -> list[Patient]:
    """All patients of the clinic."""
    return studied_clinic.people


@pytest.fixture
def clinic(request: pytest.FixtureRequest, db: None) -> Clinic:
    """That of `people` where a test asks for them, else an empty one."""
    if "people" in request.fixturenames:
        return request.getfixturevalue("studied_clinic").clinic
    return ClinicFactory(name="North")


@pytest.fixture
def doctor(request: pytest.FixtureRequest, clinic: Clinic) -> User:
    if "people" in request.fixturenames:
        return request.getfixturevalue("studied_clinic").doctor
    return _doctor(clinic)


@pytest.fixture
def never(request: pytest.FixtureRequest, clinic: Clinic, doctor: User) -> Patient:
    """A patient without tacrolimus, whose last visit is of today, with rituximab a year ago."""
    if "people" in request.fixturenames:
        return request.getfixturevalue("people")[0]
    return _without_tacrolimus(clinic, doctor)


def _doctor(clinic: Clinic) -> User:
    return UserFactory(username="doctor", role=Role.RHEUMATOLOGIST, clinics=[clinic])


def _without_tacrolimus(clinic: Clinic, doctor: User) -> Patient:
    today = local_today(clinic)
    record = base.with_rash(base.base_record(today))
    given = Administration(
        id=1, drug="rituximab", on=today - timedelta(days=365), dose_mg=Decimal(500), purpose=Purpose.SLE,
        route="intravenous",
    )  # fmt: skip
    record = replace(record, administrations=(given,))
    identity = Identity("H-0042", "Zephyrine", "Quillon")
    return import_record(record=record, identity=identity, clinic=clinic, by=doctor)

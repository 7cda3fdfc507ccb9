"""A clinic with patients of every kind: two of the study's cohort, one who never took tacrolimus."""

from dataclasses import replace
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
from tests.accounts.conftest import administrator, clinic, doctor, nurse, stranger

__all__ = ["administrator", "clinic", "doctor", "nurse", "stranger"]

# Cramps in month 11; rhabdomyolysis on day 7.
STUDIED = ("TS23", "TS38")


@pytest.fixture
def never(clinic: Clinic, doctor: User) -> Patient:
    """A patient without tacrolimus, whose last visit is of today, with rituximab a year ago."""
    today = local_today(clinic)
    record = base.with_rash(base.base_record(today))
    given = Administration(
        id=1, drug="rituximab", on=today - timedelta(days=365), dose_mg=Decimal(500), purpose=Purpose.SLE,
        route="intravenous",
    )  # fmt: skip
    record = replace(record, administrations=(given,))
    identity = Identity("H-0042", "Zephyrine", "Quillon")
    return import_record(record=record, identity=identity, clinic=clinic, by=doctor)


@pytest.fixture
def people(clinic: Clinic, doctor: User, never: Patient) -> list[Patient]:
    """All patients of the clinic."""
    loader = create_user(
        username="loader", password="a long enough secret", role=Role.RHEUMATOLOGIST, clinics=[clinic]
    )
    rows = {row.patient: row for row in read_rows()}
    return [never, *(load_patient(rows[name], clinic, loader) for name in STUDIED)]

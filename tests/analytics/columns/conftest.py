from __future__ import annotations

import pytest

from accounts.models import Clinic, Role, User
from tests.factories_accounts import ClinicFactory, UserFactory


@pytest.fixture
def clinic(db: None) -> Clinic:
    return ClinicFactory(name="North")


@pytest.fixture
def doctor(clinic: Clinic) -> User:
    return UserFactory(username="doctor", role=Role.RHEUMATOLOGIST, clinics=[clinic])

import pytest

from accounts.models import Clinic, Role, User
from tests.factories_accounts import ClinicFactory, UserFactory


@pytest.fixture
def clinic(db: None) -> Clinic:
    return ClinicFactory(name="North")


@pytest.fixture
def doctor(clinic: Clinic) -> User:
    return UserFactory(username="doctor", role=Role.RHEUMATOLOGIST, clinics=[clinic])


@pytest.fixture
def colleague(clinic: Clinic) -> User:
    return UserFactory(username="colleague", role=Role.RHEUMATOLOGIST, clinics=[clinic])


@pytest.fixture
def nurse(clinic: Clinic) -> User:
    return UserFactory(username="nurse", role=Role.NURSE, clinics=[clinic])


@pytest.fixture
def administrator(clinic: Clinic) -> User:
    return UserFactory(username="administrator", role=Role.ADMINISTRATOR, clinics=[clinic])


@pytest.fixture
def stranger(db: None) -> User:
    return UserFactory(username="stranger", role=Role.RHEUMATOLOGIST)

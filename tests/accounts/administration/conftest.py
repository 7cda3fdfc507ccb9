import pytest
from django.test import Client

from accounts.models import Clinic, Role, User
from tests.factories_accounts import ClinicFactory, UserFactory
from tests.signed_in import signed_in


@pytest.fixture
def second(clinic: Clinic) -> User:
    """Another administrator of the clinic."""
    return UserFactory(username="second", role=Role.ADMINISTRATOR, clinics=[clinic])


@pytest.fixture
def elsewhere(db: None) -> Clinic:
    return ClinicFactory(name="South")


@pytest.fixture
def outsider(elsewhere: Clinic) -> User:
    """An administrator of another clinic."""
    return UserFactory(username="outsider", role=Role.ADMINISTRATOR, clinics=[elsewhere])


@pytest.fixture
def desk(administrator: User) -> Client:
    """The administrator's browser."""
    return browser_of(administrator)


def browser_of(user: User) -> Client:
    return signed_in(user)

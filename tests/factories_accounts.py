"""Clinics and people for tests."""

from collections.abc import Iterable
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.models import Clinic, Role, User

PASSWORD = "a long enough password"


class ClinicFactory(DjangoModelFactory[Clinic]):
    class Meta:
        model = Clinic

    name = factory.Sequence(lambda number: f"Clinic {number}")


class UserFactory(DjangoModelFactory[User]):
    """A rheumatologist of a clinic of their own, unless told otherwise: `UserFactory(clinics=[clinic])`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"person{number}")
    role = Role.RHEUMATOLOGIST
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def clinics(self: User, create: bool, given: Iterable[Clinic] | None, **_: Any) -> None:
        if create:
            self.clinics.set([ClinicFactory()] if given is None else given)

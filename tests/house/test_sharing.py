"""What is made once for a module: each test finds it as it was made, and who does not ask finds nothing."""

import pytest
from django.db import connection

from accounts.models import Clinic
from tests.sharing import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
MADE: list[Clinic] = []


@made_once
def north() -> Clinic:
    MADE.append(Clinic.objects.create(name="North"))
    return MADE[-1]


@pytest.mark.parametrize("other", ["South", "East"])
def test_each_finds_it_as_it_was_made(north: Clinic, other: str) -> None:
    assert north.name == Clinic.objects.get().name == "North"
    north.name = other
    north.save()
    Clinic.objects.create(name="West")
    assert len(MADE) == 1


def test_whoever_does_not_ask_finds_nothing() -> None:
    """Though it stands below those who do."""
    assert not MADE
    assert not Clinic.objects.exists()
    assert connection.in_atomic_block

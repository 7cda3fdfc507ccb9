"""Whom a user's search finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from patients.models import Patient
from patients.models.patient import PatientQuerySet

if TYPE_CHECKING:
    from accounts.models import User

# Nobody reads longer lists, and a large clinic's would take seconds.
MOST = 1000


@dataclass(frozen=True)
class Found:
    """Patients of a search; of too many only some are here, so none may be offered as all."""

    patients: PatientQuerySet
    too_many: bool


def find_patients(user: User, text: str) -> Found:
    """Patients of the user's clinics by any part of a name, a reading or the beginning of the number.

    Everybody where nothing was typed.
    """
    own = Patient.objects.visible_to(user)
    if not text.strip():
        return Found(own, too_many=False)
    keys = list(own.matching(text).values_list("pk", flat=True)[: MOST + 1])
    return Found(own.filter(pk__in=keys[:MOST]), too_many=len(keys) > MOST)

"""People and a patient for the hazards' tests."""

from dataclasses import dataclass

from django.test import Client

from accounts.clock import local_today
from accounts.models import Clinic, Role, User
from accounts.services import create_user
from demo.samples import base
from patients.models import Patient
from patients.rules.record import Record
from patients.services.importing import Identity, import_record
from tests.signed_in import signed_in

PASSWORD = "a long enough secret"


@dataclass
class Place:
    """A clinic with its three people and one patient whose rash is new."""

    clinic: Clinic
    doctor: User
    nurse: User
    administrator: User
    patient: Patient

    def client(self, user: User) -> Client:
        return signed_in(user)


def make_place(name: str = "Hazard clinic", record: Record | None = None) -> Place:
    clinic = Clinic.objects.create(name=name)
    people = {
        role: create_user(
            username=f"{role}-{name}".replace(" ", "-"), password=PASSWORD, role=role, clinics=[clinic]
        )
        for role in Role
    }
    made = record or base.with_rash(base.base_record(local_today(clinic)))
    doctor = people[Role.RHEUMATOLOGIST]
    patient = import_record(record=made, identity=Identity("1", "Test", "Person"), clinic=clinic, by=doctor)
    return Place(clinic, doctor, people[Role.NURSE], people[Role.ADMINISTRATOR], patient)

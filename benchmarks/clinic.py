"""The invented clinic that is measured, and a doctor in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.management import call_command
from django.test import Client

from accounts.models import Clinic, Role, User
from demo.synthetic.load import CLINIC
from patients.models import Patient

DOCTOR = "benchmark-doctor"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Measured:
    """The clinic, its doctor, and some of its patients spread over all of it."""

    clinic: Clinic
    doctor: User
    patients: list[int]

    def client(self) -> Client:
        client = Client()
        client.force_login(self.doctor, backend=BACKEND)
        return client


def prepare(patients: int, sample: int) -> Measured:
    """Load what is not there yet. Raises RuntimeError where the clinic holds more than was asked for."""
    call_command("migrate", verbosity=0)
    call_command("load_synthetic_clinic", patients=patients)
    clinic = Clinic.objects.get(name=CLINIC)
    present = Patient.objects.filter(clinic=clinic).count()
    if present != patients:
        raise RuntimeError(f"{present} patients are there, {patients} were asked for: use another database.")
    doctor, _made = User.objects.get_or_create(username=DOCTOR, defaults={"role": Role.RHEUMATOLOGIST})
    doctor.clinics.add(clinic)
    keys = list(Patient.objects.filter(clinic=clinic).order_by("pk").values_list("pk", flat=True))
    return Measured(clinic, doctor, keys[:: max(1, len(keys) // sample)][:sample])

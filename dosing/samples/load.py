"""Writes the invented patients into the demonstration clinic, and one into a second clinic."""

from __future__ import annotations

from collections.abc import Callable

from accounts.clock import local_today
from accounts.models import Clinic
from accounts.services import system_user
from dosing.samples.scenarios import SCENARIOS
from patients.models import Patient
from patients.services.importing import Identity, import_record

CLINIC = "Demonstration clinic"
SECOND_CLINIC = "Second clinic"
IN_THE_SECOND_CLINIC = 1
LOADER = "demonstration-loader"


def load_samples(say: Callable[[str], None]) -> int:
    """Load what is not there yet, with dates relative to today; returns how many were loaded."""
    first = _load(CLINIC, len(SCENARIOS), say)
    return first + _load(SECOND_CLINIC, IN_THE_SECOND_CLINIC, say)


def _load(name: str, count: int, say: Callable[[str], None]) -> int:
    clinic, _made = Clinic.objects.get_or_create(name=name)
    by = system_user(LOADER, clinic)
    today = local_today(clinic)
    present = set(Patient.objects.filter(clinic=clinic).values_list("number", flat=True))
    waiting = [scenario for scenario in SCENARIOS[:count] if scenario.number not in present]
    for scenario in waiting:
        identity = Identity(scenario.number, scenario.family_name, scenario.given_name)
        import_record(record=scenario.build(today), identity=identity, clinic=clinic, by=by)
        say(f"  invented patient {scenario.number}: {scenario.shows}")
    return len(waiting)

"""The same facts entered in another order end in the same alerts and the same planned work."""

from collections.abc import Callable, Iterator
from datetime import datetime, time
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

import pytest
import time_machine

from dosing.assessment.nightly import differences
from dosing.models import Alert, PatientStatus, Task
from patients.models import DoseEpisode, LaboratoryResult
from patients.rules.analytes import ANALYTES
from patients.services.drugs import start_episode
from patients.services.laboratory import laboratory_named, record_result
from patients.services.visits import open_visit, sign_visit
from tests.dosing.courses import NOW, TOKYO, change, day, level, on_3_mg
from tests.hazards import Place

pytestmark = pytest.mark.django_db
Entry = Callable[[Place], Any]


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def result(analyte: str, value: str, before: int, place: Place, hour: int = 8) -> None:
    row = LaboratoryResult(
        patient=place.patient,
        analyte=analyte,
        value=Decimal(value),
        entered=value,
        collected_at=datetime.combine(day(before), time(hour), tzinfo=TOKYO),
        laboratory=laboratory_named(clinic=place.clinic, name="Central", by=place.doctor),
        lower_limit=ANALYTES[analyte].reference_low,
        upper_limit=ANALYTES[analyte].reference_high,
    )
    record_result(result=row, by=place.nurse)


def visit(before: int, place: Place, **values: Any) -> None:
    opened = open_visit(patient=place.patient, on=day(before), values=values, by=place.doctor)
    sign_visit(visit=opened, by=place.doctor, expected_version=opened.version)


def drug(name: str, mg: str, before: int, place: Place) -> None:
    row = DoseEpisode(patient=place.patient, drug=name, dose_mg=Decimal(mg), route="oral", start=day(before))
    start_episode(episode=row, by=place.doctor)


def weak(place: Place) -> None:
    visit(2, place, observed_muscle_weakness=True, observed_muscle_pain=True, observed_tremor=True)


ENTRIES: tuple[Entry, ...] = (
    partial(result, "ck", "1240", 1),
    partial(result, "potassium", "5.9", 1),
    partial(result, "potassium", "5.2", 1, hour=15),
    partial(result, "creatinine", "0.98", 5),
    partial(result, "creatinine", "0.95", 1),
    partial(result, "glucose", "210", 4),
    weak,
    partial(visit, 20, systolic_mm_hg=164, diastolic_mm_hg=101),
    partial(drug, "atorvastatin", "10", 12),
    partial(drug, "mizoribine", "150", 6),
    lambda place: level(place, "6.7", before=12),
    lambda place: level(place, "17.5", before=1, hours=13),
    lambda place: change(place, "2"),
)


def outcome(place: Place) -> tuple[list[Any], list[Any], Any]:
    """The alerts that stand, the work that is open, and the patient's standing; numbers of rows left out."""
    alerts = Alert.objects.unresolved().filter(patient=place.patient)
    work = Task.objects.filter(patient=place.patient, state="open")
    standing = PatientStatus.objects.get(patient=place.patient)
    return (
        sorted(
            (row.rule, row.severity, row.undecided, str(row.current_verdict["sentence"])) for row in alerts
        ),
        sorted((row.kind, row.due_on, row.overdue_from, str(row.sentence)) for row in work),
        standing.answer,
    )


def entered(place: Place, entries: list[Entry]) -> tuple[list[Any], list[Any], Any]:
    for entry in entries:
        entry(place)
    assert not differences()
    return outcome(place)


@pytest.fixture
def as_listed() -> tuple[list[Any], list[Any], Any]:
    return entered(on_3_mg("Listed"), list(ENTRIES))


def test_there_is_much_to_tell(as_listed: tuple[list[Any], list[Any], Any]) -> None:
    """The comparison would be empty without it: danger of muscle, potassium, kidney, level and pressure."""
    rules = {row[0]: row[1] for row in as_listed[0]}
    assert rules["muscle"] == 3
    assert {"muscle", "potassium", "kidney", "glucose", "neurological"} <= rules.keys()


@pytest.mark.parametrize("seed", range(4))
def test_another_order(as_listed: tuple[list[Any], list[Any], Any], seed: int) -> None:
    shuffled = Random(seed).sample(ENTRIES, len(ENTRIES))
    assert entered(on_3_mg("Shuffled"), shuffled) == as_listed


def test_from_the_last_to_the_first(as_listed: tuple[list[Any], list[Any], Any]) -> None:
    assert entered(on_3_mg("Backwards"), list(reversed(ENTRIES))) == as_listed

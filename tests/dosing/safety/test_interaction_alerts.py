"""Drugs entered beside tacrolimus: alerts and planned controls as the services store them (clinical 4.3)."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
import time_machine

from dosing.models import Alert, Task
from patients.models import DoseEpisode, LaboratoryResult
from patients.services.drugs import end_episode, start_episode
from patients.services.laboratory import laboratory_named, record_result
from tests.dosing.courses import NOW, TODAY, TOKYO, level, on_3_mg
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = pytest.mark.django_db
KNOW, THIS_VISIT, ACT_NOW = 1, 2, 3


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@made_once
@time_machine.travel(NOW, tick=False)
def place() -> Place:
    return on_3_mg("Beside")


def enter(place: Place, key: str, days_ago: int = 0, text: str = "") -> DoseEpisode:
    row = DoseEpisode(
        patient=place.patient,
        drug=key,
        drug_text=text,
        dose_mg=Decimal(1),
        route="oral",
        start=TODAY - timedelta(days=days_ago),
    )
    return start_episode(episode=row, by=place.doctor)


def alerts(place: Place) -> dict[tuple[str, str], tuple[int, str]]:
    rows = Alert.objects.filter(patient=place.patient, rule__startswith="interaction")
    return {(row.rule, row.subject): (row.severity, row.state) for row in rows}


@pytest.mark.parametrize(
    ("key", "severity"),
    [
        ("spironolactone", ACT_NOW),
        ("clarithromycin", ACT_NOW),
        ("voriconazole", ACT_NOW),
        ("rifampicin", THIS_VISIT),
        ("diltiazem", THIS_VISIT),
        ("grapefruit", THIS_VISIT),
        ("omeprazole", KNOW),
        ("isoniazid", KNOW),
        ("atorvastatin", KNOW),
    ],
)
def test_entering_a_drug_raises_its_alert_at_once(place: Place, key: str, severity: int) -> None:
    enter(place, key)
    found = {about: state for about, state in alerts(place).items() if about[0] == "interaction"}
    assert found == {("interaction", key): (severity, "open")}


def test_a_second_drug_that_prolongs_qt_asks_for_an_ecg(place: Place) -> None:
    """The patient takes hydroxychloroquine; a macrolide is the second."""
    assert alerts(place) == {}
    enter(place, "clarithromycin")
    assert alerts(place)[("interaction_qt", "ecg")] == (KNOW, "open")


def test_free_text_is_raised_as_cannot_tell(place: Place) -> None:
    row = enter(place, "", text="Herb of the neighbour")
    assert alerts(place) == {("interaction_unknown", f"taken {row.pk}"): (KNOW, "open")}


def test_nobody_without_tacrolimus_is_asked(place: Place) -> None:
    other = make_place("Without")
    enter(other, "clarithromycin")
    assert alerts(other) == {}


def test_a_strong_inhibitor_plans_level_creatinine_and_potassium_in_1_to_3_days(place: Place) -> None:
    enter(place, "clarithromycin")
    (work,) = Task.objects.filter(patient=place.patient, state="open", subject__contains="clarithromycin")
    assert (work.kind, work.due_on) == ("level_due", TODAY + timedelta(days=1))
    assert work.sentence["values"]["items"] == ["level", "Creatinine", "Potassium"]


def test_what_is_measured_settles_alert_and_control(place: Place) -> None:
    enter(place, "clarithromycin", days_ago=2)
    level(place, "7", before=0)
    for analyte, value in (("creatinine", "0.6"), ("potassium", "4.2")):
        row = LaboratoryResult(
            patient=place.patient,
            analyte=analyte,
            value=Decimal(value),
            entered=value,
            collected_at=datetime.combine(TODAY, time(8), tzinfo=TOKYO),
            laboratory=laboratory_named(clinic=place.clinic, name="Central", by=place.doctor),
        )
        record_result(result=row, by=place.doctor)
    assert alerts(place)[("interaction", "clarithromycin")] == (ACT_NOW, "resolved")
    work = Task.objects.filter(patient=place.patient, subject__contains="clarithromycin")
    assert {row.state for row in work} == {"settled"}


def test_its_stop_asks_for_a_control_again(place: Place) -> None:
    row = enter(place, "rifampicin", days_ago=9)
    stopped = TODAY - timedelta(days=1)
    end_episode(episode=row, last_day=stopped, reason="ended", by=place.doctor, expected_version=row.version)
    (work,) = Task.objects.filter(patient=place.patient, state="open", subject__contains="rifampicin stop")
    assert work.sentence["values"]["items"] == ["level"]

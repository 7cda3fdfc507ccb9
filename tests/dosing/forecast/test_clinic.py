"""A whole clinic forecast and kept: who, how often, what a failure and a killed worker leave."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from demo.samples import base
from dosing.forecast import clinic as module
from dosing.forecast.clinic import ForecastCounts, batches, forecast_batch
from dosing.forecast.tasks import forecast_everybody
from dosing.models import StoredForecast
from patients.models import DoseEpisode, Patient
from patients.services.drugs import start_episode
from patients.services.importing import Identity, import_record
from tests.dosing.courses import NOW, START, TODAY, change, level, paused
from tests.dosing.forecasts import kept, now_of, with_levels
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@made_once
@time_machine.travel(NOW, tick=False)
def place() -> Place:
    return with_levels()


def everybody(place: Place) -> ForecastCounts:
    counts = [forecast_batch(place.clinic, keys) for keys in batches(place.clinic)]
    return ForecastCounts(
        *(sum(getattr(one, name) for one in counts) for name in ForecastCounts.__dataclass_fields__)
    )


def another(place: Place, number: str) -> Patient:
    """Another patient of the clinic on 3 mg, without levels."""
    record = base.with_rash(base.base_record(START))
    patient = import_record(
        record=record, identity=Identity(number, "Another", "Person"), clinic=place.clinic, by=place.doctor
    )
    row = DoseEpisode(patient=patient, drug="tacrolimus", start=START, dose_mg=3, formulation="capsule")
    start_episode(episode=row, by=place.doctor)
    return patient


class TestWho:
    def test_who_takes_tacrolimus_today(self, place: Place) -> None:
        other = another(place, "2")
        assert list(batches(place.clinic)) == [[place.patient.pk, other.pk]]

    def test_nobody_in_a_pause_or_never_treated(self, place: Place) -> None:
        paused(place, TODAY - timedelta(days=2))
        assert list(batches(place.clinic)) == []
        assert list(batches(make_place("Elsewhere").clinic)) == []

    def test_a_few_at_a_time(self, place: Place, monkeypatch: Any) -> None:
        monkeypatch.setattr(module, "BATCH", 1)
        other = another(place, "2")
        assert list(batches(place.clinic)) == [[place.patient.pk], [other.pk]]

    def test_a_batch_never_reaches_into_another_clinic(self, place: Place) -> None:
        other = make_place("Elsewhere")
        assert forecast_batch(other.clinic, [place.patient.pk]) == ForecastCounts()


class TestKept:
    def test_as_the_page_says(self, place: Place) -> None:
        now = now_of(place)
        assert now.found is not None
        assert everybody(place) == ForecastCounts(kept=1)
        row = StoredForecast.objects.get()
        assert row.numbers["next"]["median_ng_ml"] == round(now.found.next.median, 2)
        assert (row.made_by, row.chosen_mg) == (None, None)

    def test_only_when_the_facts_changed(self, place: Place, clock: Any) -> None:
        assert everybody(place) == ForecastCounts(kept=1)
        clock.shift(timedelta(days=3))
        assert everybody(place) == ForecastCounts(unchanged=1)
        level(place, "6.1", before=0)
        assert everybody(place) == ForecastCounts(kept=1)
        change(place, "2.5")
        assert everybody(place) == ForecastCounts(kept=1)

    def test_not_what_a_doctor_kept_already(self, place: Place) -> None:
        kept(place)
        assert everybody(place) == ForecastCounts(unchanged=1)

    def test_a_worker_killed_half_way_leaves_the_rest_for_the_next(
        self, place: Place, monkeypatch: Any
    ) -> None:
        another(place, "2")
        (keys,) = batches(place.clinic)
        forecast_batch(place.clinic, keys[:1])
        assert everybody(place) == ForecastCounts(kept=1, unchanged=1)
        assert StoredForecast.objects.count() == 2

    def test_refused_is_counted(self, place: Place) -> None:
        row = DoseEpisode(patient=place.patient, drug="clarithromycin", start=TODAY, dose_mg=400)
        start_episode(episode=row, by=place.doctor)
        assert everybody(place) == ForecastCounts(refused=1)

    def test_one_failure_stops_none_of_the_others_and_is_in_the_log(
        self, place: Place, monkeypatch: Any, caplog: Any
    ) -> None:
        another(place, "2")
        real = module.forecast_of

        def failing(patient: Patient, *rest: Any, **more: Any) -> Any:
            if patient == place.patient:
                raise ArithmeticError("no inverse")
            return real(patient, *rest, **more)

        monkeypatch.setattr(module, "forecast_of", failing)
        assert everybody(place) == ForecastCounts(kept=1, failed=1)
        assert "forecast_failed" in caplog.text
        assert "Person" not in caplog.text


def test_every_clinic_by_the_clock(place: Place, settings: Any) -> None:
    settings.CELERY_TASK_ALWAYS_EAGER = True
    with_levels(name="Second")
    assert forecast_everybody() == 2
    assert StoredForecast.objects.count() == 2


def test_loading_takes_as_many_queries_for_two_as_for_one(place: Place) -> None:
    everybody(place)
    counts = []
    for number in ("2", "3"):
        another(place, number)
        everybody(place)
        with CaptureQueriesContext(connection) as seen:
            everybody(place)
        counts.append(len(seen))
    assert counts[0] == counts[1]

"""Kept forecasts against the levels that followed: which are compared, and what the page says of a clinic."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dosing.forecast import validation
from dosing.forecast.validation import (
    DOSE_TURNED,
    NO_DOSE_TIME,
    NOT_EXACT,
    OTHER_TIME,
    TOO_EARLY,
    ScoredForecast,
    followed_forecasts,
)
from dosing.levels.services import record_level
from dosing.models import StoredForecast, TacrolimusLevel
from patients.models import DoseEpisode
from patients.services import writing
from patients.services.laboratory import laboratory_named
from tests.dosing.courses import NOW, TODAY, TOKYO, change, paused
from tests.dosing.forecast.test_pages import text
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


def follow(place: Place, ng_ml: str, on: date, hours: float | None = 12, **changed: Any) -> TacrolimusLevel:
    """A level drawn at 8:30 of a day, entered an hour later."""
    drawn = datetime(on.year, on.month, on.day, 8, 30, tzinfo=TOKYO)
    with time_machine.travel(drawn + timedelta(hours=1), tick=False):
        row = TacrolimusLevel(
            patient=place.patient,
            drawn_at=drawn,
            last_dose_at=None if hours is None else drawn - timedelta(hours=hours),
            dose_mg=Decimal(3),
            value_ng_ml=Decimal(ng_ml),
            entered=ng_ml,
            laboratory=laboratory_named(clinic=place.clinic, name="Central", by=place.doctor),
            **changed,
        )
        return record_level(level=row, by=place.nurse, confirmed=True)


def only(place: Place) -> ScoredForecast:
    (row,) = followed_forecasts(place.clinic)
    return row


def planned(row: StoredForecast) -> date:
    return row.draw_at.astimezone(TOKYO).date()


class TestCompared:
    def test_none_before_a_level_follows(self, place: Place) -> None:
        kept(place)
        assert followed_forecasts(place.clinic) == []

    def test_the_numbers_that_were_kept(self, place: Place) -> None:
        row = kept(place)
        follow(place, "6.0", planned(row))
        found = only(place).scored
        assert found is not None
        assert (found.measured, found.levels_used) == (6.0, 4)
        assert found.forecast == row.numbers["next"]["median_ng_ml"]
        assert [found.low, found.high] == row.numbers["next"]["interval_90_ng_ml"]
        assert found.chance_within == row.numbers["next"]["chance_within"]
        assert (found.low_target, found.high_target) == (5.0, 10.0)
        assert found.proportion == pytest.approx(6.925, abs=1e-3)

    def test_the_first_level_that_follows(self, place: Place) -> None:
        row = kept(place)
        follow(place, "6.0", planned(row))
        follow(place, "9.0", planned(row) + timedelta(days=20))
        assert only(place).level.value_ng_ml == 6

    def test_a_level_taken_back_gives_way_to_the_next(self, place: Place) -> None:
        row = kept(place)
        wrong = follow(place, "60", planned(row))
        follow(place, "6.2", planned(row) + timedelta(days=20))
        writing.void(wrong, by=place.doctor, reason="swapped tube")
        found = only(place).scored
        assert found is not None
        assert found.measured == pytest.approx(6.2)

    @pytest.mark.parametrize(
        ("hours", "changed", "why"),
        [
            (12, {"comparator": "<"}, NOT_EXACT),
            (None, {}, NO_DOSE_TIME),
            (9.9, {}, OTHER_TIME),
            (14.1, {}, OTHER_TIME),
            (10, {}, ""),
            (14, {}, ""),
        ],
    )
    def test_only_an_exact_level_of_the_same_timing(
        self, place: Place, hours: float | None, changed: dict[str, str], why: str
    ) -> None:
        """Within two hours of the hours forecast, twelve here."""
        row = kept(place)
        follow(place, "6", planned(row), hours, **changed)
        assert only(place).not_scored == why
        assert (only(place).scored is None) is bool(why)


class TestAnotherDose:
    def test_the_forecast_of_the_dose_that_was_taken(self, place: Place) -> None:
        """Changed the same evening; drawn when planned: the level on its way."""
        row = kept(place, "2")
        change(place, "2", start=TODAY)
        follow(place, "5", planned(row))
        found = only(place).scored
        option = next(one for one in row.numbers["doses"] if one["mg"] == 2.0)
        assert found is not None
        assert found.forecast == option["next"]["median_ng_ml"]
        assert found.proportion == pytest.approx(2 * 6.925 / 3, abs=1e-3)

    def test_once_settled_the_settled_one(self, place: Place) -> None:
        row = kept(place, "2")
        change(place, "2", start=TODAY)
        follow(place, "5", TODAY + timedelta(days=40))
        found = only(place).scored
        option = next(one for one in row.numbers["doses"] if one["mg"] == 2.0)
        assert found is not None
        assert found.forecast == option["settled"]["median_ng_ml"]

    def test_neither_settled_nor_on_the_planned_day(self, place: Place) -> None:
        row = kept(place, "2")
        change(place, "2", start=TODAY)
        StoredForecast.objects.filter(pk=row.pk).update(
            draw_at=row.draw_at + timedelta(days=10), numbers={**row.numbers, "settled_days": 30}
        )
        follow(place, "5", TODAY + timedelta(days=5))
        assert only(place).not_scored == TOO_EARLY

    @pytest.mark.parametrize(("mg", "compared"), [("2", False), ("3", True)])
    def test_a_changed_dose_on_its_way_is_compared_on_the_planned_day_only(
        self, place: Place, mg: str, compared: bool
    ) -> None:
        """Planned two days after the first draw, drawn on the first."""
        row = kept(place, mg)
        if mg != "3":
            change(place, mg, start=TODAY)
        StoredForecast.objects.filter(pk=row.pk).update(draw_at=row.draw_at + timedelta(days=2))
        follow(place, "5", planned(row))
        assert (only(place).scored is not None) is compared

    def test_settled_counts_from_the_first_draw_by_the_clinics_days(self, place: Place) -> None:
        """Reviewed: 2 days after the first draw, that of the 21st, are the 23rd, at any hour there."""
        row = kept(place, "2")
        change(place, "2", start=TODAY)
        StoredForecast.objects.filter(pk=row.pk).update(draw_at=row.draw_at + timedelta(days=20))
        assert row.numbers["settled_days"] == 2
        follow(place, "5", TODAY + timedelta(days=2))
        assert only(place).not_scored == TOO_EARLY
        TacrolimusLevel.objects.filter(value_ng_ml=5).delete()
        follow(place, "5", TODAY + timedelta(days=3))
        assert only(place).scored is not None

    def test_the_same_dose_on_its_way_is_not_the_planned_level(self, place: Place) -> None:
        """Reviewed: the next morning is not the planned day of four weeks later."""
        row = kept(place)
        StoredForecast.objects.filter(pk=row.pk).update(draw_at=row.draw_at + timedelta(days=20))
        follow(place, "9", TODAY + timedelta(days=1))
        assert only(place).not_scored == TOO_EARLY

    @pytest.mark.parametrize(
        "changed", [{"schedule": "alternate_days"}, {"formulation": "prolonged_release"}]
    )
    def test_another_product_or_distance_between_doses_is_another_dose(
        self, place: Place, changed: dict[str, str]
    ) -> None:
        row = kept(place)
        DoseEpisode.objects.filter(drug="tacrolimus").update(**changed)
        follow(place, "4", planned(row))
        assert only(place).not_scored == DOSE_TURNED

    def test_a_dose_that_was_not_forecast(self, place: Place) -> None:
        kept(place)
        change(place, "2.2", start=TODAY, high_dose_confirmed=True)
        follow(place, "5", TODAY + timedelta(days=20))
        assert only(place).not_scored == DOSE_TURNED

    def test_changed_later_than_forecast(self, place: Place, clock: Any) -> None:
        kept(place)
        clock.shift(timedelta(days=5))
        change(place, "2", start=TODAY + timedelta(days=5))
        follow(place, "5", TODAY + timedelta(days=20))
        assert only(place).not_scored == DOSE_TURNED

    def test_a_pause(self, place: Place, clock: Any) -> None:
        kept(place)
        clock.shift(timedelta(days=4))
        paused(place, TODAY + timedelta(days=3))
        follow(place, "5", TODAY + timedelta(days=20))
        assert only(place).not_scored == DOSE_TURNED


def test_of_the_same_facts_the_last_stands_for_all(place: Place) -> None:
    """Three choices from three tabs are one forecast; what a new fact changed is another."""
    for mg in ("3", "2", "2.5"):
        row = kept(place, mg)
    follow(place, "6", planned(row))
    (one,) = followed_forecasts(place.clinic)
    assert one.forecast.chosen_mg == Decimal("2.5")
    assert [item.is_replaced for item in validation.forecasts_with_levels(place.patient)] == [
        False,
        True,
        True,
    ]


def test_without_a_target_no_chance_is_scored(place: Place) -> None:
    row = kept(place)
    row.inputs["target_ng_ml"] = None
    row.numbers["next"]["chance_within"] = None
    row.save()
    follow(place, "6", planned(row))
    found = only(place).scored
    assert found is not None
    assert (found.chance_within, found.low_target) == (None, None)


class TestTrust:
    def many(self, place: Place, forecast: float, proportion: float, levels: int = 20) -> None:
        """Twenty forecasts with these numbers, each before a level of 6 ng/ml of its own."""
        row = kept(place)
        row.numbers["next"]["median_ng_ml"] = forecast
        row.inputs["proportion_ng_ml_per_mg"] = proportion / 3
        for number in range(levels):
            row.pk, row.submission = None, None
            row.save()
            day = planned(row) + timedelta(days=number)
            StoredForecast.objects.filter(pk=row.pk).update(made_at=NOW + timedelta(days=number))
            follow(place, "6", day)

    def test_until_enough_were_compared(self, place: Place) -> None:
        assert validation.trusts_model(place.clinic)

    def test_nineteen_levels_are_too_few(self, place: Place) -> None:
        self.many(place, forecast=9, proportion=6.5, levels=19)
        assert validation.trusts_model(place.clinic)

    def test_a_level_counts_once_and_its_last_forecast(self, place: Place) -> None:
        """Thirty forecasts of one level are one; the last of them counts."""
        row = kept(place)
        follow(place, "6", planned(row))
        for number in range(30):
            row.pk, row.submission = None, None
            row.numbers["next"]["median_ng_ml"] = float(number)
            row.save()
        assert [one.forecast for one in validation.last_scored_before_levels(place.clinic)] == [29.0]
        assert validation.trusts_model(place.clinic)

    def test_not_where_the_model_does_worse(self, place: Place) -> None:
        self.many(place, forecast=9, proportion=6.5)
        assert not validation.trusts_model(place.clinic)
        assert now_of(place).leads_with_proportion

    def test_where_it_does_better(self, place: Place) -> None:
        self.many(place, forecast=6.1, proportion=8)
        assert validation.trusts_model(place.clinic)

    def test_below_four_levels_nothing_is_decided(self, place: Place) -> None:
        """There proportion leads anyway."""
        self.many(place, forecast=9, proportion=6.5)
        StoredForecast.objects.update(levels_used=3)
        assert validation.last_scored_before_levels(place.clinic) == []
        assert validation.trusts_model(place.clinic)

    def test_the_last_forecast_that_can_be_compared_counts(self, place: Place) -> None:
        """The last one before the level was for another time after the dose."""
        row = kept(place)
        follow(place, "6", planned(row))
        row.pk, row.submission, row.hours_after_dose = None, None, 24
        row.save()
        forecast = row.numbers["next"]["median_ng_ml"]
        assert [one.forecast for one in validation.last_scored_before_levels(place.clinic)] == [forecast]

    def test_another_clinic_is_another_matter(self, place: Place) -> None:
        self.many(place, forecast=9, proportion=6.5)
        assert validation.trusts_model(make_place("Elsewhere").clinic)


class TestPage:
    ADDRESS = "dosing:forecast_audit"

    def said(self, place: Place) -> str:
        return text(place.client(place.doctor).get(reverse(self.ADDRESS)))

    def test_nothing_yet(self, place: Place) -> None:
        assert "No kept forecast has met a level that can be compared." in self.said(place)

    def test_the_model_beside_proportion(self, place: Place) -> None:
        """One forecast, 6 ng/ml measured: proportion 6.925 is 15 % too high."""
        row = kept(place)
        follow(place, "6.0", planned(row))
        said = self.said(place)
        assert "1 forecast is kept. Of the latest 1000, a level followed 1, counted once" in said
        assert f"Levels drawn from {planned(row):%-d %b %Y} to {planned(row):%-d %b %Y}." in said
        assert "proportion 1 +15 15 100 – –" in said
        assert "Forecasts can be compared with 1 level only, and 20 are needed" in said

    def test_why_others_are_not_compared(self, place: Place) -> None:
        row = kept(place)
        follow(place, "6", planned(row), None)
        assert f"{NO_DOSE_TIME}: 1" in self.said(place)

    def test_where_the_model_does_worse_it_is_said(self, place: Place) -> None:
        TestTrust().many(place, forecast=9, proportion=6.5)
        assert "In this clinic the model did worse than plain proportion" in self.said(place)
        shown = place.client(place.doctor).get(reverse("dosing:forecast", args=[place.patient.pk]))
        assert "in this clinic the model's forecasts were farther from the levels" in text(shown)

    def test_only_the_readers_own_clinics(self, place: Place) -> None:
        other = make_place("Elsewhere")
        row = kept(place)
        follow(place, "6.0", planned(row))
        answer = other.client(other.doctor).get(reverse(self.ADDRESS), {"clinic": place.clinic.pk})
        assert "No kept forecast has met a level" in text(answer)
        assert "Minato" not in text(answer)

    def test_as_many_queries_for_one_as_for_many(self, place: Place) -> None:
        row = kept(place)
        follow(place, "6", planned(row))
        reader = place.client(place.doctor)
        counts = []
        for _round in range(2):
            reader.get(reverse(self.ADDRESS))
            with CaptureQueriesContext(connection) as seen:
                reader.get(reverse(self.ADDRESS))
            counts.append(len(seen))
            for _n in range(5):
                row.pk, row.submission = None, None
                row.save()
        assert counts[0] == counts[1]


def test_her_own_page_shows_what_followed(place: Place) -> None:
    row = kept(place)
    follow(place, "6.4", planned(row))
    answer = place.client(place.doctor).get(reverse("dosing:forecast", args=[place.patient.pk]))
    assert "Kept forecasts" in text(answer)
    assert "6.4 ng/ml" in text(answer)

"""The next level and the dose options: what must hold, and that the intervals hold what they promise."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest

from dosing.pharmacokinetics import Component, ForecastQuestion, ObservedLevel, Regimen, Segment, forecast
from dosing.pharmacokinetics.adjustments import DEFAULT, INTERACTION, PREDNISOLONE, adjusted
from dosing.pharmacokinetics.forecast import Forecast, until
from dosing.pharmacokinetics.predictive_distribution import Outlook, outlook_of, quantiles
from dosing.pharmacokinetics.registry import EXPRESSER, MODELS
from dosing.rules.levels import LevelCategory
from dosing.rules.levels.interpretation import interpret_level
from dosing.rules.levels.thresholds import LEVELS
from dosing.rules.treatment import Level as RecordedLevel
from tests.pharmacokinetics.test_predictions import levels as predicted

START = datetime(2024, 1, 1, 19)
THREE = Regimen((Segment(START, None, 3.0),))
UNKNOWN = (
    Component("non-expresser", 0.58, {EXPRESSER: 0.0}),
    Component("expresser", 0.42, {EXPRESSER: 1.0}),
)
URGENT = 15.0
TYPED = (Component("non-expresser", 1.0, {EXPRESSER: 0.0}),)


def morning(day: int) -> datetime:
    return START + timedelta(days=day, hours=14)


def asked(day: int = 60) -> ForecastQuestion:
    return ForecastQuestion(morning(day), START + timedelta(days=day - 20), 5.0, 10.0, URGENT)


def foretold(*levels: tuple[int, float], components=UNKNOWN, **more: object) -> Forecast:
    rows = [ObservedLevel(morning(day), ng_ml) for day, ng_ml in levels]
    return forecast(DEFAULT, THREE, rows, components, asked(), **more)  # type: ignore[arg-type]


class TestChances:
    def test_they_are_all_that_can_happen(self) -> None:
        found = foretold((20, 7.0))
        for outlook in (found.next, *(option.outlook for option in found.options)):
            assert outlook.below + outlook.within + outlook.above == pytest.approx(1)
            assert outlook.urgent <= outlook.above
            low, high = outlook.nine_tenths
            assert 0 <= low <= outlook.half[0] <= outlook.median <= outlook.half[1] <= high

    @pytest.mark.parametrize(
        ("ng_ml", "lies"),
        [
            (4.9, (1, 0, 0, 0)),
            (5.0, (0, 1, 0, 0)),
            (10.0, (0, 1, 0, 0)),
            (14.9, (0, 0, 1, 0)),
            (15.0, (0, 0, 1, 1)),
        ],
    )
    def test_at_a_limit_as_the_rule_has_it(self, ng_ml: float, lies: tuple[int, ...]) -> None:
        """Both ends of the target are in range, and a level at the urgent limit is urgent."""
        found = outlook_of(np.array([ng_ml]), np.array([1.0]), (5.0, 10.0), URGENT)
        assert (found.below, found.within, found.above, found.urgent) == lies

    @pytest.mark.parametrize("ng_ml", ["4.9", "5", "10", "10.1", "14.9", "15", "15.1"])
    def test_it_agrees_with_the_rule_at_each_limit(self, ng_ml: str) -> None:
        rule = interpret_level(RecordedLevel(1, START.date(), Decimal(ng_ml), hours_after_dose=Decimal(14)))
        band = (float(rule.band.low_ng_ml), float(rule.band.high_ng_ml))
        urgent_ng_ml = float(LEVELS.urgent_ng_ml)
        found = outlook_of(np.array([float(ng_ml)]), np.array([1.0]), band, urgent_ng_ml)
        assert (rule.against_band is LevelCategory.IN_RANGE) == bool(found.within)
        assert (rule.against_band is LevelCategory.ABOVE) == bool(found.above)
        assert (rule.category is LevelCategory.URGENT) == bool(found.urgent)

    def test_more_is_more(self) -> None:
        options = foretold((20, 7.0)).options
        assert [option.mg for option in options] == [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5]
        for read in ("median", "above", "urgent"):
            found = [getattr(option.outlook, read) for option in options]
            assert found == sorted(found), read

    def test_the_dose_of_today_is_the_next_level(self) -> None:
        """Settled on 3 mg: in four weeks it is what it will be at the next draw."""
        found = foretold((20, 7.0))
        same = found.options[5].outlook
        assert same.median == pytest.approx(found.next.median, rel=0.03)
        assert same.within == pytest.approx(found.next.within, abs=0.03)


class TestGenotype:
    """Not tested: two possibilities, weighed by what the levels say."""

    def test_without_levels_as_in_the_population(self) -> None:
        assert foretold().chances == pytest.approx({"non-expresser": 0.58, "expresser": 0.42}, abs=1e-3)

    def test_high_levels_speak_against_an_expresser(self) -> None:
        chances = [
            foretold((20, level), (40, level), components=UNKNOWN).chances["expresser"]
            for level in (2.5, 5.0, 8.0, 14.0)
        ]
        assert chances == sorted(chances, reverse=True)
        assert chances[0] > 0.6 and chances[-1] < 0.15
        assert sum(foretold((20, 5.0)).chances.values()) == pytest.approx(1)

    def test_not_knowing_is_less_sure_than_knowing(self) -> None:
        def width(found: Forecast) -> float:
            """How many times the lower end the upper one is."""
            low, high = found.next.nine_tenths
            return high / low

        assert width(foretold()) > 1.1 * width(foretold(components=TYPED))


class TestAveraging:
    """Models weigh by their evidence, as the two genotypes do."""

    MODELS = (
        Component("woillard2011", 0.5, {EXPRESSER: 0.0}),
        Component("after_supper", 0.5, {EXPRESSER: 0.0}, adjusted(MODELS["after_supper"])),
    )

    def test_the_one_that_foretold_the_levels_counts_more(self) -> None:
        """Two hours after supper one model has its peak, the other nothing yet."""

        def after_two_hours(ng_ml: float) -> dict[str, float]:
            rows = [ObservedLevel(START + timedelta(days=day, hours=2), ng_ml) for day in (20, 40)]
            return forecast(DEFAULT, THREE, rows, self.MODELS, asked()).chances

        assert after_two_hours(14.0)["woillard2011"] > 0.9
        assert after_two_hours(3.5)["after_supper"] > 0.9

    def test_one_model_alone_is_itself(self) -> None:
        alone = foretold((20, 7.0), components=TYPED)
        named = (Component("non-expresser", 1.0, {EXPRESSER: 0.0}, DEFAULT),)
        assert foretold((20, 7.0), components=named).next == alone.next

    def test_each_keeps_its_own_spread(self) -> None:
        """A model with no residual error foretells a narrower level."""
        exact = replace(DEFAULT, residual=replace(DEFAULT.residual, proportional=0.01, additive=0.01))
        wide = foretold(components=TYPED).next.nine_tenths
        narrow = foretold(components=(Component("exact", 1.0, {EXPRESSER: 0.0}, exact),)).next.nine_tenths
        assert narrow[1] / narrow[0] < wide[1] / wide[0]


class TestTime:
    def test_it_settles_within_a_fortnight(self) -> None:
        """3.32 terminal half-lives are an upper bound: with woillard2011 about 24 h each."""
        settled = foretold((20, 7.0)).settled_days
        assert settled is not None and 1 <= settled <= 14

    def test_the_taper_counts(self) -> None:
        """Prednisolone from 20 to 5 mg: the same dose gives 21 % more."""

        def median(course: object) -> float:
            component = Component("one", 1.0, {EXPRESSER: 0.0, PREDNISOLONE: course})
            return foretold(components=(component,)).next.median

        before = median(20.0)
        after = median([(START, 20.0), (morning(45), 5.0)])
        assert after / before == pytest.approx(1.21, abs=0.01)

    def test_doses_until_a_moment(self) -> None:
        rows = (
            Segment(START, START + timedelta(days=5), 1.0),
            Segment(START + timedelta(days=5), None, 2.0),
            Segment(START + timedelta(days=50), None, 3.0),
        )
        moment = START + timedelta(days=20)
        kept = until(Regimen(rows), moment).segments
        assert [(row.mg, row.end) for row in kept] == [(1.0, START + timedelta(days=5)), (2.0, moment)]


def test_options_are_what_superposition_says_of_the_dose() -> None:
    """The median draw of 5 mg lies near the level of the fitted patient on 5 mg."""
    found = foretold((20, 7.0), (40, 7.2), components=TYPED)
    question = asked()
    change = Regimen((Segment(START, question.next_intake, 3.0), Segment(question.next_intake, None, 5.0)))
    at = [question.first_draw + timedelta(days=question.days[-1])]
    patient = predicted(DEFAULT, change, TYPED[0].covariates, at, found.fits["non-expresser"].parameters)[0]
    assert found.options[-1].outlook.median == pytest.approx(patient, rel=0.05)


class TestSettled:
    """What a dose comes to in the end, whatever was taken before."""

    @pytest.mark.parametrize("model", [DEFAULT, adjusted(MODELS["andrews2019"])], ids=lambda one: one.id)
    def test_it_is_in_proportion_to_the_dose(self, model) -> None:
        """Also where the body remembers doses of weeks ago; the unexplained 0.5 ng/ml is not."""
        found = forecast(model, THREE, [ObservedLevel(morning(20), 7.0)], TYPED, asked(), draws=1000)
        by_dose = {one.mg: one.outlook.median for one in found.options}
        assert by_dose[5.0] / by_dose[2.5] == pytest.approx(2.0, rel=0.03)
        assert found.settled == found.options[5].outlook

    def test_what_changes_with_the_next_intake_changes_for_what_is_left_too(self) -> None:
        """Clearance falls with the next dose: today's dose of the table is the level to come."""
        question = asked()
        course = [(START, 1.0), (question.next_intake, 0.69)]
        components = (Component("one", 1.0, {EXPRESSER: 0.0, INTERACTION: course}),)
        soon = replace(question, draw_at=question.first_draw)
        found = forecast(DEFAULT, THREE, [ObservedLevel(morning(20), 7.0)], components, soon, draws=500)
        assert found.options[5].next.median == pytest.approx(found.next.median, rel=1e-6)

    @pytest.mark.parametrize("hours", [24.0, 48.0, 168.0])
    def test_the_days_looked_at_are_days_of_a_dose(self, hours: float) -> None:
        days = replace(asked(), interval_hours=hours).days
        assert all(day * 24 % hours == 0 for day in days)
        assert 112 <= days[-1] <= 120

    def test_on_the_day_of_the_first_dose(self) -> None:
        question = ForecastQuestion(morning(5), START, 5.0, 10.0, URGENT)
        found = forecast(DEFAULT, THREE, [], UNKNOWN, question)
        assert found.next.median > 0
        assert found.options[5].next.median == pytest.approx(found.next.median, rel=1e-6)


def test_the_intervals_hold_what_they_promise() -> None:
    """Sixty patients of the model's own population, one level each: 90 % intervals cover 80 to 97 %."""
    chance = np.random.default_rng(3)
    covered = 0
    for _patient in range(60):
        factors = {row.name: np.exp(chance.normal(0, row.log_sd)) for row in DEFAULT.varying}

        def measured(day: int, factors=factors) -> float:
            typical = DEFAULT.typical(TYPED[0].covariates)
            own = {name: value * factors.get(name, 1.0) for name, value in typical.items()}
            own["CL"] *= np.exp(chance.normal(0, DEFAULT.occasion_log_sd))
            level = predicted(DEFAULT, THREE, TYPED[0].covariates, [morning(day)], own)[0]
            spread = np.hypot(DEFAULT.residual.additive, DEFAULT.residual.proportional * level)
            return max(0.1, level + spread * chance.standard_normal())

        found = foretold((20, measured(20)), components=TYPED, draws=800)
        low, high = found.next.nine_tenths
        covered += low <= measured(60) <= high
    assert 0.80 <= covered / 60 <= 0.97


@pytest.mark.parametrize(
    ("chances", "whole"),
    [
        ((0.346, 0.634, 0.020), (35, 63, 2)),
        ((1 / 3, 1 / 3, 1 / 3), (34, 33, 33)),
        ((0.004, 0.992, 0.004), (1, 99, 0)),
        ((0.0049, 0.9902, 0.0049), (1, 99, 0)),
        ((1.0, 0.0, 0.0), (100, 0, 0)),
        ((0.29, 0.57, 0.14), (29, 57, 14)),
    ],
)
def test_of_100_patients_are_100(chances: tuple[float, float, float], whole: tuple[int, int, int]) -> None:
    """Largest remainders; .346 + .634 + .020 would be 35 + 63 + 2, and thirds 99."""
    outlook = Outlook(7.0, (6.0, 8.0), (4.0, 11.0), *chances, urgent=0.006, urgent_ng_ml=URGENT)
    assert outlook.of_100 == (*whole, 1)
    assert sum(outlook.of_100[:3]) == 100


def test_the_same_seed_gives_the_same_forecast() -> None:
    one, other = foretold((20, 7.0)), foretold((20, 7.0))
    assert (one.next, one.options) == (other.next, other.options)
    assert foretold((20, 7.0), seed=2).next != one.next


def test_nobody_has_no_forecast() -> None:
    with pytest.raises(ValueError, match="no dose"):
        forecast(DEFAULT, Regimen(()), [], UNKNOWN, asked())


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, 1.0), (0.1, 1.0), (0.11, 2.0), (0.5, 2.0), (0.9, 3.0), (1.0, 3.0)]
)
def test_weighted_quantiles(share: float, expected: float) -> None:
    """3 has half of the weight, 1 a tenth."""
    values, weights = np.array([3.0, 1.0, 2.0]), np.array([0.5, 0.1, 0.4])
    assert quantiles(values, weights, [share]) == [expected]

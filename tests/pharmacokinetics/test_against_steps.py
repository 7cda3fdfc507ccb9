"""Superposition equals a solver of differential equations, also where the closed form is hard."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from dosing.pharmacokinetics.adjustments import DEFAULT, INTERACTION
from dosing.pharmacokinetics.model import Model
from dosing.pharmacokinetics.regimen import Regimen, Segment
from dosing.pharmacokinetics.registry import HAEMATOCRIT, IMMEDIATE_RELEASE, MODELS
from dosing.pharmacokinetics.schedule import schedule
from dosing.pharmacokinetics.superposition import plan
from tests.pharmacokinetics import stepwise
from tests.pharmacokinetics.models import CHEN, MONCHAUD, ONE_LAG, TWO_LAG
from tests.pharmacokinetics.test_predictions import levels

START = datetime(2024, 1, 1, 19)
SAME = 1e-8
# Within absorption, at its peak, in the morning, before the next dose; then again after ten days.
HOURS = [0.3, 1.7, 4.0, 14.0, 23.9, 24.0, 38.0, 240.5, 254.0, 264.0]


def at(hours: list[float]) -> list[datetime]:
    return [START + timedelta(hours=hour) for hour in hours]


def doses(lag: float, *runs: tuple[int, int, float]) -> list[tuple[float, float]]:
    """(first day, days, mg) as (hour, mg)."""
    return [(24.0 * day + lag, mg) for first, count, mg in runs for day in range(first, first + count)]


def typical(model: Model, covariates: dict[str, float]) -> dict[str, float]:
    return dict(model.typical(covariates))


@pytest.mark.parametrize(
    "model", [*MODELS.values(), CHEN, MONCHAUD, ONE_LAG, TWO_LAG], ids=lambda model: model.id
)
def test_every_structure(model: Model) -> None:
    known = {"bodyweight": 55.0, "hct": 36.0, HAEMATOCRIT: 33.0}
    expected = stepwise.levels(
        typical(model, known), model.stages, doses(model.lag_hours, (0, 12, 3.0)), HOURS
    )
    found = levels(model, Regimen((Segment(START, None, 3.0),)), known, at(HOURS))
    assert found == pytest.approx(expected, rel=SAME, abs=1e-9)


def with_values(model: Model, **values: float) -> Model:
    parameters = [replace(row, value=values.get(row.name, row.value)) for row in model.parameters]
    return replace(model, parameters=tuple(parameters), effects=())


def rates(model: Model) -> tuple[float, float]:
    """The fast and the slow rate of the disposition, as eigenvalues of its matrix."""
    value = {row.name: row.value for row in model.parameters}
    out, back = value["Q"] / value["V1"], value["Q"] / value["V2"]
    matrix = np.array([[value["CL"] / value["V1"] + out, -back], [-out, back]])
    slow, fast = sorted(np.linalg.eigvals(matrix).real)
    return float(fast), float(slow)


class TestHardPlaces:
    """Where absorption is as fast as an exponential of the disposition, or slower, textbook forms are NaN."""

    @pytest.mark.parametrize("times", [0.2, 0.9, 0.999999, 1.0, 1.000001, 1.1])
    @pytest.mark.parametrize("which", [0, 1], ids=["fast", "slow"])
    @pytest.mark.parametrize("stages", [1, 3, 5])
    def test_absorption_near_a_rate_of_the_disposition(self, times: float, which: int, stages: int) -> None:
        model = replace(with_values(MODELS["woillard2011"]), stages=stages)
        model = with_values(model, ktr=times * rates(model)[which])
        expected = stepwise.levels(typical(model, {}), stages, doses(0, (0, 12, 3.0)), HOURS)
        found = levels(model, Regimen((Segment(START, None, 3.0),)), {}, at(HOURS))
        assert found == pytest.approx(expected, rel=SAME, abs=1e-9)

    def test_absorption_as_fast_as_elimination_of_one_compartment(self) -> None:
        model = with_values(CHEN, ktr=15.5 / 174)
        expected = stepwise.levels(typical(model, {}), 1, doses(0, (0, 12, 3.0)), HOURS)
        found = levels(model, Regimen((Segment(START, None, 3.0),)), {}, at(HOURS))
        assert found == pytest.approx(expected, rel=SAME, abs=1e-9)


class TestChanges:
    def test_many_segments(self) -> None:
        """Doses go up, pause, and come down; each level remembers the others."""
        runs = ((0, 4, 1.0), (4, 3, 2.0), (9, 2, 3.0), (11, 5, 0.5), (16, 3, 5.0))
        segments = tuple(
            Segment(START + timedelta(days=first), START + timedelta(days=first + count), mg)
            for first, count, mg in runs
        )
        hours = [14.0, 110.0, 205.0, 230.0, 278.0, 390.0, 470.0]
        model = MODELS["woillard2011"]
        expected = stepwise.levels(typical(model, {}), 3, doses(0, *runs), hours)
        assert levels(model, Regimen(segments), {}, at(hours)) == pytest.approx(expected, rel=SAME)

    def test_twice_a_day_and_once(self) -> None:
        model = MODELS["campagne2018"]
        twice = Segment(START, START + timedelta(days=5), 1.0, 12.0)
        once = Segment(START + timedelta(days=5), None, 2.0)
        taken = [(12.0 * number + 0.83, 1.0) for number in range(10)] + doses(0.83, (5, 6, 2.0))
        expected = stepwise.levels(typical(model, {}), 1, taken, HOURS)
        assert levels(model, Regimen((twice, once)), {}, at(HOURS)) == pytest.approx(
            expected, rel=SAME, abs=1e-9
        )

    def test_an_inhibitor_acts_from_the_next_intake_and_what_is_in_the_body_stays(self) -> None:
        """CL falls to 0.69 at noon of day 5: from the evening on, with the state of all compartments."""
        noon = START + timedelta(days=5, hours=-7)
        course = {INTERACTION: [(START, 1.0), (noon, 0.69)]}
        before = typical(DEFAULT, {INTERACTION: 1.0})
        after = typical(DEFAULT, {INTERACTION: 0.69})
        expected = stepwise.course(
            [(0.0, before), (120.0, after)], DEFAULT.stages, doses(0, (0, 12, 3.0)), HOURS
        )
        found = levels(DEFAULT, Regimen((Segment(START, None, 3.0),)), course, at(HOURS))
        assert found == pytest.approx(expected, rel=SAME, abs=1e-9)

    def test_another_formulation_with_the_lag_across_the_change(self) -> None:
        """A dose swallowed before the change and absorbed after it is absorbed as what is then in force."""
        lag = replace(MODELS["andrews2019"].parameter("lag"), value=2.0)
        base = MODELS["woillard2011"]
        model = replace(base, parameters=(*base.parameters, lag))
        switch = START + timedelta(days=5)
        course = {IMMEDIATE_RELEASE: [(START, 1.0), (switch, 0.0)]}
        expected = stepwise.course(
            [
                (0.0, typical(model, {IMMEDIATE_RELEASE: 1.0})),
                (120.0, typical(model, {IMMEDIATE_RELEASE: 0.0})),
            ],
            3,
            doses(2.0, (0, 12, 3.0)),
            HOURS,
        )
        found = levels(model, Regimen((Segment(START, None, 3.0),)), course, at(HOURS))
        assert found == pytest.approx(expected, rel=SAME, abs=1e-9)


def test_many_draws_at_once_are_each_by_themselves() -> None:
    chance = np.random.default_rng(1)
    draws = 50
    regimen, moments = Regimen((Segment(START, None, 3.0),)), at(HOURS)
    known = schedule(DEFAULT, regimen, {}, max(moments))
    values = {
        name: value * np.exp(chance.normal(0, 0.4, draws))
        for name, value in known.typical.items()
        if name != "F"
    }
    together = plan(known, HOURS, DEFAULT.stages).levels(lambda _epoch: values)
    for number in range(draws):
        one = {name: float(value[number]) for name, value in values.items()}
        alone = levels(DEFAULT, regimen, {}, moments, one)
        assert together[number].tolist() == pytest.approx(alone, rel=1e-12)

"""Levels by superposition: the independent engine's, and what must hold whatever the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dosing.pharmacokinetics.adjustments import DEFAULT, PREDNISOLONE
from dosing.pharmacokinetics.model import Model
from dosing.pharmacokinetics.regimen import Covariates, Regimen, Segment
from dosing.pharmacokinetics.schedule import schedule
from dosing.pharmacokinetics.superposition import plan
from tests.pharmacokinetics.cases import (
    CASES,
    covariates_of,
    model_of,
    moments,
    parameters_of,
    regimen_of,
)

START = datetime(2024, 1, 1, 19)
RELATIVE = 1e-5


def levels(
    model: Model,
    regimen: Regimen,
    covariates: Covariates,
    at: Sequence[datetime],
    parameters: Mapping[str, float] | None = None,
) -> list[float]:
    """ng/ml at the times: of the typical patient, or of one with these parameters."""
    known = schedule(model, regimen, covariates, max(at))
    plotted = plan(known, [known.hours(moment) for moment in at], model.stages)

    def individual(epoch):
        values = parameters or epoch.typical
        return {name: np.array([value]) for name, value in values.items()}

    return plotted.levels(individual)[0].tolist()


def days(*numbers: float) -> list[datetime]:
    """Fourteen hours after the dose of each day, and at the dose itself for a half."""
    return [START + timedelta(days=number, hours=14) for number in numbers]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(
    ("kind", "expected"), [("samples", "prior_samples"), ("future_times", "prior_future")]
)
def test_the_typical_patient(case: str, kind: str, expected: str) -> None:
    found = levels(model_of(case), regimen_of(case), covariates_of(case), moments(case, kind))
    assert found == pytest.approx(CASES[case]["engine"][expected], rel=RELATIVE)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("kind", "expected"), [("samples", "pred_samples"), ("future_times", "pred_future")])
def test_the_individual_patient(case: str, kind: str, expected: str) -> None:
    found = levels(
        model_of(case), regimen_of(case), covariates_of(case), moments(case, kind), parameters_of(case)
    )
    assert found == pytest.approx(CASES[case]["engine"][expected], rel=RELATIVE)


def daily(mg: float, start: datetime = START, end: datetime | None = None) -> Segment:
    return Segment(start, end, mg)


class TestWhatMustHold:
    def test_twice_the_dose_is_twice_the_level(self) -> None:
        at = days(0, 1, 5, 40, 300)
        once = levels(DEFAULT, Regimen((daily(1.5),)), {}, at)
        assert levels(DEFAULT, Regimen((daily(3),)), {}, at) == pytest.approx([2 * level for level in once])

    @settings(max_examples=30, deadline=None)
    @given(st.integers(1, 60), st.integers(1, 90))
    def test_cutting_a_segment_changes_nothing(self, cut: int, day: int) -> None:
        middle = START + timedelta(days=cut)
        whole = Regimen((daily(3),))
        two = Regimen((daily(3, START, middle), daily(3, middle)))
        at = [START + timedelta(days=day, hours=13.5)]
        assert levels(DEFAULT, two, {}, at) == pytest.approx(levels(DEFAULT, whole, {}, at), rel=1e-10)

    def test_more_clearance_is_a_lower_level(self) -> None:
        at = days(30)
        typical = schedule(DEFAULT, Regimen((daily(3),)), {}, at[0]).typical
        found = [
            levels(DEFAULT, Regimen((daily(3),)), {}, at, {**typical, "CL": typical["CL"] * factor})[0]
            for factor in (0.5, 0.9, 1.0, 1.1, 2.0)
        ]
        assert found == sorted(found, reverse=True) and len(set(found)) == len(found)

    def test_before_the_first_dose_and_at_it_there_is_nothing(self) -> None:
        at = [START - timedelta(days=1), START, START + timedelta(hours=14)]
        before, at_dose, after = levels(DEFAULT, Regimen((daily(3),)), {}, at)
        assert (before, at_dose) == (0, pytest.approx(0, abs=1e-12)) and after > 1

    def test_nobody_has_no_levels(self) -> None:
        for segments in ((), (daily(0),), (daily(3, START, START),)):
            with pytest.raises(ValueError, match="no dose"):
                levels(DEFAULT, Regimen(segments), {}, days(1))

    def test_after_the_last_dose_it_fades(self) -> None:
        stopped = Regimen((daily(3, START, START + timedelta(days=30)),))
        found = levels(DEFAULT, stopped, {}, days(29, 31, 40, 100, 365))
        assert found == sorted(found, reverse=True) and 0 <= found[-1] < 1e-6


class TestPrednisolone:
    """Størset 2014: F = 1 − 0.67·P/(35 + P); 20 → 5 mg +21 %, 11.7 → 8.2 mg (the study) +4.9 %."""

    @pytest.mark.parametrize(("before", "after", "more"), [(20.0, 5.0, 0.21), (11.7, 8.2, 0.049)])
    @pytest.mark.parametrize("hours", [2.0, 14.0, 24.0])
    def test_the_taper_raises_all_levels_alike(
        self, before: float, after: float, more: float, hours: float
    ) -> None:
        regimen, at = Regimen((daily(3),)), [START + timedelta(days=60, hours=hours)]
        high = levels(DEFAULT, regimen, {PREDNISOLONE: before}, at)[0]
        low = levels(DEFAULT, regimen, {PREDNISOLONE: after}, at)[0]
        assert low / high - 1 == pytest.approx(more, abs=0.0005 if more < 0.1 else 0.005)

    def test_it_counts_from_the_next_intake(self) -> None:
        """Changed at noon: the level of the afternoon before the evening's dose is as it was."""
        noon = START + timedelta(days=30, hours=-7)
        course = {PREDNISOLONE: [(START, 20.0), (noon, 5.0)]}
        always = {PREDNISOLONE: 20.0}
        regimen = Regimen((daily(3),))
        afternoon, morning = noon + timedelta(hours=5), noon + timedelta(hours=21)
        assert levels(DEFAULT, regimen, course, [afternoon]) == pytest.approx(
            levels(DEFAULT, regimen, always, [afternoon]), rel=1e-12
        )
        assert levels(DEFAULT, regimen, course, [morning])[0] > levels(DEFAULT, regimen, always, [morning])[0]


def test_a_missed_dose_lowers_and_a_later_one_forgets() -> None:
    day = START + timedelta(days=20)
    whole = Regimen((daily(3),))
    missed = Regimen((daily(3, START, day), daily(3, day + timedelta(days=1))))
    at = days(20, 60)
    one, other = levels(DEFAULT, missed, {}, at), levels(DEFAULT, whole, {}, at)
    assert one[0] < 0.7 * other[0]
    assert one[1] == pytest.approx(other[1], rel=1e-3)


@pytest.mark.parametrize("wrong", [{"interval_hours": 0.0}, {"interval_hours": -24.0}, {"mg": -1.0}])
def test_what_no_dose_can_be(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="dose"):
        replace(daily(3), **wrong)  # type: ignore[arg-type]

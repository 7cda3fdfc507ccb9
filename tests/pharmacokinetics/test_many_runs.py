"""Many corrected doses: the state is carried over, so that costs grow with them and not with their square."""

import tracemalloc
from datetime import datetime, timedelta

import numpy as np
import pytest

from dosing.pharmacokinetics import Regimen, Segment
from dosing.pharmacokinetics import schedule as module
from dosing.pharmacokinetics.adjustments import DEFAULT, INTERACTION, adjusted
from dosing.pharmacokinetics.model import Model
from dosing.pharmacokinetics.objective import individual
from dosing.pharmacokinetics.registry import MODELS
from dosing.pharmacokinetics.schedule import EpochSchedule, schedule
from dosing.pharmacokinetics.superposition import plan

START = datetime(2024, 1, 1, 20)
DAYS = 120


def corrected() -> Regimen:
    """A dose a day, every third at another time: each of those stands alone."""
    rows = [
        Segment(at, at + timedelta(minutes=1), 3.0)
        for day in range(DAYS)
        for at in [START + timedelta(days=day, hours=day % 3)]
    ]
    return Regimen(tuple(rows))


def laid_out(model: Model) -> EpochSchedule:
    course = [(START, 1.0), (START + timedelta(days=50), 0.7)]
    return schedule(model, corrected(), {INTERACTION: course}, START + timedelta(days=DAYS + 5))


@pytest.mark.parametrize(
    "model", [DEFAULT, adjusted(MODELS["after_supper"]), adjusted(MODELS["andrews2019"])], ids=lambda m: m.id
)
def test_the_levels_are_those_of_one_long_sum(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also with a lag, across a change of clearance, and at the very times of the cuts."""
    etas = np.zeros((2, len(model.varying)))
    etas[1, 0] = 0.4
    cut = laid_out(model)
    hours = sorted([epoch.start for epoch in cut.epochs] + [24.0 * day + 13 for day in range(0, DAYS, 7)])
    monkeypatch.setattr(module, "RUNS_AN_EPOCH", 10**6)
    whole = laid_out(model)
    assert len(whole.epochs) == 2 < len(cut.epochs)
    levels = [plan(one, hours, model.stages).levels(individual(model, etas)) for one in (cut, whole)]
    assert levels[0] == pytest.approx(levels[1], rel=1e-9, abs=1e-12)


def test_no_epoch_sums_more_than_a_few_runs() -> None:
    assert max(len(epoch.runs) for epoch in laid_out(DEFAULT).epochs) <= 2 * module.RUNS_AN_EPOCH


def test_memory_grows_with_the_runs_and_not_with_their_square() -> None:
    """Summed in one piece, these levels of a thousand draws took 1 282 MB."""
    hours = [24.0 * day + 13 for day in range(1, DAYS)]
    of_draws = individual(DEFAULT, np.zeros((1000, len(DEFAULT.varying))))
    planned = plan(laid_out(DEFAULT), hours, DEFAULT.stages)
    tracemalloc.start()
    try:
        planned.levels(of_draws)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 50 * 2**20

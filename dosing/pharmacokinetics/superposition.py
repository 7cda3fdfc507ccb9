"""Levels at many times from a schedule, for many draws of parameters at once, solving nothing in steps.

A run of N equal doses, τ apart, leaves S_N·b = (I − E)⁻¹·(b − Eᴺ·b) right after its last dose, with E what
becomes of each state within τ and b a unit dose: the cost grows with the runs, not with the doses.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from dosing.pharmacokinetics.erlang import Array
from dosing.pharmacokinetics.regimen import SAME_HOURS, Run
from dosing.pharmacokinetics.schedule import Epoch, EpochSchedule
from dosing.pharmacokinetics.system import System, from_dose, system, to_central, transition

NG_PER_ML = 1000.0  # mg/L in ng/ml

# From the typical values of an epoch to arrays of draws.
Individual = Callable[[Epoch], dict[str, Array]]


@dataclass(frozen=True)
class Sums:
    """Which parts add up at some moments of one epoch; made once, used for each set of parameters.

    since: hours from the epoch's beginning to each moment. A part is one run at one moment: its kind is
    (interval, number of doses so far), after: hours since the last of them, weights: part × moment, in mg.
    """

    since: Array
    kinds: tuple[tuple[float, int], ...]
    kind: NDArray[np.intp]
    after: Array
    weights: Array


@dataclass(frozen=True)
class EpochStep:
    """One epoch with the moments asked in it, and how it hands over; over is None for the last one asked."""

    epoch: Epoch
    places: NDArray[np.intp]
    sums: Sums
    over: Sums | None


@dataclass(frozen=True)
class SuperpositionPlan:
    """The steps to the levels at given hours, for any parameters."""

    steps: tuple[EpochStep, ...]
    size: int
    stages: int

    def levels(self, individual: Individual) -> Array:
        """ng/ml, draws × hours, in the order of the hours that the plan was made for."""
        carried: Array | None = None
        columns: list[tuple[NDArray[np.intp], Array]] = []
        for step in self.steps:
            given = system(individual(step.epoch), self.stages)
            columns.append((step.places, _levels(given, step.sums, carried)))
            if step.over is not None:
                carried = _carried(given, step.over, carried)
        draws = max(found.shape[0] for _places, found in columns)
        levels = np.zeros((draws, self.size))
        for places, found in columns:
            levels[:, places] = found
        return levels


def plan(given: EpochSchedule, hours: Sequence[float], stages: int) -> SuperpositionPlan:
    """Prepare the levels at these hours since the first intake; before it they are 0."""
    moments = np.asarray(hours, dtype=float)
    last = float(moments.max(initial=0.0))
    reached = [epoch for epoch in given.epochs if epoch.start <= last or epoch is given.epochs[0]]
    steps = [_step(epoch, moments, epoch is reached[-1]) for epoch in reached]
    return SuperpositionPlan(tuple(steps), len(moments), stages)


def _step(epoch: Epoch, moments: Array, is_last: bool) -> EpochStep:
    within = (moments >= epoch.start) & (moments < (inf if is_last else epoch.end))
    places = np.flatnonzero(within)
    over = None if is_last else _sums(epoch, np.array([epoch.end]))
    return EpochStep(epoch, places, _sums(epoch, moments[places]), over)


def _sums(epoch: Epoch, moments: Array) -> Sums:
    parts = [
        (place, run, so_far, max(0.0, moment - run.first - (so_far - 1) * run.interval))
        for place, moment in enumerate(moments)
        for run in epoch.runs
        if (so_far := _so_far(run, float(moment)))
    ]
    kinds = sorted({(run.interval, so_far) for _place, run, so_far, _after in parts})
    numbers = {kind: number for number, kind in enumerate(kinds)}
    weights = np.zeros((len(parts), len(moments)))
    for number, (place, run, _count, _after) in enumerate(parts):
        weights[number, place] = run.mg
    return Sums(
        since=moments - epoch.start,
        kinds=tuple(kinds),
        kind=np.array([numbers[run.interval, so_far] for _, run, so_far, _after in parts], dtype=np.intp),
        after=np.array([after for *_rest, after in parts], dtype=float),
        weights=weights,
    )


def _so_far(run: Run, moment: float) -> int:
    """How many doses have arrived, one at the very moment among them."""
    return run.until(moment + 2 * SAME_HOURS * run.interval)


def _levels(given: System, sums: Sums, carried: Array | None) -> Array:
    amounts = np.zeros((given.draws, len(sums.since)))
    if len(sums.kind) and len(sums.since):
        after_dose = _after_last_dose(given, sums.kinds)[:, :, sums.kind]
        amounts = np.einsum("dsp,dsp->dp", to_central(given, sums.after), after_dose) @ sums.weights
    if carried is not None and len(sums.since):
        amounts = amounts + np.einsum("dsp,ds->dp", to_central(given, sums.since), carried)
    return NG_PER_ML * amounts / given.volume


def _carried(given: System, over: Sums, carried: Array | None) -> Array:
    """What is in each state at the end of the epoch, mg."""
    total = np.zeros((given.draws, given.states))
    if carried is not None:
        total = np.einsum("dij,dj->di", transition(given, float(over.since[0])), carried)
    if len(over.kind):
        after_dose = _after_last_dose(given, over.kinds)
        for number, (kind, after) in enumerate(zip(over.kind, over.after, strict=True)):
            moved = np.einsum("dij,dj->di", transition(given, float(after)), after_dose[:, :, kind])
            total = total + over.weights[number, 0] * moved
    return total


def _after_last_dose(given: System, kinds: Sequence[tuple[float, int]]) -> Array:
    """What is in each state right after the last of N unit doses: draws × states × kinds."""
    fading = from_dose(given, np.array([interval * count for interval, count in kinds]))
    dose = np.zeros((given.states, 1))
    dose[0] = 1.0
    summed = np.empty_like(fading)
    for interval in {interval for interval, _count in kinds}:
        same = np.array([each == interval for each, _count in kinds])
        left = np.eye(given.states) - transition(given, interval)
        summed[:, :, same] = np.linalg.solve(left, dose - fading[:, :, same])
    return summed

"""When each dose is taken under which parameters: epochs of unchanged parameters, with their regular runs.

A change of a covariate takes effect at the next intake, not at its own time. What is in the body then
carries over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import inf

from dosing.pharmacokinetics.model import BIOAVAILABILITY, Model
from dosing.pharmacokinetics.regimen import (
    SAME_HOURS,
    Covariates,
    Regimen,
    Run,
    changes_of,
    covariates_at,
    hours_between,
    runs_of,
)

RUNS_AN_EPOCH = 8


@dataclass(frozen=True)
class Epoch:
    """From start to end, hours since the first intake: one set of typical values, and what arrives meanwhile.

    runs: hours at which absorption begins, the lag added; mg that reach it.
    """

    start: float
    end: float
    typical: Mapping[str, float]
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class EpochSchedule:
    """All epochs in order, the first from hour 0 on, the last without end."""

    origin: datetime
    epochs: tuple[Epoch, ...]

    def hours(self, moment: datetime) -> float:
        """Hours since the first intake."""
        return hours_between(self.origin, moment)

    @property
    def typical(self) -> Mapping[str, float]:
        """The typical values at the end."""
        return self.epochs[-1].typical


def schedule(
    model: Model,
    regimen: Regimen,
    covariates: Covariates,
    until: datetime,
    moved: Sequence[Run] | None = None,
) -> EpochSchedule:
    """What is taken up to and at the time `until`, under the model's covariates.

    moved: the runs, where intakes are known to have been at other times than planned.
    Raises ValueError where nothing is taken.
    """
    origin = regimen.origin
    if origin is None:
        raise ValueError("no dose")
    horizon = max(0.0, hours_between(origin, until))
    runs = list(moved) if moved is not None else runs_of(regimen, origin, horizon)
    pieces = [(0.0, model.typical(covariates_at(covariates, origin)))]
    for change in changes_of(covariates):
        hour = _next_intake(runs, hours_between(origin, change))
        if hour < inf:
            pieces.append((hour, model.typical(covariates_at(covariates, change))))
    return EpochSchedule(origin, _epochs(_latest_of_each(pieces), runs, model.lag_hours))


def _next_intake(runs: Sequence[Run], hour: float) -> float:
    following = (run.split(hour)[1] for run in runs)
    return max(0.0, min((run.first for run in following if run.count), default=inf))


def _latest_of_each(pieces: list[tuple[float, dict[str, float]]]) -> list[tuple[float, dict[str, float]]]:
    """Changes that take effect at one intake are one: the last counts."""
    kept: list[tuple[float, dict[str, float]]] = []
    for hour, typical in pieces:
        if kept and hour - kept[-1][0] < SAME_HOURS:
            kept.pop()
        if not kept or typical != kept[-1][1]:
            kept.append((hour, typical))
    return kept


def _epochs(
    pieces: list[tuple[float, dict[str, float]]], runs: Sequence[Run], lag: float
) -> tuple[Epoch, ...]:
    arriving = [
        replace(run, first=run.first + lag)
        for (start, typical), (end, _next) in zip(pieces, [*pieces[1:], (inf, {})], strict=True)
        for run in _absorbable(_between(runs, start, end), typical[BIOAVAILABILITY])
    ]
    kinetic = [(hour, typical) for hour, typical in pieces]
    merged = [kinetic[0]]
    for hour, typical in kinetic[1:]:
        if _moves(typical) != _moves(merged[-1][1]):
            merged.append((hour, typical))
    cut = _cut(merged, sorted(run.first for run in arriving))
    ends = [hour for hour, _typical in cut[1:]] + [inf]
    return tuple(
        Epoch(start, end, typical, tuple(_between(arriving, start, end)))
        for (start, typical), end in zip(cut, ends, strict=True)
    )


def _cut(
    pieces: list[tuple[float, dict[str, float]]], beginnings: Sequence[float]
) -> list[tuple[float, dict[str, float]]]:
    """The same with a new epoch at every eighth run: the amount in the body replaces all runs before it.

    Otherwise each level would need each run before it, and the cost would grow with the square of the levels.
    """
    found = list(pieces)
    for hour in beginnings[RUNS_AN_EPOCH::RUNS_AN_EPOCH]:
        typical = next(typical for start, typical in reversed(pieces) if start <= hour)
        if all(abs(hour - start) > SAME_HOURS for start, _typical in found):
            found.append((hour, typical))
    return sorted(found, key=lambda piece: piece[0])


def _moves(typical: Mapping[str, float]) -> dict[str, float]:
    """What moves the drug, as opposed to how much of a dose arrives."""
    return {name: value for name, value in typical.items() if name != BIOAVAILABILITY}


def _between(runs: Sequence[Run], start: float, end: float) -> list[Run]:
    within = (_clipped(run, start, end) for run in runs)
    return [run for run in within if run.count]


def _clipped(run: Run, start: float, end: float) -> Run:
    later = run.split(start)[1]
    return later if end == inf else later.split(end)[0]


def _absorbable(runs: Sequence[Run], share: float) -> list[Run]:
    return [replace(run, mg=run.mg * share) for run in runs]

"""The same differential equations solved in steps by scipy: slow, and written without the closed form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.integrate import solve_ivp

TOLERANCE = 1e-12
ABSOLUTE = 1e-13


def levels(
    parameters: Mapping[str, float], stages: int, doses: Sequence[tuple[float, float]], hours: Sequence[float]
) -> list[float]:
    """ng/ml at the hours. doses: (hour at which absorption begins, mg); one at an hour comes after it."""
    return course([(0.0, parameters)], stages, doses, hours)


def course(
    pieces: Sequence[tuple[float, Mapping[str, float]]],
    stages: int,
    doses: Sequence[tuple[float, float]],
    hours: Sequence[float],
) -> list[float]:
    """The same with other parameters from given hours on."""
    turns = sorted({0.0, *(hour for hour, _mg in doses), *hours, *(hour for hour, _values in pieces)})
    state = np.zeros(stages + 2)
    found: dict[float, float] = {}
    values = dict(pieces[0][1])
    for place, hour in enumerate(turns):
        values = dict([known for since, known in pieces if since <= hour][-1])
        found[hour] = 1000 * state[stages] / values["V1"]
        state[0] += sum(mg for when, mg in doses if when == hour)
        if place + 1 < len(turns):
            span = (hour, turns[place + 1])
            solved = solve_ivp(
                _flow, span, state, "DOP853", args=(values, stages), rtol=TOLERANCE, atol=ABSOLUTE
            )
            state = solved.y[:, -1]
    return [found[hour] for hour in hours]


def _flow(_hour: float, state: np.ndarray, values: Mapping[str, float], stages: int) -> np.ndarray:
    ktr, elimination = values["ktr"], values["CL"] / values["V1"]
    outwards, back = _between(values)
    change = np.zeros_like(state)
    emptied = ktr * state[:stages]
    change[:stages] = -emptied
    change[1:stages] += emptied[:-1]
    central, peripheral = state[stages], state[stages + 1]
    change[stages] = emptied[-1] - (elimination + outwards) * central + back * peripheral
    change[stages + 1] = outwards * central - back * peripheral
    return change


def _between(values: Mapping[str, float]) -> tuple[float, float]:
    if "Q" in values:
        return values["Q"] / values["V1"], values["Q"] / values["V2"]
    return values.get("k12", 0.0), values.get("k21", 0.0)

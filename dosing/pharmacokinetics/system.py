"""A linear system of absorption stages, a central and perhaps a peripheral compartment, in closed form.

Amounts are in mg. Arrays are draws × states × moments; a moment is a time since some beginning. The states
are the absorption stages in order, then the central compartment, then the peripheral one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dosing.pharmacokinetics.erlang import Array, absorbed, stage_amounts


@dataclass(frozen=True)
class Mode:
    """One exponential of the disposition: its rate, 1/h, and its share of each way between compartments."""

    rate: Array
    central: Array
    to_central: Array
    to_peripheral: Array
    peripheral: Array


@dataclass(frozen=True)
class System:
    """The rates of each draw, in arrays of draws × 1. volume: of the central compartment, L."""

    stages: int
    absorption: Array
    volume: Array
    modes: tuple[Mode, ...]

    @property
    def states(self) -> int:
        """Absorption stages and compartments."""
        return self.stages + len(self.modes)

    @property
    def draws(self) -> int:
        return int(self.volume.shape[0])


def system(values: Mapping[str, Array], stages: int) -> System:
    """From individual parameters, one array of draws each: CL, V1, ktr, and Q with V2 or k12 with k21."""
    column = {name: value[:, np.newaxis] for name, value in values.items()}
    volume = column["V1"]
    elimination = column["CL"] / volume
    modes: tuple[Mode, ...]
    if "Q" in column:
        modes = _two_modes(elimination, column["Q"] / volume, column["Q"] / column["V2"])
    elif "k12" in column:
        modes = _two_modes(elimination, column["k12"], column["k21"])
    else:
        none = np.zeros_like(elimination)
        modes = (Mode(elimination, none + 1, none, none, none),)
    return System(stages, column["ktr"], volume, modes)


def _two_modes(elimination: Array, outwards: Array, back: Array) -> tuple[Mode, Mode]:
    """The eigenvalues and spectral projections of [[k10 + k12, −k21], [−k12, k21]]."""
    total = elimination + outwards + back
    fast = (total + np.sqrt(total**2 - 4 * elimination * back)) / 2
    slow = elimination * back / fast
    apart = fast - slow
    quick, late = (fast - back) / apart, (back - slow) / apart
    in_, out = back / apart, outwards / apart
    return Mode(fast, quick, -in_, -out, late), Mode(slow, late, in_, out, quick)


def to_central(given: System, hours: Array) -> Array:
    """What is in the central compartment, a time after a unit amount was in each state."""
    amounts = stage_amounts(given.absorption, hours, given.stages)
    rows: list[Array] = [np.zeros(())] * given.states
    from_peripheral: Array = np.zeros(())
    for mode in given.modes:
        left = absorbed(given.absorption, mode.rate, hours, amounts)
        for stage in range(given.stages + 1):
            rows[stage] = rows[stage] + mode.central * left[given.stages - stage]
        from_peripheral = from_peripheral + mode.to_central * left[0]
    if len(given.modes) > 1:
        rows[-1] = from_peripheral
    return np.stack(rows, axis=1)


def from_dose(given: System, hours: Array) -> Array:
    """What is in each state, a time after a unit dose into the first stage."""
    amounts = stage_amounts(given.absorption, hours, given.stages)
    central: Array = np.zeros(())
    peripheral: Array = np.zeros(())
    for mode in given.modes:
        last = absorbed(given.absorption, mode.rate, hours, amounts)[-1]
        central = central + mode.central * last
        peripheral = peripheral + mode.to_peripheral * last
    compartments = [central, peripheral][: len(given.modes)]
    return np.stack([*amounts, *compartments], axis=1)


def transition(given: System, hours: float) -> Array:
    """The whole matrix for one time: draws × state now × state at the beginning."""
    moment = np.array([hours])
    amounts = stage_amounts(given.absorption, moment, given.stages)
    matrix = np.zeros((given.draws, given.states, given.states))
    for start in range(given.stages):
        for stage in range(start, given.stages):
            matrix[:, stage, start] = amounts[stage - start][:, 0]
    for mode in given.modes:
        left = absorbed(given.absorption, mode.rate, moment, amounts)
        _add_compartments(matrix, mode, left, given.stages)
    return matrix


def _add_compartments(matrix: Array, mode: Mode, left: list[Array], stages: int) -> None:
    for start in range(stages + 1):
        reached = left[stages - start]
        matrix[:, stages, start] += (mode.central * reached)[:, 0]
        if matrix.shape[1] > stages + 1:
            matrix[:, stages + 1, start] += (mode.to_peripheral * reached)[:, 0]
    if matrix.shape[1] > stages + 1:
        matrix[:, stages, stages + 1] += (mode.to_central * left[0])[:, 0]
        matrix[:, stages + 1, stages + 1] += (mode.peripheral * left[0])[:, 0]

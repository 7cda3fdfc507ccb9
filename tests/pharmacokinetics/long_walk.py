"""Long walks through the posterior of ten patients, by another sampler than the product's.

`python -m tests.pharmacokinetics.long_walk` writes vectors/long_walk.json. Goodman and Weare's stretch move
(Commun Appl Math Comput Sci 2010;5:65) needs no covariance and no gradient; the density is written out here
from specification section 3, with the variation of CL from visit to visit as part of the residual. Only the
levels of given parameters come from the product; those are held against a solver elsewhere.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from dosing.pharmacokinetics import ObservedLevel, Regimen, Segment
from dosing.pharmacokinetics.adjustments import DEFAULT, PREDNISOLONE
from dosing.pharmacokinetics.objective import individual
from dosing.pharmacokinetics.registry import EXPRESSER, HAEMATOCRIT, IMMEDIATE_RELEASE
from dosing.pharmacokinetics.schedule import schedule
from dosing.pharmacokinetics.superposition import plan

VECTOR = Path(__file__).parent / "vectors" / "long_walk.json"
SEED, WALKERS, FORGOTTEN, STEPS = 20261124, 120, 1500, 6000
STRETCH = 2.0
SHARES = (0.05, 0.5, 0.95)
START = datetime(2024, 1, 1, 20)
NEXT_DAY = 140


@dataclass(frozen=True)
class Person:
    """Doses as (first day, mg), levels as (day, hours after the dose, ng/ml), covariates of the model."""

    name: str
    doses: tuple[tuple[int, float], ...]
    levels: tuple[tuple[int, float, float], ...]
    covariates: dict[str, float]

    @property
    def regimen(self) -> Regimen:
        days = [day for day, _mg in self.doses]
        ends = [START + timedelta(days=day) for day in days[1:]]
        rows = zip(self.doses, [*ends, None], strict=True)
        return Regimen(tuple(Segment(START + timedelta(days=day), end, mg) for (day, mg), end in rows))

    @property
    def rows(self) -> list[ObservedLevel]:
        return [ObservedLevel(START + timedelta(days=day, hours=hours), y) for day, hours, y in self.levels]

    @property
    def next_draw(self) -> datetime:
        return START + timedelta(days=NEXT_DAY, hours=13)


def _person(
    name: str, doses: Any, levels: Any, haematocrit: float, expresser: int = 0, **more: float
) -> Person:
    return Person(name, doses, levels, {HAEMATOCRIT: haematocrit, EXPRESSER: float(expresser), **more})


PEOPLE = (
    _person("one level", ((0, 3),), ((14, 13, 6.0),), 38),
    _person("one high level", ((0, 3),), ((14, 12, 16.0),), 35),
    _person("two low levels", ((0, 3),), ((14, 13, 2.5), (42, 14, 2.9)), 33, expresser=1),
    _person("four in a row", ((0, 2),), ((14, 13, 5.1), (28, 13, 4.4), (56, 13, 5.6), (84, 13, 4.9)), 40),
    _person("two doses", ((0, 1.5), (50, 3)), ((20, 13, 3.0), (80, 13, 6.8)), 36, **{PREDNISOLONE: 12.5}),
    _person("other hours", ((0, 3),), ((14, 4, 14.0), (28, 12, 7.0), (56, 24, 4.0)), 38),
    _person("prolonged release", ((0, 4),), ((14, 13, 7.0), (42, 24, 4.2)), 37, **{IMMEDIATE_RELEASE: 0.0}),
    _person("contradicting", ((0, 3),), ((14, 13, 3.0), (28, 13, 11.0), (56, 13, 4.0)), 38),
    _person("little prednisolone", ((0, 2.5),), ((30, 15, 6.1), (60, 15, 5.2)), 34, **{PREDNISOLONE: 2.0}),
    _person(
        "ten levels", ((0, 3), (70, 2.5)),
        tuple((10 + 12 * n, 13.0, y) for n, y in enumerate((6, 7, 5.5, 6.4, 7.2, 5, 4.6, 5.8, 5.1, 4.9))),
        39,
    ),
)  # fmt: skip


class Density:
    """The log posterior density up to a constant, of etas: walkers × varying."""

    def __init__(self, person: Person) -> None:
        self.spread = np.array([row.log_sd for row in DEFAULT.varying])
        self.measured = np.array([y for _day, _hours, y in person.levels])
        known = schedule(DEFAULT, person.regimen, person.covariates, person.next_draw)
        self._plan = plan(known, [known.hours(row.at) for row in person.rows], DEFAULT.stages)
        self._next = plan(known, [known.hours(person.next_draw)], DEFAULT.stages)
        self.typical = known.typical["CL"]

    def __call__(self, etas: np.ndarray) -> np.ndarray:
        """Σ −½((y − f)/sd)² − ln sd, and −½(η/ω)²."""
        levels = self._plan.levels(individual(DEFAULT, etas))
        share = DEFAULT.residual.proportional**2 + DEFAULT.occasion_log_sd**2
        sd = np.sqrt(DEFAULT.residual.additive**2 + share * levels**2)
        data = -0.5 * ((self.measured - levels) / sd) ** 2 - np.log(sd)
        return np.asarray(data.sum(axis=1) - 0.5 * ((etas / self.spread) ** 2).sum(axis=1))

    def next_level(self, etas: np.ndarray) -> np.ndarray:
        """ng/ml at the next draw, without the assay's error."""
        return np.asarray(self._next.levels(individual(DEFAULT, etas))[:, 0])


def walk(density: Density, chance: np.random.Generator, forgotten: int, steps: int) -> np.ndarray:
    """Every tenth position after those forgotten: draws × varying."""
    size = len(density.spread)
    here = chance.standard_normal((WALKERS, size)) * density.spread
    value = density(here)
    kept = []
    half = WALKERS // 2
    for step in range(forgotten + steps):
        for mine in (slice(0, half), slice(half, WALKERS)):
            others = here[half:] if mine.start == 0 else here[:half]
            stretch = (1 + (STRETCH - 1) * chance.random(half)) ** 2 / STRETCH
            towards = others[chance.integers(0, half, half)]
            there = towards + stretch[:, np.newaxis] * (here[mine] - towards)
            proposed = density(there)
            moves = np.log(chance.random(half)) < (size - 1) * np.log(stretch) + proposed - value[mine]
            here[mine] = np.where(moves[:, np.newaxis], there, here[mine])
            value[mine] = np.where(moves, proposed, value[mine])
        if step >= forgotten and step % 10 == 0:
            kept.append(here.copy())
    return np.concatenate(kept)


def told(person: Person, forgotten: int = FORGOTTEN, steps: int = STEPS) -> dict[str, Any]:
    """The quantiles of clearance, L/h, and of the next level, ng/ml."""
    density = Density(person)
    etas = walk(density, np.random.default_rng(SEED), forgotten, steps)
    place = [row.name for row in DEFAULT.varying].index("CL")
    clearance = density.typical * np.exp(etas[:, place])
    return {
        "name": person.name,
        "clearance": [float(f"{q:.5g}") for q in np.quantile(clearance, SHARES)],
        "next_level": [float(f"{q:.5g}") for q in np.quantile(density.next_level(etas), SHARES)],
    }


def main() -> None:
    found = {
        "sampler": "stretch move, Goodman and Weare 2010",
        "seed": SEED,
        "walkers": WALKERS,
        "steps": STEPS,
        "forgotten": FORGOTTEN,
        "shares": SHARES,
        "people": [told(person) for person in PEOPLE],
    }
    VECTOR.write_text(json.dumps(found, indent=1) + "\n")
    print(math.prod((WALKERS, STEPS)) // 10, "draws a person")


if __name__ == "__main__":
    main()

"""The product's posterior against long walks of another sampler: issue 6, medians 3 %, ends 8 %."""

import json

import numpy as np
import pytest

from dosing.pharmacokinetics import fit
from dosing.pharmacokinetics.adjustments import DEFAULT
from dosing.pharmacokinetics.posterior import posterior
from dosing.pharmacokinetics.predictive_distribution import quantiles
from tests.pharmacokinetics.long_walk import PEOPLE, SHARES, VECTOR, Density, Person, told

WALKED = {row["name"]: row for row in json.loads(VECTOR.read_text())["people"]}
MEDIAN, ENDS = 0.03, 0.08


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name)
def test_clearance_and_the_next_level(person: Person) -> None:
    found = fit(DEFAULT, person.regimen, person.rows, person.covariates, until=person.next_draw)
    drawn = posterior(found, 4000, np.random.default_rng(1))
    density = Density(person)
    place = [row.name for row in DEFAULT.varying].index("CL")
    clearance = density.typical * np.exp(drawn.etas[:, place])
    for name, values in (("clearance", clearance), ("next_level", density.next_level(drawn.etas))):
        low, median, high = quantiles(values, drawn.weights, SHARES)
        expected = WALKED[person.name][name]
        assert median == pytest.approx(expected[1], rel=MEDIAN), name
        assert (low, high) == pytest.approx((expected[0], expected[2]), rel=ENDS), name


def test_there_are_ten_who_differ() -> None:
    assert len({person.name for person in PEOPLE}) == len(WALKED) == 10
    assert {len(person.levels) for person in PEOPLE} >= {1, 2, 3, 4, 10}


def test_the_stored_walks_are_those_of_this_program() -> None:
    """A short walk of the first comes near to its long one."""
    short = told(PEOPLE[0], forgotten=200, steps=600)
    assert short["next_level"] == pytest.approx(WALKED[PEOPLE[0].name]["next_level"], rel=0.05)

"""Nothing is extrapolated in silence: each reason for doubt has its sentence (specification, section 4 f)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from dosing.pharmacokinetics import ObservedLevel, Regimen, Segment, fit
from dosing.pharmacokinetics import warnings as told
from dosing.pharmacokinetics.adjustments import DEFAULT, PREDNISOLONE
from dosing.pharmacokinetics.estimation import Fit
from dosing.pharmacokinetics.model import Model
from dosing.pharmacokinetics.registry import EXPRESSER, HAEMATOCRIT, IMMEDIATE_RELEASE, MODELS
from dosing.pharmacokinetics.warnings import NAMES, SILENT, warnings
from patients.messages import sentence

START = datetime(2024, 1, 1, 19)
THREE = Regimen((Segment(START, None, 3.0),))
KNOWN = {HAEMATOCRIT: 38.0, EXPRESSER: 0.0, IMMEDIATE_RELEASE: 1.0, PREDNISOLONE: 10.0}


def morning(day: int) -> datetime:
    return START + timedelta(days=day, hours=14)


def fitted(*levels: tuple[int, float], covariates: dict[str, float] | None = None) -> Fit:
    rows = [ObservedLevel(morning(day), ng_ml) for day, ng_ml in levels]
    return fit(DEFAULT, THREE, rows, KNOWN if covariates is None else covariates, until=morning(100))


def said(found: Fit, covariates: dict[str, float] | None = None, other: Fit | None = None) -> list[str]:
    return [message.text for message in warnings(found, covariates or KNOWN, other)]


QUIET = ((14, 7.0), (28, 7.4), (56, 6.8), (84, 7.1))


def test_four_levels_that_fit_need_no_word() -> None:
    assert said(fitted(*QUIET)) == []


@pytest.mark.parametrize(("n", "text"), [(0, told.NO_LEVEL), (1, told.FEW_LEVELS), (3, told.FEW_LEVELS)])
def test_few_levels(n: int, text: str) -> None:
    """Section 1: n = 1: 38 against 30 % for proportion; n = 4: 23.3 against 29.0 %."""
    assert said(fitted(*QUIET[:n])) == [text]


def test_a_level_far_from_the_others() -> None:
    message, unusual = warnings(fitted(*QUIET, (98, 25.0)), KNOWN)
    assert (message.text, unusual.text) == (told.ABOVE_EXPECTED, told.SLOW)
    assert (message.values["day"], message.values["level"]) == (morning(98).date(), "25.0")
    assert "swapped tube" in sentence(message)


def test_a_level_far_below_the_others_asks_for_doses_not_taken() -> None:
    message = warnings(fitted(*QUIET, (98, 1.0)), KNOWN)[0]
    assert message.text == told.BELOW_EXPECTED
    assert "doses not taken" in sentence(message)


@pytest.mark.parametrize(("level", "text"), [(1.0, told.FAST), (40.0, told.SLOW)])
def test_a_clearance_that_is_rare(level: float, text: str) -> None:
    found = fitted(*((day, level) for day in (14, 28, 56, 84)))
    assert text in said(found)


class TestGenotype:
    def both(self, level: float) -> tuple[Fit, Fit]:
        """As an expresser, recorded, and as a non-expresser."""
        rows = tuple((day, level) for day in (14, 28, 56, 84))
        return fitted(*rows, covariates={**KNOWN, EXPRESSER: 1.0}), fitted(*rows)

    def test_levels_that_contradict_it(self) -> None:
        recorded, other = self.both(20.0)
        assert told.GENOTYPE in said(recorded, {**KNOWN, EXPRESSER: 1.0}, other)

    def test_levels_that_agree(self) -> None:
        recorded, other = self.both(3.5)
        assert told.GENOTYPE not in said(recorded, {**KNOWN, EXPRESSER: 1.0}, other)


@pytest.mark.parametrize(
    ("percent", "texts"),
    [
        (24.9, [told.OUTSIDE, told.LOW_HAEMATOCRIT]),
        (25.0, [told.LOW_HAEMATOCRIT]),
        (29.9, [told.LOW_HAEMATOCRIT]),
        (30.0, []),
        (50.0, []),
        (50.1, [told.OUTSIDE]),
    ],
)
def test_haematocrit(percent: float, texts: list[str]) -> None:
    assert said(fitted(*QUIET), {**KNOWN, HAEMATOCRIT: percent}) == texts


def test_what_is_not_known_is_said_with_what_is_assumed() -> None:
    known = {EXPRESSER: 0.0, IMMEDIATE_RELEASE: 1.0, PREDNISOLONE: 10.0}
    (message,) = warnings(fitted(*QUIET, covariates=known), known)
    assert sentence(message) == "Haematocrit (%) is not known: 38 is assumed"


def test_levels_left_out_come_first() -> None:
    found = fitted((-1, 5.0), *QUIET)
    assert [message.values["day"] for message in warnings(found, KNOWN)] == [morning(-1).date()]


@pytest.mark.parametrize("model", [DEFAULT, *MODELS.values()], ids=lambda model: model.id)
def test_every_covariate_has_a_name(model: Model) -> None:
    covariates = {effect.covariate for effect in model.effects} | {name for name, _low, _high in model.domain}
    assert covariates - SILENT <= NAMES.keys()


def test_every_sentence_can_be_written() -> None:
    found = fitted((-1, 5.0), (14, 0.0), (28, 2.0), (56, 30.0))
    written = [sentence(message) for message in warnings(found, {HAEMATOCRIT: 20.0})]
    assert len(written) >= 6 and all("%(" not in text for text in written)

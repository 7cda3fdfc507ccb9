"""What a population model consists of: parameters with unit and source, covariate effects, residual error.

Any object of these classes can be fitted; the offered ones are in `registry`.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from patients.rules.verdict import gettext_noop

# The parameters that a structure is put together from.
CLEARANCE = "CL"
CENTRAL_VOLUME = "V1"
ABSORPTION = "ktr"
LAG = "lag"
# What multiplies each dose; its typical value is 1.
BIOAVAILABILITY = "F"


class Certainty(enum.StrEnum):
    """How well a number is known."""

    TRANSCRIBED = "A"
    PAPER = "B"
    COMPUTED = "C"
    CHOSEN = "D"
    UNCHECKED = "M"


CERTAINTIES: Mapping[Certainty, str] = {
    Certainty.TRANSCRIBED: gettext_noop("read in a machine-readable transcription of the paper"),
    Certainty.PAPER: gettext_noop("read in the paper's own table or abstract"),
    Certainty.COMPUTED: gettext_noop("computed for this product"),
    Certainty.CHOSEN: gettext_noop("a choice of this project"),
    Certainty.UNCHECKED: gettext_noop("general knowledge, unchecked"),
}


@dataclass(frozen=True)
class Parameter:
    """A typical value, and how patients differ from it: value · exp(η), η normal with log_sd.

    log_sd: 0 where it is the same in all patients. Published coefficients of variation are taken as log_sd.
    spread_certainty, spread_source: of log_sd, where it comes from elsewhere than the value.
    """

    name: str
    value: float
    unit: str
    log_sd: float
    certainty: Certainty
    source: str
    spread_certainty: Certainty | None = None
    spread_source: str = ""


class CovariateFunction(Protocol):
    """How a covariate changes a parameter."""

    def factor(self, value: float) -> float:
        """What the typical value is multiplied by."""

    @property
    def formula(self) -> str:
        """The factor as one writes it, x being the covariate."""


@dataclass(frozen=True)
class Power:
    """(value / reference) ** exponent."""

    reference: float
    exponent: float

    def factor(self, value: float) -> float:
        return float((value / self.reference) ** self.exponent)

    @property
    def formula(self) -> str:
        return (
            "x" if (self.reference, self.exponent) == (1, 1) else f"(x/{self.reference:g})^{self.exponent:g}"
        )


@dataclass(frozen=True)
class Fold:
    """times where the covariate is 1, nothing where it is 0."""

    times: float

    def factor(self, value: float) -> float:
        return float(self.times**value)

    @property
    def formula(self) -> str:
        return f"{self.times:g}^x"


@dataclass(frozen=True)
class Steps:
    """One factor for each value 0, 1, 2, …; a larger value takes the last."""

    factors: tuple[float, ...]

    def factor(self, value: float) -> float:
        return self.factors[min(int(value), len(self.factors) - 1)]

    @property
    def formula(self) -> str:
        return ", ".join(f"{value}: {factor:g}" for value, factor in enumerate(self.factors))


@dataclass(frozen=True)
class Inhibition:
    """(1 − most·x/(half + x)), relative to its value at reference."""

    most: float
    half: float
    reference: float

    def factor(self, value: float) -> float:
        return self._left(value) / self._left(self.reference)

    @property
    def formula(self) -> str:
        return f"(1 − {self.most:g}·x/({self.half:g} + x)) / {self._left(self.reference):.3g}"

    def _left(self, value: float) -> float:
        return 1 - self.most * value / (self.half + value)


@dataclass(frozen=True)
class CovariateEffect:
    """One covariate's effect on one parameter. default: what is taken where the covariate is not known."""

    parameter: str
    covariate: str
    form: CovariateFunction
    default: float
    certainty: Certainty
    source: str


@dataclass(frozen=True)
class Residual:
    """Unexplained variation of a level: sd = √(additive² + (proportional·f)²). additive in ng/ml."""

    proportional: float
    additive: float
    certainty: Certainty
    source: str


@dataclass(frozen=True)
class Model:
    """A one- or two-compartment model with a lag and n equal absorption stages (Erlang; one is first order).

    correlations: (parameter, parameter, ρ) of η. occasion_log_sd: variation of CL from visit to visit.
    domain: covariate → the values for which it is taken to hold. population and citation: who and where.
    """

    id: str
    title: str
    citation: str
    population: str
    stages: int
    parameters: tuple[Parameter, ...]
    residual: Residual
    effects: tuple[CovariateEffect, ...] = ()
    correlations: tuple[tuple[str, str, float], ...] = ()
    occasion_log_sd: float = 0.0
    domain: tuple[tuple[str, float, float], ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = [parameter.name for parameter in self.parameters]
        missing = {CLEARANCE, CENTRAL_VOLUME, ABSORPTION} - set(names)
        if missing or len(set(names)) != len(names):
            raise ValueError(f"{self.id}: parameters missing or named twice: {sorted(missing) or names}")
        if self.stages < 1:
            raise ValueError(f"{self.id}: absorption needs at least one stage")
        if LAG in names and self.parameter(LAG).log_sd:
            raise ValueError(f"{self.id}: the lag is the same in all patients")
        if unknown := {effect.parameter for effect in self.effects} - {*names, BIOAVAILABILITY}:
            raise ValueError(f"{self.id}: effects on unknown parameters {sorted(unknown)}")

    def parameter(self, name: str) -> Parameter:
        """The parameter of this name; KeyError where there is none."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        raise KeyError(name)

    @property
    def varying(self) -> tuple[Parameter, ...]:
        """The parameters in which patients differ, in order: the dimensions of η."""
        return tuple([parameter for parameter in self.parameters if parameter.log_sd > 0])

    @property
    def lag_hours(self) -> float:
        """From swallowing to the beginning of absorption."""
        return next((parameter.value for parameter in self.parameters if parameter.name == LAG), 0.0)

    def typical(self, covariates: Mapping[str, float]) -> dict[str, float]:
        """The values of a typical patient with these covariates; F, the factor of the dose, among them."""
        values = {parameter.name: parameter.value for parameter in self.parameters} | {BIOAVAILABILITY: 1.0}
        for effect in self.effects:
            values[effect.parameter] *= effect.form.factor(covariates.get(effect.covariate, effect.default))
        return values

    def defaulted(self, covariates: Mapping[str, float]) -> tuple[CovariateEffect, ...]:
        """The effects whose covariate is not known, one for each covariate."""
        found = {effect.covariate: effect for effect in self.effects if effect.covariate not in covariates}
        return tuple(found.values())

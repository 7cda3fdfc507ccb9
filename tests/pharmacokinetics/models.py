"""Models that only the vectors use: rejected ones, and two invented for testing."""

from __future__ import annotations

from dosing.pharmacokinetics.model import Certainty, CovariateEffect, Fold, Model, Parameter, Power, Residual
from dosing.pharmacokinetics.registry import MODELS

TEST = Certainty.CHOSEN


def parameter(name: str, value: float, log_sd: float = 0.0) -> Parameter:
    return Parameter(name, value, "", log_sd, TEST, "test vectors")


def effect(parameter_name: str, covariate: str, form: object) -> CovariateEffect:
    return CovariateEffect(parameter_name, covariate, form, 0.0, TEST, "test vectors")  # type: ignore[arg-type]


class Less:
    """1 − share where the covariate is 1."""

    def __init__(self, share: float) -> None:
        self.share = share

    def factor(self, value: float) -> float:
        return 1 - self.share * value


CHEN = Model(
    id="tacrolimus.chen2020ln",
    title="Chen 2020",
    citation="rejected: children",
    population="",
    stages=1,
    parameters=(parameter("CL", 15.5, 0.172), parameter("V1", 174), parameter("ktr", 4.48)),
    residual=Residual(0.281, 0.0, TEST, ""),
    effects=(
        effect("CL", "bodyweight", Power(70, 0.75)),
        effect("CL", "wuzhi", Less(0.29)),
        effect("V1", "bodyweight", Power(70, 1)),
    ),
)

MONCHAUD = Model(
    id="tacrolimus.monchaud2012",
    title="Monchaud 2012",
    citation="lung transplantation",
    population="",
    stages=5,
    parameters=(
        parameter("CL", 17.5, 0.537), parameter("V1", 136, 0.41), parameter("V2", 529, 1.26),
        parameter("Q", 41.1, 0.717), parameter("ktr", 7.06, 0.427),
    ),
    residual=Residual(0.069, 1.6, TEST, ""),
    effects=(effect("CL", "gene_CYP3A5", Fold(1.4)),),
)  # fmt: skip

TWO_LAG = Model(
    id="two_lag",
    title="invented",
    citation="invented",
    population="",
    stages=1,
    parameters=(
        parameter("CL", 18, 0.38), parameter("V1", 300, 0.49), parameter("V2", 500, 0.53),
        parameter("Q", 40, 0.787), parameter("ktr", 0.5), parameter("lag", 0.5),
    ),
    residual=Residual(0.2, 0.5, TEST, ""),
    effects=(effect("CL", "gene_CYP3A5", Fold(1.62)),),
    correlations=(("CL", "V1", 0.4),),
)  # fmt: skip

ONE_LAG = Model(
    id="one_lag",
    title="invented",
    citation="invented",
    population="",
    stages=1,
    parameters=(
        parameter("CL", 18, 0.4), parameter("V1", 700, 0.5), parameter("ktr", 0.502), parameter("lag", 0.346),
    ),
    residual=Residual(0.2, 0.5, TEST, ""),
    effects=(effect("CL", "hct", Power(38, -0.76)), effect("CL", "gene_CYP3A5", Fold(1.62))),
    correlations=(("CL", "V1", 0.4),),
)  # fmt: skip

OF_CASE = {
    "ln_1sample": CHEN,
    "monch_2troughs_PM": MONCHAUD,
    "woill_1trough_EM": MODELS["woillard2011"],
    "two_lag_corr_3troughs": TWO_LAG,
    "one_lag_high_toxic": ONE_LAG,
    "one_lag_missed_doses": ONE_LAG,
}

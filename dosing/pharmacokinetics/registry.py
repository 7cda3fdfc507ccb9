"""The models that are offered, with every number's unit, source and certainty, and those rejected, with why.

No population model of adults with systemic lupus or lupus nephritis was found: the prior comes from kidney
transplantation, and the model card says so.
"""

from collections.abc import Mapping
from types import MappingProxyType

from dosing.pharmacokinetics.model import (
    Certainty,
    CovariateEffect,
    Fold,
    Model,
    Parameter,
    Power,
    Residual,
    Steps,
)
from patients.rules.verdict import gettext_noop

A, B, C, M = Certainty.TRANSCRIBED, Certainty.PAPER, Certainty.COMPUTED, Certainty.UNCHECKED

HAEMATOCRIT = "haematocrit_percent"
EXPRESSER = "expresser"
ACTIVE_ALLELES = "active_alleles"
IMMEDIATE_RELEASE = "immediate_release"
WEIGHT = "weight_kg"

# Taken, with a visible warning, where the haematocrit is not known [D].
HAEMATOCRIT_DEFAULT = 38.0

# [D] Beyond these the power of the haematocrit is taken to hold no longer.
HAEMATOCRIT_DOMAIN = ((HAEMATOCRIT, 25.0, 50.0),)

WOILLARD = "Woillard 2011, Br J Clin Pharmacol 71:391"
BENKALI = "Benkali 2010, Clin Pharmacokinet 49:683"
CAMPAGNE = "Campagne 2018, J Clin Pharmacol 58:1184"
ANDREWS = "Andrews 2019, Br J Clin Pharmacol 85:601, table 2"
UCHIDA = "fitted to Uchida 2010, Yakugaku Zasshi 130:113"

WOILLARD_CLEARANCE = (
    CovariateEffect("CL", HAEMATOCRIT, Power(35, -1.14), HAEMATOCRIT_DEFAULT, A, WOILLARD),
    CovariateEffect("CL", EXPRESSER, Fold(2.0), 0, A, WOILLARD),
)

WOILLARD_2011 = Model(
    id="woillard2011",
    title="Woillard 2011",
    citation=WOILLARD,
    population=gettext_noop("73 adults with a kidney transplant, capsules of both releases, levels by LC-MS"),
    stages=3,
    parameters=(
        Parameter("CL", 21.2, "L/h", 0.28, A, WOILLARD),
        Parameter("V1", 486.0, "L", 0.31, A, WOILLARD),
        Parameter("Q", 79.0, "L/h", 0.54, A, WOILLARD),
        Parameter("V2", 271.0, "L", 0.60, A, WOILLARD),
        Parameter("ktr", 3.34, "1/h", 0.24, A, WOILLARD),
    ),
    residual=Residual(0.113, 0.71, A, WOILLARD),
    effects=(
        *WOILLARD_CLEARANCE,
        CovariateEffect("V1", IMMEDIATE_RELEASE, Fold(0.29), 1, A, WOILLARD),
        CovariateEffect("ktr", IMMEDIATE_RELEASE, Fold(1.53), 1, A, WOILLARD),
    ),
    domain=HAEMATOCRIT_DOMAIN,
)

BENKALI_2010 = Model(
    id="benkali2010",
    title="Benkali 2010",
    citation=BENKALI,
    population=gettext_noop("41 adults with a kidney transplant, prolonged release"),
    stages=3,
    parameters=(
        Parameter("CL", 19.0, "L/h", 0.35, A, BENKALI),
        Parameter("V1", 486.0, "L", 0.53, A, BENKALI),
        Parameter("k12", 0.09, "1/h", 0.54, A, BENKALI),
        Parameter("k21", 0.13, "1/h", 0.0, A, BENKALI),
        Parameter("ktr", 3.3, "1/h", 0.52, A, BENKALI),
    ),
    residual=Residual(0.09, 0.7, A, BENKALI),
    effects=(CovariateEffect("CL", EXPRESSER, Fold(2.15), 0, A, BENKALI),),
    notes=(gettext_noop("For prolonged release only."),),
)

CAMPAGNE_2018 = Model(
    id="campagne2018",
    title="Campagne 2018",
    citation=CAMPAGNE,
    population=gettext_noop("adults with a kidney transplant, immediate release"),
    stages=1,
    parameters=(
        Parameter("CL", 19.7, "L/h", 0.37, B, CAMPAGNE),
        Parameter("V1", 234.0, "L", 0.77, B, CAMPAGNE),
        Parameter("Q", 52.6, "L/h", 0.49, B, CAMPAGNE),
        Parameter("V2", 403.0, "L", 0.0, B, CAMPAGNE),
        Parameter("ktr", 4.21, "1/h", 0.69, B, CAMPAGNE),
        Parameter("lag", 0.83, "h", 0.0, B, CAMPAGNE),
    ),
    residual=Residual(0.09, 0.0, B, CAMPAGNE),
    effects=(
        CovariateEffect("CL", ACTIVE_ALLELES, Steps((1.0, 1.45, 2.25)), 0, B, CAMPAGNE),
        CovariateEffect("V1", WEIGHT, Power(85.9, 1.0), 85.9, B, CAMPAGNE),
    ),
    notes=(gettext_noop("For immediate release only."),),
)

ANDREWS_2019 = Model(
    id="andrews2019",
    title="Andrews 2019",
    citation=ANDREWS,
    population=gettext_noop("adults with a kidney transplant, immediate release, levels by LC-MS"),
    stages=1,
    parameters=(
        Parameter("CL", 23.0, "L/h", 0.386, B, ANDREWS),
        Parameter("V1", 692.0, "L", 0.49, B, ANDREWS),
        Parameter("Q", 11.6, "L/h", 0.79, B, ANDREWS),
        Parameter("V2", 5340.0, "L", 0.53, B, ANDREWS),
        Parameter("ktr", 3.58, "1/h", 0.0, B, ANDREWS),
        Parameter("lag", 0.38, "h", 0.0, B, ANDREWS),
    ),
    residual=Residual(0.245, 0.0, B, ANDREWS),
    effects=(CovariateEffect("CL", EXPRESSER, Fold(1.62), 0, B, ANDREWS),),
    occasion_log_sd=0.136,
    notes=(
        gettext_noop(
            "The reference values of its other covariates were not available: fixed at the typical patient."
        ),
        gettext_noop("A half-life of 487 h: the model remembers doses of weeks ago."),
    ),
)

AFTER_SUPPER = Model(
    id="after_supper",
    title=gettext_noop("After supper"),
    citation=f"{WOILLARD}; absorption {UCHIDA}",
    population=gettext_noop(
        "disposition of 73 adults with a kidney transplant, absorption of a capsule after supper"
    ),
    stages=3,
    parameters=(
        Parameter("CL", 21.2, "L/h", 0.28, A, WOILLARD),
        Parameter("V1", 486.0 * 0.29, "L", 0.31, A, WOILLARD),
        Parameter("Q", 79.0, "L/h", 0.54, A, WOILLARD),
        Parameter("V2", 271.0, "L", 0.60, A, WOILLARD),
        Parameter("ktr", 1.62, "1/h", 0.3, C, UCHIDA),
        Parameter("lag", 4.17, "h", 0.0, C, UCHIDA),
    ),
    residual=Residual(0.113, 0.71, A, WOILLARD),
    effects=WOILLARD_CLEARANCE,
    domain=HAEMATOCRIT_DOMAIN,
    notes=(gettext_noop("For one dose of immediate release after the evening meal."),),
)

# Each as published; `adjustments` makes of them what the product uses.
MODELS: Mapping[str, Model] = MappingProxyType(
    {model.id: model for model in (WOILLARD_2011, BENKALI_2010, CAMPAGNE_2018, ANDREWS_2019, AFTER_SUPPER)}
)

REJECTED: Mapping[str, str] = MappingProxyType(
    {
        gettext_noop("Chen 2020, children with lupus nephritis"): gettext_noop(
            "the level after 12 h would be 3.1 times the one after 24 h, and its volume comes from troughs "
            "of twice-daily dosing"
        ),
        gettext_noop("Chen 2017, myasthenia gravis"): gettext_noop(
            "a half-life of 327 h; it predicts 30 ng/ml on 3 mg a day"
        ),
        gettext_noop("Wang 2018 and 2019, children with lupus"): gettext_noop("made from 17 and 19 children"),
        gettext_noop("Campagne 2018, kidney transplantation"): gettext_noop(
            "kept for programs: it counts active alleles of two genes, which nobody records here"
        ),
    }
)

"""Statistics of the cohort: from numbers to numbers, or to the sentence that says why there are none."""

from analytics.statistics.comparing_curves import log_rank
from analytics.statistics.groups import fisher, interaction, mann_whitney
from analytics.statistics.multiplicity import adjust
from analytics.statistics.normality import normality
from analytics.statistics.paired import paired
from analytics.statistics.proportions import mcnemar, proportion
from analytics.statistics.survival import kaplan_meier
from analytics.statistics.wilcoxon import wilcoxon_signed_rank

__all__ = [
    "adjust",
    "fisher",
    "interaction",
    "kaplan_meier",
    "log_rank",
    "mann_whitney",
    "mcnemar",
    "normality",
    "paired",
    "proportion",
    "wilcoxon_signed_rank",
]

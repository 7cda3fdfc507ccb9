"""The categories of causality of the WHO-UMC system, each with its criteria in words.

Clinical specification 4.7 (S38). A person chooses; all criteria of a category should be reasonably met.
"""

import enum
from dataclasses import dataclass

from patients.rules.verdict import Source, gettext_noop

SOURCE = Source("WHO-UMC system for standardised case causality assessment")


class Category(enum.StrEnum):
    """From the strongest link to what cannot be assessed."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"
    CONDITIONAL = "conditional"
    UNASSESSABLE = "unassessable"


@dataclass(frozen=True)
class Criteria:
    """A category, what it is called, and what it takes."""

    category: Category
    label: str
    points: tuple[str, ...]


CATEGORIES = (
    Criteria(
        Category.CERTAIN,
        gettext_noop("certain"),
        (
            gettext_noop("plausible time relationship to the drug"),
            gettext_noop("cannot be explained by disease or other drugs"),
            gettext_noop("plausible response to withdrawal"),
            gettext_noop("definitive: an objective, specific disorder, or a recognised effect of the drug"),
            gettext_noop("reappeared when given again, if that was necessary"),
        ),
    ),
    Criteria(
        Category.PROBABLE,
        gettext_noop("probable"),
        (
            gettext_noop("reasonable time relationship to the drug"),
            gettext_noop("unlikely to be due to disease or other drugs"),
            gettext_noop("clinically reasonable response to withdrawal"),
            gettext_noop("giving it again is not required"),
        ),
    ),
    Criteria(
        Category.POSSIBLE,
        gettext_noop("possible"),
        (
            gettext_noop("reasonable time relationship to the drug"),
            gettext_noop("could also be explained by disease or other drugs"),
            gettext_noop("what happened on withdrawal may be lacking or unclear"),
        ),
    ),
    Criteria(
        Category.UNLIKELY,
        gettext_noop("unlikely"),
        (
            gettext_noop("the time makes a relationship improbable, but not impossible"),
            gettext_noop("disease or other drugs explain it plausibly"),
        ),
    ),
    Criteria(
        Category.CONDITIONAL,
        gettext_noop("conditional"),
        (gettext_noop("more data are needed for a proper assessment, or are being examined"),),
    ),
    Criteria(
        Category.UNASSESSABLE,
        gettext_noop("unassessable"),
        (
            gettext_noop("cannot be judged: information is insufficient or contradictory"),
            gettext_noop("nothing can be added or verified"),
        ),
    ),
)

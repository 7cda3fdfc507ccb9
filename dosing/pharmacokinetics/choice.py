"""Which models a reader may look through: the default, that as published, and alternatives that fit."""

from collections.abc import Mapping
from types import MappingProxyType

from dosing.pharmacokinetics.adjustments import DEFAULT, adjusted
from dosing.pharmacokinetics.model import Model
from dosing.pharmacokinetics.registry import AFTER_SUPPER, ANDREWS_2019, BENKALI_2010, WOILLARD_2011

AS_PUBLISHED = "as_published"
# Those that know the genotype as the forecast has it; by whether the dose is of immediate release.
ALTERNATIVES: Mapping[bool, tuple[Model, ...]] = MappingProxyType(
    {True: (AFTER_SUPPER, ANDREWS_2019), False: (BENKALI_2010,)}
)


def choices(*, immediate_release: bool) -> dict[str, Model]:
    """By the name in an address: "" is the default, the alternatives have the project's adjustments too."""
    others = {model.id: adjusted(model) for model in ALTERNATIVES[immediate_release]}
    return {"": DEFAULT, AS_PUBLISHED: WOILLARD_2011, **others}

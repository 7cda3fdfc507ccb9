"""What a forecast takes into account besides doses and levels: sentences, each with its day."""

from __future__ import annotations

from collections.abc import Iterator

from dosing.pharmacokinetics.adjustments import INTERACTION, PREDNISOLONE
from dosing.pharmacokinetics.inputs.covariates import genotype, prednisolone_now
from dosing.pharmacokinetics.model import Model
from dosing.pharmacokinetics.registry import HAEMATOCRIT
from dosing.rules.case import Case
from dosing.rules.interactions.table import CLEARANCE_FACTORS
from patients.rules.evidence import drug_name
from patients.rules.reading import active_episodes, laboratory_values
from patients.rules.verdict import Message, gettext_noop, say

STEROID = gettext_noop("prednisolone %(mg)s mg/day")
BLOOD = gettext_noop("haematocrit %(percent)s %% of %(day)s")
DRUG = gettext_noop("%(drug)s since %(day)s (clearance × %(factor)s, weak evidence)")
EXPRESSER = gettext_noop("CYP3A5 expresser, as recorded")
NON_EXPRESSER = gettext_noop("CYP3A5 non-expresser, as recorded")


def covariate_summary(case: Case, model: Model) -> list[Message]:
    """The recorded covariates among those that the model uses."""
    known = {effect.covariate for effect in model.effects}
    return [
        *(_steroid(case) if PREDNISOLONE in known else ()),
        *(_blood(case) if HAEMATOCRIT in known else ()),
        *(_drugs(case) if INTERACTION in known else ()),
        *_genotype(case),
    ]


def _steroid(case: Case) -> Iterator[Message]:
    mg = prednisolone_now(case)
    if mg is not None:
        yield say(STEROID, mg=mg.normalize())


def _blood(case: Case) -> Iterator[Message]:
    rows = laboratory_values(case.record, "haematocrit", case.on)
    for row in [row for row in rows if row.value and row.is_exact][-1:]:
        yield say(BLOOD, percent=row.value, day=row.on)


def _drugs(case: Case) -> Iterator[Message]:
    for row in active_episodes(case.record, CLEARANCE_FACTORS, case.on):
        factor = CLEARANCE_FACTORS[row.drug]
        yield say(DRUG, drug=drug_name(row.drug, "").text, day=row.start, factor=factor)


def _genotype(case: Case) -> Iterator[Message]:
    expresses = genotype(case)
    if expresses is not None:
        yield say(EXPRESSER if expresses else NON_EXPRESSER)

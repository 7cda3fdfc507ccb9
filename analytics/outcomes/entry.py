"""What a patient was like when tacrolimus began."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dosing.rules.drug_changes import IMMUNOSUPPRESSANTS
from patients.rules.dates import age_years
from patients.rules.drugs import RAAS_INHIBITOR, STATIN, members
from patients.rules.reading import active_episodes, episodes_of
from patients.rules.record import Record, Visit
from patients.rules.sledai import Score, score

STATINS = members(STATIN)
ARB_OR_ACE_INHIBITORS = members(RAAS_INHIBITOR)
OTHER_IMMUNOSUPPRESSANTS = IMMUNOSUPPRESSANTS - {"tacrolimus"}
HIGH_PREDNISOLONE_MG = Decimal(20)


@dataclass(frozen=True)
class BaselineCharacteristics:
    """On the day of the first dose. serology_only: SLEDAI counts low complement or anti-dsDNA alone.

    None: not known.
    """

    age_years: int
    sex: str
    renal_involvement: bool | None
    tacrolimus_mg: Decimal | None
    prior_immunosuppressant: bool
    statin: bool
    arb_or_ace_inhibitor: bool
    serology_only: bool | None
    high_prednisolone: bool | None


def entry(
    record: Record,
    first: date,
    tacrolimus_mg: Decimal | None,
    visit: Visit | None,
    prednisolone_mg: Decimal | None,
) -> BaselineCharacteristics:
    """first: the day of the first dose; visit: that of week 0. Doses in mg/day, None: not known."""
    return BaselineCharacteristics(
        age_years=age_years(record.person.birth.earliest, first),
        sex=record.person.sex,
        renal_involvement=record.person.renal_involvement,
        tacrolimus_mg=tacrolimus_mg,
        prior_immunosuppressant=_had_immunosuppressant(record, first),
        statin=bool(active_episodes(record, STATINS, first)),
        arb_or_ace_inhibitor=bool(active_episodes(record, ARB_OR_ACE_INHIBITORS, first)),
        serology_only=None if visit is None else serology_only(score(visit.sledai)),
        high_prednisolone=is_high(prednisolone_mg),
    )


def is_high(prednisolone_mg: Decimal | None) -> bool | None:
    """Whether a patient belongs to the group that began with much prednisolone; None: dose not known."""
    return None if prednisolone_mg is None else prednisolone_mg >= HIGH_PREDNISOLONE_MG


def serology_only(found: Score) -> bool | None:
    """Whether low complement and anti-dsDNA are all that a SLEDAI counts; None: open answers may be more."""
    if found.clinical_low > 0 or found.high == 0:
        return False
    return True if found.clinical_high == 0 and found.low > 0 else None


def _had_immunosuppressant(record: Record, first: date) -> bool:
    """Taken and ended before the first dose; a drug that continues during it is not prior."""
    others = OTHER_IMMUNOSUPPRESSANTS
    ended = (
        row
        for row in episodes_of(record, others, first)
        if row.last_day is not None and row.last_day < first and row.dose_mg != 0
    )
    infused = (row for row in record.administrations if row.drug in others and row.on < first)
    known = (row for row in record.prior_uses if row.drug in others)
    return any(True for group in (ended, infused, known) for _row in group)

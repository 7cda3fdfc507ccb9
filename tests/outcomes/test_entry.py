"""What a patient was like when tacrolimus began."""

from dataclasses import replace
from decimal import Decimal

import pytest

from demo.samples import base
from patients.rules.record import Administration, Episode, PriorUse, Record
from tests.outcomes.people import FIRST, day, of, start, steroid, tacrolimus


def taking(drug: str, first: int, last: int | None, mg: str = "50") -> Record:
    return base.with_episodes(
        start(), Episode(700, drug, day(first), Decimal(mg), None if last is None else day(last))
    )


@pytest.mark.parametrize(
    ("drug", "first", "last", "prior"),
    [
        ("azathioprine", -400, -100, True),
        ("azathioprine", -400, -1, True),
        ("azathioprine", -400, 0, False),
        ("mizoribine", -400, None, False),
        ("hydroxychloroquine", -4000, -3000, False),
    ],
)
def test_an_immunosuppressant_before_has_ended(drug: str, first: int, last: int | None, prior: bool) -> None:
    assert of(taking(drug, first, last)).entry.prior_immunosuppressant is prior


def test_infusions_and_drugs_known_by_their_past_count_too() -> None:
    infused = replace(
        start(), administrations=(Administration(1, "cyclophosphamide", day(-300), Decimal(500)),)
    )
    remembered = replace(start(), prior_uses=(PriorUse(1, "mycophenolate_mofetil", day(-10)),))
    assert of(infused).entry.prior_immunosuppressant
    assert of(remembered).entry.prior_immunosuppressant
    assert not of(start()).entry.prior_immunosuppressant


@pytest.mark.parametrize(
    ("first", "last", "on_it"), [(-30, None, True), (0, None, True), (1, None, False), (-30, -1, False)]
)
def test_a_statin_on_the_day_of_the_first_dose(first: int, last: int | None, on_it: bool) -> None:
    assert of(taking("atorvastatin", first, last)).entry.statin is on_it


def test_an_arb_and_an_ace_inhibitor() -> None:
    assert of(taking("candesartan", -30, None)).entry.arb_or_ace_inhibitor
    assert of(taking("enalapril", -30, None)).entry.arb_or_ace_inhibitor
    assert not of(taking("atorvastatin", -30, None)).entry.arb_or_ace_inhibitor


@pytest.mark.parametrize(
    ("answers", "serology_only"),
    [
        ({"low_complement": True}, True),
        ({"low_complement": True, "dna_binding": True}, True),
        ({"low_complement": True, "rash": True}, False),
        ({"low_complement": True, "leukopenia": True}, False),
        ({}, False),
        ({"low_complement": True, "leukopenia": None}, None),
    ],
)
def test_serological_activity_only(answers: dict[str, bool | None], serology_only: bool | None) -> None:
    record = base.with_episodes(base.base_record(FIRST), tacrolimus())
    visits = [replace(visit, sledai=dict.fromkeys(visit.sledai, False)) for visit in record.visits_in_order]
    visits[-1] = replace(visits[-1], sledai={**visits[-1].sledai, **answers})
    assert of(replace(record, visits=tuple(visits))).entry.serology_only is serology_only


@pytest.mark.parametrize(("mg", "high"), [("19.5", False), ("20", True)])
def test_the_group_that_began_with_20_mg(mg: str, high: bool) -> None:
    assert of(base.with_steroid(start(), steroid(-200, None, mg))).entry.high_prednisolone is high


def test_an_unknown_dose_is_no_answer() -> None:
    assert of(base.with_steroid(start(), steroid(0, None, "10"))).entry.high_prednisolone is None


def test_age_sex_dose_and_kidney() -> None:
    found = of(start(tacrolimus(mg="2.5"))).entry
    assert (found.age_years, found.sex, found.tacrolimus_mg) == (38, "F", Decimal("2.5"))
    assert found.renal_involvement is True

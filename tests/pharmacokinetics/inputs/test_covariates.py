"""What changes the level beside the dose, with the day of each change."""

from datetime import date, datetime, time, timedelta

import pytest

from dosing.pharmacokinetics.adjustments import DEFAULT, INTERACTION, PREDNISOLONE
from dosing.pharmacokinetics.inputs.covariates import (
    DOES_NOT,
    EXPRESSES,
    components,
    covariates_of,
    other_genotype,
)
from dosing.pharmacokinetics.model import BIOAVAILABILITY
from dosing.pharmacokinetics.regimen import covariates_at
from dosing.pharmacokinetics.registry import EXPRESSER, HAEMATOCRIT, IMMEDIATE_RELEASE
from patients.rules.record import Statement
from tests.pharmacokinetics.inputs.patients import dose, haematocrit, other, patient, prednisolone, tonight
from tests.rules.records import ON, before


def start_of(day: date) -> datetime:
    return datetime.combine(day, time())


class TestTimelines:
    def test_the_haematocrit_from_the_day_of_each_sample(self) -> None:
        found = covariates_of(patient(haematocrit("36", 60), haematocrit("33", 3)))[HAEMATOCRIT]
        assert found == [(start_of(before(ON, 60)), 36.0), (start_of(before(ON, 3)), 33.0)]

    def test_unknown_it_is_not_there_and_the_model_takes_its_default(self) -> None:
        assert HAEMATOCRIT not in covariates_at(covariates_of(patient()), tonight())

    def test_prednisolone_at_each_change_since_the_first_tacrolimus(self) -> None:
        steroid = (prednisolone(400, "10", last=21), prednisolone(20, "7.5"))
        found = covariates_of(patient(steroid=steroid))[PREDNISOLONE]
        assert found == [(start_of(before(ON, 100)), 10.0), (start_of(before(ON, 20)), 7.5)]

    def test_a_gap_between_two_doses_changes_nothing_an_open_end_does(self) -> None:
        """Nobody says what is taken since: the reference of 10 mg is taken, and it is said."""
        gap = (prednisolone(400, "20", last=50), prednisolone(40, "15"))
        assert [mg for _day, mg in covariates_of(patient(steroid=gap))[PREDNISOLONE]] == [20.0, 15.0]
        ended = (prednisolone(400, "20", last=5),)
        found = covariates_of(patient(steroid=ended))[PREDNISOLONE]
        assert found == [(start_of(before(ON, 100)), 20.0), (start_of(before(ON, 4)), 10.0)]

    def test_a_weak_inhibitor_from_its_start_to_the_day_after_its_last_dose(self) -> None:
        """Diltiazem leaves .69 of the clearance (specification section 2)."""
        found = covariates_of(patient(other("diltiazem", 50, last=20)))
        seen = [covariates_at(found, start_of(before(ON, day)))[INTERACTION] for day in (51, 50, 20, 19)]
        assert seen == [1.0, 0.69, 0.69, 1.0]

    def test_two_of_them_multiply(self) -> None:
        found = covariates_of(patient(other("diltiazem", 50), other("wuzhi", 10)))
        assert covariates_at(found, tonight())[INTERACTION] == pytest.approx(0.69 * 0.71)

    def test_the_product(self) -> None:
        doses = (dose(100, last=11), dose(10, formulation="prolonged_release"))
        found = covariates_of(patient(doses=doses))
        seen = [covariates_at(found, tonight() - timedelta(days=day))[IMMEDIATE_RELEASE] for day in (11, 10)]
        assert seen == [1.0, 0.0]


class TestExposure:
    @pytest.mark.parametrize(("mg_before", "now", "percent"), [("20", "5", 21), ("11.7", "8.2", 4.9)])
    def test_less_prednisolone_more_tacrolimus(self, mg_before: str, now: str, percent: float) -> None:
        """Specification section 1.4."""
        steroid = (prednisolone(400, mg_before, last=21), prednisolone(20, now))
        found = covariates_of(patient(steroid=steroid))
        shares = [
            DEFAULT.typical(covariates_at(found, start_of(before(ON, day))))[BIOAVAILABILITY]
            for day in (30, 10)
        ]
        assert 100 * (shares[1] / shares[0] - 1) == pytest.approx(percent, abs=0.5)


class TestGenotype:
    def test_not_tested_both_with_their_chances(self) -> None:
        case = patient()
        found = components(case, covariates_of(case))
        assert [(one.name, round(one.chance, 2), one.covariates[EXPRESSER]) for one in found] == [
            (DOES_NOT, 0.58, 0.0),
            (EXPRESSES, 0.42, 1.0),
        ]
        assert other_genotype(case, {}) is None

    @pytest.mark.parametrize(("answer", "name"), [(True, EXPRESSES), (False, DOES_NOT)])
    def test_recorded_only_that_one(self, answer: bool, name: str) -> None:
        case = patient(Statement(5, "cyp3a5_expresser", before(ON, 9), answer))
        assert [(one.name, one.chance) for one in components(case, {})] == [(name, 1.0)]
        assert other_genotype(case, {}) == {EXPRESSER: float(not answer)}

    def test_asked_and_not_known_is_not_tested(self) -> None:
        case = patient(Statement(5, "cyp3a5_expresser", before(ON, 9), None))
        assert len(components(case, {})) == 2

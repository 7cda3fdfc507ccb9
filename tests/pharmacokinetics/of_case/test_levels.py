"""What weight an old level gets, the usual draw, and plain proportion."""

from decimal import Decimal

import pytest

from dosing.pharmacokinetics.of_case.levels import levels_of, proportion, usual_hours, weight
from tests.pharmacokinetics.of_case.patients import dose, level, patient


class TestWeight:
    @pytest.mark.parametrize(
        ("age_days", "known", "expected"),
        [
            (0, True, 1.0),
            (365, True, 0.5),
            (730, True, 0.25),
            (1095, True, 0.125),
            (3 * 365, False, 0.0625),
            (0, False, 0.5),
            (10_000, True, 0.05),
            (10_000, False, 0.025),
            (-5, True, 1.0),
        ],
    )
    def test_half_with_each_year_and_half_without_the_time_of_the_dose(
        self, age_days: int, known: bool, expected: float
    ) -> None:
        assert weight(age_days, dose_time_known=known) == pytest.approx(expected)

    def test_each_level_of_a_case_has_its_own(self) -> None:
        rows = levels_of(patient(doses=(dose(400),), levels=(level(365, "6"), level(0, "5", hours=None))))
        assert [row.weight for row in rows] == [0.5, 0.5]

    def test_a_level_below_the_limit_keeps_its_sign(self) -> None:
        rows = levels_of(patient(levels=(level(3, "1.5", comparator="<"),)))
        assert [(row.ng_ml, row.comparator) for row in rows] == [(1.5, "<")]


class TestUsualDraw:
    def test_the_median_of_the_last_three(self) -> None:
        rows = [level(60 - n, "6", hours=hours) for n, hours in enumerate(("10", "15", "12", "14"))]
        assert usual_hours(patient(levels=tuple(rows))) == 14.0

    def test_draws_at_odd_hours_are_not_usual(self) -> None:
        rows = (level(60, "6", hours="12"), level(30, "9", hours="3"), level(20, "2", hours="40"))
        assert usual_hours(patient(levels=rows)) == 12.0

    def test_not_known_without_a_time(self) -> None:
        assert usual_hours(patient(levels=(level(3, "6", hours=None),))) is None


class TestProportion:
    def test_the_mean_of_level_divided_by_dose(self) -> None:
        """(6 / 3 + 5 / 2) / 2 = 2.25 ng/ml for each mg; on 4 mg 9."""
        rows = (level(60, "6"), level(30, "5", dose_mg=Decimal(2)))
        found = proportion(patient(levels=rows))
        assert found is not None
        assert (found.ng_ml_per_mg, found.levels) == (2.25, 2)
        assert found.at(4) == 9.0

    def test_of_the_last_four(self) -> None:
        rows = tuple(level(60 - n, ng_ml) for n, ng_ml in enumerate(("30", "3", "3", "3", "3")))
        found = proportion(patient(levels=rows))
        assert found == (1.0, 4)

    def test_only_of_the_usual_timing(self) -> None:
        """A level after 24 hours is never put together with one of the morning."""
        rows = (level(60, "2", hours="24"), level(50, "6"), level(40, "6"), level(30, "6"))
        assert proportion(patient(levels=rows)) == (2.0, 3)

    def test_not_of_an_inexact_level_nor_of_an_earlier_treatment(self) -> None:
        doses = (dose(400, last=300), dose(100))
        rows = (level(310, "9"), level(60, "1.5", comparator="<"), level(30, "6"))
        assert proportion(patient(doses=doses, levels=rows)) == (2.0, 1)

    def test_the_dose_of_the_drug_list_where_the_level_has_none(self) -> None:
        assert proportion(patient(levels=(level(30, "6", dose_mg=None),))) == (2.0, 1)

    def test_none_without_a_level(self) -> None:
        assert proportion(patient(levels=())) is None

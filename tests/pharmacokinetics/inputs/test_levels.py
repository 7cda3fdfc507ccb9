"""What weight an old level gets, the usual draw, and plain proportion."""

from dataclasses import replace
from datetime import time
from decimal import Decimal

import pytest

from dosing.pharmacokinetics.inputs.levels import (
    LevelDoseRatio,
    levels_of,
    proportion,
    usable_levels,
    usual_hours,
    usual_timing,
    weight,
)
from dosing.pharmacokinetics.observed import ObservedLevel
from dosing.rules.case import Case
from dosing.rules.levels.timing import Timing
from patients.rules.dates import PartialDate
from patients.rules.record import PriorUse
from patients.rules.schedules import Schedule
from tests.pharmacokinetics.inputs.patients import dose, level, other, patient
from tests.rules.records import ON, before


def levels_of_case(case: Case) -> list[ObservedLevel]:
    return levels_of(case, usable_levels(case))


def usual_hours_of(case: Case) -> float | None:
    return usual_hours(usable_levels(case))


def proportion_of(case: Case) -> LevelDoseRatio | None:
    return proportion(case, usable_levels(case))


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
        rows = levels_of_case(
            patient(doses=(dose(400),), levels=(level(365, "6"), level(0, "5", hours=None)))
        )
        assert [row.weight for row in rows] == [0.5, 0.5]

    def test_a_level_below_the_limit_keeps_its_sign(self) -> None:
        rows = levels_of_case(patient(levels=(level(3, "1.5", comparator="<"),)))
        assert [(row.ng_ml, row.comparator) for row in rows] == [(1.5, "<")]


class TestUsualDraw:
    def test_the_median_of_the_last_three(self) -> None:
        rows = [level(60 - n, "6", hours=hours) for n, hours in enumerate(("10", "15", "12", "14"))]
        assert usual_hours_of(patient(levels=tuple(rows))) == 14.0

    def test_draws_at_odd_hours_are_not_usual(self) -> None:
        rows = (level(60, "6", hours="12"), level(30, "9", hours="3"), level(20, "2", hours="40"))
        assert usual_hours_of(patient(levels=rows)) == 12.0

    def test_not_known_without_a_time(self) -> None:
        assert usual_hours_of(patient(levels=(level(3, "6", hours=None),))) is None

    def test_times_of_different_timing_are_never_averaged(self) -> None:
        """12.5 and 24 h: not 18."""
        rows = tuple(level(60 - n, "6", hours=hours) for n, hours in enumerate(("12.5", "24", "24")))
        assert usual_hours_of(patient(levels=rows)) == 24.0

    @pytest.mark.parametrize(
        ("hours", "expected"),
        [
            (("13", "13", "13", "22"), Timing.MORNING),
            (("24", "24", "24", "13"), Timing.TWENTY_FOUR_HOURS),
            (("13", "13", "24", "24"), Timing.TWENTY_FOUR_HOURS),
            (("13", "24"), Timing.TWENTY_FOUR_HOURS),
            (("13", "24", "4"), Timing.TWENTY_FOUR_HOURS),
            (("24", "13", "24"), Timing.TWENTY_FOUR_HOURS),
            (("4", "40"), None),
        ],
    )
    def test_one_odd_draw_changes_nothing_two_do(
        self, hours: tuple[str, ...], expected: Timing | None
    ) -> None:
        rows = [level(60 - n, "6", hours=one) for n, one in enumerate(hours)]
        assert usual_timing(rows) is expected


class TestCounted:
    """Which levels say anything of other days."""

    @pytest.mark.parametrize(
        ("days", "counts"), [(60, True), (59, False), (46, False), (45, False), (31, False), (30, True)]
    )
    def test_none_while_a_strong_drug_acts_and_for_14_days(self, days: int, counts: bool) -> None:
        """Clarithromycin from day −60, when it was begun after the clinic, to day −45."""
        case = patient(other("clarithromycin", 60, last=45), levels=(level(days, "9"),))
        assert bool(usable_levels(case)) is counts

    def test_none_after_a_former_use_of_one(self) -> None:
        used = PriorUse(9, "rifampicin", before(ON, 5), PartialDate.on(before(ON, 10)))
        case = patient(levels=(level(8, "2"), level(30, "6")))
        case = replace(case, record=replace(case.record, prior_uses=(used,)))
        assert [row.on for row in usable_levels(case)] == [before(ON, 30)]

    def test_none_whose_last_dose_the_list_does_not_have(self) -> None:
        """Before the first dose, and in a pause: what was taken before those draws is not known."""
        doses = (dose(100, last=40), dose(20))
        rows = (level(120, "6"), level(60, "6"), level(30, "5"), level(10, "6"))
        assert [row.on for row in usable_levels(patient(doses=doses, levels=rows))] == [
            before(ON, 60),
            before(ON, 10),
        ]

    def test_a_last_dose_of_more_than_a_week_ago_is_not_believed(self) -> None:
        """168 h is; 169 h is taken for a wrong date: the planned time, at half the weight."""
        believed, not_believed = (patient(levels=(level(0, "3", hours=hours),)) for hours in ("168", "169"))
        assert [row.weight for row in levels_of_case(believed)] == [1.0]
        assert [row.weight for row in levels_of_case(not_believed)] == [0.5]


class TestProportion:
    def test_the_mean_of_level_divided_by_dose(self) -> None:
        """(6 / 3 + 5 / 2) / 2 = 2.25 ng/ml for each mg; on 4 mg 9."""
        rows = (level(60, "6"), level(30, "5", dose_mg=Decimal(2)))
        found = proportion_of(patient(doses=(dose(100, last=41), dose(40, "2")), levels=rows))
        assert found is not None
        assert (found.ng_ml_per_mg, found.levels) == (2.25, 2)
        assert found.at(4) == 9.0

    def test_of_the_last_four(self) -> None:
        rows = tuple(level(60 - n, ng_ml) for n, ng_ml in enumerate(("30", "3", "3", "3", "3")))
        found = proportion_of(patient(levels=rows))
        assert found == (1.0, 4)

    def test_only_of_the_usual_timing(self) -> None:
        """A level after 24 hours is never put together with one of the morning."""
        rows = (level(60, "2", hours="24"), level(50, "6"), level(40, "6"), level(30, "6"))
        assert proportion_of(patient(levels=rows)) == (2.0, 3)

    def test_not_of_an_inexact_level_nor_of_an_earlier_treatment(self) -> None:
        doses = (dose(400, last=300), dose(100))
        rows = (level(310, "9"), level(60, "1.5", comparator="<"), level(30, "6"))
        assert proportion_of(patient(doses=doses, levels=rows)) == (2.0, 1)

    def test_the_dose_of_the_drug_list_where_the_level_has_none(self) -> None:
        assert proportion_of(patient(levels=(level(30, "6", dose_mg=None),))) == (2.0, 1)

    def test_of_the_dose_of_the_drug_list_as_the_fit_has_it(self) -> None:
        """2 mg was said, 3 mg is listed, "which counts": 6 / 3."""
        assert proportion_of(patient(levels=(level(30, "6", dose_mg=Decimal(2)),))) == (2.0, 1)

    def test_of_a_dose_after_midnight_that_of_the_evening_before(self) -> None:
        """3 mg at 23:30 until the evening before, taken at 00:15; from this evening on 2 mg."""
        late = {"usual_time": time(23, 30)}
        doses = (dose(100, "3", last=11, **late), dose(10, "2", **late))
        rows = (level(10, "6", hours="11.75", at=time(12), dose_mg=None),)
        assert proportion_of(patient(doses=doses, levels=rows)) == (2.0, 1)

    def test_not_of_a_level_of_nothing_at_all(self) -> None:
        """No assay measures 0: it is left out of the fit, and here."""
        assert proportion_of(patient(levels=(level(60, "0"), level(30, "6")))) == (2.0, 1)

    def test_of_each_dose_not_of_each_day(self) -> None:
        """5 ng/ml on 4 mg every other day is 1.25 for each mg of a dose, told at the draw or not."""
        doses = (dose(100, "4", schedule=Schedule.ALTERNATE_DAYS),)
        for told in (Decimal(4), None):
            found = proportion_of(patient(doses=doses, levels=(level(30, "5", dose_mg=told),)))
            assert found == (1.25, 1)

    def test_of_the_dose_before_the_draw(self) -> None:
        """3 mg until the evening before; from this evening on 2 mg."""
        doses = (dose(100, "3", last=11), dose(10, "2"))
        assert proportion_of(patient(doses=doses, levels=(level(10, "6", dose_mg=None),))) == (2.0, 1)

    @pytest.mark.parametrize(
        "before_", [{"formulation": "prolonged_release"}, {"schedule": Schedule.ALTERNATE_DAYS}]
    )
    def test_not_of_another_product_nor_of_doses_farther_apart(self, before_: dict[str, object]) -> None:
        """Hazard 6: products are not interchangeable."""
        doses = (dose(100, last=41, **before_), dose(40))
        rows = (level(60, "9"), level(10, "6"))
        assert proportion_of(patient(doses=doses, levels=rows)) == (2.0, 1)

    def test_none_without_a_level(self) -> None:
        assert proportion_of(patient(levels=())) is None

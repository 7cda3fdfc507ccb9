"""What is asked of the forecast, and the same patient otherwise."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest

from dosing.pharmacokinetics.inputs import Inputs, WhatIf, doses_ahead, inputs_of, otherwise, taken_now
from dosing.pharmacokinetics.inputs.forecast_inputs import (
    ASSUMED_DRAW,
    DRAW_AFTER_DAYS,
    OTHER_DRAW,
    OTHER_DRAWS,
)
from dosing.pharmacokinetics.inputs.uncertainty import GAP
from dosing.pharmacokinetics.regimen import runs_of
from dosing.pharmacokinetics.warnings import BELOW_EXPECTED, GENOTYPE, NO_LEVEL, OUTSIDE
from dosing.rules.case import Case
from dosing.rules.treatment import Level, Target
from patients.rules.record import Statement
from patients.rules.schedules import Schedule
from tests.pharmacokinetics.inputs.patients import (
    day_after,
    dose,
    haematocrit,
    level,
    other,
    patient,
    prednisolone,
    tonight,
)
from tests.rules.records import ON, before


def warned(case: Case) -> list[str]:
    inputs = inputs_of(case)
    return [row.text for row in inputs.warnings(inputs.forecast())]


def median(inputs: Inputs) -> float:
    return inputs.forecast().next.median


class TestQuestion:
    def test_the_usual_time_of_the_draw_on_the_day_it_is_planned(self) -> None:
        inputs = inputs_of(patient(), day_after(ON, 10))
        assert inputs.hours == 13.0
        assert inputs.question.draw_at == datetime.combine(day_after(ON, 10), time(9))
        assert inputs.question.next_intake == tonight()

    @pytest.mark.parametrize("days", [0, 1])
    def test_never_before_the_next_dose(self, days: int) -> None:
        draw = inputs_of(patient(), day_after(ON, days)).question.draw_at
        assert draw == tonight() + timedelta(hours=13)

    def test_in_four_weeks_where_no_draw_is_planned(self) -> None:
        assert inputs_of(patient()).question.draw_at.date() == day_after(ON, DRAW_AFTER_DAYS)

    def test_every_other_day_it_is_after_a_dose(self) -> None:
        row = dose(100, schedule=Schedule.ALTERNATE_DAYS)
        inputs = inputs_of(patient(doses=(row,)), day_after(ON, 10))
        since = inputs.question.draw_at - timedelta(hours=13) - tonight()
        assert since % timedelta(days=2) == timedelta(0)
        assert inputs.question.interval_hours == 48

    def test_the_patients_own_target_goes_first(self) -> None:
        own = Target(1, before(ON, 20), Decimal(4), Decimal(8))
        question = inputs_of(patient(targets=(own,))).question
        assert (question.low_ng_ml, question.high_ng_ml) == (4.0, 8.0)

    @pytest.mark.parametrize(("hours", "asked"), [("23", 23.0), ("24", 24.0), ("25", 24.0), ("26", 24.0)])
    def test_a_draw_after_a_whole_interval_is_that_before_the_next_dose(
        self, hours: str, asked: float
    ) -> None:
        """Else the dose of that morning, taken an hour before the draw, would make it a peak."""
        eight = dose(usual_time=time(8))
        rows = tuple(level(days, "4.1", hours=hours) for days in (80, 52, 24, 3))
        inputs = inputs_of(patient(doses=(eight,), levels=rows))
        assert inputs.hours == asked
        assert median(inputs) == pytest.approx(4.1, rel=0.15)

    def test_no_target_of_the_morning_holds_after_24_hours(self) -> None:
        """Specification 4.1: unless the clinic has one for them."""
        case = patient(levels=(level(3, "4", hours="24"),))
        assert inputs_of(case).band is None
        own = replace(case, thresholds=replace(case.thresholds, level_band="24_hours"))
        assert inputs_of(own).band == (3, 7)
        assert inputs_of(patient()).band == (5, 10)

    @pytest.mark.parametrize("draw_in", [1, 2, 5])
    def test_the_level_before_tomorrows_dose_can_be_drawn_tomorrow(self, draw_in: int) -> None:
        eight = dose(usual_time=time(8))
        rows = tuple(level(days, "4.1", hours="24", at=time(8)) for days in (80, 52, 24))
        question = inputs_of(patient(doses=(eight,), levels=rows), day_after(ON, draw_in)).question
        assert question.draw_at == datetime.combine(day_after(ON, draw_in), time(8))

    def test_where_no_draw_was_at_a_usual_time_it_is_said(self) -> None:
        odd = tuple(level(days, "6", hours="16.5") for days in (80, 52))
        assert OTHER_DRAWS in warned(patient(levels=odd))
        assert ASSUMED_DRAW not in warned(patient(levels=odd))

    def test_where_the_last_draw_was_at_another_time_than_usual_it_is_said(self) -> None:
        rows = (*(level(days, "6") for days in (80, 52, 24)), level(3, "4.4", hours="22"))
        assert OTHER_DRAW in warned(patient(levels=rows))
        assert inputs_of(patient(levels=rows)).hours == 13.0
        assert OTHER_DRAW not in warned(patient())

    def test_not_after_a_last_dose_that_is_planned(self) -> None:
        row = dose(100, last=-5)
        question = inputs_of(patient(doses=(row,)), day_after(ON, 20)).question
        assert question.draw_at == datetime.combine(day_after(ON, 6), time(9))

    def test_a_picture_of_at_most_half_a_year_and_sixty_points(self) -> None:
        at = inputs_of(patient(doses=(dose(3000),))).pictured().question.course_at
        assert len(at) <= 60
        assert at[-1] == inputs_of(patient()).question.draw_at
        assert (at[-1] - at[0]).days <= 182 + DRAW_AFTER_DAYS
        assert {moment.time() for moment in at} == {time(9)}

    def test_without_a_draw_it_is_said_what_is_assumed(self) -> None:
        assert ASSUMED_DRAW in warned(patient(levels=()))
        assert ASSUMED_DRAW not in warned(patient())


class TestNasty:
    """Issue 6: "nothing extrapolated in silence". Each gives its warning, and a forecast still."""

    def test_no_level_at_all(self) -> None:
        assert NO_LEVEL in warned(patient(levels=()))

    def test_outside_the_patients_of_the_model(self) -> None:
        assert OUTSIDE in warned(patient(haematocrit("20")))

    def test_levels_that_contradict_each_other(self) -> None:
        rows = (level(60, "3"), level(59, "15"), level(58, "3"), level(57, "15"))
        assert BELOW_EXPECTED in warned(patient(levels=rows))

    def test_a_genotype_that_the_levels_contradict(self) -> None:
        """An expresser on 3 mg has about half the level; six times 9 ng/ml speak against it."""
        rows = tuple(level(80 - 12 * n, "10") for n in range(6))
        expresser = Statement(5, "cyp3a5_expresser", before(ON, 90), True)
        assert GENOTYPE in warned(patient(expresser, levels=rows))
        assert GENOTYPE not in warned(patient(levels=rows))

    def test_a_level_before_any_dose_is_left_out_with_a_sentence(self) -> None:
        case = patient(levels=(level(120, "6", hours=None), level(3, "6")))
        inputs = inputs_of(case)
        found = inputs.forecast()
        assert all(len(fit.levels) == 1 and len(fit.left_out) == 1 for fit in found.fits.values())
        assert any(row in inputs.warnings(found) for fit in found.fits.values() for row in fit.left_out)

    def test_two_hundred_levels(self) -> None:
        rows = tuple(level(99 - n // 3, "6", at=time(8 + n % 3)) for n in range(200))
        assert inputs_of(patient(levels=rows)).forecast().next.median == pytest.approx(6, rel=0.25)

    def test_a_gap_of_three_years(self) -> None:
        """It is said (see the doubts), and the level of before hardly counts: 12 is not half of the truth."""
        doses = (dose(1400, last=1200), dose(100))
        rows = (level(1250, "12"), level(3, "6"))
        alone = median(inputs_of(patient(doses=doses, levels=rows[1:])))
        assert GAP in warned(patient(doses=doses, levels=rows))
        assert median(inputs_of(patient(doses=doses, levels=rows))) == pytest.approx(alone, rel=0.15)

    def test_a_level_of_nothing_at_all(self) -> None:
        """A service refuses it; from an old table it is left out, with a sentence."""
        rows = (Level(5, before(ON, 9), Decimal(0), hours_after_dose=Decimal(13)), level(3, "6"))
        found = inputs_of(patient(levels=rows)).forecast()
        assert all(len(fit.left_out) == 1 for fit in found.fits.values())


class TestOtherwise:
    def test_nothing_changed_is_the_same(self) -> None:
        inputs = inputs_of(patient())
        assert not WhatIf().changes_something
        assert median(otherwise(inputs, WhatIf())) == median(inputs)

    def test_twice_the_dose_comes_near_to_twice_the_level(self) -> None:
        """Linear in the dose once the doses before are gone; the unexplained part is not quite."""
        inputs = inputs_of(patient())
        assert median(otherwise(inputs, WhatIf(mg=6))) == pytest.approx(2 * median(inputs), rel=0.02)

    def test_less_prednisolone_raises_it_as_much_as_published(self) -> None:
        """20 → 5 mg: +21 % (section 1.4), once it has settled."""
        inputs = inputs_of(patient(steroid=(prednisolone(400, "20"),)))
        assert median(otherwise(inputs, WhatIf(prednisolone_mg=5))) / median(inputs) == pytest.approx(
            1.21, abs=0.02
        )

    def test_it_does_not_reach_into_the_past(self) -> None:
        """Without any recorded prednisolone the past keeps its default: the fit stays as it was."""
        inputs = inputs_of(patient(steroid=()))
        changed = otherwise(inputs, WhatIf(prednisolone_mg=40, drug="diltiazem"))
        before_, after = (one.forecast().fits for one in (inputs, changed))
        assert [fit.objective for fit in after.values()] == pytest.approx(
            [fit.objective for fit in before_.values()]
        )

    def test_a_weak_inhibitor_raises_it(self) -> None:
        inputs = inputs_of(patient())
        assert median(otherwise(inputs, WhatIf(drug="diltiazem"))) > 1.2 * median(inputs)

    def test_a_drug_that_is_taken_already_changes_nothing(self) -> None:
        inputs = inputs_of(patient(other("diltiazem", 50)))
        assert taken_now(inputs) == {"diltiazem"}
        assert otherwise(inputs, WhatIf(drug="diltiazem")).covariates == inputs.covariates

    def test_a_planned_end_stays_where_it_is(self) -> None:
        inputs = inputs_of(patient(doses=(dose(100, last=-5),)), day_after(ON, 6))
        planned = inputs.regimen.segments[-1].end
        assert planned is not None
        missed = otherwise(inputs, WhatIf(missed=1)).regimen.segments
        assert all(row.end is not None and row.end <= planned for row in missed)
        assert median(otherwise(inputs, WhatIf(missed=1))) < median(inputs)

    @pytest.mark.parametrize(("draw_in", "ahead"), [(1, 1), (2, 2), (10, 10)])
    def test_how_many_doses_lie_before_the_draw(self, draw_in: int, ahead: int) -> None:
        assert doses_ahead(inputs_of(patient(), day_after(ON, draw_in))) == ahead

    @pytest.mark.parametrize(
        ("change", "settles"),
        [(WhatIf(missed=2), False), (WhatIf(mg=2), True), (WhatIf(mg=2, missed=1), True), (WhatIf(), False)],
    )
    def test_doses_not_taken_once_change_nothing_in_the_end(self, change: WhatIf, settles: bool) -> None:
        assert change.settles is settles

    def test_a_drug_without_a_factor_is_an_error(self) -> None:
        with pytest.raises(KeyError):
            otherwise(inputs_of(patient()), WhatIf(drug="clarithromycin"))

    @pytest.mark.parametrize("missed", [1, 2])
    def test_missed_doses_are_the_last_before_the_draw(self, missed: int) -> None:
        inputs = inputs_of(patient(), day_after(ON, 7))
        regimen = otherwise(inputs, WhatIf(missed=missed)).regimen
        assert regimen.origin is not None
        last = (inputs.question.draw_at + timedelta(days=2) - regimen.origin) / timedelta(hours=1)
        taken = {
            regimen.origin + timedelta(hours=run.first + number * run.interval)
            for run in runs_of(regimen, regimen.origin, last)
            for number in range(run.count)
        }
        evenings = [tonight() + timedelta(days=day) for day in range(8)]
        assert [evening in taken for evening in evenings] == [True] * (7 - missed) + [False] * missed + [True]

    def test_more_cannot_be_missed_than_lie_ahead(self) -> None:
        inputs = inputs_of(patient(), ON)
        segments = otherwise(inputs, WhatIf(missed=2)).regimen.segments
        assert [row.start for row in segments[-2:]] == [tonight(), tonight() + timedelta(days=1)]
        assert segments[-2].end == segments[-2].start

    def test_a_missed_dose_lowers_it(self) -> None:
        inputs = inputs_of(patient())
        found = [median(otherwise(inputs, WhatIf(missed=missed))) for missed in (0, 1, 2)]
        assert found[0] > found[1] > found[2] > 0

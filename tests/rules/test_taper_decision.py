"""The next step of a taper: clinical specification 6.3, condition by condition."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing.rules.case import case_of
from dosing.rules.taper.decision import StepAction, StepDecision, decide_step
from dosing.rules.taper.plan import Method, TaperPlan
from dosing.rules.taper.steps import is_on_grid
from dosing.rules.treatment import Level, Treatment
from patients.rules.answers import Answer
from patients.rules.findings import SYMPTOMS
from patients.rules.record import Attribution, Episode, Purpose, Record, Statement, Symptom
from patients.rules.schedules import Schedule
from tests.properties import sample
from tests.rules.arbitrary_treatments import patients_on_tacrolimus
from tests.rules.records import (
    ON,
    before,
    eligible_record,
    laboratory,
    no_trigger,
    visit,
    with_episodes,
    with_laboratory,
    with_sledai,
    with_statement,
    with_steroid,
    with_visit,
)

D = Decimal
PLAN = TaperPlan(1, before(ON, 60))
SINCE = before(ON, 28)


def prednisolone(first: int, last: int | None, mg: str, **changes: Any) -> Episode:
    """A dose from and to so many days before ON."""
    end = None if last is None else before(ON, last)
    return Episode(900 + first, "prednisolone", before(ON, first), D(mg), end, **changes)


def calm(mg: str = "10", days: int = 28) -> Record:
    """On tacrolimus for 100 days, on this dose for so many; the visit of today and all results are fine."""
    record = no_trigger(eligible_record(ON))
    record = with_steroid(record, prednisolone(300, days + 1, "12.5"), prednisolone(days, None, mg))
    record = replace(record, visits=(visit(1, before(ON, 56)), visit(2, ON)))
    for analyte, value in (("c3", "96"), ("upcr", "0.1"), ("haemoglobin", "12.8")):
        collected = [before(ON, number) for number in (59, 31, 3)]
        record = with_laboratory(record, analyte, *((day, value) for day in collected))
    return with_episodes(record, Episode(50, "tacrolimus", before(ON, 100), D(3)))


def decided(
    record: Record | None = None, *levels: Level, plan: TaperPlan = PLAN, on: date = ON
) -> StepDecision:
    treatment = Treatment(levels=levels, tapers=(plan,))
    return decide_step(case_of(calm() if record is None else record, treatment, on), plan)


def blocks(found: StepDecision) -> list[str]:
    return [row.sentence.text % dict(row.sentence.values) for row in found.blocks]


def missing(found: StepDecision) -> set[str]:
    return {row.item for row in found.missing}


class TestGo:
    def test_the_sentence_of_the_specification(self) -> None:
        """6.3: "Next step: 9 mg from 2025-05-01 (current 10 since 2025-04-03, 28 d)"."""
        found = decided()
        assert found.action is StepAction.GO, (blocks(found), found.missing)
        assert found.sentence.values == {"from": 10, "to": 9, "since": SINCE, "days": 28, "day": ON}
        assert (found.from_mg, found.to_mg) == (10, 9)
        assert not found.blocks
        assert not found.missing

    @pytest.mark.parametrize(
        ("mg", "next_mg", "days"),
        [("25", "20", 14), ("20", "17.5", 28), ("12.5", "10", 28), ("11.5", "10", 28), ("7.5", "6.5", 28)],
    )
    def test_each_band(self, mg: str, next_mg: str, days: int) -> None:
        """The table of 6.2, with the clamp on 20 and 10 mg."""
        assert decided(calm(mg, days)).to_mg == D(next_mg)
        assert decided(calm(mg, days)).action is StepAction.GO
        assert decided(calm(mg, days - 1)).action is StepAction.NOT_YET

    def test_stable_low_complement_alone_goes_with_a_note(self) -> None:
        """6.3 and S51: "Stable low serology alone: GO with note"."""
        low = with_laboratory(
            calm(), "c3", *((before(ON, days), "60") for days in (59, 31, 3)), lower_limit=D(73)
        )
        found = decided(low)
        assert found.action is StepAction.GO
        assert any("C3" in note.text for note in found.notes)

    def test_what_is_said_beside_it(self) -> None:
        insulin = with_episodes(calm(), Episode(51, "insulin", before(ON, 100), None))
        (note,) = [row for row in decided(insulin).notes if "glucose plan" in row.text]
        assert note.values == {"drug": "insulin"}


class TestNotYet:
    def test_the_day_is_said(self) -> None:
        found = decided(calm(days=20))
        assert found.action is StepAction.NOT_YET
        assert found.earliest_on == before(ON, -8)

    def test_not_before_day_28_of_tacrolimus(self) -> None:
        """6.2: the first step not before day 28, unless the doctor says otherwise."""
        record = calm()
        others = tuple(row for row in record.episodes if row.drug != "tacrolimus")
        fresh = replace(record, episodes=(*others, Episode(50, "tacrolimus", before(ON, 10), D(3))))
        assert decided(fresh).earliest_on == before(ON, -18)
        assert decided(fresh, plan=replace(PLAN, early_start=True)).action is StepAction.GO


PAUSES = {
    "a symptom got worse": lambda record: with_visit(
        record, symptoms={code: Symptom(0) for code in SYMPTOMS} | {"alopecia": Symptom(2, Attribution.YES)}
    ),
    "physician's global up by more than 0.3": lambda record: with_visit(record, physician_global=D("1.2")),
    "adrenal symptoms": lambda record: _observed(record, "adrenal_symptoms"),
    "infection": lambda record: _observed(record, "infection"),
    "serious infection": lambda record: _observed(record, "serious_infection"),
    "adherence below 80 %": lambda record: with_visit(record, adherence_percent=79),
    "a confirmed fall of C3": lambda record: with_laboratory(
        record,
        "c3",
        (before(ON, 59), "110"),
        (before(ON, 20), "60"),
        (before(ON, 3), "58"),
        lower_limit=D(73),
    ),
    "urine protein newly above 0.5": lambda record: with_laboratory(
        record, "upcr", (before(ON, 31), "0.45"), (before(ON, 3), "0.55")
    ),
    "urine protein up by 0.2": lambda record: with_laboratory(
        record, "upcr", (before(ON, 31), "0.1"), (before(ON, 3), "0.3")
    ),
    "tacrolimus stopped": lambda record: replace(
        record, episodes=tuple(row for row in record.episodes if row.drug != "tacrolimus")
    ),
    "stress cover": lambda record: with_episodes(
        record,
        Episode(60, "hydrocortisone", before(ON, 1), D(100), ON, purpose=Purpose.STRESS_COVER),
    ),
    "pregnancy": lambda record: with_statement(record, "pregnant", True, stated_on=before(ON, 1)),
}


def _observed(record: Record, code: str) -> Record:
    last = max(record.visits, key=lambda row: row.on)
    return with_visit(record, observations={**last.observations, code: True})


class TestPause:
    @pytest.mark.parametrize("reason", PAUSES)
    def test_each_reason_holds_the_step(self, reason: str) -> None:
        found = decided(PAUSES[reason](calm()))
        assert found.action is StepAction.PAUSE, (found.action, blocks(found), missing(found))
        assert found.blocks
        assert found.sentence.values["from"] == 10

    def test_every_reason_is_listed(self) -> None:
        both = PAUSES["infection"](PAUSES["adherence below 80 %"](calm()))
        assert len(decided(both).blocks) == 2

    @pytest.mark.parametrize(
        ("value", "action"), [("1.1", StepAction.GO), ("1.2", StepAction.PAUSE)], ids=["+0.3", "+0.4"]
    )
    def test_the_physicians_global(self, value: str, action: StepAction) -> None:
        """6.3: "PGA not above the previous + 0.3"; it was 0.8."""
        assert decided(with_visit(calm(), physician_global=D(value))).action is action

    @pytest.mark.parametrize(("percent", "action"), [(80, StepAction.GO), (79, StepAction.PAUSE)])
    def test_adherence(self, percent: int, action: StepAction) -> None:
        assert decided(with_visit(calm(), adherence_percent=percent)).action is action

    def test_stable_protein_above_the_limit_does_not_hold_it(self) -> None:
        """6.3: "not newly above 0.5 and not + 0.2 since the last value"."""
        stable = with_laboratory(calm(), "upcr", (before(ON, 31), "0.7"), (before(ON, 3), "0.89"))
        assert decided(stable).action is StepAction.GO
        risen = with_laboratory(calm(), "upcr", (before(ON, 31), "0.7"), (before(ON, 3), "0.9"))
        assert decided(risen).action is StepAction.PAUSE

    def test_a_level_that_cannot_be_measured(self) -> None:
        found = decided(calm(), Level(1, before(ON, 2), D("1.5"), "<", D(12)))
        assert found.action is StepAction.PAUSE
        assert "not measurable" in blocks(found)[0]

    def test_a_low_level_at_the_label_dose_does_not(self) -> None:
        assert decided(calm(), Level(1, before(ON, 2), D("3.9"), "", D(12))).action is StepAction.GO

    def test_serology_alone_that_raises_sledai_by_3_holds_it_and_is_no_step_back(self) -> None:
        found = decided(with_sledai(calm(), low_complement=True, dna_binding=True))
        assert found.action is StepAction.PAUSE
        assert found.back_to_mg is None


class TestStepBack:
    def test_a_mild_flare_names_the_dose_before(self) -> None:
        """6.3: "SFI mild or moderate flare: suggest the previous dose and review"."""
        found = decided(with_sledai(calm(), rash=True, arthritis=True))
        assert (found.action, found.back_to_mg, found.is_severe) == (StepAction.STEP_BACK, D("12.5"), False)

    def test_a_severe_flare(self) -> None:
        found = decided(with_sledai(calm(), seizure=True))
        assert (found.action, found.is_severe) == (StepAction.STEP_BACK, True)

    def test_without_an_earlier_dose_none_is_named(self) -> None:
        steady = with_steroid(calm(), prednisolone(300, None, "10"))
        assert decided(with_sledai(steady, seizure=True)).back_to_mg is None


class TestCannotTell:
    @pytest.mark.parametrize("analyte", ["c3", "upcr", "creatinine", "haemoglobin"])
    def test_a_result_older_than_28_days(self, analyte: str) -> None:
        old = with_laboratory(calm(), analyte, (before(ON, 60), "1"), (before(ON, 29), "1"))
        found = decided(old)
        assert found.action is StepAction.CANNOT_TELL
        assert analyte in missing(found)

    def test_no_visit_at_this_dose(self) -> None:
        """A visit before the last change says nothing about this dose."""
        record = replace(calm(), visits=(visit(1, before(ON, 56)), visit(2, before(ON, 29))))
        found = decided(record)
        assert found.action is StepAction.CANNOT_TELL
        assert "visit" in missing(found)

    def test_what_was_not_asked(self) -> None:
        for field in ("physician_global", "adherence_percent"):
            assert decided(with_visit(calm(), **{field: None})).action is StepAction.CANNOT_TELL

    def test_a_dose_that_nobody_knows(self) -> None:
        record = with_steroid(calm(), replace(prednisolone(300, None, "1"), dose_mg=None))
        found = decided(record)
        assert (found.action, found.from_mg, found.to_mg) == (StepAction.CANNOT_TELL, None, None)

    def test_a_free_text_drug_could_be_a_steroid(self) -> None:
        record = with_episodes(calm(), Episode(61, "", before(ON, 5), None, drug_text="clinic mixture"))
        assert decided(record).action is StepAction.CANNOT_TELL

    def test_what_blocks_is_said_although_something_is_missing(self) -> None:
        record = PAUSES["infection"](with_visit(calm(), adherence_percent=None))
        found = decided(record)
        assert found.action is StepAction.PAUSE
        assert "adherence" in missing(found)


class TestTheEnd:
    def test_the_goal(self) -> None:
        assert decided(calm("5")).action is StepAction.AT_GOAL
        assert decided(calm("7.5"), plan=replace(PLAN, goal_mg=D("7.5"))).action is StepAction.AT_GOAL

    def test_no_prednisolone_at_all(self) -> None:
        """Without any episode the dose is not known; a stated 0 mg is known, and goes no further."""
        assert decided(with_steroid(calm())).action is StepAction.CANNOT_TELL
        found = decided(with_steroid(calm(), prednisolone(300, None, "0")))
        assert (found.action, found.from_mg, found.to_mg) == (StepAction.AT_GOAL, 0, None)

    def test_below_5_mg_needs_the_doctor_and_six_months_of_low_activity(self) -> None:
        """6.2: "only after LLDAS for 6 months and doctor opt-in"."""
        willing = replace(PLAN, goal_mg=D(3), below_5_agreed=True)
        found = decided(calm("5", 60), plan=willing)
        assert (found.action, found.to_mg) == (StepAction.CANNOT_TELL, D("4.5"))
        assert "lldas_period" in missing(found)
        quiet = tuple(visit(10 + days, before(ON, days)) for days in range(0, 420, 42))
        long = replace(with_steroid(calm(), prednisolone(600, None, "5")), visits=quiet)
        assert decided(long, plan=willing).action is StepAction.GO

    def test_5_mg_every_other_day_is_2_5_mg(self) -> None:
        every_other = with_steroid(calm(), prednisolone(300, None, "5", schedule=Schedule.ALTERNATE_DAYS))
        assert decided(every_other).from_mg == D("2.5")


PLANS = st.builds(
    TaperPlan,
    id=st.just(1),
    start_on=st.integers(0, 200).map(lambda days: ON - timedelta(days=days)),
    goal_mg=st.sampled_from([D("0.5"), D(3), D(5), D("7.5")]),
    method=st.sampled_from(Method),
    clamp_to_band=st.booleans(),
    below_5_agreed=st.booleans(),
    early_start=st.booleans(),
)
WIDE = sample(12)


@WIDE
@given(patient=patients_on_tacrolimus(), plan=PLANS, mg=st.none() | st.decimals("0", "80", places=2))
def test_never_up_never_to_0_never_off_the_grid(
    patient: tuple[Record, Treatment], plan: TaperPlan, mg: Decimal | None
) -> None:
    """Issue: "the taper never proposes an increase, a step across 0, or a dose off the tablet grid"."""
    record, treatment = patient
    if mg is not None:
        others = tuple(row for row in record.episodes if row.drug == "tacrolimus")
        record = replace(record, episodes=(*others, replace(prednisolone(50, None, "1"), dose_mg=mg)))
    found = decide_step(case_of(record, replace(treatment, tapers=(plan,)), ON), plan)
    if found.to_mg is not None:
        assert found.from_mg is not None
        assert 0 < found.to_mg < found.from_mg
        assert is_on_grid(found.to_mg)
        assert found.to_mg >= (D("0.5") if plan.below_5_agreed else D(5))
    if found.action is StepAction.GO:
        assert all(row.answer is Answer.MET for row in found.conditions)
    assert found.sentence.text % dict(found.sentence.values)


def test_facts_of_tomorrow_do_not_count() -> None:
    tomorrow = replace(calm(), statements=(Statement(9, "pregnant", before(ON, -1), True),))
    ill = replace(tomorrow, laboratory=(*tomorrow.laboratory, laboratory(999, "upcr", before(ON, -1), "3")))
    assert decided(ill).action is StepAction.GO

"""The rule-based proposal for the next dose. Each limit quotes clinical specification 4.1 (and 4.5)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing.rules.case import Case, case_of
from dosing.rules.levels.proposal import (
    DoseAction,
    DoseRange,
    NextDoseProposal,
    on_grid,
    propose_dose,
)
from dosing.rules.treatment import Course, Level, Target, Treatment
from patients.rules.record import DrugHistory, Episode, Record
from patients.rules.sledai import ITEMS
from tests.rules.records import (
    ON,
    before,
    eligible_record,
    visit,
    with_episodes,
    with_laboratory,
    with_sledai,
    with_steroid,
    with_visit,
)
from tests.rules.test_level_alerts import taken
from tests.rules.test_level_course import morning

RASH = {item.code: item.code == "rash" for item in ITEMS}
LOW = (morning(60, "4.0", "2"), morning(30, "6.0", "2"), morning(8, "3.5", "2"))


def ready(mg: str = "2", days: int = 100) -> Record:
    """A patient to whom every condition of a rise applies: 4.1, "is proposed only if …"."""
    record = with_sledai(eligible_record(), rash=True)
    record = replace(record, visits=(visit(9, before(ON, days + 10), sledai=RASH), *record.visits))
    record = with_laboratory(
        record, "creatinine", *((before(ON, day), "0.60") for day in (days + 20, days + 10, 3))
    )
    record = with_laboratory(record, "haematocrit", (before(ON, 3), "36"))
    record = with_laboratory(record, "albumin", (before(ON, 3), "4.1"))
    return with_episodes(record, Episode(70, "tacrolimus", before(ON, days), Decimal(mg)))


def proposed(*levels: Level, record: Record | None = None, **facts: object) -> NextDoseProposal:
    treatment = Treatment(levels=levels, **facts)  # type: ignore[arg-type]
    found = propose_dose(case_of(record or taken((100, None, "3")), treatment, ON))
    assert found is not None
    return found


def said(found: NextDoseProposal) -> str:
    return found.sentence.text % dict(found.sentence.values)


class TestWhom:
    def test_who_takes_none_gets_no_proposal(self) -> None:
        assert propose_dose(case_of(eligible_record(), Treatment(), ON)) is None

    def test_nor_after_a_stop(self) -> None:
        stopped = Treatment(courses=(Course(1, before(ON, 100), before(ON, 5)),))
        assert propose_dose(case_of(taken((100, 5, "3")), stopped, ON)) is None

    def test_in_a_pause_it_is_about_the_dose_before(self) -> None:
        found = proposed(morning(20, "7"), record=taken((100, 5, "3")))
        assert (found.action, found.now_mg, found.doses) == (
            DoseAction.KEEP,
            3,
            DoseRange(Decimal(3), *[Decimal(3)] * 2),
        )

    def test_in_a_pause_nothing_is_raised(self) -> None:
        record = ready()
        paused = replace(
            record,
            episodes=tuple(
                replace(row, last_day=before(ON, 3)) if row.drug == "tacrolimus" else row
                for row in record.episodes
            ),
        )
        assert proposed(*LOW, record=paused).action is DoseAction.KEEP

    def test_an_unknown_dose_cannot_be_judged(self) -> None:
        unknown = with_episodes(eligible_record(), Episode(70, "tacrolimus", before(ON, 100), None))
        found = proposed(morning(3, "7"), record=unknown)
        assert (found.action, [item.item for item in found.missing]) == (
            DoseAction.CANNOT_TELL,
            ["tacrolimus_dose"],
        )


class TestKeep:
    @pytest.mark.parametrize("ng_ml", ["5", "7.4", "10"], ids=["5 in", "in", "10 in (inclusive)"])
    def test_in_range(self, ng_ml: str) -> None:
        found = proposed(morning(3, ng_ml))
        assert (found.action, found.doses) == (DoseAction.KEEP, DoseRange(*[Decimal(3)] * 3))
        assert "in range 5–10" in said(found)

    def test_at_label_dose_clinical_response_decides(self) -> None:
        """4.1: 'At 3 mg: "at label dose; clinical response decides"'."""
        found = proposed(*(morning(day, "3.9") for day in (60, 30, 2)))
        assert found.action is DoseAction.KEEP
        assert "at label dose; clinical response decides" in said(found)
        assert found.rise is None

    def test_one_level_below_is_repeated_first(self) -> None:
        found = proposed(morning(30, "6", "2"), morning(8, "4", "2"), record=ready())
        assert found.action is DoseAction.KEEP
        assert "1 of 2" in said(found)

    def test_without_a_judged_level_nobody_can_tell(self) -> None:
        unknown = replace(morning(3, "6"), hours_after_dose=None)
        for levels in ((), (unknown,)):
            found = proposed(*levels)
            assert (found.action, found.doses) == (DoseAction.CANNOT_TELL, None)
            assert [(item.item, item.fill) for item in found.missing] == [("tacrolimus_level", "level")]

    def test_a_level_of_another_dose_says_nothing_of_this_one(self) -> None:
        changed = taken((100, 11, "2"), (10, None, "3"))
        assert proposed(morning(20, "4", "2"), record=changed).action is DoseAction.CANNOT_TELL

    def test_the_patients_own_range_counts(self) -> None:
        own = Target(1, before(ON, 50), Decimal(6), Decimal(8))
        assert proposed(morning(3, "8.5"), targets=(own,)).action is DoseAction.REDUCE
        assert proposed(morning(60, "8.5"), targets=(own,)).action is DoseAction.KEEP


class TestReduce:
    @pytest.mark.parametrize(
        ("mg", "low", "high"),
        [
            ("1", "0.5", "0.5"),  # 0.5–0.75
            ("1.5", "1", "1"),  # 0.75–1.125
            ("2", "1", "1.5"),  # 1–1.5
            ("2.5", "1.5", "1.5"),  # 1.25–1.875
            ("3", "1.5", "2"),  # 1.5–2.25
            ("4", "2", "3"),  # 2–3
            ("5", "2.5", "3.5"),  # 2.5–3.75
        ],
    )
    def test_by_25_to_50_percent_on_the_grid(self, mg: str, low: str, high: str) -> None:
        """4.1: '>10 above → reduce 25–50 %, recheck in 1–2 weeks'; 'steps of 0.5 mg'."""
        found = proposed(morning(3, "10.1", mg), record=taken((100, None, mg)))
        assert found.action is DoseAction.REDUCE
        assert found.doses is not None
        assert (found.doses.low, found.doses.high) == (Decimal(low), Decimal(high))
        assert "repeat in 1–2 weeks" in said(found)

    @pytest.mark.parametrize(("ng_ml", "mg"), [("10.5", "2"), ("11.8", "2"), ("14.9", "1.5")])
    def test_the_one_named_leads_to_the_middle_of_the_range(self, ng_ml: str, mg: str) -> None:
        """By hand, 3 mg × 7.5 / level: 2.14, 1.91, 1.51."""
        found = proposed(morning(3, ng_ml))
        assert found.doses is not None
        assert found.doses.mg == Decimal(mg)

    def test_no_capsule_is_smaller_than_half_a_milligram(self) -> None:
        found = proposed(morning(3, "11", "0.5"), record=taken((100, None, "0.5")))
        assert (found.action, found.doses) == (DoseAction.REDUCE, None)
        assert "no capsule" in said(found)

    def test_a_lower_dose_since_then_answers_it(self) -> None:
        found = proposed(morning(8, "12"), record=taken((100, 6, "3"), (5, None, "2")))
        assert (found.action, found.now_mg) == (DoseAction.KEEP, 2)
        assert "repeat the level first" in said(found)

    def test_urgent_in_the_morning_is_reduced_too(self) -> None:
        found = proposed(morning(1, "15"))
        assert found.action is DoseAction.REDUCE
        assert "call today" in said(found)


class TestDanger:
    """4.1: '≥15 urgent and ≥20 hold and call fire at any or unknown timing'."""

    @pytest.mark.parametrize("hours", [None, "4", "12.5", "18", "24", "30"])
    def test_hold_from_20_at_any_timing(self, hours: str | None) -> None:
        level = replace(morning(1, "20"), hours_after_dose=None if hours is None else Decimal(hours))
        found = proposed(level)
        assert (found.action, found.doses) == (DoseAction.HOLD, None)
        assert not found.agrees(Decimal(3))

    @pytest.mark.parametrize("hours", [None, "4", "18", "24"])
    def test_call_from_15_where_no_range_holds(self, hours: str | None) -> None:
        level = replace(morning(1, "15"), hours_after_dose=None if hours is None else Decimal(hours))
        assert proposed(level).action is DoseAction.CALL

    def test_an_early_one_may_be_a_peak(self) -> None:
        found = proposed(replace(morning(1, "19"), hours_after_dose=Decimal(4)))
        assert any("peak" in note.text for note in found.cautions)

    def test_another_signal_comes_before_the_range(self) -> None:
        """4.5: K ≥5.5 is "act now"; nobody is told to keep the dose beside it."""
        record = with_laboratory(ready(), "potassium", (before(ON, 1), "5.6"))
        found = proposed(morning(3, "7", "2"), record=record)
        assert (found.action, found.doses) == (DoseAction.CALL, None)
        assert "5.6" in said(found)

    def test_also_in_a_pause(self) -> None:
        record = with_laboratory(taken((100, 5, "3")), "potassium", (before(ON, 1), "6.1"))
        assert proposed(morning(20, "7"), record=record).action is DoseAction.CALL


BLOCKS: dict[str, tuple[Callable[[Record], Record], str]] = {
    "responds": (
        lambda r: replace(
            r, visits=(visit(9, before(ON, 110), sledai={**RASH, "arthritis": True}), *r.visits[1:])
        ),
        "she responds",
    ),
    "not active": (
        lambda r: replace(
            r, visits=tuple(replace(row, sledai=dict.fromkeys(RASH, False)) for row in r.visits)
        ),
        "not clinically active",
    ),
    "creatinine +15 %": (
        lambda r: with_laboratory(r, "creatinine", (before(ON, 110), "0.60"), (before(ON, 3), "0.69")),
        "creatinine 0.69",
    ),
    "K 5.1": (lambda r: with_laboratory(r, "potassium", (before(ON, 3), "5.1")), "potassium 5.1"),
    "BP 140/80": (lambda r: with_visit(r, systolic_mm_hg=140, diastolic_mm_hg=80), "140/80"),
    "BP 120/90": (lambda r: with_visit(r, systolic_mm_hg=120, diastolic_mm_hg=90), "120/90"),
    "haematocrit 29.9": (lambda r: with_laboratory(r, "haematocrit", (before(ON, 3), "29.9")), "haematocrit"),
    "albumin 2.4": (lambda r: with_laboratory(r, "albumin", (before(ON, 3), "2.4")), "albumin 2.4"),
    "adherence 79": (lambda r: with_visit(r, adherence_percent=79), "79 %"),
    "inhibitor": (
        lambda r: with_episodes(r, Episode(80, "diltiazem", before(ON, 4), Decimal(100))),
        "after the last level",
    ),
    "inducer stopped": (
        lambda r: with_episodes(
            r, Episode(80, "carbamazepine", before(ON, 400), Decimal(200), before(ON, 2))
        ),
        "after the last level",
    ),
    "prednisolone cut": (
        lambda r: with_steroid(
            r,
            Episode(81, "prednisolone", before(ON, 300), Decimal(10), before(ON, 5)),
            Episode(82, "prednisolone", before(ON, 4), Decimal(9)),
        ),
        "prednisolone was cut from",
    ),
}

JUST_ALLOWED: dict[str, Callable[[Record], Record]] = {
    "creatinine +14.9 %": lambda r: with_laboratory(
        r, "creatinine", (before(ON, 110), "1.000"), (before(ON, 3), "1.149")
    ),
    "K 5.0": lambda r: with_laboratory(r, "potassium", (before(ON, 3), "5.0")),
    "BP 139/89": lambda r: with_visit(r, systolic_mm_hg=139, diastolic_mm_hg=89),
    "haematocrit 30": lambda r: with_laboratory(r, "haematocrit", (before(ON, 3), "30")),
    "albumin 2.5": lambda r: with_laboratory(r, "albumin", (before(ON, 3), "2.5")),
    "adherence 80": lambda r: with_visit(r, adherence_percent=80),
    "prednisolone cut before the level": lambda r: with_steroid(
        r,
        Episode(81, "prednisolone", before(ON, 300), Decimal(10), before(ON, 21)),
        Episode(82, "prednisolone", before(ON, 20), Decimal(9)),
    ),
    "inhibitor for years": lambda r: with_episodes(
        r, Episode(80, "diltiazem", before(ON, 900), Decimal(100))
    ),
}

UNKNOWN: dict[str, tuple[Callable[[Record], Record], str]] = {
    "SLEDAI": (lambda r: with_sledai(r, rash=None), "sledai"),
    "before": (lambda r: replace(r, visits=r.visits[1:]), "sledai_before"),
    "creatinine": (lambda r: with_laboratory(r, "creatinine", (before(ON, 31), "0.6")), "creatinine"),
    "creatinine before": (
        lambda r: with_laboratory(r, "creatinine", (before(ON, 3), "0.6")),
        "creatinine_before",
    ),
    "K": (lambda r: with_laboratory(r, "potassium"), "potassium"),
    "BP": (lambda r: with_visit(r, systolic_mm_hg=None), "blood_pressure"),
    "haematocrit": (lambda r: with_laboratory(r, "haematocrit"), "haematocrit"),
    "albumin": (lambda r: with_laboratory(r, "albumin", (before(ON, 93), "4")), "albumin"),
    "adherence": (lambda r: with_visit(r, adherence_percent=None), "adherence"),
    "unknown drug": (
        lambda r: with_episodes(r, Episode(83, "", before(ON, 50), None, drug_text="herbal tea")),
        "unmapped_drug",
    ),
    "drug list": (
        lambda r: replace(r, drug_histories=(DrugHistory(1, before(ON, 29), 90),)),
        "drug_history",
    ),
    "prednisolone": (with_steroid, "steroid_history"),
}


class TestRaise:
    """4.1: '+0.5–1 mg, dose <3 mg … only if ≥2 of 3 morning levels are below and activity persists, …'."""

    def test_if_every_condition_holds(self) -> None:
        found = proposed(*LOW, record=ready())
        assert found.rise is not None
        assert (found.action, found.doses) == (
            DoseAction.RAISE,
            DoseRange(Decimal("2.5"), Decimal("2.5"), Decimal(3)),
        )
        assert (found.blocks, found.missing) == ((), ())
        assert len(found.rise.parts) == 11

    @pytest.mark.parametrize(
        ("mg", "low", "high"),
        [("0.5", "1", "1.5"), ("1", "1.5", "2"), ("1.5", "2", "2.5"), ("2.5", "3", "3")],
    )
    def test_never_above_the_label_dose(self, mg: str, low: str, high: str) -> None:
        found = proposed(*(replace(row, dose_mg=Decimal(mg)) for row in LOW), record=ready(mg))
        assert found.doses == DoseRange(Decimal(low), Decimal(low), Decimal(high))

    @pytest.mark.parametrize(("change", "words"), BLOCKS.values(), ids=BLOCKS)
    def test_a_condition_that_fails_blocks_it(self, change: Callable[[Record], Record], words: str) -> None:
        found = proposed(*LOW, record=change(ready()))
        assert found.action is DoseAction.KEEP
        (block,) = found.blocks
        assert words in block.text % dict(block.values)
        assert not found.agrees(Decimal("2.5"))

    @pytest.mark.parametrize("change", JUST_ALLOWED.values(), ids=JUST_ALLOWED)
    def test_the_limit_itself_does_not(self, change: Callable[[Record], Record]) -> None:
        assert proposed(*LOW, record=change(ready())).action is DoseAction.RAISE

    @pytest.mark.parametrize(("change", "item"), UNKNOWN.values(), ids=UNKNOWN)
    def test_what_is_missing_is_named(self, change: Callable[[Record], Record], item: str) -> None:
        found = proposed(*LOW, record=change(ready()))
        assert (found.action, found.doses) == (DoseAction.CANNOT_TELL, None)
        assert [missing.item for missing in found.missing] == [item]

    def test_a_block_decides_before_what_is_missing(self) -> None:
        record = with_laboratory(with_visit(ready(), adherence_percent=50), "albumin")
        assert proposed(*LOW, record=record).action is DoseAction.KEEP

    def test_without_a_visit_of_the_last_30_days_nobody_can_tell(self) -> None:
        record = ready()
        old = replace(record, visits=(record.visits[0], visit(2, before(ON, 31), sledai=RASH)))
        items = {missing.item for missing in proposed(*LOW, record=old).missing}
        assert items == {"visit", "blood_pressure", "adherence"}

    def test_not_at_steady_state(self) -> None:
        """4.1: 'Steady state: ≥5 days at one dose with no interacting change'."""
        early = (morning(26, "4", "2"), morning(26, "4", "2", time="T10:00"))
        assert any("steady" in block.text for block in proposed(*early, record=ready(days=30)).blocks)

    def test_a_level_that_is_not_measurable_asks_for_adherence(self) -> None:
        low = (*LOW[:2], morning(8, "1.5", "2", comparator="<"))
        found = proposed(*low, record=ready())
        assert any("was every dose taken" in block.text for block in found.blocks)


def on_dose(mg: Decimal) -> Case:
    return case_of(taken((100, None, str(mg))), Treatment(), ON)


GRID = st.integers(1, 16).map(lambda steps: steps * Decimal("0.5"))
NG_ML = st.decimals("0.5", "60", places=1)
HOURS = st.one_of(st.none(), st.decimals("1", "40", places=1))


@given(GRID, NG_ML, HOURS)
def test_no_dose_is_off_the_grid_or_beyond_the_limits(mg: Decimal, ng_ml: Decimal, hours: Decimal) -> None:
    level = replace(morning(3, str(ng_ml), str(mg)), hours_after_dose=hours)
    found = proposed(level, record=taken((100, None, str(mg))))
    if found.doses is None:
        return
    assert found.doses.low <= found.doses.mg <= found.doses.high
    assert all(dose > 0 and dose % Decimal("0.5") == 0 for dose in found.doses)
    if found.action is DoseAction.REDUCE:
        assert mg / 2 <= found.doses.low <= found.doses.high <= mg * Decimal("0.75")


@given(GRID, NG_ML, NG_ML)
def test_a_higher_level_never_gets_a_higher_dose(mg: Decimal, one: Decimal, other: Decimal) -> None:
    """Hold and "no capsule" count as none at all."""
    record = taken((100, None, str(mg)))
    low, high = (
        proposed(morning(3, str(ng_ml), str(mg)), record=record).doses for ng_ml in sorted((one, other))
    )
    assert (high.mg if high else 0) <= (low.mg if low else mg)


@given(st.decimals("0", "9", places=2), st.decimals("0", "3", places=2))
def test_the_grid_has_each_half_milligram(low: Decimal, width: Decimal) -> None:
    expected = [Decimal(n) / 2 for n in range(30) if low <= Decimal(n) / 2 <= low + width]
    assert on_grid(low, low + width) == expected


def test_nothing_dated_later_counts() -> None:
    later = replace(morning(3, "30"), on=ON + timedelta(days=1))
    assert proposed(morning(3, "7"), later).action is DoseAction.KEEP

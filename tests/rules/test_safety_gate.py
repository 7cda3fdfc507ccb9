"""The safety gate before start: every state at its boundary. Clinical specification 4.2."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing.rules.criteria import assess
from dosing.rules.safety import Gate, Overridable, gate
from dosing.rules.start_policy import start_policy, suggests
from dosing.rules.starting_dose import (
    needs_reason,
    needs_second_confirmation,
    outside_label,
    propose_starting_dose,
)
from dosing.rules.thresholds import STUDY
from patients.rules.answers import Answer
from patients.rules.dates import PartialDate
from patients.rules.drugs import DRUGS
from patients.rules.record import Episode, Record
from tests.rules import records as r

ON = r.ON
SAFE = r.eligible_record()
REQUIRED = (
    "creatinine", "potassium", "ck", "glucose", "hba1c", "ast", "alt", "wbc", "haemoglobin", "platelets",
    "urine_rbc", "upcr", "hbsag", "anti_hbc", "anti_hbs", "hcv", "tb_screen", "chest_xray", "pregnancy_test",
)  # fmt: skip


def codes(record: Record) -> set[str]:
    return {finding.code for finding in gate(record, ON).findings}


def taking(drug: str, **changes: object) -> Record:
    episode = Episode(50, drug, ON - timedelta(days=100), Decimal(10), **changes)  # type: ignore[arg-type]
    return r.with_episodes(SAFE, episode)


def test_everything_in_order_is_clear() -> None:
    assert gate(SAFE, ON).state is Gate.CLEAR
    assert gate(SAFE, ON).findings == ()


@pytest.mark.parametrize("analyte", REQUIRED)
def test_without_a_required_result_nobody_can_tell(analyte: str) -> None:
    found = gate(r.with_laboratory(SAFE, analyte), ON)
    assert found.state is Gate.CANNOT_TELL
    assert analyte in {missing.item for missing in found.missing}


@pytest.mark.parametrize(
    ("analyte", "value", "limit"),
    [("potassium", "4.2", 30), ("creatinine", "0.60", 30), ("hba1c", "5.6", 92), ("ck", "90", 30)],
)
def test_a_required_result_grows_too_old(analyte: str, value: str, limit: int) -> None:
    at_the_limit = r.with_laboratory(SAFE, analyte, (r.before(ON, limit), value))
    too_old = r.with_laboratory(SAFE, analyte, (r.before(ON, limit + 1), value))
    assert gate(at_the_limit, ON).state is Gate.CLEAR
    assert gate(too_old, ON).state is Gate.CANNOT_TELL


@pytest.mark.parametrize(
    "kind", ["tacrolimus_hypersensitivity", "calcineurin_inhibitor_serious_reaction", "live_vaccine"]
)
def test_an_unasked_question_is_never_clear(kind: str) -> None:
    assert gate(r.without_statement(SAFE, kind), ON).state is Gate.CANNOT_TELL
    assert gate(r.with_statement(SAFE, kind, None), ON).state is Gate.CANNOT_TELL


@pytest.mark.parametrize(
    ("analyte", "value", "state"),
    [
        ("potassium", "5.0", Gate.CLEAR),
        ("potassium", "5.1", Gate.CAUTION),
        ("potassium", "5.4", Gate.CAUTION),
        ("potassium", "5.5", Gate.HOLD),
        ("ck", "153", Gate.CLEAR),
        ("ck", "154", Gate.CAUTION),
        ("ck", "764", Gate.CAUTION),
        ("ck", "765", Gate.HOLD),
        ("hba1c", "6.4", Gate.CLEAR),
        ("hba1c", "6.5", Gate.CAUTION),
        ("qtc", "450", Gate.CLEAR),
        ("qtc", "451", Gate.CAUTION),
        ("qtc", "500", Gate.CAUTION),
        ("qtc", "501", Gate.HOLD),
        ("lymphocytes", "0.5", Gate.CLEAR),
        ("lymphocytes", "0.49", Gate.CAUTION),
    ],
)
def test_laboratory_limits(analyte: str, value: str, state: Gate) -> None:
    assert gate(r.with_laboratory(SAFE, analyte, (ON, value)), ON).state is state


@pytest.mark.parametrize(
    ("systolic", "diastolic", "state"),
    [
        (139, 89, Gate.CLEAR),
        (140, 70, Gate.CAUTION),
        (120, 90, Gate.CAUTION),
        (159, 99, Gate.CAUTION),
        (160, 70, Gate.HOLD),
        (120, 100, Gate.HOLD),
    ],
)
def test_blood_pressure(systolic: int, diastolic: int, state: Gate) -> None:
    record = r.with_visit(SAFE, systolic_mm_hg=systolic, diastolic_mm_hg=diastolic)
    assert gate(record, ON).state is state


def test_any_ck_rise_with_muscle_symptoms_is_a_hold() -> None:
    raised = r.with_laboratory(SAFE, "ck", (ON, "160"))
    last = max(raised.visits, key=lambda visit: visit.on)
    weak = r.with_visit(raised, observations={**last.observations, "muscle_weakness": True})
    assert gate(raised, ON).state is Gate.CAUTION
    assert gate(weak, ON).state is Gate.HOLD


@pytest.mark.parametrize(
    ("drug", "state"),
    [
        ("voclosporin", Gate.CONTRAINDICATED),
        ("ciclosporin", Gate.CONTRAINDICATED),
        ("everolimus", Gate.CONTRAINDICATED),
        ("sirolimus", Gate.CONTRAINDICATED),
        ("bosentan", Gate.CONTRAINDICATED),
        ("spironolactone", Gate.CONTRAINDICATED),
        ("canrenoate", Gate.CONTRAINDICATED),
        ("triamterene", Gate.CONTRAINDICATED),
        ("itraconazole", Gate.HOLD),
        ("clarithromycin", Gate.HOLD),
        ("nirmatrelvir_ritonavir", Gate.HOLD),
        ("rifampicin", Gate.HOLD),
        ("st_johns_wort", Gate.HOLD),
        ("atorvastatin", Gate.CAUTION),
        ("bezafibrate", Gate.CAUTION),
        ("loxoprofen", Gate.CAUTION),
        ("losartan", Gate.CAUTION),
        ("eplerenone", Gate.CAUTION),
        ("finerenone", Gate.CAUTION),
        ("esaxerenone", Gate.CAUTION),
        ("amlodipine", Gate.CLEAR),
    ],
)
def test_drugs(drug: str, state: Gate) -> None:
    record = r.with_laboratory(taking(drug), "qtc", (ON, "420"))
    assert gate(record, ON).state is state


@pytest.mark.parametrize(("days_after", "state"), [(0, Gate.HOLD), (1, Gate.HOLD), (2, Gate.CLEAR)])
def test_ciclosporin_until_24_hours_after_its_last_dose(days_after: int, state: Gate) -> None:
    record = taking("ciclosporin", last_day=ON - timedelta(days=days_after))
    assert gate(record, ON).state is state


def test_ciclosporin_with_the_last_day_there_is() -> None:
    assert gate(taking("ciclosporin", last_day=date.max), ON).state is Gate.HOLD


def test_tacrolimus_of_today_is_this_course_and_of_yesterday_another() -> None:
    today = r.with_episodes(SAFE, Episode(60, "tacrolimus", ON, Decimal(3)))
    yesterday = r.with_episodes(SAFE, Episode(60, "tacrolimus", r.before(ON, 1), Decimal(3)))
    assert gate(today, ON).state is Gate.CLEAR
    assert gate(yesterday, ON).state is Gate.CONTRAINDICATED


@pytest.mark.parametrize(
    ("days", "state"), [(-10, Gate.CONTRAINDICATED), (27, Gate.CONTRAINDICATED), (28, Gate.CLEAR)]
)
def test_a_live_vaccine_planned_or_within_four_weeks(days: int, state: Gate) -> None:
    event = PartialDate.on(r.before(ON, days))
    assert gate(r.with_statement(SAFE, "live_vaccine", True, event=event), ON).state is state


def test_a_live_vaccine_without_a_day_counts_as_now() -> None:
    assert gate(r.with_statement(SAFE, "live_vaccine", True), ON).state is Gate.CONTRAINDICATED


def test_pregnancy_answered_as_unknown_is_never_clear() -> None:
    assert "missing:pregnant" in codes(r.with_statement(SAFE, "pregnant", None))
    assert gate(r.with_statement(SAFE, "pregnant", None), ON).state is Gate.CANNOT_TELL


def test_hepatitis_b_needs_a_plan_and_a_positive_core_antibody_its_dna() -> None:
    positive = replace(
        SAFE,
        laboratory=(
            *(row for row in SAFE.laboratory if row.analyte != "hbsag"),
            r.laboratory(900, "hbsag", ON, finding="positive"),
        ),
    )
    assert gate(positive, ON).state is Gate.HOLD
    assert gate(r.with_statement(positive, "hepatitis_b_plan", True), ON).state is Gate.CAUTION
    core = replace(
        SAFE,
        laboratory=(
            *(row for row in SAFE.laboratory if row.analyte != "anti_hbc"),
            r.laboratory(901, "anti_hbc", ON, finding="positive"),
        ),
    )
    assert "missing:hbv_dna" in codes(core)


@pytest.mark.parametrize(
    ("birth", "asked"),
    [
        ("1975-06-03", True),  # 49 years old
        ("1975-06-02", False),  # 50 today
        ("2010-06-02", True),  # 15 today
        ("1975", True),  # may be 49
    ],
)
def test_pregnancy_is_asked_of_women_of_15_to_49(birth: str, asked: bool) -> None:
    record = r.with_person(r.without_statement(SAFE, "pregnant"), birth=PartialDate.parse(birth))
    assert ("missing:pregnant" in codes(record)) is asked


def test_pregnancy_is_not_asked_of_who_cannot_become_pregnant() -> None:
    record = r.with_statement(r.without_statement(SAFE, "pregnant"), "childbearing_potential", False)
    assert gate(r.with_laboratory(record, "pregnancy_test"), ON).state is Gate.CLEAR


def test_age_65_and_kidney_are_cautions_that_lower_the_dose() -> None:
    old = r.with_person(SAFE, birth=PartialDate.parse("1960-06-02"))
    younger = r.with_person(SAFE, birth=PartialDate.parse("1960-06-03"))
    assert "elderly" in codes(old) and "elderly" not in codes(younger)
    assert propose_starting_dose(old, ON).mg == 2
    assert propose_starting_dose(SAFE, ON).mg == 3
    # The Japanese equation: woman of 50 with creatinine 1.00 has 46.6 (specification 5.2).
    kidney = r.with_laboratory(SAFE, "creatinine", (ON, "1.00"))
    assert "egfr_low" in codes(kidney)
    assert propose_starting_dose(kidney, ON).mg == 2


def test_pneumocystis_with_20_mg_for_four_weeks() -> None:
    high = r.with_steroid(SAFE, Episode(70, "prednisolone", r.before(ON, 200), Decimal(20)))
    assert "pneumocystis" in codes(high)
    protected = r.with_episodes(high, Episode(71, "atovaquone", r.before(ON, 100), Decimal(1500)))
    assert "pneumocystis" not in codes(protected)


def test_the_worst_decides_and_all_are_told() -> None:
    record = r.with_laboratory(taking("spironolactone"), "potassium", (ON, "5.8"))
    found = gate(r.with_laboratory(record, "upcr"), ON)
    states = [finding.state for finding in found.findings]
    assert found.state is Gate.CONTRAINDICATED
    assert states == sorted(states, key=list(Gate).index)
    assert set(states) == {Gate.CONTRAINDICATED, Gate.HOLD, Gate.CANNOT_TELL}


class TestPolicy:
    """What Start asks for in each state."""

    def test_clear_and_met_is_free(self) -> None:
        policy = start_policy(Answer.MET, gate(SAFE, ON))
        assert policy.allowed and not policy.needs_reason and policy.cautions == ()
        assert suggests(Answer.MET, gate(SAFE, ON))

    def test_cautions_are_ticked(self) -> None:
        found = gate(taking("atorvastatin"), ON)
        assert start_policy(Answer.MET, found).cautions == ("statin:atorvastatin",)
        assert suggests(Answer.MET, found)

    @pytest.mark.parametrize("answer", [Answer.NOT_MET, Answer.CANNOT_TELL])
    def test_unmet_criteria_need_a_reason(self, answer: Answer) -> None:
        assert start_policy(answer, gate(SAFE, ON)).needs_reason
        assert not suggests(answer, gate(SAFE, ON))

    def test_a_hold_needs_a_reason_and_is_not_suggested(self) -> None:
        found = gate(taking("itraconazole"), ON)
        assert start_policy(Answer.MET, found).needs_reason
        assert not suggests(Answer.MET, found)

    def test_a_contraindication_is_refused(self) -> None:
        policy = start_policy(Answer.MET, gate(taking("spironolactone"), ON))
        assert not policy.allowed

    def test_an_earlier_serious_reaction_needs_a_second_person(self) -> None:
        found = gate(r.with_statement(SAFE, "calcineurin_inhibitor_serious_reaction", True), ON)
        (finding,) = found.of(Gate.CONTRAINDICATED)
        policy = start_policy(Answer.MET, found)
        assert finding.overridable is Overridable.SPECIALIST
        assert (policy.allowed, policy.needs_reason, policy.needs_second_person) == (True, True, True)


@pytest.mark.parametrize(
    ("mg", "reason", "confirmation"),
    [
        ("3", False, False),
        ("3.5", True, False),
        ("5", True, False),
        ("5.5", True, True),
        ("2.3", False, True),
    ],
)
def test_doses_that_are_asked_about(mg: str, reason: bool, confirmation: bool) -> None:
    assert needs_reason(Decimal(mg)) is reason
    assert needs_second_confirmation(Decimal(mg)) is confirmation


def test_the_japanese_label() -> None:
    assert outside_label(Decimal(3), SAFE, ON) == ()
    no_nephritis = r.with_person(SAFE, renal_involvement=False)
    assert [item.text for item in outside_label(Decimal(3), no_nephritis, ON)] == ["no nephritis"]
    (above,) = outside_label(Decimal(5), SAFE, ON)
    assert above.text % above.values == "dose above 3 mg/day"


@given(
    drugs=st.lists(st.sampled_from(sorted(DRUGS)), max_size=4),
    values=st.dictionaries(
        st.sampled_from(["potassium", "ck", "creatinine", "qtc", "upcr", "lymphocytes", "c3"]),
        st.tuples(st.decimals("0", "9999", places=2), st.sampled_from(["", "<", ">"]), st.integers(0, 400)),
    ),
    birth=st.sampled_from(["2025", "2010-02", "1924", "1975-06"]),
)
def test_no_rule_raises_on_odd_records(drugs, values, birth) -> None:
    record = r.with_person(SAFE, birth=PartialDate.parse(birth))
    record = r.with_episodes(record, *(Episode(80 + n, drug, ON, None) for n, drug in enumerate(drugs)))
    for analyte, (value, comparator, age) in values.items():
        record = r.with_laboratory(record, analyte, (r.before(ON, age), str(value)), comparator=comparator)
    assert gate(record, ON).state in Gate
    assert assess(record, ON, STUDY).answer in Answer

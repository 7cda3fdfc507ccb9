"""What is watched on tacrolimus. Specification 4.5, and the two cases of the study (1.3) that come first."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing.rules.case import case_of
from dosing.rules.findings import AlertFinding, Severity
from dosing.rules.signals import raised
from dosing.rules.treatment import Level, Treatment
from patients.rules.dates import PartialDate
from patients.rules.record import Administration, Attribution, Episode, LaboratoryValue, Record, Symptom
from patients.rules.units import to_canonical
from tests.rules.records import (
    ON,
    before,
    eligible_record,
    laboratory,
    visit,
    with_administrations,
    with_episodes,
    with_laboratory,
    with_person,
    with_statement,
    with_visit,
)
from tests.rules.test_level_course import morning

NOW, VISIT, KNOW = Severity.ACT_NOW, Severity.THIS_VISIT, Severity.KNOW
QUIET = {"observations": {}, "symptoms": {}}


def on_tacrolimus(days: int = 60, record: Record | None = None) -> Record:
    """Started so many days ago; nothing was wrong, and creatinine was 0.60 before."""
    base = record or eligible_record()
    quiet = replace(base, visits=(visit(1, before(ON, days + 5)), visit(2, ON)))
    started = with_episodes(quiet, Episode(70, "tacrolimus", before(ON, days), Decimal(3)))
    return with_results(started, ("creatinine", days + 3, "0.60"))


def with_results(record: Record, *rows: tuple[str, int, str], **changes: Any) -> Record:
    """Further results: analyte, days before ON, value."""
    number = len(record.laboratory) + 5000
    made = [
        laboratory(number + n, key, before(ON, days), value, **changes)
        for n, (key, days, value) in enumerate(rows)
    ]
    return replace(record, laboratory=(*record.laboratory, *made))


def only(record: Record, *rows: tuple[str, int, str], **changes: Any) -> Record:
    """The results of these analytes replaced."""
    for key in {key for key, *_rest in rows}:
        record = with_laboratory(record, key)
    return with_results(record, *rows, **changes)


def found(record: Record, *levels: Level, on: date = ON) -> dict[str, Severity]:
    alerts = list(raised(case_of(record, Treatment(levels=levels), on)))
    keys = [(alert.rule, alert.subject) for alert in alerts]
    assert len(keys) == len(set(keys))
    return {alert.rule: alert.severity for alert in alerts}


def alert(record: Record, rule: str, *levels: Level) -> AlertFinding:
    (one,) = (row for row in raised(case_of(record, Treatment(levels=levels), ON)) if row.rule == rule)
    return one


def observed(record: Record, *codes: str) -> Record:
    last = max(record.visits, key=lambda row: row.on)
    return with_visit(record, observations={**last.observations, **dict.fromkeys(codes, True)})


class TestWho:
    def test_nothing_is_wrong(self) -> None:
        assert found(on_tacrolimus()) == {}

    def test_who_takes_no_tacrolimus_is_not_watched(self) -> None:
        record = observed(only(eligible_record(), ("potassium", 0, "6.5")), "confusion")
        assert found(record) == {}

    def test_after_a_stop_neither(self) -> None:
        record = observed(eligible_record(), "muscle_weakness")
        stopped = Episode(70, "tacrolimus", before(ON, 60), Decimal(3), before(ON, 1))
        assert found(with_episodes(record, stopped)) == {}


class TestStudysCases:
    """Case 1: rhabdomyolysis on day 7 at 6.7 ng/ml on a statin. Case 2: cramps in month 11 at 7.4 ng/ml."""

    @pytest.mark.parametrize("ng_ml", ["6.7", "7.4", "3", "25"])
    def test_muscle_symptoms_without_a_ck_of_three_days_ask_for_one_at_any_level(self, ng_ml: str) -> None:
        record = observed(only(on_tacrolimus(), ("ck", 4, "90")), "muscle_pain")
        one = alert(record, "muscle", morning(0, ng_ml))
        assert one.severity is VISIT
        assert "CK today" in one.verdict.sentence.text

    @pytest.mark.parametrize("days", [0, 1, 2, 3])
    def test_a_normal_ck_of_the_last_three_days_answers_it(self, days: int) -> None:
        record = observed(only(on_tacrolimus(), ("ck", days, "90")), "muscle_pain")
        assert "muscle" not in found(record, morning(0, "7.4"))

    @pytest.mark.parametrize("ng_ml", ["6.7", "7.4"])
    def test_a_raised_ck_with_symptoms_is_act_now_although_the_level_is_in_range(self, ng_ml: str) -> None:
        record = observed(only(on_tacrolimus(7), ("ck", 0, "160")), "muscle_pain")
        assert found(record, morning(0, ng_ml))["muscle"] is NOW

    @pytest.mark.parametrize("code", ["muscle_weakness", "dark_urine"])
    def test_weakness_or_dark_urine_is_act_now_before_any_ck(self, code: str) -> None:
        record = observed(only(on_tacrolimus(7), ("ck", 30, "90")), code)
        assert found(record, morning(0, "6.7"))["muscle"] is NOW

    def test_the_statin_and_the_day_are_told(self) -> None:
        record = with_episodes(
            observed(only(on_tacrolimus(7), ("ck", 0, "1240")), "muscle_pain"),
            Episode(80, "atorvastatin", before(ON, 400), Decimal(10)),
        )
        one = alert(record, "muscle", morning(0, "6.7"))
        assert one.severity is NOW
        said = one.verdict.sentence
        assert (said.values["ck"], said.values["day"]) == ("1240", 7)
        assert (said.values["symptom"], said.values["statin"]) == ("muscle pain", "atorvastatin")
        assert "%(statin)s" in said.text
        assert [caution.values["drug"] for caution in one.verdict.cautions] == ["atorvastatin"]


# Upper limit 153 U/l: 2.5 times 382.5, 5 times 765, 10 times 1530.
@pytest.mark.parametrize(
    ("ck", "symptom", "severity"),
    [
        ("153", False, None),
        ("382", False, None),
        ("383", False, VISIT),
        ("764", False, VISIT),
        ("765", False, NOW),
        ("1530", False, NOW),
        ("153", True, None),
        ("154", True, NOW),
        ("1530", True, NOW),
    ],
)
def test_ck(ck: str, symptom: bool, severity: Severity | None) -> None:
    record = only(on_tacrolimus(), ("ck", 0, ck))
    assert found(observed(record, "muscle_pain") if symptom else record).get("muscle") is severity


def test_weakness_with_a_ck_without_a_limit_is_not_called_normal() -> None:
    record = observed(only(on_tacrolimus(), ("ck", 0, "4000"), upper_limit=None), "muscle_weakness")
    one = alert(record, "muscle")
    assert one.severity is NOW
    assert "not raised" not in one.verdict.sentence.text


def test_weakness_with_a_normal_ck_stays_for_this_visit() -> None:
    record = observed(only(on_tacrolimus(), ("ck", 0, "90")), "muscle_weakness")
    assert found(record)["muscle"] is VISIT


class TestKidney:
    """Baseline 0.60 mg/dl: 15 % is 0.69, 30 % is 0.78."""

    @pytest.mark.parametrize(
        ("values", "severity"),
        [
            ((("creatinine", 0, "0.68"),), None),
            ((("creatinine", 0, "0.69"),), VISIT),
            ((("creatinine", 0, "0.77"),), VISIT),
            ((("creatinine", 0, "0.78"),), NOW),
            ((("creatinine", 20, "0.80"), ("creatinine", 0, "0.68")), None),
        ],
    )
    def test_the_rise_over_before_tacrolimus(self, values: Any, severity: Severity | None) -> None:
        assert found(with_results(on_tacrolimus(), *values)).get("kidney") is severity

    @pytest.mark.parametrize(("days", "confirmed"), [(14, True), (15, False)])
    def test_confirmed_within_14_days(self, days: int, confirmed: bool) -> None:
        record = with_results(on_tacrolimus(), ("creatinine", days, "0.80"), ("creatinine", 0, "0.80"))
        assert ("confirmed" in alert(record, "kidney").verdict.sentence.text) is confirmed

    @pytest.mark.parametrize(
        ("earlier_days", "earlier", "now", "injury"),
        [
            (2, "0.60", "0.90", True),
            (2, "0.60", "0.89", False),
            (3, "0.70", "1.00", True),  # without an hour 48 hours may lie between: the shortest time counts
            (4, "0.70", "1.00", False),
            (8, "0.60", "0.90", True),
            (9, "0.60", "0.90", False),
        ],
    )
    def test_acute_injury(self, earlier_days: int, earlier: str, now: str, injury: bool) -> None:
        """KDIGO: 0.3 mg/dl in 48 hours, or half in 7 days."""
        rows = (("creatinine", 63, "0.60"), ("creatinine", earlier_days, earlier), ("creatinine", 0, now))
        record = only(on_tacrolimus(), *rows)
        assert ("acute kidney injury" in alert(record, "kidney").verdict.sentence.text) is injury

    @pytest.mark.parametrize(
        ("before_start", "earlier", "now", "injury"),
        [(1, "1.20", "1.50", True), (3, "1.20", "1.50", False), (6, "0.60", "0.90", True)],
    )
    def test_acute_injury_from_a_value_before_the_first_dose(
        self, before_start: int, earlier: str, now: str, injury: bool
    ) -> None:
        """KDIGO knows no first dose: taken for one day, 0.3 mg/dl in 48 hours is an injury too."""
        rows = (("creatinine", 1 + before_start, earlier), ("creatinine", 0, now))
        one = alert(only(on_tacrolimus(1), *rows), "kidney")
        assert ("acute kidney injury" in one.verdict.sentence.text) is injury
        if injury:
            assert one.severity is NOW

    def test_egfr_below_45_is_not_hidden_by_a_smaller_rise(self) -> None:
        """Woman of 40: 1.25 mg/dl is 55.9, 1.50 is 44.9 by CKD-EPI 2021: a rise of 20 %, and below 45."""
        one = alert(only(on_tacrolimus(), ("creatinine", 63, "1.25"), ("creatinine", 0, "1.50")), "kidney")
        assert one.severity is NOW
        assert "is below" in one.verdict.sentence.text

    def test_the_baseline_is_the_median_of_the_last_three_before(self) -> None:
        rows = (("creatinine", 100, "5"), ("creatinine", 90, "0.70"), ("creatinine", 80, "0.90"))
        record = only(on_tacrolimus(), *rows, ("creatinine", 70, "0.80"), ("creatinine", 0, "0.91"))
        assert "kidney" not in found(record)
        record = only(on_tacrolimus(), *rows, ("creatinine", 70, "0.80"), ("creatinine", 0, "0.92"))
        assert found(record)["kidney"] is VISIT

    def test_egfr_below_45_by_ckd_epi_without_a_baseline(self) -> None:
        """Woman of 40: 1.49 mg/dl is 45.3, 1.50 is 44.9 by CKD-EPI 2021 (kidney.org calculator)."""
        bare = with_laboratory(on_tacrolimus(), "creatinine")
        assert "kidney" not in found(with_results(bare, ("creatinine", 0, "1.49")))
        assert found(with_results(bare, ("creatinine", 0, "1.50")))["kidney"] is NOW

    def test_both_equations_are_named_and_each_compared_with_itself(self) -> None:
        shown = alert(with_results(on_tacrolimus(), ("creatinine", 0, "0.80")), "kidney").verdict.evidence
        units = [row.unit for row in shown[1:]]
        assert len(units) == 4 and units[0] == units[1] != units[2] == units[3]

    @pytest.mark.parametrize(
        ("ng_ml", "noted"), [("5.2", False), ("5.3", True), ("10", True), ("10.1", False)]
    )
    def test_in_range_but_kidney_function_falling(self, ng_ml: str, noted: bool) -> None:
        record = with_results(on_tacrolimus(), ("creatinine", 0, "0.70"))
        assert ("level_and_kidney" in found(record, morning(1, ng_ml))) is noted
        assert "level_and_kidney" not in found(on_tacrolimus(), morning(1, ng_ml))


@pytest.mark.parametrize(
    ("value", "severity"),
    [("5.0", None), ("5.1", VISIT), ("5.4", VISIT), ("5.5", NOW), ("6.0", NOW), ("7.2", NOW)],
)
def test_potassium(value: str, severity: Severity | None) -> None:
    assert found(only(on_tacrolimus(), ("potassium", 0, value))).get("potassium") is severity


def test_potassium_from_before_tacrolimus_does_not_count() -> None:
    assert "potassium" not in found(only(on_tacrolimus(10), ("potassium", 11, "5.8")))


@pytest.mark.parametrize(
    ("value", "severity"), [("109", None), ("110", KNOW), ("125", KNOW), ("126", VISIT), ("200", VISIT)]
)
def test_glucose(value: str, severity: Severity | None) -> None:
    assert found(only(on_tacrolimus(), ("glucose", 0, value))).get("glucose") is severity


@pytest.mark.parametrize(
    ("was", "now", "severity"),
    [("5.4", "5.8", None), ("5.3", "5.8", VISIT), ("5.6", "6.0", VISIT), ("5.9", "6.5", VISIT)],
)
def test_hba1c(was: str, now: str, severity: Severity | None) -> None:
    record = only(on_tacrolimus(), ("hba1c", 70, was), ("hba1c", 0, now))
    assert found(record).get("hba1c") is severity


@pytest.mark.parametrize(
    ("analyte", "printed", "unit", "severity"),
    [
        ("glucose", "6.0", "mmol/L", None),
        ("glucose", "6.1", "mmol/L", KNOW),
        ("glucose", "6.9", "mmol/L", KNOW),
        ("glucose", "7.0", "mmol/L", VISIT),
        ("glucose", "11.1", "mmol/L", VISIT),
        ("hba1c", "41", "mmol/mol", None),
        ("hba1c", "42", "mmol/mol", VISIT),
    ],
)
def test_limits_that_are_published_in_both_units(
    analyte: str, printed: str, unit: str, severity: Severity | None
) -> None:
    """WHO 2006: fasting from 6.1 and 7.0 mmol/l, random from 11.1; NGSP: 42 mmol/mol is 6.0 %."""
    value = to_canonical(analyte, Decimal(printed), unit)
    assert found(only(on_tacrolimus(), (analyte, 0, str(value)))).get(analyte) is severity


def test_random_glucose_from_11_1_mmol_per_litre_asks_for_thirst() -> None:
    value = to_canonical("glucose", Decimal("11.1"), "mmol/L")
    record = only(on_tacrolimus(), ("glucose", 0, str(value)))
    assert "thirst" in alert(record, "glucose").verdict.sentence.text


def test_in_known_diabetes_only_a_change_counts() -> None:
    record = with_statement(
        only(on_tacrolimus(), ("hba1c", 70, "7.0"), ("hba1c", 0, "7.4")), "diabetes", True
    )
    assert "hba1c" not in found(record)
    assert found(only(record, ("hba1c", 70, "7.0"), ("hba1c", 0, "7.5")))["hba1c"] is VISIT


@pytest.mark.parametrize(
    ("systolic", "diastolic", "severity"),
    [
        (139, 89, None),
        (140, 80, VISIT),
        (120, 90, VISIT),
        (159, 99, VISIT),
        (160, 80, NOW),
        (120, 100, NOW),
        (180, 110, NOW),
    ],
)
def test_blood_pressure(systolic: int, diastolic: int, severity: Severity | None) -> None:
    record = with_visit(on_tacrolimus(), systolic_mm_hg=systolic, diastolic_mm_hg=diastolic)
    assert found(record).get("blood_pressure") is severity


@pytest.mark.parametrize(("systolic", "severity"), [(None, NOW), (120, None)])
def test_only_a_measurement_settles_a_blood_pressure(systolic: int | None, severity: Severity | None) -> None:
    diastolic = None if systolic is None else 75
    high = replace(visit(3, before(ON, 5)), systolic_mm_hg=182, diastolic_mm_hg=112)
    last = replace(visit(4, ON), systolic_mm_hg=systolic, diastolic_mm_hg=diastolic)
    record = replace(on_tacrolimus(), visits=(high, last))
    assert found(record).get("blood_pressure") is severity


def test_a_blood_pressure_from_before_tacrolimus_does_not_count() -> None:
    high = replace(visit(3, before(ON, 65)), systolic_mm_hg=182, diastolic_mm_hg=112)
    last = replace(visit(4, ON), systolic_mm_hg=None, diastolic_mm_hg=None)
    assert "blood_pressure" not in found(replace(on_tacrolimus(), visits=(high, last)))


@pytest.mark.parametrize(
    ("sex", "value", "severity"),
    [("F", "460", None), ("F", "461", VISIT), ("M", "451", VISIT), ("F", "500", VISIT), ("F", "501", NOW)],
)
def test_qtc(sex: str, value: str, severity: Severity | None) -> None:
    record = with_person(only(on_tacrolimus(), ("qtc", 0, value)), sex=sex)
    assert found(record).get("qtc") is severity


@pytest.mark.parametrize(("was", "severity"), [("391", None), ("390", NOW)])
def test_a_qtc_60_ms_longer_than_before(was: str, severity: Severity | None) -> None:
    record = only(on_tacrolimus(), ("qtc", 70, was), ("qtc", 0, "450"))
    assert found(record).get("qtc") is severity


class TestSeen:
    @pytest.mark.parametrize(
        ("code", "severity"), [("tremor", VISIT), ("visual_disturbance", NOW), ("confusion", NOW)]
    )
    def test_nerves(self, code: str, severity: Severity) -> None:
        assert found(observed(on_tacrolimus(), code))["neurological"] is severity

    def test_a_seizure(self) -> None:
        last = max(on_tacrolimus().visits, key=lambda row: row.on)
        record = with_visit(on_tacrolimus(), sledai={**last.sledai, "seizure": True})
        assert found(record)["neurological"] is NOW

    @pytest.mark.parametrize(
        ("attribution", "asked"),
        [(Attribution.YES, False), (Attribution.NO, True), (Attribution.UNCERTAIN, True), (None, True)],
    )
    def test_a_headache_not_due_to_lupus_is_asked_about(
        self, attribution: Attribution | None, asked: bool
    ) -> None:
        record = with_visit(on_tacrolimus(), symptoms={"headache": Symptom(1, attribution)})
        assert ("neurological" in found(record)) is asked

    def test_diarrhoea_until_level_creatinine_and_potassium_are_there(self) -> None:
        record = observed(on_tacrolimus(), "gastrointestinal_symptoms")
        assert found(record)["gut"] is VISIT
        assert "ACE inhibitor or ARB" in alert(record, "gut").verdict.sentence.text
        measured = only(record, ("creatinine", 0, "0.6"), ("potassium", 0, "4.2"))
        assert found(measured)["gut"] is VISIT
        assert "gut" not in found(measured, morning(0, "7"))

    def test_infections(self) -> None:
        assert found(observed(on_tacrolimus(), "infection"))["infection"] is KNOW
        assert found(observed(on_tacrolimus(), "infection", "serious_infection"))["infection"] is NOW

    def test_what_was_seen_stands_until_another_visit(self) -> None:
        record = observed(on_tacrolimus(100), "confusion")
        later = replace(record, visits=(*record.visits, visit(9, before(ON, -40))))
        assert found(record, on=before(ON, -40))["neurological"] is NOW
        assert "neurological" not in found(later, on=before(ON, -40))

    def test_pregnancy_and_a_live_vaccine(self) -> None:
        assert found(with_statement(on_tacrolimus(), "pregnant", True))["pregnancy"] is VISIT
        assert found(with_statement(on_tacrolimus(), "live_vaccine", True))["live_vaccine"] is VISIT
        long_ago = PartialDate.on(before(ON, 300))
        past = with_statement(on_tacrolimus(), "live_vaccine", True, event=long_ago)
        assert "live_vaccine" not in found(past)


class TestDrugs:
    def taking(self, drug: str, days: int, mg: int = 50, last: int | None = None) -> Record:
        ended = None if last is None else before(ON, last)
        return with_episodes(on_tacrolimus(), Episode(80, drug, before(ON, days), Decimal(mg), ended))

    @pytest.mark.parametrize(
        ("drug", "days", "severity"),
        [
            ("ciclosporin", 100, NOW),
            ("ciclosporin", 5, NOW),
            ("azathioprine", 5, VISIT),
            ("methotrexate", 5, VISIT),
            ("azathioprine", 100, None),
        ],
    )
    def test_a_washed_out_drug_again(self, drug: str, days: int, severity: Severity | None) -> None:
        assert found(self.taking(drug, days)).get("drug_restarted") is severity

    def test_an_infusion_of_cyclophosphamide(self) -> None:
        given = Administration(1, "cyclophosphamide", before(ON, 5), Decimal(500))
        assert found(with_administrations(on_tacrolimus(), given))["drug_restarted"] is VISIT

    @pytest.mark.parametrize(("change", "noted"), [("150", False), ("200", True), ("100", True)])
    def test_mizoribine_changed_after_the_start(self, change: str, noted: bool) -> None:
        record = with_episodes(
            on_tacrolimus(),
            Episode(80, "mizoribine", before(ON, 300), Decimal(150), before(ON, 11)),
            Episode(81, "mizoribine", before(ON, 10), Decimal(change)),
        )
        assert ("mizoribine" in found(record)) is noted

    def test_mizoribine_stopped_after_the_start(self) -> None:
        assert "mizoribine" in found(self.taking("mizoribine", 300, last=10))
        assert "mizoribine" not in found(self.taking("mizoribine", 300))

    @pytest.mark.parametrize(("days", "unwatched"), [(83, False), (84, True)])
    def test_nobody_looked_for_twelve_weeks(self, days: int, unwatched: bool) -> None:
        record = on_tacrolimus(300)
        seen = replace(record, visits=(visit(1, before(ON, days)),), laboratory=())
        assert ("unmonitored" in found(seen)) is unwatched
        assert "unmonitored" not in found(seen, morning(10, "7"))


POTASSIUM = st.decimals("3", "8", places=1)


@given(POTASSIUM, POTASSIUM)
def test_a_higher_potassium_is_never_less_severe(one: Decimal, other: Decimal) -> None:
    lower, higher = sorted((one, other))
    severities = [
        found(only(on_tacrolimus(), ("potassium", 0, str(value)))).get("potassium", 0)
        for value in (lower, higher)
    ]
    assert severities[0] <= severities[1]


CK = st.integers(20, 5000)


@given(CK, CK, st.booleans())
def test_a_higher_ck_is_never_less_severe(one: int, other: int, symptoms: bool) -> None:
    base = observed(on_tacrolimus(), "muscle_pain") if symptoms else on_tacrolimus()
    lower, higher = sorted((one, other))
    severities = [found(only(base, ("ck", 0, str(value)))).get("muscle", 0) for value in (lower, higher)]
    assert severities[0] <= severities[1]


RESULTS = st.lists(
    st.builds(
        lambda number, key, days, value: laboratory(number, key, before(ON, days), str(value)),
        st.integers(1, 10_000),
        st.sampled_from(["creatinine", "potassium", "ck", "glucose", "hba1c", "qtc"]),
        st.integers(0, 100),
        st.decimals("0.5", "600", places=1),
    ),
    max_size=8,
    unique_by=(lambda row: row.id, lambda row: (row.analyte, row.on)),
)


@given(RESULTS, st.randoms(use_true_random=False))
def test_the_order_of_entry_does_not_matter(rows: list[LaboratoryValue], random: Any) -> None:
    record = on_tacrolimus()
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert found(replace(record, laboratory=tuple(rows))) == found(
        replace(record, laboratory=tuple(shuffled))
    )


@given(st.sampled_from(["c3", "c4", "dsdna", "ana", "urate", "crp"]), st.decimals("1", "300", places=1))
def test_a_result_that_no_signal_reads_changes_none(key: str, value: Decimal) -> None:
    """Issue: "a fact that no rule of an alert reads never changes it"."""
    record = observed(only(on_tacrolimus(), ("potassium", 0, "5.6")), "muscle_pain")
    assert found(with_results(record, (key, 0, str(value)))) == found(record)

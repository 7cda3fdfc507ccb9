"""LLDAS, DORIS 2021, and the flares: every limit of the table in clinical specification 3.2."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from patients.rules.activity import (
    doris,
    flare_by_activity,
    flare_by_treatment,
    lldas,
    lldas_for_months,
    sledai_2k_flare,
)
from patients.rules.answers import Answer
from patients.rules.record import Administration, Attribution, Episode, Purpose, Record, Symptom
from patients.rules.schedules import Schedule
from tests.rules.records import (
    ON,
    before,
    eligible_record,
    laboratory,
    visit,
    with_administrations,
    with_episodes,
    with_laboratory,
    with_sledai,
    with_steroid,
    with_visit,
)

MET, NOT_MET, CANNOT_TELL = Answer.MET, Answer.NOT_MET, Answer.CANNOT_TELL
D = Decimal
EIGHT = ("lupus_headache",)
TWELVE = ("lupus_headache", "alopecia", "low_complement")


def calm(mg: str = "5", **changes: Any) -> Record:
    """Two visits four weeks apart at which nothing was found, on steady prednisolone; two blood counts."""
    record = replace(eligible_record(), visits=(visit(1, before(ON, 28)), visit(2, ON, **changes)))
    count = laboratory(900, "haemoglobin", before(ON, 40), "12.6")
    record = replace(record, laboratory=(*record.laboratory, count))
    return with_steroid(record, Episode(1, "prednisolone", before(ON, 300), D(mg)))


def items(*codes: str) -> dict[str, bool | None]:
    return {**visit(0, ON).sledai, **dict.fromkeys(codes, True)}


def latest(record: Record) -> Any:
    return record.visits_in_order[-1]


class TestLldas:
    """All five: SLEDAI-2K ≤4 without major organs, nothing new, PGA ≤1, PSL ≤7.5, usual maintenance doses."""

    def test_a_calm_patient_on_5_mg(self) -> None:
        verdict = lldas(calm(), ON)
        assert verdict.answer is MET
        assert len(verdict.parts) == 6

    @pytest.mark.parametrize(("mg", "answer"), [("7.5", MET), ("7.51", NOT_MET), ("8", NOT_MET)])
    def test_prednisolone_up_to_7_5_mg(self, mg: str, answer: Answer) -> None:
        assert lldas(calm(mg), ON).answer is answer

    @pytest.mark.parametrize(("value", "answer"), [("1.0", MET), ("1.1", NOT_MET), (None, CANNOT_TELL)])
    def test_physicians_global_up_to_1(self, value: str | None, answer: Answer) -> None:
        given = None if value is None else D(value)
        assert lldas(calm(physician_global=given), ON).answer is answer

    @pytest.mark.parametrize(
        ("codes", "answer"),
        [
            (("rash", "alopecia"), MET),
            (("rash", "alopecia", "leukopenia"), NOT_MET),
            (("low_complement", "dna_binding"), MET),
            (("arthritis",), MET),
        ],
        ids=["2+2 is 4", "2+2+1 is 5", "serology alone is 4", "4"],
    )
    def test_sledai_up_to_4(self, codes: tuple[str, ...], answer: Answer) -> None:
        record = calm()
        same = tuple(replace(row, sledai=items(*codes)) for row in record.visits)
        assert lldas(replace(record, visits=same), ON).answer is answer

    def test_an_unanswered_item_of_a_low_score_may_still_pass_4(self) -> None:
        record = with_sledai(calm(), arthritis=None, rash=True)
        record = replace(
            record, visits=tuple(replace(row, sledai={**row.sledai, "rash": True}) for row in record.visits)
        )
        verdict = lldas(record, ON)
        assert verdict.answer is CANNOT_TELL
        assert [item.item for item in verdict.missing] == ["sledai"]

    @pytest.mark.parametrize("code", ["proteinuria", "haematuria", "fever", "pleurisy", "pericarditis"])
    def test_a_major_organ_ends_it_below_5_points(self, code: str) -> None:
        record = calm()
        same = tuple(replace(row, sledai=items(code)) for row in record.visits)
        verdict = lldas(replace(record, visits=same), ON)
        assert verdict.answer is NOT_MET
        assert verdict.sentence.text == "Activity in a major organ: %(what)s"

    @pytest.mark.parametrize("code", ["haemolytic_anaemia", "gut_vasculitis_or_pancreatitis", "myocarditis"])
    def test_an_organ_that_sledai_lacks(self, code: str) -> None:
        found = {**visit(0, ON).organ_findings, code: True}
        assert lldas(calm(organ_findings=found), ON).answer is NOT_MET
        assert lldas(calm(organ_findings={**found, code: None}), ON).answer is CANNOT_TELL

    def test_a_new_feature_ends_it_and_an_old_one_does_not(self) -> None:
        assert lldas(calm(sledai=items("rash")), ON).answer is NOT_MET
        record = calm(sledai=items("rash"))
        first, second = record.visits_in_order
        assert lldas(replace(record, visits=(replace(first, sledai=items("rash")), second)), ON).answer is MET

    def test_low_complement_alone_is_no_new_feature(self) -> None:
        assert lldas(calm(sledai=items("low_complement")), ON).answer is MET

    def test_a_single_visit_cannot_be_compared(self) -> None:
        verdict = lldas(replace(calm(), visits=(visit(2, ON),)), ON)
        assert verdict.answer is CANNOT_TELL
        assert [item.item for item in verdict.missing] == ["earlier_visit"]

    @pytest.mark.parametrize(
        ("drug", "mg", "schedule", "answer"),
        [
            ("hydroxychloroquine", "400", Schedule.DAILY, MET),
            ("hydroxychloroquine", "401", Schedule.DAILY, NOT_MET),
            ("methotrexate", "30", Schedule.WEEKLY, MET),
            ("methotrexate", "32.5", Schedule.WEEKLY, NOT_MET),
            ("azathioprine", "200", Schedule.DAILY, MET),
            ("azathioprine", "225", Schedule.DAILY, NOT_MET),
            ("mycophenolate_mofetil", "3000", Schedule.DAILY, MET),
            ("mycophenolate_mofetil", "3250", Schedule.DAILY, NOT_MET),
            ("leflunomide", "20", Schedule.DAILY, MET),
            ("leflunomide", "30", Schedule.DAILY, NOT_MET),
        ],
    )
    def test_the_aplc_dose_caps(self, drug: str, mg: str, schedule: Schedule, answer: Answer) -> None:
        """HCQ≤400, MTX≤30/wk, AZA≤200, MMF≤3000, LEF≤20."""
        record = calm()
        others = tuple(row for row in record.episodes if row.drug != drug)
        taken = Episode(9, drug, before(ON, 200), D(mg), schedule=schedule)
        assert lldas(replace(record, episodes=(*others, taken)), ON).answer is answer

    def test_an_unknown_dose_and_an_unknown_drug_cannot_be_told(self) -> None:
        unknown = Episode(9, "azathioprine", before(ON, 200), None)
        assert lldas(with_episodes(calm(), unknown), ON).answer is CANNOT_TELL
        free = Episode(9, "", before(ON, 200), D(5), drug_text="tablets from home")
        assert lldas(with_episodes(calm(), free), ON).answer is CANNOT_TELL

    @pytest.mark.parametrize(("age", "answer"), [(30, MET), (31, CANNOT_TELL)])
    def test_a_visit_holds_for_30_days(self, age: int, answer: Answer) -> None:
        assert lldas(calm(), ON + timedelta(days=age)).answer is answer

    def test_without_a_visit(self) -> None:
        assert lldas(replace(calm(), visits=()), ON).missing[0].item == "visit"


class TestLldasForMonths:
    def record(self, *days: int, **changes: Any) -> Record:
        visits = tuple(visit(1000 - day, before(ON, day)) for day in days)
        return replace(calm(), visits=visits)

    def test_six_months_of_visits_twelve_weeks_apart(self) -> None:
        """2 June less six calendar months is 2 December, 182 days before."""
        assert lldas_for_months(self.record(0, 84, 168, 182, 240), ON, 6).answer is MET

    def test_one_day_short(self) -> None:
        verdict = lldas_for_months(self.record(0, 84, 168, 181), ON, 6)
        assert verdict.answer is CANNOT_TELL

    @pytest.mark.parametrize(("gap", "answer"), [(92, MET), (93, CANNOT_TELL)])
    def test_a_gap_of_more_than_three_months_is_unknown(self, gap: int, answer: Answer) -> None:
        assert lldas_for_months(self.record(0, 90, 90 + gap, 240), ON, 6).answer is answer

    def test_one_visit_out_of_it_ends_the_period(self) -> None:
        record = self.record(0, 84, 168, 182, 240)
        second = sorted(record.visits, key=lambda row: row.on)[-2]
        active = replace(second, sledai=items("arthritis", "rash"))
        others = tuple(row for row in record.visits if row is not second)
        assert lldas_for_months(replace(record, visits=(*others, active)), ON, 6).answer is NOT_MET

    def test_the_dose_of_each_visit_counts(self) -> None:
        record = with_steroid(
            self.record(0, 84, 168, 182, 240),
            Episode(1, "prednisolone", before(ON, 300), D(10), before(ON, 100)),
            Episode(2, "prednisolone", before(ON, 99), D(5)),
        )
        assert lldas_for_months(record, ON, 6).answer is NOT_MET


class TestDoris:
    """cSLEDAI 0, PGA <0.5, PSL ≤5 mg/day, stable drugs, serology ignored."""

    def record(self, mg: str = "5", **changes: Any) -> Record:
        return calm(mg, **{"physician_global": D("0.4"), **changes})

    def test_remission(self) -> None:
        assert doris(self.record(), ON).answer is MET

    @pytest.mark.parametrize(("mg", "answer"), [("5", MET), ("5.5", NOT_MET)])
    def test_5_mg_or_less_as_in_the_abstract(self, mg: str, answer: Answer) -> None:
        assert doris(self.record(mg), ON).answer is answer

    @pytest.mark.parametrize(("value", "answer"), [("0.4", MET), ("0.5", NOT_MET), (None, CANNOT_TELL)])
    def test_physicians_global_below_0_5(self, value: str | None, answer: Answer) -> None:
        given = None if value is None else D(value)
        assert doris(self.record(physician_global=given), ON).answer is answer

    def test_serology_is_ignored_and_a_clinical_point_is_not(self) -> None:
        assert doris(self.record(sledai=items("low_complement", "dna_binding")), ON).answer is MET
        assert doris(self.record(sledai=items("fever")), ON).answer is NOT_MET
        assert doris(self.record(sledai={**items(), "fever": None}), ON).answer is CANNOT_TELL
        assert doris(self.record(sledai={**items(), "low_complement": None}), ON).answer is MET

    @pytest.mark.parametrize(("days", "answer"), [(89, NOT_MET), (90, MET)])
    @pytest.mark.parametrize("drug", ["tacrolimus", "azathioprine"])
    def test_a_drug_started_in_the_last_90_days_is_not_stable(
        self, drug: str, days: int, answer: Answer
    ) -> None:
        record = with_episodes(self.record(), Episode(9, drug, before(ON, days), D(3)))
        assert doris(record, ON).answer is answer

    def test_a_lower_dose_is_stable(self) -> None:
        record = with_episodes(
            self.record(),
            Episode(8, "azathioprine", before(ON, 400), D(100), before(ON, 31)),
            Episode(9, "azathioprine", before(ON, 30), D(50)),
        )
        assert doris(record, ON).answer is MET

    def test_a_biologic_given_every_month_is_stable_and_its_first_dose_is_not(self) -> None:
        first = Administration(1, "belimumab", before(ON, 20), D(500))
        assert doris(with_administrations(self.record(), first), ON).answer is NOT_MET
        regular = [Administration(n, "belimumab", before(ON, 20 + 28 * n), D(500)) for n in range(8)]
        assert doris(with_administrations(self.record(), *regular), ON).answer is MET


def flare(record: Record) -> tuple[Answer, Answer]:
    found = flare_by_activity(record, latest(record))
    return found.mild_or_moderate.answer, found.severe.answer


class TestFlareByActivity:
    def test_none(self) -> None:
        assert flare(calm()) == (NOT_MET, NOT_MET)

    @pytest.mark.parametrize(
        ("before_codes", "codes", "expected"),
        [
            ((), ("alopecia",), (NOT_MET, NOT_MET)),
            ((), ("alopecia", "leukopenia"), (MET, NOT_MET)),
            ((), ("lupus_headache",), (MET, NOT_MET)),
            (EIGHT, TWELVE, (MET, NOT_MET)),
            (EIGHT, (*TWELVE, "leukopenia"), (NOT_MET, MET)),
            ((*TWELVE, "rash"), (*TWELVE, "rash"), (NOT_MET, NOT_MET)),
        ],
        ids=["+2", "+3", "+8", "8 to 12", "8 to 13", "14 stays 14"],
    )  # fmt: skip
    def test_a_rise_of_3_to_12_and_a_rise_above_12(
        self, before_codes: tuple[str, ...], codes: tuple[str, ...], expected: tuple[Answer, Answer]
    ) -> None:
        record = calm(sledai=items(*codes))
        first, second = record.visits_in_order
        record = replace(record, visits=(replace(first, sledai=items(*before_codes)), second))
        assert flare(record) == expected

    @pytest.mark.parametrize(
        "code", ["rash", "mucosal_ulcers", "arthritis", "fever", "pleurisy", "pericarditis"]
    )
    def test_each_new_feature_of_the_mild_list(self, code: str) -> None:
        assert flare(calm(sledai=items(code))) == (MET, NOT_MET)

    @pytest.mark.parametrize(
        "code",
        ["seizure", "psychosis", "organic_brain_syndrome", "visual", "cranial_nerve",
         "cerebrovascular_accident", "vasculitis", "casts", "haematuria", "proteinuria", "myositis"],
    )  # fmt: skip
    def test_each_new_feature_of_the_severe_list(self, code: str) -> None:
        assert flare(calm(sledai=items(code))) == (NOT_MET, MET)

    def test_a_grave_finding_that_sledai_lacks(self) -> None:
        found = {**visit(0, ON).organ_findings, "alveolar_haemorrhage": True}
        assert flare(calm(organ_findings=found)) == (NOT_MET, MET)

    @pytest.mark.parametrize(
        ("grade", "attribution", "expected"),
        [
            (2, Attribution.YES, MET),
            (1, Attribution.YES, NOT_MET),
            (2, Attribution.NO, NOT_MET),
            (2, Attribution.UNCERTAIN, CANNOT_TELL),
        ],
    )
    def test_a_worse_grade_counts_when_it_is_due_to_sle(
        self, grade: int, attribution: Attribution, expected: Answer
    ) -> None:
        record = calm(
            sledai=items("rash"), symptoms={**visit(0, ON).symptoms, "rash": Symptom(grade, attribution)}
        )
        first, second = record.visits_in_order
        first = replace(
            first, sledai=items("rash"), symptoms={**first.symptoms, "rash": Symptom(1, Attribution.YES)}
        )
        assert flare(replace(record, visits=(first, second)))[0] is expected

    @pytest.mark.parametrize(
        ("first", "now", "expected"),
        [
            ("0.5", "1.4", (NOT_MET, NOT_MET)),
            ("0.5", "1.5", (MET, NOT_MET)),
            ("1.5", "2.5", (MET, NOT_MET)),
            ("1.5", "2.6", (NOT_MET, MET)),
            ("2.6", "2.7", (NOT_MET, NOT_MET)),
        ],
    )
    def test_physicians_global(self, first: str, now: str, expected: tuple[Answer, Answer]) -> None:
        """A rise of 1.0 or more, not above 2.5; above 2.5 is severe."""
        record = calm(physician_global=D(now))
        one, two = record.visits_in_order
        assert flare(replace(record, visits=(replace(one, physician_global=D(first)), two))) == expected

    @pytest.mark.parametrize(("value", "severe"), [("60", NOT_MET), ("59", MET)])
    def test_platelets_below_60(self, value: str, severe: Answer) -> None:
        record = with_laboratory(calm(), "platelets", (before(ON, 40), "180"), (ON, value))
        assert flare(record)[1] is severe

    def test_platelets_that_were_low_before_are_no_new_flare(self) -> None:
        record = with_laboratory(calm(), "platelets", (before(ON, 40), "50"), (ON, "48"))
        assert flare(record)[1] is NOT_MET

    @pytest.mark.parametrize(
        ("first", "now", "severe"),
        [
            ("12", "9", NOT_MET),
            ("12", "8.9", MET),
            ("9", "7.0", NOT_MET),
            ("9", "6.9", MET),
            (None, "6.9", MET),
        ],
    )
    def test_haemoglobin_below_7_or_a_fall_by_more_than_3(
        self, first: str | None, now: str, severe: Answer
    ) -> None:
        rows = [] if first is None else [(before(ON, 40), first)]
        record = with_laboratory(calm(), "platelets", (before(ON, 40), "180"), (ON, "180"))
        assert flare(with_laboratory(record, "haemoglobin", *rows, (ON, now)))[1] is severe

    def test_without_a_blood_count_since_the_visit_before(self) -> None:
        record = with_laboratory(calm(), "platelets", (before(ON, 40), "180"))
        verdict = flare_by_activity(record, latest(record)).severe
        assert verdict.answer is CANNOT_TELL
        assert [item.item for item in verdict.missing] == ["blood_count"]

    def test_windows_are_never_mixed(self) -> None:
        record = calm(sledai_window_days=10)
        verdict = flare_by_activity(record, latest(record)).mild_or_moderate
        assert verdict.answer is CANNOT_TELL
        assert [item.item for item in verdict.missing] == ["sledai_window"]

    def test_a_flare_is_not_hidden_by_a_second_visit_of_the_same_week(self) -> None:
        record = calm(sledai=items("arthritis"))
        again = visit(3, ON + timedelta(days=5), sledai=items("arthritis"))
        found = flare_by_activity(replace(record, visits=(*record.visits, again)), again)
        assert found.mild_or_moderate.answer is MET

    @pytest.mark.parametrize(
        ("days", "answer"), [(13, CANNOT_TELL), (14, NOT_MET), (180, NOT_MET), (181, CANNOT_TELL)]
    )
    def test_the_visit_to_compare_with_is_14_to_180_days_before(self, days: int, answer: Answer) -> None:
        record = replace(calm(), visits=(visit(1, before(ON, days)), visit(2, ON)))
        record = with_laboratory(record, "platelets", (before(ON, 200), "180"), (ON, "180"))
        record = with_laboratory(record, "haemoglobin", (before(ON, 200), "12"), (ON, "12"))
        assert flare(record) == (answer, answer)


class TestSledai2kFlare:
    @pytest.mark.parametrize(
        ("codes", "answer"), [(("alopecia", "leukopenia"), NOT_MET), (("arthritis",), MET)], ids=["+3", "+4"]
    )
    def test_a_rise_of_more_than_3(self, codes: tuple[str, ...], answer: Answer) -> None:
        record = calm(sledai=items(*codes))
        assert sledai_2k_flare(record, latest(record)).answer is answer

    def test_open_items_leave_it_open(self) -> None:
        record = calm(sledai={**items(), "arthritis": None})
        assert sledai_2k_flare(record, latest(record)).answer is CANNOT_TELL


class TestFlareByTreatment:
    def raised(self, mg: str, **changes: Any) -> Record:
        """From 5 mg to another dose ten days ago; the weight is 54 kg."""
        return with_steroid(
            calm(),
            Episode(1, "prednisolone", before(ON, 300), D(5), before(ON, 11)),
            Episode(2, "prednisolone", before(ON, 10), D(mg), **changes),
        )

    def treated(self, record: Record) -> tuple[Answer, Answer]:
        found = flare_by_treatment(record, latest(record), ON)
        return found.mild_or_moderate.answer, found.severe.answer

    def test_nothing_given(self) -> None:
        assert self.treated(calm()) == (NOT_MET, NOT_MET)

    @pytest.mark.parametrize(
        ("mg", "expected"), [("27", (MET, NOT_MET)), ("27.5", (NOT_MET, MET)), ("4", (NOT_MET, NOT_MET))]
    )
    def test_more_prednisolone_up_to_half_a_milligram_a_kilogram(
        self, mg: str, expected: tuple[Answer, Answer]
    ) -> None:
        assert self.treated(self.raised(mg)) == expected

    def test_without_a_weight_nobody_can_say_how_severe(self) -> None:
        assert self.treated(with_visit(self.raised("20"), weight_kg=None)) == (CANNOT_TELL, CANNOT_TELL)

    def test_more_for_another_disease_is_no_flare(self) -> None:
        assert self.treated(self.raised("20", purpose=Purpose.OTHER)) == (NOT_MET, NOT_MET)

    def test_a_pulse_is_severe(self) -> None:
        pulse = Administration(1, "methylprednisolone", before(ON, 3), D(500))
        assert self.treated(with_administrations(calm(), pulse))[1] is MET

    @pytest.mark.parametrize(
        "drug", ["cyclophosphamide", "azathioprine", "methotrexate", "mycophenolate_mofetil"]
    )
    def test_a_new_immunosuppressant_is_severe(self, drug: str) -> None:
        record = with_episodes(calm(), Episode(9, drug, before(ON, 5), D(50)))
        assert self.treated(record) == (NOT_MET, MET)

    def test_tacrolimus_by_protocol_is_not_itself_a_flare(self) -> None:
        record = with_episodes(calm(), Episode(9, "tacrolimus", before(ON, 5), D(3)))
        assert self.treated(record) == (NOT_MET, NOT_MET)

    def test_an_added_painkiller_is_mild(self) -> None:
        record = with_episodes(calm(), Episode(9, "loxoprofen", before(ON, 5), D(60)))
        assert self.treated(record) == (MET, NOT_MET)

    def test_it_says_nothing_about_activity(self) -> None:
        record = self.raised("40")
        found = flare_by_activity(
            with_laboratory(record, "haemoglobin", (before(ON, 40), "12"), (ON, "12")), latest(record)
        )
        assert found.severe.answer is NOT_MET

    def test_why_she_was_in_hospital_is_not_recorded(self) -> None:
        stay = {**visit(0, ON).observations, "hospital_stay": True}
        assert self.treated(calm(observations=stay))[1] is CANNOT_TELL

    def test_a_day_without_a_known_dose(self) -> None:
        record = with_steroid(calm(), Episode(1, "prednisolone", before(ON, 300), D(5), before(ON, 11)))
        assert self.treated(record) == (CANNOT_TELL, CANNOT_TELL)

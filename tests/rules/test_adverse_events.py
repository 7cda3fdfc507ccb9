"""Adverse events: what was true at the time, grades that the laboratory proposes, what waits for a doctor.

Clinical specification 1.3 (the study's two events), 4.6 and 4.7.
"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from dosing.rules.adverse_events import (
    GRADES,
    TERMS,
    Circumstances,
    Known,
    circumstances,
    proposals,
    raised,
    term_name,
)
from dosing.rules.case import Case, case_of
from dosing.rules.findings import Severity
from dosing.rules.treatment import NO_TREATMENT, AdverseEvent, Level, Treatment
from patients.messages import sentence
from patients.rules.dates import PartialDate
from patients.rules.record import Administration, Episode, Record
from patients.rules.verdict import FactReference
from tests.rules.records import (
    ON,
    before,
    eligible_record,
    with_administrations,
    with_episodes,
    with_laboratory,
)

START = before(ON, 7)
ONSET = PartialDate.on(ON)


def study_patient() -> Record:
    """Patient 1 of the study: seven days on 3 mg, with a statin."""
    return with_episodes(
        eligible_record(),
        Episode(70, "tacrolimus", START, Decimal(3)),
        Episode(71, "rosuvastatin", before(ON, 400), Decimal("2.5")),
    )


def level(id: int, on: date, ng_ml: str = "6.7", **changes: Any) -> Level:
    row = Level(id, on, Decimal(ng_ml), hours_after_dose=Decimal("12.25"), laboratory="Central", assay="CLIA")
    return replace(row, **changes)


def at(onset: PartialDate, *levels: Level, record: Record | None = None, today: date = ON) -> Circumstances:
    return circumstances(record or study_patient(), Treatment(levels=levels), onset, today)


def words(known: Known) -> tuple[str, str, date | None]:
    return sentence(known.fact.label), str(known.fact.value), known.fact.on


class TestCircumstances:
    def test_the_first_patient_of_the_study(self) -> None:
        """1.3: "rhabdomyolysis day 7, statin co-medication, TAC level 6.7 ng/mL"."""
        found = at(ONSET, level(1, ON))
        assert found.day_of_tacrolimus == 7
        assert [words(row) for row in found.levels] == [("Tacrolimus level", "6.7", ON)]
        assert [words(row) for row in found.drugs] == [
            ("Tacrolimus", "3", START),
            ("Prednisolone", "10", before(ON, 300)),
            ("Hydroxychloroquine", "200", before(ON, 900)),
            ("Rosuvastatin", "2.5", before(ON, 400)),
        ]

    def test_a_level_says_its_timing_and_its_laboratory(self) -> None:
        (row,) = at(ONSET, level(1, ON)).levels
        assert [sentence(note) for note in row.notes] == [
            "Morning level, 12.2 h after the dose",
            "Central, CLIA",
        ]
        assert row.fact.fact == FactReference("level", 1)

    def test_a_level_whose_dose_time_nobody_knows_says_so(self) -> None:
        (row,) = at(ONSET, level(1, ON, hours_after_dose=None, laboratory="", assay="")).levels
        assert [sentence(note) for note in row.notes] == ["Time of the last dose unknown"]

    def test_the_last_level_before_and_the_first_of_the_week_after(self) -> None:
        onset = PartialDate.on(before(ON, 20))
        days = {1: 30, 2: 21, 3: 14, 4: 13}
        rows = [level(id, before(ON, days_ago)) for id, days_ago in days.items()]
        found = at(onset, *rows)
        assert [row.fact.fact.id for row in found.levels if row.fact.fact] == [2, 3]

    def test_a_level_of_the_eighth_day_after_is_not_of_the_time(self) -> None:
        assert at(PartialDate.on(before(ON, 8)), level(1, ON)).levels == ()

    def test_drugs_of_another_time_are_not_of_the_time(self) -> None:
        record = with_episodes(
            study_patient(),
            Episode(80, "losartan", before(ON, 100), Decimal(25), last_day=before(ON, 1)),
            Episode(81, "allopurinol", ON + timedelta(days=1), Decimal(100)),
            Episode(82, "mizoribine", before(ON, 50), Decimal(0)),
        )
        names = {words(row)[0] for row in at(ONSET, record=record).drugs}
        assert names.isdisjoint({"Losartan", "Allopurinol", "Mizoribine"})

    def test_a_drug_in_free_text_and_one_of_unknown_dose_are_there(self) -> None:
        record = with_episodes(study_patient(), Episode(80, "", before(ON, 9), None, drug_text="herbal tea"))
        assert ("Herbal tea", "None", before(ON, 9)) in [words(row) for row in at(ONSET, record=record).drugs]

    def test_what_was_given_in_the_last_four_weeks_may_still_act(self) -> None:
        given = [
            Administration(90 + days, "methylprednisolone", before(ON, days), Decimal(500))
            for days in (27, 28)
        ]
        found = at(ONSET, record=with_administrations(study_patient(), *given)).drugs
        assert words(found[-1]) == ("Methylprednisolone", "500", before(ON, 27))
        assert [words(row)[2] for row in found].count(before(ON, 28)) == 0

    def test_after_a_stop_it_says_until_when(self) -> None:
        stopped = with_episodes(
            eligible_record(), Episode(70, "tacrolimus", START, Decimal(3), last_day=before(ON, 2))
        )
        found = at(ONSET, record=stopped)
        assert (found.day_of_tacrolimus, found.last_dose_on) == (None, before(ON, 2))

    def test_without_tacrolimus_and_levels(self) -> None:
        found = at(ONSET, record=eligible_record())
        assert (found.day_of_tacrolimus, found.last_dose_on, found.levels) == (None, None, ())

    def test_an_onset_known_by_its_month_counts_as_its_last_day_up_to_today(self) -> None:
        assert at(PartialDate.parse("2025-05")).on == date(2025, 5, 31)
        assert at(PartialDate.parse("2025-06")).on == ON == date(2025, 6, 2)

    def test_when_the_drug_list_was_last_said_to_be_complete(self) -> None:
        assert at(ONSET).drug_list_on == ON
        assert at(PartialDate.on(before(ON, 1))).drug_list_on is None

    def test_stored_and_read_again_it_is_the_same(self) -> None:
        given = Administration(90, "methylprednisolone", before(ON, 3), Decimal(500))
        record = with_administrations(study_patient(), given)
        for found in (at(ONSET, level(1, ON), record=record), at(ONSET, record=eligible_record())):
            assert Circumstances.from_json(found.to_json()) == found

    def test_the_order_of_the_facts_does_not_matter(self) -> None:
        rows = (level(1, before(ON, 3)), level(2, before(ON, 2)), level(3, ON))
        record = study_patient()
        turned = replace(record, episodes=record.episodes[::-1])
        found = {
            str(at(ONSET, *order, record=one).to_json())
            for order in permutations(rows)
            for one in (record, turned)
        }
        assert len(found) == 1


def proposed(record: Record, onset: PartialDate | None = None) -> list[str]:
    return [sentence(row.sentence) for row in proposals(case_of(record, NO_TREATMENT, ON), onset)]


def without_results() -> Record:
    return replace(study_patient(), laboratory=())


def with_ck(*values: tuple[date, str], **changes: Any) -> Record:
    return with_laboratory(without_results(), "ck", *values, **changes)


class TestProposals:
    def test_a_ck_with_its_grade(self) -> None:
        """Brief: "CK 1 240 U/l on … is grade 3"; 1240 is 8.1 times 153."""
        assert proposed(with_ck((ON, "1240"))) == ["CK 1240 U/l on 2 Jun 2025 is grade 3 (CPK increased)"]

    def test_what_is_normal_proposes_nothing(self) -> None:
        assert proposed(with_ck((ON, "153"))) == []

    def test_the_worst_of_the_time_is_told(self) -> None:
        rows = ((before(ON, 2), "3000"), (before(ON, 1), "900"))
        assert proposed(with_ck(*rows)) == ["CK 3000 U/l on 31 May 2025 is grade 4 (CPK increased)"]

    @pytest.mark.parametrize(("days_before", "count"), [(28, 1), (29, 0)])
    def test_without_an_onset_the_last_four_weeks_count(self, days_before: int, count: int) -> None:
        assert len(proposed(with_ck((before(ON, days_before), "1240")))) == count

    @pytest.mark.parametrize(("day", "count"), [(104, 0), (103, 1), (100, 1), (72, 1), (71, 0)])
    def test_with_an_onset_three_days_before_to_four_weeks_after(self, day: int, count: int) -> None:
        onset = PartialDate.on(before(ON, 100))
        assert len(proposed(with_ck((before(ON, day), "1240")), onset)) == count

    def test_more_than_what_can_be_measured_is_at_least(self) -> None:
        assert proposed(with_ck((ON, "800"), comparator=">")) == [
            "CK >800 U/l on 2 Jun 2025 is grade 3 or more (CPK increased)"
        ]

    def test_less_than_a_limit_says_nothing_of_a_grade(self) -> None:
        assert proposed(with_ck((ON, "800"), comparator="<")) == []

    def test_without_an_upper_limit_it_cannot_be_graded(self) -> None:
        assert proposed(with_ck((ON, "1240"), upper_limit=None)) == [
            "CK 1240 U/l on 2 Jun 2025 cannot be graded: its upper limit is not recorded"
        ]

    def test_a_normal_result_beside_one_without_a_limit_does_not_hide_it(self) -> None:
        record = with_ck((before(ON, 1), "1240"), upper_limit=None)
        normal = replace(next(row for row in with_ck((ON, "90")).laboratory if row.analyte == "ck"), id=4000)
        found = proposed(replace(record, laboratory=(*record.laboratory, normal)))
        assert [said.split(":")[0] for said in found] == ["CK 1240 U/l on 1 Jun 2025 cannot be graded"]

    def test_creatinine_by_its_limit_and_the_value_before_tacrolimus(self) -> None:
        """4.6: G2 above 1.5 times the baseline, here 0.60."""
        rows = ((before(ON, 10), "0.60"), (ON, "0.95"))
        record = with_laboratory(without_results(), "creatinine", *rows, upper_limit=Decimal("1.04"))
        assert proposed(record) == ["Creatinine 0.95 mg/dl on 2 Jun 2025 is grade 2 (creatinine increased)"]

    def test_creatinine_without_a_value_before_tacrolimus(self) -> None:
        raised_one = with_laboratory(
            without_results(), "creatinine", (ON, "1.2"), upper_limit=Decimal("1.04")
        )
        normal = with_laboratory(without_results(), "creatinine", (ON, "0.9"), upper_limit=Decimal("1.04"))
        assert proposed(raised_one) == [
            "Creatinine 1.2 mg/dl on 2 Jun 2025 is grade 1 or more (creatinine increased)"
        ]
        assert proposed(normal) == [
            "Creatinine 0.9 mg/dl on 2 Jun 2025 cannot be graded: no value from before tacrolimus"
        ]

    def test_potassium_and_qtc(self) -> None:
        record = with_laboratory(without_results(), "potassium", (ON, "6.1"))
        record = with_laboratory(record, "qtc", (before(ON, 30), "430"), (ON, "495"))
        assert proposed(record) == [
            "Potassium 6.1 mmol/l on 2 Jun 2025 is grade 3 (hyperkalaemia)",
            "QTc (ECG) 495 ms on 2 Jun 2025 is grade 3 (QTc prolonged)",
        ]

    def test_what_is_not_confirmed_by_a_source_says_so(self) -> None:
        record = with_laboratory(with_ck((ON, "1240")), "qtc", (ON, "495"))
        found = proposals(case_of(record, NO_TREATMENT, ON), None)
        assert [row.source.published for row in found] == [True, False]


def event(id: int = 1, **changes: Any) -> AdverseEvent:
    return replace(AdverseEvent(id, ONSET, "tremor", grade=1, serious=False), **changes)


def watched(*events: AdverseEvent, record: Record | None = None, on: date = ON) -> dict[str, Severity]:
    case: Case = case_of(record or study_patient(), Treatment(adverse_events=events), on)
    return {row.subject: row.severity for row in raised(case)}


class TestWatch:
    @pytest.mark.parametrize(
        ("grade", "serious", "severity"),
        [
            (1, False, Severity.THIS_VISIT),
            (2, False, Severity.THIS_VISIT),
            (3, False, Severity.ACT_NOW),
            (4, None, Severity.ACT_NOW),
            (5, True, Severity.ACT_NOW),
            (1, True, Severity.ACT_NOW),
            (None, True, Severity.ACT_NOW),
            (None, None, Severity.THIS_VISIT),
        ],
    )
    def test_serious_or_grade_3_is_act_now(
        self, grade: int | None, serious: bool | None, severity: Severity
    ) -> None:
        assert watched(event(grade=grade, serious=serious)) == {"1": severity}

    def test_what_a_doctor_confirmed_is_no_alert(self) -> None:
        assert watched(event(grade=4, serious=True, is_confirmed=True)) == {}

    def test_each_event_is_a_matter_of_its_own(self) -> None:
        assert set(watched(event(1), event(2), event(3, is_confirmed=True))) == {"1", "2"}

    def test_it_does_not_matter_whether_tacrolimus_is_taken(self) -> None:
        assert watched(event(), record=eligible_record()) == {"1": Severity.THIS_VISIT}

    def test_an_event_of_later_is_not_known_yet(self) -> None:
        assert watched(event(), on=before(ON, 1)) == {}

    def test_the_sentence_says_what_since_when_how_severe(self) -> None:
        facts = event(
            term="", term_text="sudden deafness", onset=PartialDate.parse("2025-05"), grade=None, serious=None
        )
        case = case_of(study_patient(), Treatment(adverse_events=(facts,)), ON)
        (one,) = raised(case)
        assert sentence(one.verdict.sentence) == (
            "Sudden deafness since 2025-05, not graded, serious or not was not said: reported, not yet "
            "confirmed by a doctor"
        )
        assert one.verdict.evidence[0].fact == FactReference("adverse_event", 1)

    def test_a_whole_day_is_written_as_such(self) -> None:
        case = case_of(study_patient(), Treatment(adverse_events=(event(grade=3, serious=True),)), ON)
        (one,) = raised(case)
        assert sentence(one.verdict.sentence).startswith(
            "Tremor since 2 Jun 2025, grade 3, serious: reported"
        )


def test_the_terms_of_the_study_and_of_the_laboratory_are_in_the_list() -> None:
    assert {"rhabdomyolysis", "muscle_cramps", "tremor", "creatinine_increased", "hyperkalaemia"} <= set(
        TERMS
    )
    assert len(set(TERMS.values())) == len(TERMS)
    assert list(GRADES) == [1, 2, 3, 4, 5]


def test_a_term_is_named_by_the_list_or_by_what_was_written() -> None:
    assert sentence(term_name("muscle_cramps")) == "Muscle cramps"
    assert sentence(term_name("", "odd smell")) == "Odd smell"

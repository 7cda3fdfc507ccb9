"""Cautions beside the criteria: they warn and change no answer. Clinical specification 2.2 and 2.5."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from dosing.rules.criteria import assess
from dosing.rules.thresholds import STUDY
from patients.rules.answers import Answer
from patients.rules.record import Attribution, Episode, Record, Symptom
from tests.rules import records as r

CLEAR = r.eligible_record()


def texts(record: Record) -> list[str]:
    found = assess(record, r.ON, STUDY)
    return [item.text % dict(item.values) for item in found.cautions]


def said(record: Record, words: str) -> bool:
    return any(words in text for text in texts(record))


def on_drug(drug: str, days: int, last: int | None = None, **changes: Any) -> Record:
    last_day = None if last is None else r.before(r.ON, last)
    return r.with_episodes(
        CLEAR, Episode(70, drug, r.before(r.ON, days), Decimal(100), last_day=last_day, **changes)
    )


def test_the_eligible_patient_has_none() -> None:
    assert texts(CLEAR) == []


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (on_drug("azathioprine", 400, 30), "azathioprine was started, changed or stopped"),
        (r.with_visit(CLEAR, adherence_percent=None), "adherence was not asked"),
        (r.with_visit(CLEAR, adherence_percent=79), "only 79 %"),
        (r.with_visit(CLEAR, adherence_percent=0), "only 0 %"),
        (r.with_sledai(CLEAR, lupus_headache=True), "lupus headache"),
        (r.with_symptom(CLEAR, "rash", Symptom(3, Attribution.YES)), "severe rash"),
        (on_drug("leflunomide", 400), "leflunomide is taken: not in the study"),
        (on_drug("belimumab", 400), "belimumab is taken: not in the study"),
        (on_drug("anifrolumab", 400), "anifrolumab is taken: not in the study"),
    ],
)
def test_a_caution_is_told_and_changes_no_answer(record: Record, words: str) -> None:
    assert said(record, words)
    assert assess(record, r.ON, STUDY).answer is Answer.MET


@pytest.mark.parametrize(
    "record",
    [
        r.with_visit(CLEAR, adherence_percent=80),
        r.with_symptom(CLEAR, "rash", Symptom(2, Attribution.YES)),
        r.with_sledai(CLEAR, lupus_headache=None),
        on_drug("azathioprine", 400, 90),  # stopped before the window
        on_drug("leflunomide", 400, 200),
    ],
)
def test_on_the_other_side_of_each_line_nothing_is_said(record: Record) -> None:
    assert texts(record) == []


class TestHydroxychloroquine:
    WITHOUT = replace(
        CLEAR, episodes=tuple(row for row in CLEAR.episodes if row.drug != "hydroxychloroquine")
    )

    def test_none_and_no_reason(self) -> None:
        assert said(self.WITHOUT, "no hydroxychloroquine and no reason")

    @pytest.mark.parametrize(("answer", "cautioned"), [(True, False), (False, True), (None, True)])
    def test_a_recorded_reason(self, answer: bool | None, cautioned: bool) -> None:
        record = r.with_statement(self.WITHOUT, "hydroxychloroquine_not_suitable", answer)
        assert said(record, "no hydroxychloroquine") is cautioned

    def test_a_dose_of_0_mg_is_none(self) -> None:
        stated = Episode(2, "hydroxychloroquine", r.before(r.ON, 900), Decimal(0))
        assert said(r.with_episodes(self.WITHOUT, stated), "no hydroxychloroquine")


@pytest.mark.parametrize(
    ("items", "cautioned"),
    [
        # 4 + 4 + 2 + 2 = 12 and 13; none of them is major organ disease by itself
        (("arthritis", "proteinuria", "rash", "alopecia"), False),
        (("arthritis", "proteinuria", "rash", "alopecia", "leukopenia"), True),
    ],
)
def test_sledai_above_12(items: tuple[str, ...], cautioned: bool) -> None:
    record = r.with_sledai(CLEAR, **dict.fromkeys(items, True))
    assert said(record, "efficacy in severe disease is considered limited") is cautioned


def test_sledai_that_only_may_be_above_12_is_not_cautioned() -> None:
    record = r.with_sledai(CLEAR, arthritis=True, proteinuria=True, rash=True, alopecia=True, fever=None)
    assert not said(record, "efficacy in severe disease")


@pytest.mark.parametrize(
    # 194·Cr^-1.094·40^-0.287·0.739: 45.3 at 1.09 mg/dl and 44.8 at 1.10; CKD-EPI 2021 reads 66 and 65.
    ("creatinine", "cautioned"),
    [("1.09", False), ("1.10", True)],
)
def test_the_japanese_equation_below_45_asks_for_nephrology(creatinine: str, cautioned: bool) -> None:
    record = r.with_laboratory(CLEAR, "creatinine", (r.before(r.ON, 3), creatinine))
    assert said(record, "ask nephrology") is cautioned
    assert assess(record, r.ON, STUDY).answer is Answer.MET

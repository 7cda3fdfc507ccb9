"""C7: no major organ disease. Clinical specification 2.5."""

from dataclasses import replace
from decimal import Decimal

import pytest

from dosing.rules.organ_disease import no_major_organ_disease
from dosing.rules.thresholds import STUDY, Thresholds, override
from patients.rules.answers import Answer
from patients.rules.dates import PartialDate
from patients.rules.record import Record
from patients.rules.verdict import Verdict
from tests.rules import records as r

MET, NOT_MET, CANNOT_TELL = Answer.MET, Answer.NOT_MET, Answer.CANNOT_TELL
CLEAR = r.eligible_record()
RECENT = r.before(r.ON, 3)
SLEDAI = (
    "seizure", "psychosis", "organic_brain_syndrome", "visual", "cranial_nerve", "cerebrovascular_accident",
    "vasculitis", "myositis", "casts", "haematuria", "pyuria", "pleurisy", "pericarditis",
)  # fmt: skip
ORGANS = (
    "myocarditis", "interstitial_lung_disease", "pulmonary_hypertension", "alveolar_haemorrhage",
    "haemolytic_anaemia", "gut_vasculitis_or_pancreatitis", "thrombotic_microangiopathy",
)  # fmt: skip


def judged(record: Record, thresholds: Thresholds = STUDY) -> Verdict:
    return no_major_organ_disease(record, r.ON, thresholds)


def items(verdict: Verdict) -> list[str]:
    return [missing.item for missing in verdict.missing]


def organs(record: Record, **answers: bool | None) -> Record:
    last = max(record.visits, key=lambda row: row.on)
    return r.with_visit(record, organ_findings={**last.organ_findings, **answers})


def result(analyte: str, value: str, comparator: str = "") -> Verdict:
    """The verdict when the analyte has only this result."""
    return judged(r.with_laboratory(CLEAR, analyte, (RECENT, value), comparator=comparator))


def test_everything_answered_no_is_met() -> None:
    verdict = judged(CLEAR)
    assert (verdict.answer, verdict.missing) == (MET, ())
    assert len(verdict.parts) == len(SLEDAI) + len(ORGANS) + 4  # and the four laboratory entries


@pytest.mark.parametrize("code", SLEDAI)
def test_a_sledai_entry_decides(code: str) -> None:
    assert judged(r.with_sledai(CLEAR, **{code: True})).answer is NOT_MET
    verdict = judged(r.with_sledai(CLEAR, **{code: None}))
    assert (verdict.answer, items(verdict)) == (CANNOT_TELL, [f"sledai_{code}"])


@pytest.mark.parametrize("code", ORGANS)
def test_an_organ_finding_decides(code: str) -> None:
    assert judged(organs(CLEAR, **{code: True})).answer is NOT_MET
    verdict = judged(organs(CLEAR, **{code: None}))
    assert (verdict.answer, items(verdict)) == (CANNOT_TELL, [f"organ_{code}"])


@pytest.mark.parametrize("code", ["lupus_headache", "arthritis", "rash", "low_complement", "leukopenia"])
def test_other_sledai_items_do_not_matter(code: str) -> None:
    assert judged(r.with_sledai(CLEAR, **{code: True})).answer is MET
    assert judged(r.with_sledai(CLEAR, **{code: None})).answer is MET


def test_what_was_never_asked_is_open() -> None:
    verdict = judged(r.with_visit(CLEAR, sledai={}, organ_findings={}))
    assert set(items(verdict)) == {f"sledai_{code}" for code in SLEDAI} | {f"organ_{code}" for code in ORGANS}
    assert verdict.sentence.values["count"] == len(SLEDAI) + len(ORGANS)


def test_an_active_entry_leaves_nothing_missing() -> None:
    verdict = judged(r.with_laboratory(r.with_sledai(CLEAR, seizure=True, casts=None), "upcr"))
    assert (verdict.answer, verdict.missing) == (NOT_MET, ())


@pytest.mark.parametrize(("age", "missing"), [(30, []), (31, ["visit"])])
def test_the_visit_is_at_most_30_days_old(age: int, missing: list[str]) -> None:
    record = replace(CLEAR, visits=(r.visit(1, r.before(r.ON, age)),))
    assert items(judged(record)) == missing


@pytest.mark.parametrize(
    ("analyte", "value", "item"),
    [
        ("upcr", "0.2", "upcr"),
        ("urine_rbc", "1", "urinalysis"),
        ("urine_wbc", "1", "urinalysis"),
        ("platelets", "210", "blood_count"),
        ("creatinine", "0.60", "creatinine"),
    ],
)
def test_each_result_is_at_most_30_days_old(analyte: str, value: str, item: str) -> None:
    for age, missing in ((30, []), (31, [item])):
        record = r.with_laboratory(CLEAR, analyte, (r.before(r.ON, age), value))
        assert items(judged(record)) == missing
    old = judged(r.with_laboratory(CLEAR, analyte, (r.before(r.ON, 41), value)))
    assert (old.sentence.values["age"], old.sentence.values["limit"]) == (41, 30)
    never = judged(r.with_laboratory(CLEAR, analyte))
    assert items(never) == [item]
    assert "never" in never.sentence.text


@pytest.mark.parametrize(
    ("value", "comparator", "answer"),
    [
        ("0.5", "", MET),  # 50/100: not above 0.5
        ("0.51", "", NOT_MET),
        ("0.5", "<", MET),
        ("0.51", "<", CANNOT_TELL),
        ("0.5", ">", NOT_MET),
        ("0.49", ">", CANNOT_TELL),
    ],
)
def test_urine_protein(value: str, comparator: str, answer: Answer) -> None:
    verdict = result("upcr", value, comparator)
    assert verdict.answer is answer
    assert items(verdict) == (["upcr"] if answer is CANNOT_TELL else [])


@pytest.mark.parametrize(
    ("value", "comparator", "answer"),
    [
        ("60", "", MET),
        ("59", "", NOT_MET),
        ("60", "<", NOT_MET),
        ("61", "<", CANNOT_TELL),
        ("60", ">", MET),
        ("59", ">", CANNOT_TELL),
    ],
)
def test_platelets(value: str, comparator: str, answer: Answer) -> None:
    verdict = result("platelets", value, comparator)
    assert verdict.answer is answer
    assert items(verdict) == (["blood_count"] if answer is CANNOT_TELL else [])


# CKD-EPI 2021 of a woman of 40: 142·(Cr/0.7)^-1.2·0.9938^40·1.012 = 45.26 at 1.49 mg/dl and 44.90 at 1.50.
@pytest.mark.parametrize(
    ("value", "comparator", "answer"),
    [
        ("1.49", "", MET),
        ("1.50", "", NOT_MET),
        ("1.49", "<", MET),
        ("1.50", "<", CANNOT_TELL),
        ("1.50", ">", NOT_MET),
        ("1.49", ">", CANNOT_TELL),
    ],
)
def test_the_egfr_line_is_45_by_ckd_epi_2021(value: str, comparator: str, answer: Answer) -> None:
    verdict = result("creatinine", value, comparator)
    assert verdict.answer is answer
    assert items(verdict) == (["creatinine"] if answer is CANNOT_TELL else [])


def test_the_egfr_names_its_equation() -> None:
    (kidney,) = [part for part in judged(CLEAR).parts if "eGFR" in part.sentence.text]
    assert "CKD-EPI 2021" in str(kidney.sentence.values["equation"])


@pytest.mark.parametrize(
    ("earlier", "now", "answer"),
    [
        ((), "0.90", MET),  # nothing to compare with: only the eGFR is judged
        ((("200", "0.60"),), "0.77", MET),
        ((("200", "0.60"),), "0.78", NOT_MET),  # exactly 30 %
        ((("366", "0.60"),), "0.78", MET),  # more than a year before
        ((("365", "0.60"),), "0.78", NOT_MET),
        ((("90", "0.60"), ("60", "0.80"), ("30", "0.70")), "0.90", MET),  # the median, 0.70
        ((("90", "0.60"), ("60", "0.80"), ("30", "0.70")), "0.91", NOT_MET),
        ((("120", "0.40"), ("90", "0.80"), ("60", "0.80"), ("30", "0.80")), "0.90", MET),  # the last three
    ],
)
def test_creatinine_rise(earlier: tuple[tuple[str, str], ...], now: str, answer: Answer) -> None:
    values = [(r.before(RECENT, int(days)), value) for days, value in earlier]
    assert judged(r.with_laboratory(CLEAR, "creatinine", *values, (RECENT, now))).answer is answer


def test_a_creatinine_below_the_range_has_not_surely_risen() -> None:
    record = r.with_laboratory(CLEAR, "creatinine", (r.before(RECENT, 60), "0.60"))
    low = r.laboratory(900, "creatinine", RECENT, "0.80", comparator="<")
    verdict = judged(replace(record, laboratory=(*record.laboratory, low)))
    assert (verdict.answer, items(verdict)) == (CANNOT_TELL, ["creatinine"])


def test_a_child_has_no_egfr_by_this_equation() -> None:
    verdict = judged(r.with_person(CLEAR, birth=PartialDate.parse("2010")))
    assert (verdict.answer, items(verdict)) == (CANNOT_TELL, ["egfr"])


def test_an_unknown_age_near_the_line_is_told() -> None:
    """40 or 50 years: at 1.45 mg/dl 46.8 or 43.9 by CKD-EPI 2021."""
    birth = PartialDate(r.before(r.ON, 50 * 366), r.before(r.ON, 40 * 365 + 20))
    record = r.with_laboratory(r.with_person(CLEAR, birth=birth), "creatinine", (RECENT, "1.45"))
    assert items(judged(record)) == ["birth"]


class TestMildNephritis:
    """The switch allow_mild_renal: 0.5 to 1.0 g/g, stable for three months, biopsy not III or IV."""

    ALLOWED = override(STUDY, {"allow_mild_renal": True})

    def record(self, *values: tuple[int, str], biopsy: str = "II") -> Record:
        record = r.with_laboratory(CLEAR, "upcr", *((r.before(r.ON, days), text) for days, text in values))
        return r.with_person(record, biopsy_class=biopsy)

    def test_is_off_by_default(self) -> None:
        assert judged(self.record((120, "0.7"), (3, "0.8"))).answer is NOT_MET

    def test_is_met_with_a_caution(self) -> None:
        verdict = judged(self.record((120, "0.7"), (3, "0.8")), self.ALLOWED)
        assert verdict.answer is MET
        assert [item.values["upcr"] for item in verdict.cautions] == [Decimal("0.8")]

    @pytest.mark.parametrize(
        ("values", "biopsy"),
        [
            (((120, "0.7"), (3, "1.01")), "II"),  # too much now
            (((120, "0.7"), (60, "1.2"), (3, "0.8")), "II"),  # not stable
            (((120, "1.4"), (3, "0.8")), "II"),
            (((89, "0.7"), (3, "0.8")), "II"),  # not long enough
            (((120, "0.7"), (3, "0.8")), "III"),
            (((120, "0.7"), (3, "0.8")), "IV"),
            (((120, "0.7"), (3, "0.8")), "III+V"),
            (((120, "0.7"), (3, "0.8")), "IV+V"),
        ],
    )
    def test_is_not_met_otherwise(self, values: tuple[tuple[int, str], ...], biopsy: str) -> None:
        assert judged(self.record(*values, biopsy=biopsy), self.ALLOWED).answer is NOT_MET

    def test_three_months_to_the_day_are_enough(self) -> None:
        assert judged(self.record((90, "0.7"), (3, "1.0")), self.ALLOWED).answer is MET

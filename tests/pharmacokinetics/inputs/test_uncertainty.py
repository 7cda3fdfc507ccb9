"""What makes a forecast less sure: specification section 4 (f), each with the case beside its limit."""

from dataclasses import replace
from datetime import time
from decimal import Decimal

import pytest

from dosing.pharmacokinetics.adjustments import DEFAULT
from dosing.pharmacokinetics.inputs.covariates import covariates_of
from dosing.pharmacokinetics.inputs.uncertainty import (
    ASSAY,
    CHILD,
    GAP,
    MOVED,
    NO_LAST_DOSE,
    NO_TIME,
    NOT_IN_THE_LIST,
    NOT_STEADY,
    ODD_TIME,
    OLD_HAEMATOCRIT,
    OLD_LEVEL,
    OTHER_HOUR,
    OTHER_MG,
    PLANNED_END,
    PREDNISOLONE_CHANGED,
    PREDNISOLONE_UNKNOWN,
    PRODUCT,
    PULSE,
    RENAL,
    TURNED,
    UNIDENTIFIED,
    UNLIKELY_LAST_DOSE,
    VARIABLE,
    VERY_VARIABLE,
    doubts,
)
from dosing.rules.case import Case
from patients.rules.dates import PartialDate
from patients.rules.record import Administration
from patients.rules.verdict import Message
from tests.pharmacokinetics.inputs.patients import (
    creatinine,
    dose,
    haematocrit,
    level,
    other,
    patient,
    prednisolone,
)
from tests.rules.records import ON, before


def of(case: Case) -> list[Message]:
    return doubts(case, DEFAULT, covariates_of(case))


def texts(case: Case) -> list[str]:
    return [row.text for row in of(case)]


def told(case: Case, text: str) -> str:
    return next(row.text % dict(row.values) for row in of(case) if row.text == text)


def test_a_plain_patient_has_none() -> None:
    assert texts(patient(haematocrit("36"))) == []


class TestKidney:
    """Section 1.5: 5.2 ng/ml, 12 hours after the dose, with creatinine rising."""

    @pytest.mark.parametrize(
        ("ng_ml", "before", "now", "found"),
        [
            ("5.3", "0.60", "0.69", True),
            ("5.2", "0.60", "0.90", False),
            ("5.3", "0.60", "0.68", False),
            ("9.9", "0.80", "0.60", False),
        ],
    )
    def test_above_it_with_creatinine_risen_by_15_percent(
        self, ng_ml: str, before: str, now: str, found: bool
    ) -> None:
        case = patient(creatinine(before, 30), creatinine(now, 3), levels=(level(3, ng_ml),))
        assert (RENAL in texts(case)) is found

    def test_only_a_morning_level_says_so(self) -> None:
        rows = (level(3, "9", hours="24"),)
        assert RENAL not in texts(patient(creatinine("0.6", 30), creatinine("0.9", 3), levels=rows))


class TestChanges:
    @pytest.mark.parametrize(("days", "steady"), [(4, False), (5, True)])
    def test_not_steady_for_five_days_after_a_change_of_dose(self, days: int, steady: bool) -> None:
        case = patient(doses=(dose(100, "2", last=days + 1), dose(days, "3")))
        assert (NOT_STEADY not in texts(case)) is steady

    def test_a_drug_that_moves_the_level_since_the_last_one(self) -> None:
        assert TURNED in texts(patient(other("fluconazole", 2)))
        assert TURNED not in texts(patient(other("fluconazole", 50)))
        assert TURNED not in texts(patient(other("loxoprofen", 2)))

    def test_a_drug_that_nobody_knows(self) -> None:
        assert "mystery tea" in told(patient(other("", 20, text="mystery tea")), UNIDENTIFIED)

    def test_prednisolone_since_the_last_level_with_what_to_expect(self) -> None:
        steroid = (prednisolone(400, "20", last=2), prednisolone(1, "5"))
        sentence = told(patient(steroid=steroid), PREDNISOLONE_CHANGED)
        assert "20 to 5 mg/day" in sentence
        assert "+21 %" in sentence

    def test_a_change_before_the_last_level_is_in_the_level(self) -> None:
        steroid = (prednisolone(400, "20", last=31), prednisolone(30, "5"))
        assert PREDNISOLONE_CHANGED not in texts(patient(steroid=steroid))

    def test_a_change_on_the_day_of_the_draw_is_not(self) -> None:
        """The blood of that morning still knows the dose of the evening before (section 3)."""
        steroid = (prednisolone(400, "20", last=4), prednisolone(3, "5"))
        assert "+21 %" in told(patient(steroid=steroid), PREDNISOLONE_CHANGED)

    def test_prednisolone_that_nobody_knows_any_more(self) -> None:
        steroid = (prednisolone(400, "20", last=5),)
        assert "10 mg/day is assumed" in told(patient(steroid=steroid), PREDNISOLONE_UNKNOWN)
        assert PREDNISOLONE_UNKNOWN not in texts(patient())
        assert PREDNISOLONE_UNKNOWN not in texts(patient(steroid=()))

    @pytest.mark.parametrize(("days", "said"), [(2, True), (3, False), (50, False)])
    def test_a_pulse_after_the_last_level(self, days: int, said: bool) -> None:
        """Specification 4.3: the last level is of three days ago."""
        pulse = Administration(9, "methylprednisolone", before(ON, days), Decimal(1000))
        assert (PULSE in texts(patient(pulse))) is said

    def test_another_product_without_a_level_yet(self) -> None:
        """Hazard 6."""
        changed = (dose(100, last=2), dose(1, formulation="prolonged_release"))
        assert PRODUCT in texts(patient(doses=changed))
        same_day = (dose(100, last=4), dose(3, formulation="prolonged_release"))
        assert PRODUCT in texts(patient(doses=same_day)), "the blood of that morning knows the old one only"
        with_level = (dose(100, last=30), dose(29, formulation="prolonged_release"))
        assert PRODUCT not in texts(patient(doses=with_level))

    def test_a_dose_that_is_to_end(self) -> None:
        assert PLANNED_END in texts(patient(doses=(dose(100, last=-5),)))
        assert PLANNED_END not in texts(patient())

    def test_the_assay(self) -> None:
        rows = (level(30, "6", assay="immunoassay"), level(3, "5", assay="LC-MS"))
        assert ASSAY in texts(patient(levels=rows))
        same = tuple(replace(row, assay="LC-MS") for row in rows)
        assert ASSAY not in texts(patient(levels=same))


class TestLevels:
    @pytest.mark.parametrize(
        ("last", "expected"),
        [("8.4", []), ("8.5", [VARIABLE]), ("9.7", [VARIABLE]), ("9.8", [VERY_VARIABLE])],
    )
    def test_the_variation_of_level_divided_by_dose(self, last: str, expected: list[str]) -> None:
        """6, 6 and 8.4, 8.5, 9.7, 9.8 ng/ml on 3 mg vary by 20.4, 21.1, 29.5 and 30.2 %."""
        rows = (level(60, "6"), level(30, "6"), level(3, last))
        found = [text for text in texts(patient(levels=rows)) if text in (VARIABLE, VERY_VARIABLE)]
        assert found == expected

    def test_the_times(self) -> None:
        rows = (level(60, "6", hours=None), level(30, "9", hours="4"), level(3, "6"))
        found = texts(patient(doses=(dose(usual_time=None),), levels=rows))
        assert [text for text in found if text in (NO_TIME, NO_LAST_DOSE, ODD_TIME)] == [
            NO_TIME,
            NO_LAST_DOSE,
            ODD_TIME,
        ]

    def test_one_drawn_under_a_strong_drug(self) -> None:
        case = patient(other("rifampicin", 60, last=40))
        assert "rifampicin acted" in told(case, MOVED)
        assert MOVED not in texts(patient())

    def test_a_last_dose_that_the_list_does_not_have(self) -> None:
        doses = (dose(100, last=40), dose(20))
        assert NOT_IN_THE_LIST in texts(patient(doses=doses, levels=(level(30, "5"),)))

    @pytest.mark.parametrize(("hours", "said"), [("16", False), ("16.1", True), ("10", False), ("9.9", True)])
    def test_a_last_dose_at_another_time_than_the_list_has(self, hours: str, said: bool) -> None:
        """Listed at 20:00, drawn at nine: 13 hours, and three more or less."""
        assert (OTHER_HOUR in texts(patient(levels=(level(3, "6", hours=hours),)))) is said

    def test_another_dose_than_the_list_has(self) -> None:
        case = patient(levels=(level(3, "6", dose_mg=Decimal("1.5")),))
        assert "1.5 mg, by the drug list it is 3 mg" in told(case, OTHER_MG)

    @pytest.mark.parametrize(("hours", "said"), [("168", False), ("169", True)])
    def test_a_last_dose_that_cannot_be(self, hours: str, said: bool) -> None:
        assert (UNLIKELY_LAST_DOSE in texts(patient(levels=(level(3, "6", hours=hours),)))) is said

    def test_a_known_time_is_none(self) -> None:
        assert NO_TIME not in texts(patient(doses=(dose(usual_time=time(19)),)))


@pytest.mark.parametrize(("days", "old"), [(365, False), (366, True)])
def test_levels_of_long_ago(days: int, old: bool) -> None:
    assert (OLD_LEVEL in texts(patient(doses=(dose(1400),), levels=(level(days, "6"),)))) is old


@pytest.mark.parametrize(("days", "gap"), [(368, False), (369, True), (1100, True)])
def test_a_long_time_without_a_level(days: int, gap: bool) -> None:
    """The issue: "a 3-year gap gives its warning". The later level is of three days ago."""
    rows = (level(days, "6"), level(3, "6"))
    assert (GAP in texts(patient(doses=(dose(1400),), levels=rows))) is gap


@pytest.mark.parametrize(("birth", "child"), [("2007-06-02", False), ("2007-06-03", True)])
def test_somebody_who_is_no_adult(birth: str, child: bool) -> None:
    """On 2 June 2025."""
    case = patient()
    person = replace(case.record.person, birth=PartialDate.parse(birth))
    assert (CHILD in texts(replace(case, record=replace(case.record, person=person)))) is child


@pytest.mark.parametrize(("days", "old"), [(92, False), (93, True)])
def test_a_haematocrit_of_more_than_three_months_ago(days: int, old: bool) -> None:
    assert (OLD_HAEMATOCRIT in texts(patient(haematocrit("36", days)))) is old

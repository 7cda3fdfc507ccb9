"""What one level means. Clinical specification 4.1 ("Timing", "Flags") and the study's two cases (1.3)."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing.rules.findings import Severity
from dosing.rules.levels import LevelCategory, Timing, interpret_recorded_level
from dosing.rules.levels import interpretation as interpret_level
from dosing.rules.thresholds import STUDY, override
from dosing.rules.treatment import Level, Target, Treatment
from tests.rules.records import ON, before

MORNING, EARLY, LATE, NEXT_DAY, MISSED = (Decimal(h) for h in (12, 4, 18, 24, 40))
OWN = Target(1, before(ON, 100), Decimal(4), Decimal(6), "KDIGO 2024")


def level(ng_ml: str, hours: Decimal | None = MORNING, **changes: object) -> Level:
    return Level(1, ON, Decimal(ng_ml), hours_after_dose=hours, **changes)  # type: ignore[arg-type]


# Specification 4.1: under 5 below, 5 to 10 in range (inclusive); 15 urgent and 20 hold at any timing.
TABLE = (
    ("4.99", MORNING, LevelCategory.BELOW),
    ("5", MORNING, LevelCategory.IN_RANGE),
    ("6.7", MORNING, LevelCategory.IN_RANGE),  # the study's first case
    ("7.4", MORNING, LevelCategory.IN_RANGE),  # its second
    ("10", MORNING, LevelCategory.IN_RANGE),
    ("10.01", MORNING, LevelCategory.ABOVE),
    ("14.99", MORNING, LevelCategory.ABOVE),
    ("15", MORNING, LevelCategory.URGENT),
    ("19.99", MORNING, LevelCategory.URGENT),
    ("20", MORNING, LevelCategory.HOLD),
    ("3.0", EARLY, LevelCategory.NOT_JUDGED),
    ("12", EARLY, LevelCategory.NOT_JUDGED),
    ("15", EARLY, LevelCategory.URGENT),
    ("25", EARLY, LevelCategory.HOLD),
    ("7", LATE, LevelCategory.NOT_JUDGED),
    ("15", LATE, LevelCategory.URGENT),
    ("7", NEXT_DAY, LevelCategory.NOT_JUDGED),
    ("20", NEXT_DAY, LevelCategory.HOLD),
    ("2", MISSED, LevelCategory.NOT_JUDGED),
    ("7", None, LevelCategory.NOT_JUDGED),
    ("15", None, LevelCategory.URGENT),
    ("25", None, LevelCategory.HOLD),  # issue: "25 ng/ml with an unknown dose time is act now"
)


@pytest.mark.parametrize(("ng_ml", "hours", "expected"), TABLE)
def test_where_a_level_lies(ng_ml: str, hours: Decimal | None, expected: LevelCategory) -> None:
    assert interpret_level(level(ng_ml, hours)).category is expected


SEVERITIES = {
    "4": Severity.KNOW,
    "7": None,
    "11": Severity.THIS_VISIT,
    "15": Severity.ACT_NOW,
    "20": Severity.ACT_NOW,
}


@pytest.mark.parametrize(("ng_ml", "expected"), SEVERITIES.items())
def test_how_severe_a_morning_level_is(ng_ml: str, expected: Severity | None) -> None:
    assert interpret_level(level(ng_ml)).severity is expected


@pytest.mark.parametrize(
    ("comparator", "ng_ml", "expected"),
    [
        ("<", "1.5", LevelCategory.BELOW),
        ("<", "5", LevelCategory.BELOW),
        ("<", "7", LevelCategory.NOT_JUDGED),
        ("<", "30", LevelCategory.NOT_JUDGED),
        (">", "3", LevelCategory.NOT_JUDGED),
        (">", "10", LevelCategory.ABOVE),
        (">", "15", LevelCategory.URGENT),
        (">", "30", LevelCategory.HOLD),
    ],
)
def test_a_level_outside_the_measuring_range(comparator: str, ng_ml: str, expected: LevelCategory) -> None:
    """ "<1.5" is surely below 5; "<7" may be 6 or 3; ">30" is at least 30."""
    assert interpret_level(level(ng_ml, comparator=comparator)).category is expected


class TestSentence:
    def test_it_names_value_and_range(self) -> None:
        said = interpret_level(level("11.80")).sentence
        assert said.values["value"] == "11.8"
        assert (said.values["low"], said.values["high"]) == (5, 10)
        assert "25–50" in said.text

    @pytest.mark.parametrize("kind", [EARLY, LATE, NEXT_DAY, MISSED, None])
    def test_a_level_that_cannot_be_judged_says_why(self, kind: Decimal | None) -> None:
        texts = {
            interpret_level(level("7", hours)).sentence.text
            for hours in (EARLY, LATE, NEXT_DAY, MISSED, None)
        }
        said = interpret_level(level("7", kind)).sentence
        assert len(texts) == 5
        assert said.values["hours"] == kind

    def test_hours_are_shown_to_one_decimal(self) -> None:
        assert interpret_level(level("7", Decimal("4.0333"))).sentence.values["hours"] == Decimal("4.0")


class TestNotes:
    def test_an_early_danger_may_be_a_peak(self) -> None:
        notes = interpret_level(level("16", EARLY)).notes
        assert any("peak" in note.text for note in notes)
        assert interpret_level(level("16", MORNING)).notes == ()

    def test_a_level_below_the_assay_asks_for_adherence(self) -> None:
        assert any("dose taken" in note.text for note in interpret_level(level("1.5", comparator="<")).notes)

    @pytest.mark.parametrize(("mg", "noted"), [("2.5", False), ("3", True), ("3.5", True)])
    def test_below_at_the_label_dose_informs(self, mg: str, noted: bool) -> None:
        """Mean level 3.9 at 3 mg in lupus nephritis (S30): many levels below 5 are normal."""
        notes = interpret_level(level("3.9", dose_mg=Decimal(mg))).notes
        assert any("3.9" in note.text for note in notes) is noted


class TestTarget:
    @pytest.mark.parametrize(
        ("ng_ml", "expected"),
        [
            ("3.9", LevelCategory.BELOW),
            ("4", LevelCategory.IN_RANGE),
            ("6", LevelCategory.IN_RANGE),
            ("6.1", LevelCategory.ABOVE),
        ],
    )
    def test_the_patients_own_range_goes_first(self, ng_ml: str, expected: LevelCategory) -> None:
        assert interpret_level(level(ng_ml), OWN).category is expected

    def test_it_holds_from_its_day_on(self) -> None:
        treatment = Treatment(targets=(OWN, replace(OWN, id=2, set_on=ON, high_ng_ml=Decimal(9))))
        assert interpret_recorded_level(treatment, level("8")).category is LevelCategory.IN_RANGE
        assert (
            interpret_recorded_level(treatment, replace(level("8"), on=before(ON, 1))).category
            is LevelCategory.ABOVE
        )
        assert (
            interpret_recorded_level(treatment, replace(level("8"), on=before(ON, 101))).category
            is LevelCategory.IN_RANGE
        )

    def test_danger_does_not_wait_for_a_wider_range(self) -> None:
        assert (
            interpret_level(level("16"), replace(OWN, high_ng_ml=Decimal(18))).category
            is LevelCategory.URGENT
        )


class TestClinicsChoice:
    BOTH = override(STUDY, {"level_band": "both"})
    ONLY_24 = override(STUDY, {"level_band": "24_hours"})

    def test_24_hour_levels_have_a_range_of_their_own(self) -> None:
        assert interpret_level(level("7.1", NEXT_DAY), None, self.BOTH).category is LevelCategory.ABOVE
        assert interpret_level(level("7", NEXT_DAY), None, self.BOTH).category is LevelCategory.IN_RANGE
        assert interpret_level(level("2.9", NEXT_DAY), OWN, self.BOTH).category is LevelCategory.BELOW
        assert interpret_level(level("7.1", MORNING), None, self.BOTH).category is LevelCategory.IN_RANGE

    def test_a_clinic_of_24_hour_levels_does_not_judge_morning_levels(self) -> None:
        found = interpret_level(level("12", MORNING), None, self.ONLY_24)
        assert found.category is LevelCategory.NOT_JUDGED
        assert "24-hour" in found.sentence.text

    def test_the_clinics_own_morning_range(self) -> None:
        own = override(STUDY, {"level_low_ng_ml": "4", "level_high_ng_ml": "8"})
        assert interpret_level(level("8.5"), None, own).category is LevelCategory.ABOVE


HOURS = st.one_of(st.none(), st.decimals("0.1", "60", places=1))


@given(st.decimals("5", "60", places=2), st.decimals("0", "30", places=2), HOURS)
def test_a_higher_level_is_never_less_severe(ng_ml: Decimal, more: Decimal, hours: Decimal | None) -> None:
    """Issue: "from 5 ng/ml up a higher level never gets a lower severity"."""
    lower = interpret_level(level(str(ng_ml), hours)).severity or 0
    higher = interpret_level(level(str(ng_ml + more), hours)).severity or 0
    assert higher >= lower


@given(st.decimals("0.1", "60", places=2), HOURS)
def test_danger_does_not_depend_on_the_hour(ng_ml: Decimal, hours: Decimal | None) -> None:
    at_this_hour = interpret_level(level(str(ng_ml), hours)).severity is Severity.ACT_NOW
    assert at_this_hour is (ng_ml >= 15)


@given(st.decimals("0.1", "60", places=2), HOURS)
def test_only_a_morning_level_is_called_below_or_in_range(ng_ml: Decimal, hours: Decimal | None) -> None:
    found = interpret_level(level(str(ng_ml), hours))
    if found.timing is not Timing.MORNING:
        assert found.category in (LevelCategory.NOT_JUDGED, LevelCategory.URGENT, LevelCategory.HOLD)

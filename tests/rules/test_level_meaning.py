"""What one level means. Clinical specification 4.1 ("Timing", "Flags") and the study's two cases (1.3)."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing.rules.levels import Position, Timing, meaning, meaning_in
from dosing.rules.matters import Severity
from dosing.rules.thresholds import STUDY, override
from dosing.rules.treatment import Level, Target, Treatment
from tests.rules.records import ON, before

MORNING, EARLY, LATE, NEXT_DAY, MISSED = (Decimal(h) for h in (12, 4, 18, 24, 40))
OWN = Target(1, before(ON, 100), Decimal(4), Decimal(6), "KDIGO 2024")


def level(ng_ml: str, hours: Decimal | None = MORNING, **changes: object) -> Level:
    return Level(1, ON, Decimal(ng_ml), hours_after_dose=hours, **changes)  # type: ignore[arg-type]


# Specification 4.1: under 5 below, 5 to 10 in range (inclusive); 15 urgent and 20 hold at any timing.
TABLE = (
    ("4.99", MORNING, Position.BELOW),
    ("5", MORNING, Position.IN_RANGE),
    ("6.7", MORNING, Position.IN_RANGE),  # the study's first case
    ("7.4", MORNING, Position.IN_RANGE),  # its second
    ("10", MORNING, Position.IN_RANGE),
    ("10.01", MORNING, Position.ABOVE),
    ("14.99", MORNING, Position.ABOVE),
    ("15", MORNING, Position.URGENT),
    ("19.99", MORNING, Position.URGENT),
    ("20", MORNING, Position.HOLD),
    ("3.0", EARLY, Position.NOT_JUDGED),
    ("12", EARLY, Position.NOT_JUDGED),
    ("15", EARLY, Position.URGENT),
    ("25", EARLY, Position.HOLD),
    ("7", LATE, Position.NOT_JUDGED),
    ("15", LATE, Position.URGENT),
    ("7", NEXT_DAY, Position.NOT_JUDGED),
    ("20", NEXT_DAY, Position.HOLD),
    ("2", MISSED, Position.NOT_JUDGED),
    ("7", None, Position.NOT_JUDGED),
    ("15", None, Position.URGENT),
    ("25", None, Position.HOLD),  # issue: "25 ng/ml with an unknown dose time is act now"
)


@pytest.mark.parametrize(("ng_ml", "hours", "expected"), TABLE)
def test_where_a_level_lies(ng_ml: str, hours: Decimal | None, expected: Position) -> None:
    assert meaning(level(ng_ml, hours)).position is expected


SEVERITIES = {
    "4": Severity.KNOW,
    "7": None,
    "11": Severity.THIS_VISIT,
    "15": Severity.ACT_NOW,
    "20": Severity.ACT_NOW,
}


@pytest.mark.parametrize(("ng_ml", "expected"), SEVERITIES.items())
def test_how_severe_a_morning_level_is(ng_ml: str, expected: Severity | None) -> None:
    assert meaning(level(ng_ml)).severity is expected


@pytest.mark.parametrize(
    ("comparator", "ng_ml", "expected"),
    [
        ("<", "1.5", Position.BELOW),
        ("<", "5", Position.BELOW),
        ("<", "7", Position.NOT_JUDGED),
        ("<", "30", Position.NOT_JUDGED),
        (">", "3", Position.NOT_JUDGED),
        (">", "10", Position.ABOVE),
        (">", "15", Position.URGENT),
        (">", "30", Position.HOLD),
    ],
)
def test_a_level_outside_the_measuring_range(comparator: str, ng_ml: str, expected: Position) -> None:
    """ "<1.5" is surely below 5; "<7" may be 6 or 3; ">30" is at least 30."""
    assert meaning(level(ng_ml, comparator=comparator)).position is expected


class TestSentence:
    def test_it_names_value_and_range(self) -> None:
        said = meaning(level("11.80")).sentence
        assert said.values["value"] == "11.8"
        assert (said.values["low"], said.values["high"]) == (5, 10)
        assert "25–50" in said.text

    @pytest.mark.parametrize("kind", [EARLY, LATE, NEXT_DAY, MISSED, None])
    def test_a_level_that_cannot_be_judged_says_why(self, kind: Decimal | None) -> None:
        texts = {meaning(level("7", hours)).sentence.text for hours in (EARLY, LATE, NEXT_DAY, MISSED, None)}
        said = meaning(level("7", kind)).sentence
        assert len(texts) == 5
        assert said.values["hours"] == kind

    def test_hours_are_shown_to_one_decimal(self) -> None:
        assert meaning(level("7", Decimal("4.0333"))).sentence.values["hours"] == Decimal("4.0")


class TestNotes:
    def test_an_early_danger_may_be_a_peak(self) -> None:
        notes = meaning(level("16", EARLY)).notes
        assert any("peak" in note.text for note in notes)
        assert meaning(level("16", MORNING)).notes == ()

    def test_a_level_below_the_assay_asks_for_adherence(self) -> None:
        assert any("dose taken" in note.text for note in meaning(level("1.5", comparator="<")).notes)

    @pytest.mark.parametrize(("mg", "noted"), [("2.5", False), ("3", True), ("3.5", True)])
    def test_below_at_the_label_dose_informs(self, mg: str, noted: bool) -> None:
        """Mean level 3.9 at 3 mg in lupus nephritis (S30): many levels below 5 are normal."""
        notes = meaning(level("3.9", dose_mg=Decimal(mg))).notes
        assert any("3.9" in note.text for note in notes) is noted


class TestTarget:
    @pytest.mark.parametrize(
        ("ng_ml", "expected"),
        [
            ("3.9", Position.BELOW),
            ("4", Position.IN_RANGE),
            ("6", Position.IN_RANGE),
            ("6.1", Position.ABOVE),
        ],
    )
    def test_the_patients_own_range_goes_first(self, ng_ml: str, expected: Position) -> None:
        assert meaning(level(ng_ml), OWN).position is expected

    def test_it_holds_from_its_day_on(self) -> None:
        treatment = Treatment(targets=(OWN, replace(OWN, id=2, set_on=ON, high_ng_ml=Decimal(9))))
        assert meaning_in(treatment, level("8")).position is Position.IN_RANGE
        assert meaning_in(treatment, replace(level("8"), on=before(ON, 1))).position is Position.ABOVE
        assert meaning_in(treatment, replace(level("8"), on=before(ON, 101))).position is Position.IN_RANGE

    def test_danger_does_not_wait_for_a_wider_range(self) -> None:
        assert meaning(level("16"), replace(OWN, high_ng_ml=Decimal(18))).position is Position.URGENT


class TestClinicsChoice:
    BOTH = override(STUDY, {"level_band": "both"})
    ONLY_24 = override(STUDY, {"level_band": "24_hours"})

    def test_24_hour_levels_have_a_range_of_their_own(self) -> None:
        assert meaning(level("7.1", NEXT_DAY), None, self.BOTH).position is Position.ABOVE
        assert meaning(level("7", NEXT_DAY), None, self.BOTH).position is Position.IN_RANGE
        assert meaning(level("2.9", NEXT_DAY), OWN, self.BOTH).position is Position.BELOW
        assert meaning(level("7.1", MORNING), None, self.BOTH).position is Position.IN_RANGE

    def test_a_clinic_of_24_hour_levels_does_not_judge_morning_levels(self) -> None:
        found = meaning(level("12", MORNING), None, self.ONLY_24)
        assert found.position is Position.NOT_JUDGED
        assert "24-hour" in found.sentence.text

    def test_the_clinics_own_morning_range(self) -> None:
        own = override(STUDY, {"level_low_ng_ml": "4", "level_high_ng_ml": "8"})
        assert meaning(level("8.5"), None, own).position is Position.ABOVE


HOURS = st.one_of(st.none(), st.decimals("0.1", "60", places=1))


@given(st.decimals("5", "60", places=2), st.decimals("0", "30", places=2), HOURS)
def test_a_higher_level_is_never_less_severe(ng_ml: Decimal, more: Decimal, hours: Decimal | None) -> None:
    """Issue: "from 5 ng/ml up a higher level never gets a lower severity"."""
    lower = meaning(level(str(ng_ml), hours)).severity or 0
    higher = meaning(level(str(ng_ml + more), hours)).severity or 0
    assert higher >= lower


@given(st.decimals("0.1", "60", places=2), HOURS)
def test_danger_does_not_depend_on_the_hour(ng_ml: Decimal, hours: Decimal | None) -> None:
    at_this_hour = meaning(level(str(ng_ml), hours)).severity is Severity.ACT_NOW
    assert at_this_hour is (ng_ml >= 15)


@given(st.decimals("0.1", "60", places=2), HOURS)
def test_only_a_morning_level_is_called_below_or_in_range(ng_ml: Decimal, hours: Decimal | None) -> None:
    found = meaning(level(str(ng_ml), hours))
    if found.timing is not Timing.MORNING:
        assert found.position in (Position.NOT_JUDGED, Position.URGENT, Position.HOLD)

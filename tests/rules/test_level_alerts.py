"""Which alerts levels raise: below the range informs, and no danger is missed. Specification 4.1."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing.rules.case import case_of
from dosing.rules.findings import AlertFinding, Severity
from dosing.rules.levels import raised
from dosing.rules.treatment import Level, Treatment
from patients.rules.record import Episode, Record
from tests.rules.records import ON, before, eligible_record, with_episodes
from tests.rules.test_level_course import morning


def taken(*doses: tuple[int, int | None, str]) -> Record:
    """Tacrolimus from and to so many days before ON, each with its dose in mg."""
    episodes = []
    for number, (first, last, mg) in enumerate(doses):
        last_day = None if last is None else before(ON, last)
        episodes.append(Episode(70 + number, "tacrolimus", before(ON, first), Decimal(mg), last_day))
    return with_episodes(eligible_record(), *episodes)


def alerts(*levels: Level, record: Record | None = None) -> dict[str, AlertFinding]:
    case = case_of(record or taken((100, None, "3")), Treatment(levels=levels), ON)
    found = list(raised(case))
    assert len({(row.rule, row.subject) for row in found}) == len(found)
    return {row.rule: row for row in found}


def unknown(days: int, ng_ml: str) -> Level:
    return morning(days, ng_ml, hours_after_dose=None)


class TestHigh:
    def test_above_the_range_is_for_this_visit(self) -> None:
        assert alerts(morning(3, "11.8"))["level_high"].severity is Severity.THIS_VISIT

    @pytest.mark.parametrize("ng_ml", ["15", "20", "25"])
    def test_danger_at_an_unknown_dose_time_is_act_now(self, ng_ml: str) -> None:
        """Issue: "25 ng/ml with an unknown dose time is act now"."""
        assert alerts(unknown(0, ng_ml))["level_high"].severity is Severity.ACT_NOW

    def test_a_level_in_range_raises_nothing(self) -> None:
        assert alerts(morning(3, "6.7")) == {}

    def test_a_repeat_in_range_resolves_it(self) -> None:
        assert "level_high" not in alerts(morning(10, "18"), morning(1, "9"))

    def test_a_later_level_of_unknown_timing_does_not_clear_a_high_morning_level(self) -> None:
        found = alerts(morning(10, "16"), unknown(1, "9"))["level_high"]
        assert found.severity is Severity.THIS_VISIT
        assert found.verdict.evidence[0].value == 16

    def test_a_lower_dose_since_then_answers_it(self) -> None:
        reduced = taken((100, 6, "3"), (5, None, "2"))
        assert alerts(morning(8, "16"), record=reduced) == {}
        assert "level_high" in alerts(morning(2, "16"), record=reduced)

    def test_a_higher_dose_since_then_does_not(self) -> None:
        assert "level_high" in alerts(morning(8, "12"), record=taken((100, 6, "2"), (5, None, "3")))

    def test_a_level_of_an_earlier_treatment_is_history(self) -> None:
        again = taken((400, 300, "3"), (50, None, "3"))
        assert alerts(morning(310, "25"), record=again) == {}

    def test_who_does_not_take_it_has_no_level_alert(self) -> None:
        assert alerts(morning(5, "25"), record=taken((100, 3, "3"))) == {}


class TestLow:
    def test_at_the_label_dose_it_does_not_alarm(self) -> None:
        """Issue: "At 3 mg many levels below 5 are normal ... below range at the label dose informs"."""
        assert alerts(*(morning(day, "3.9") for day in (60, 30, 2))) == {}

    def test_two_of_the_last_three_at_a_lower_dose_inform(self) -> None:
        low = taken((200, None, "2"))
        rows = (morning(90, "3", "2"), morning(60, "7", "2"), morning(30, "4", "2"))
        assert alerts(*rows, record=low)["level_low"].severity is Severity.KNOW
        assert alerts(*rows[1:], record=low) == {}

    def test_three_of_the_last_three_are_counted(self) -> None:
        low = taken((200, None, "2"))
        found = alerts(*(morning(day, "3", "2") for day in (120, 90, 60, 30)), record=low)["level_low"]
        assert (found.verdict.sentence.values["count"], found.verdict.sentence.values["of"]) == (3, 3)


class TestOthers:
    def test_not_measurable_asks_for_adherence(self) -> None:
        found = alerts(morning(1, "1.5", comparator="<"))
        assert found["level_not_measurable"].severity is Severity.THIS_VISIT
        assert alerts(morning(20, "1.5", comparator="<"), morning(1, "6")) == {}

    def test_varying_by_more_than_30_percent(self) -> None:
        assert alerts(morning(60, "5"), morning(30, "6"), morning(2, "9.9"))["level_variable"]
        assert alerts(morning(60, "6"), morning(30, "7"), morning(2, "8")) == {}

    def test_the_evidence_is_the_levels_with_unit_and_day(self) -> None:
        (shown,) = alerts(morning(3, "11.8"))["level_high"].verdict.evidence
        assert (shown.value, shown.unit, shown.on) == (Decimal("11.8"), "ng/mL", before(ON, 3))


LEVELS = st.lists(
    st.builds(
        lambda days, ng_ml, hours: replace(morning(days, str(ng_ml)), hours_after_dose=hours),
        st.integers(0, 99),
        st.decimals("0.5", "40", places=1),
        st.one_of(st.none(), st.decimals("1", "40", places=1)),
    ),
    max_size=6,
    unique_by=lambda level: level.on,
)


@given(LEVELS, st.randoms(use_true_random=False))
def test_the_order_of_entry_does_not_matter(rows: list[Level], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert alerts(*rows) == alerts(*shuffled)


@given(LEVELS, st.decimals("15", "60", places=1), st.one_of(st.none(), st.decimals("1", "40", places=1)))
def test_a_dangerous_latest_level_is_never_missed(
    rows: list[Level], ng_ml: Decimal, hours: Decimal | None
) -> None:
    latest = replace(morning(0, str(ng_ml)), id=5000, time="T23:00", hours_after_dose=hours)
    assert alerts(*rows, latest)["level_high"].severity is Severity.ACT_NOW

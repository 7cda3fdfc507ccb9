"""Counting alerts: what is a call, what became of it, and how much that is in 100 patient-weeks."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dosing.rules.burden import AlertVersion, Call, calls_of, days_within, per_100_weeks, tallies, tally

MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
KNOW, VISIT, NOW = 1, 2, 3


def at(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def step(hours: float, severity: int, state: str, code: str = "") -> AlertVersion:
    return AlertVersion(at(hours), severity, state, code)


# What was stored of an alert, and the calls that it was: severity, hour, outcomes, hours until handled.
HISTORIES = {
    "nobody has handled it": ([step(0, VISIT, "open")], [(VISIT, 0, set(), None)]),
    "another wording is no other call": (
        [step(0, VISIT, "open"), step(24, VISIT, "open"), step(30, VISIT, "resolved")],
        [(VISIT, 0, {"resolved"}, 30)],
    ),
    "acknowledged, then settled by the facts": (
        [step(0, NOW, "open"), step(1.5, NOW, "acknowledged"), step(72, NOW, "resolved")],
        [(NOW, 0, {"acknowledged", "resolved"}, 1.5)],
    ),
    "a snooze that ends is no new call": (
        [
            step(0, VISIT, "open"), step(2, VISIT, "snoozed"), step(200, VISIT, "open"),
            step(201, VISIT, "resolved"),
        ],
        [(VISIT, 0, {"snoozed", "resolved"}, 2)],
    ),
    "a rise in severity is": (
        [
            step(0, VISIT, "open"), step(2, VISIT, "acknowledged"), step(50, NOW, "open"),
            step(51, NOW, "resolved"),
        ],
        [(VISIT, 0, {"acknowledged"}, 2), (NOW, 50, {"resolved"}, 1)],
    ),
    "also of what nobody had handled": (
        [step(0, VISIT, "open"), step(50, NOW, "open")],
        [(VISIT, 0, set(), None), (NOW, 50, set(), None)],
    ),
    "a fall is not": (
        [step(0, NOW, "open"), step(3, VISIT, "open"), step(4, VISIT, "acknowledged")],
        [(NOW, 0, {"acknowledged"}, 4)],
    ),
    "what was taken back does not count": (
        [step(0, NOW, "open"), step(1, NOW, "overridden", "other"), step(2, NOW, "open")],
        [(NOW, 0, set(), None)],
    ),
    "what a decision had answered calls nobody": (
        [step(0, VISIT, "snoozed"), step(9, VISIT, "open"), step(10, VISIT, "resolved")],
        [],
    ),
    "until it becomes graver": (
        [step(0, KNOW, "overridden", "patient_declines"), step(9, VISIT, "open")],
        [(VISIT, 9, set(), None)],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("steps", "expected"), HISTORIES.values(), ids=HISTORIES)
def test_calls(steps: list[AlertVersion], expected: list[tuple[int, float, set[str], float | None]]) -> None:
    found = [(call.severity, call.at, set(call.outcomes), call.hours) for call in calls_of(steps)]
    assert found == [(severity, at(hour), outcomes, hours) for severity, hour, outcomes, hours in expected]


def test_an_alert_overtaken_by_a_rise_waits_no_longer() -> None:
    first, second = calls_of([step(0, VISIT, "open"), step(50, NOW, "open")])
    assert (first.graver, second.graver) == (True, False)
    counted = tally([first, second], at(60))
    assert (counted.raised, counted.graver, counted.waiting) == (2, 1, 1)


def test_the_reason_of_an_override_is_kept_and_that_of_one_taken_back_is_not() -> None:
    taken_back = [step(0, VISIT, "open"), step(1, VISIT, "overridden", "value_wrong"), step(2, VISIT, "open")]
    assert calls_of(taken_back)[0].code == ""
    again = [*taken_back, step(3, VISIT, "overridden", "known_and_accepted")]
    assert calls_of(again)[0].code == "known_and_accepted"


def test_a_tally_by_hand() -> None:
    """Four calls: handled after 1, 2 and 9 hours and one that waits; one of four overridden is 25 %."""
    calls = [
        Call(VISIT, at(0), frozenset({"acknowledged", "resolved"}), at(1)),
        Call(VISIT, at(0), frozenset({"overridden"}), at(2), "other"),
        Call(VISIT, at(0), frozenset({"snoozed"}), at(9)),
        Call(VISIT, at(0)),
    ]
    counted = tally(calls, at(10))
    assert (counted.raised, counted.acknowledged, counted.snoozed, counted.settled) == (4, 1, 1, 1)
    assert (counted.overridden, counted.override_rate, counted.reasons) == (1, 25.0, (("other", 1),))
    assert (counted.median_hours, counted.waiting, counted.late) == (2, 1, 0)


def test_nothing_raised_has_no_shares() -> None:
    nothing = tally([], at(0))
    assert (nothing.raised, nothing.override_rate, nothing.median_hours) == (0, None, None)


@pytest.mark.parametrize(
    ("severity", "handled", "now", "late"),
    [
        (NOW, 4, 9, 0),  # 4.5: "unacknowledged for 4 h they go to the clinic's escalation list"
        (NOW, 4.1, 9, 1),
        (NOW, None, 4, 0),
        (NOW, None, 4.1, 1),
        (VISIT, None, 400, 0),
    ],
)
def test_late_is_an_act_now_that_waited_more_than_four_hours(
    severity: int, handled: float | None, now: float, late: int
) -> None:
    call = Call(severity, at(0), handled_at=None if handled is None else at(handled))
    assert tally([call], at(now)).late == late


def test_tallies_by_key() -> None:
    counted = tallies([("a", Call(NOW, at(0))), ("b", Call(NOW, at(0))), ("a", Call(NOW, at(1)))], at(2))
    assert {key: each.raised for key, each in counted.items()} == {"a": 2, "b": 1}


def test_per_100_patient_weeks() -> None:
    """38 patients for 52 weeks are 1 976 patient-weeks; 158 alerts in them are 8.0 in a hundred."""
    assert per_100_weeks(158, 38 * 52) == pytest.approx(7.996, abs=0.001)
    assert per_100_weeks(3, 0) is None


@pytest.mark.parametrize(
    ("first", "end", "days"),
    [
        (date(2026, 1, 1), None, 31),  # under watch from before the period on
        (date(2026, 3, 21), None, 11),  # 21 to 31 March
        (date(2026, 1, 1), date(2026, 3, 3), 2),  # 1 and 2 March
        (date(2026, 4, 1), None, 0),
        (date(2026, 1, 1), date(2026, 3, 1), 0),
    ],
)
def test_days_within_march(first: date, end: date | None, days: int) -> None:
    assert days_within(first, end, date(2026, 3, 1), date(2026, 4, 1)) == days

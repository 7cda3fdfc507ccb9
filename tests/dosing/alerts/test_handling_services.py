"""What people may do with an alert, and in which state it must be.

Specification 4.5: act-now alerts cannot be snoozed; acknowledging is not acting. Design: a person
acknowledges, snoozes until a date, or overrides with a coded reason; a rise in severity reopens.
"""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.clock import local_today
from dosing.alerts import services as alerts
from dosing.models import Alert, AlertReason, ReasonCode
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = pytest.mark.django_db
ACT_NOW = 3


@made_once
def place() -> Place:
    return make_place("Handling")


@pytest.fixture
def today(place: Place) -> date:
    return local_today(place.clinic)


@pytest.fixture
def alert(place: Place) -> Alert:
    return Alert.objects.get(patient=place.patient)


def do(name: str, alert: Alert, place: Place, **changed: object) -> Alert:
    given = {
        "snooze": {"until": local_today(place.clinic) + timedelta(days=7)},
        "override": {"code": "known_and_accepted", "comment": ""},
    }.get(name, {})
    return getattr(alerts, name)(alert=alert, by=place.doctor, **{**given, **changed})


# From which state what leads to which; None: refused.
TRANSITIONS = {
    ("open", "acknowledge"): "acknowledged",
    ("open", "snooze"): "snoozed",
    ("open", "override"): "overridden",
    ("open", "reopen"): None,
    ("acknowledged", "acknowledge"): None,
    ("acknowledged", "snooze"): "snoozed",
    ("acknowledged", "override"): "overridden",
    ("acknowledged", "reopen"): "open",
    ("snoozed", "acknowledge"): None,
    ("snoozed", "snooze"): "snoozed",
    ("snoozed", "override"): "overridden",
    ("snoozed", "reopen"): "open",
    ("overridden", "acknowledge"): None,
    ("overridden", "snooze"): None,
    ("overridden", "override"): None,
    ("overridden", "reopen"): "open",
    **{("resolved", verb): None for verb in ("acknowledge", "snooze", "override", "reopen")},
}
FIRST = {"acknowledged": "acknowledge", "snoozed": "snooze", "overridden": "override"}


@pytest.mark.parametrize(("start", "verb"), TRANSITIONS)
def test_transitions(place: Place, alert: Alert, start: str, verb: str) -> None:
    if start in FIRST:
        do(FIRST[start], alert, place)
    elif start == "resolved":
        Alert.objects.update(state="resolved")
    expected = TRANSITIONS[start, verb]
    if expected is None:
        with pytest.raises(ValidationError):
            do(verb, alert, place)
        assert Alert.objects.get().state == start
    else:
        assert do(verb, alert, place).state == Alert.objects.get().state == expected


def test_a_closed_alert_says_that_it_is_closed(place: Place, alert: Alert) -> None:
    Alert.objects.update(state="resolved")
    with pytest.raises(ValidationError, match="closed already: the facts settled it"):
        do("acknowledge", alert, place)


def test_who_and_when_are_kept(place: Place, alert: Alert) -> None:
    done = do("acknowledge", alert, place)
    assert done.handled_by == place.doctor and done.handled_at is not None
    assert Alert.history.latest().history_user == place.doctor


def test_act_now_is_not_snoozed(place: Place, alert: Alert) -> None:
    Alert.objects.update(severity=ACT_NOW)
    with pytest.raises(ValidationError, match="cannot be snoozed"):
        do("snooze", alert, place)


@pytest.mark.parametrize(("days", "accepted"), [(-1, False), (0, False), (1, True), (84, True), (85, False)])
def test_a_snooze_ends_within_twelve_weeks(
    place: Place, alert: Alert, today: date, days: int, accepted: bool
) -> None:
    until = today + timedelta(days=days)
    if accepted:
        assert do("snooze", alert, place, until=until).snoozed_until == until
    else:
        with pytest.raises(ValidationError) as refused:
            do("snooze", alert, place, until=until)
        assert set(refused.value.message_dict) == {"until"}


@pytest.mark.parametrize(
    ("severity", "code", "comment", "field"),
    [
        (2, "", "", "code"),
        (2, "repeat_first", "", "code"),  # a decision's reason
        (2, "other", " ", "comment"),
        (ACT_NOW, "known_and_accepted", "", "comment"),
    ],
)
def test_an_override_says_why(
    place: Place, alert: Alert, severity: int, code: str, comment: str, field: str
) -> None:
    Alert.objects.update(severity=severity)
    with pytest.raises(ValidationError) as refused:
        do("override", alert, place, code=code, comment=comment)
    assert set(refused.value.message_dict) == {field}
    assert Alert.objects.get().state == "open"


@pytest.mark.parametrize(("severity", "code"), [(2, "other"), (ACT_NOW, "value_wrong"), (1, "not_relevant")])
def test_with_a_reason_it_is_closed(place: Place, alert: Alert, severity: int, code: str) -> None:
    Alert.objects.update(severity=severity)
    done = do("override", alert, place, code=code, comment=" haemolysed, repeated ")
    assert (done.state, done.override_code, done.comment) == ("overridden", code, "haemolysed, repeated")


def test_the_reasons_are_the_alerts_own() -> None:
    assert set(AlertReason.values) & set(ReasonCode.values) == {"other"}


def test_taking_back_forgets_the_reason_and_the_day(place: Place, alert: Alert) -> None:
    do("override", alert, place, code="other", comment="x")
    back = do("reopen", alert, place)
    assert (back.override_code, back.comment) == ("", "")
    do("snooze", alert, place)
    assert do("reopen", alert, place).snoozed_until is None


@pytest.mark.parametrize("verb", ["acknowledge", "snooze", "override"])
def test_what_became_graver_meanwhile_is_read_again(place: Place, alert: Alert, verb: str) -> None:
    seen = alerts.display_fingerprint(alert)
    Alert.objects.update(severity=1)
    with pytest.raises(alerts.ChangedAlertError):
        do(verb, alert, place, seen=seen)
    assert Alert.objects.get().state == "open"


def test_what_says_something_else_is_read_again_and_what_says_the_same_is_not(
    place: Place, alert: Alert
) -> None:
    seen = alerts.display_fingerprint(alert)
    verdict = {**alert.current_verdict, "sentence": {"text": "Potassium is 6.1", "values": {}}}
    Alert.objects.update(current_verdict=verdict)
    with pytest.raises(alerts.ChangedAlertError):
        do("acknowledge", alert, place, seen=seen)
    Alert.objects.update(current_verdict={**alert.current_verdict, "evidence": []})
    assert do("acknowledge", alert, place, seen=seen).state == "acknowledged"

"""Since when an alert asks for attention, and whether it cannot tell: kept by the rules' own writes."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from accounts.clock import local_today
from dosing.alerts import services as alerts
from dosing.assessment.assess import assess_patient
from dosing.assessment.reconcile import reconcile
from dosing.models import Alert
from dosing.rules import watching
from dosing.rules.findings import AlertFinding, Severity
from patients.rules.answers import Answer
from patients.rules.verdict import Missing, Source, Verdict, say
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
SOURCE = Source("test", published=False)


@made_once
def place() -> Place:
    return make_place("Asked")


def verdict(answer: Answer = Answer.MET) -> Verdict:
    missing = (Missing("ck", say("CK is missing"), "laboratory"),) if answer is Answer.CANNOT_TELL else ()
    return Verdict(answer, say("CK 1 240 U/l"), SOURCE, missing=missing)


@pytest.fixture
def says(place: Place, monkeypatch: pytest.MonkeyPatch):
    """Let the rules raise one alert of their own at a moment; returns it as stored."""

    def assess_record(at: datetime, severity: Severity, answer: Answer = Answer.MET) -> Alert:
        found = AlertFinding("muscle", severity, verdict(answer))
        monkeypatch.setattr(watching, "WATCHERS", (lambda _case: (found,),))
        with time_machine.travel(at, tick=False):
            reconcile(place.patient, assess_patient(place.patient))
        return Alert.objects.get(rule="muscle")

    return assess_record


def hour(hours: int) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(hours=hours)


def test_since_it_was_raised_whatever_it_says_later(says) -> None:
    first = hour(0)
    says(first, Severity.ACT_NOW)
    assert says(hour(3), Severity.ACT_NOW, Answer.CANNOT_TELL).open_since == first


def test_a_rise_in_severity_asks_anew(place: Place, says) -> None:
    says(hour(0), Severity.THIS_VISIT)
    assert says(second := hour(3), Severity.ACT_NOW).open_since == second


def test_a_rise_after_it_was_handled_asks_anew(place: Place, says) -> None:
    alert = says(hour(0), Severity.THIS_VISIT)
    alerts.acknowledge(alert=alert, by=place.doctor)
    second = says(later := hour(3), Severity.ACT_NOW)
    assert (second.state, second.open_since) == ("open", later)


def test_a_fall_does_not(says) -> None:
    first = hour(0)
    says(first, Severity.ACT_NOW)
    assert says(hour(3), Severity.THIS_VISIT).open_since == first


def test_a_snooze_that_ends_asks_anew(place: Place, says) -> None:
    alert = says(hour(0), Severity.THIS_VISIT)
    until: date = local_today(place.clinic) + timedelta(days=2)
    alerts.snooze(alert=alert, until=until, by=place.doctor)
    back = says(later := hour(72), Severity.THIS_VISIT)
    assert (back.state, back.open_since) == ("open", later)


def test_taking_back_does_not_start_the_clock_anew(place: Place, says) -> None:
    """Acknowledging and taking it back would otherwise keep an "act now" off the escalation list for ever."""
    first = hour(0)
    alert = says(first, Severity.ACT_NOW)
    alerts.acknowledge(alert=alert, by=place.doctor)
    assert alerts.reopen(alert=alert, by=place.doctor).open_since == first


def test_undecided_follows_the_present_verdict(says) -> None:
    assert says(hour(0), Severity.KNOW, Answer.CANNOT_TELL).undecided
    assert not says(hour(1), Severity.KNOW).undecided
    assert says(hour(2), Severity.KNOW, Answer.CANNOT_TELL).undecided

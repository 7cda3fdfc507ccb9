"""The worklist: lists by role, counts that agree with them, what is overdue and what is escalated."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.clock import local_today
from accounts.models import Clinic
from demo.samples import base
from dosing.alerts import services as alerts
from dosing.alerts import worklist as worklists
from dosing.alerts.worklist import ALERT_LISTS, ESCALATED, TASK_LISTS, tabs
from dosing.assessment.nightly import reassess_everyone
from dosing.models import Alert, Task
from patients.rules.verdict import say
from patients.rules.verdict_json import message_to_json
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
VERDICT = {"answer": "met", "parts": [], "evidence": [], "missing": []}
KNOW, VISIT, NOW = 1, 2, 3


@made_once
def place() -> Place:
    """A clinic whose one patient the rules ask nothing about."""
    place = make_place("Lists", base.base_record(datetime.now(UTC).date()))
    Alert.objects.all().delete()
    return place


@pytest.fixture
def today(place: Place) -> date:
    return local_today(place.clinic)


def raised(place: Place, subject: str, severity: int, *, state: str = "open", **values: object) -> Alert:
    verdict = {**VERDICT, "sentence": message_to_json(say(f"Matter {subject}"))}
    return Alert.objects.create(
        patient=place.patient, clinic=place.clinic, rule="rule", subject=subject, severity=severity,
        state=state, raised_on=local_today(place.clinic), raised_verdict=verdict,
        current_verdict=verdict, **values,
    )  # fmt: skip


def work(place: Place, kind: str, due: date, overdue: date | None = None, **values: object) -> Task:
    return Task.objects.create(
        patient=place.patient, clinic=place.clinic, by_rules=True, kind=kind, subject=str(due),
        sentence=message_to_json(say(f"Work {kind}")), due_on=due,
        overdue_from=overdue or due + timedelta(days=14), **values,
    )  # fmt: skip


def show(client: Client, name: str = "", page: str = "") -> HttpResponse:
    return client.get(reverse("dosing:worklist"), {"show": name, "page": page})


def listed(client: Client, name: str = "") -> list[str]:
    """The subjects or kinds of the rows of a list."""
    rows = show(client, name).context["rows"]
    return [getattr(row, "subject", "") if isinstance(row, Alert) else row.kind for row in rows]


def words(answer: HttpResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


@pytest.fixture
def full(place: Place, today: date) -> Place:
    """Something in every list."""
    raised(place, "now", NOW)
    raised(place, "visit", VISIT, undecided=True)
    raised(place, "know", KNOW)
    raised(place, "unknown", KNOW, undecided=True)
    raised(place, "seen", NOW, state="acknowledged")
    raised(place, "aside", VISIT, state="snoozed", snoozed_until=today + timedelta(days=3))
    raised(place, "gone", NOW, state="resolved")
    raised(place, "rejected", VISIT, state="overridden", override_code="not_relevant")
    work(place, "control", today + timedelta(days=6))
    work(place, "control", today + timedelta(days=7))
    work(place, "taper_step", today)
    work(place, "obligation", today - timedelta(days=8), today - timedelta(days=7))
    work(place, "level_due", today - timedelta(days=20), today - timedelta(days=6))
    work(place, "control", today, state="settled")
    return place


EXPECTED = {
    "now": ["now", "visit"],
    "act_now": ["now"],
    "this_visit": ["visit"],
    "cannot_tell": ["unknown"],
    "know": ["know"],
    "acknowledged": ["seen"],
    "snoozed": ["aside"],
    "levels": ["level_due", "control"],
    "overdue": ["obligation", "level_due"],
    "to_call": ["obligation"],
    "taper": ["taper_step"],
    "tasks": ["level_due", "obligation", "taper_step", "control", "control"],
}


def test_every_list_is_expected() -> None:
    assert {*ALERT_LISTS, *TASK_LISTS} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_lists_and_their_counts_agree(full: Place, name: str) -> None:
    assert listed(full.client(full.doctor), name) == EXPECTED[name]
    for person in (full.doctor, full.nurse):
        assert tabs(person).count(name) == len(EXPECTED[name])


def test_a_doctor_begins_with_what_needs_her(full: Place) -> None:
    page = show(full.client(full.doctor))
    assert page.context["show"] == "now"
    assert [label for label, _tabs in page.context["tabs"].groups] == ["Alerts", "Planned work"]


def test_a_nurse_begins_with_what_is_due(full: Place) -> None:
    page = show(full.client(full.nurse))
    assert page.context["show"] == "levels"
    assert [label for label, _tabs in page.context["tabs"].groups] == ["Planned work", "Alerts"]
    needs = words(show(full.client(full.nurse), "now"))
    assert "Needs a doctor (2)" in needs and "Acknowledge :" not in needs


def test_an_unknown_list_is_the_first_one(full: Place) -> None:
    assert show(full.client(full.doctor), "nonsense").context["show"] == "now"


def test_another_clinics_matters_are_nobodys_here(full: Place) -> None:
    stranger = make_place("Stranger", base.base_record(datetime.now(UTC).date()))
    Alert.objects.filter(clinic=stranger.clinic).delete()
    assert all(tabs(stranger.doctor).count(name) == 0 for name in (*EXPECTED, ESCALATED))
    assert listed(stranger.client(stranger.doctor), "tasks") == []


def test_overdue_is_said_in_a_word(full: Place) -> None:
    assert words(show(full.client(full.doctor), "overdue")).count("Overdue") == 1 + 2


def test_what_is_due_and_overdue_is_by_each_clinics_own_day() -> None:
    """At 20:00 UTC on 3 March it is 4 March in Tokyo and still 3 March in Honolulu."""
    place = make_place("Tokyo", base.base_record(date(2026, 3, 3)))
    far = make_place("Far", base.base_record(date(2026, 3, 3)))
    Clinic.objects.filter(pk=far.clinic.pk).update(time_zone="Pacific/Honolulu")
    place.doctor.clinics.add(far.clinic)
    fourth = date(2026, 3, 4)
    for each in (place, far):
        work(each, "control", fourth - timedelta(days=14), fourth)
    with time_machine.travel(datetime(2026, 3, 3, 20, tzinfo=UTC), tick=False):
        rows = show(place.client(place.doctor), "overdue").context["rows"]
        assert [row.clinic_id for row in rows] == [place.clinic.pk]
        assert tabs(place.doctor).count("overdue") == 1


class TestEscalated:
    """4.5: an "act now" unacknowledged for 4 hours goes on the clinic's escalation list."""

    @pytest.fixture
    def alert(self, place: Place) -> Alert:
        return raised(place, "urgent", NOW, open_since=datetime(2026, 11, 20, 6, tzinfo=UTC))

    def at(self, hour: int, minute: int = 0) -> time_machine.travel:
        return time_machine.travel(datetime(2026, 11, 20, hour, minute, tzinfo=UTC), tick=False)

    @pytest.mark.parametrize(("hour", "minute", "count"), [(9, 59, 0), (10, 0, 1), (23, 0, 1)])
    def test_after_four_hours(self, place: Place, alert: Alert, hour: int, minute: int, count: int) -> None:
        with self.at(hour, minute):
            assert tabs(place.doctor).escalated == count

    def test_on_top_of_every_clinicians_list(self, place: Place, alert: Alert) -> None:
        with self.at(11):
            for person in (place.doctor, place.nurse):
                page = words(show(place.client(person), "snoozed"))
                assert "Escalated (1)" in page and "Matter urgent" in page
            assert listed(place.client(place.nurse), ESCALATED) == ["urgent"]

    def test_only_act_now_that_is_open(self, place: Place, alert: Alert) -> None:
        long_ago = datetime(2026, 11, 1, tzinfo=UTC)
        raised(place, "visit", VISIT, open_since=long_ago)
        raised(place, "seen", NOW, state="acknowledged", open_since=long_ago)
        with self.at(11):
            assert listed(place.client(place.doctor), ESCALATED) == ["urgent"]

    def test_acknowledging_takes_it_off(self, place: Place, alert: Alert) -> None:
        with self.at(11):
            alerts.acknowledge(alert=alert, by=place.doctor)
            assert tabs(place.doctor).escalated == 0
            assert "Escalated" not in words(show(place.client(place.doctor)))

    def test_taking_that_back_puts_it_on_again(self, place: Place, alert: Alert) -> None:
        with self.at(7):
            alerts.acknowledge(alert=alert, by=place.doctor)
        with self.at(11):
            alerts.reopen(alert=alert, by=place.doctor)
            assert tabs(place.doctor).escalated == 1

    def test_the_longest_waiting_first_and_the_rest_by_a_link(self, place: Place, alert: Alert) -> None:
        for number in range(12):
            raised(
                place, f"later {number}", NOW, open_since=datetime(2026, 11, 20, 6, 1 + number, tzinfo=UTC)
            )
        with self.at(11):
            page = show(place.client(place.doctor))
            assert len(page.context["escalated"]) == 10
            assert page.context["escalated"][0].subject == "urgent"
            assert "Escalated (13)" in words(page) and "All that are escalated" in words(page)


def test_empty_says_who_is_watched_and_when_they_were_checked(place: Place) -> None:
    with time_machine.travel(datetime(2026, 11, 20, 21, 10, tzinfo=UTC), tick=False):
        reassess_everyone()
        Alert.objects.all().delete()
        page = words(show(place.client(place.doctor)))
    assert "Nothing needs you. 1 patient under watch, last checked 21 Nov 2026, 06:10." in page


def test_a_list_ends_somewhere_and_says_so(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worklists, "MOST", 35)
    for number in range(35):
        raised(place, str(number), VISIT)
    client = place.client(place.doctor)
    assert "Needs you now (35)" in words(show(client))
    raised(place, "one more", VISIT)
    assert "Needs you now (35+)" in words(show(client))
    assert len(show(client, "now", "2").context["rows"]) == 5


def test_pages_of_a_list(place: Place) -> None:
    for number in range(31):
        raised(place, str(number), VISIT)
    client = place.client(place.doctor)
    assert "Page 1 of 2" in words(show(client))
    assert len(show(client, "now", "2").context["rows"]) == 1


# How the databases say that they read a range of one of our own indexes.
BY_INDEX = {
    "sqlite": r"dosing_(alert|task) USING (COVERING )?INDEX (alert|task)_",
    "postgresql": r"Index (Only )?Scan (using|on) (alert|task)_\w+",
}


def _leave_our_indexes_alone() -> None:
    """Until the test ends: PostgreSQL may read a table of a few rows in any way, a large one in few."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename IN ('dosing_alert', 'dosing_task')"
            " AND indexname !~ '^(alert|task)_' AND indexname !~ '_pkey$'"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")


@pytest.mark.parametrize("name", worklists.LISTS)
def test_each_list_is_one_range_of_an_index(full: Place, name: str) -> None:
    """What is counted and what is shown, however large the clinic: nothing is scanned whole.

    Only where work of two kinds comes together is it sorted.
    """
    if connection.vendor == "postgresql":
        _leave_our_indexes_alone()
    shown = worklists._rows(full.doctor, name)
    counted = shown.select_related(None).order_by()[: worklists.MOST + 1]
    for rows in (shown[: worklists.PAGE], counted):
        plan = rows.explain()
        assert re.search(BY_INDEX[connection.vendor], plan), plan
        assert "TEMP B-TREE FOR ORDER BY" not in plan or name == "levels", plan


def test_the_panel_of_a_patient_with_many_matters_asks_no_more(place: Place, today: date) -> None:
    client = place.client(place.doctor)
    address = reverse("dosing:matters", args=[place.patient.pk])
    raised(place, "first", VISIT, state="acknowledged", handled_by=place.doctor, handled_at=timezone.now())
    work(place, "control", today)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(12):
        raised(place, str(number), VISIT)
        work(place, "level_due", today + timedelta(days=number))
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(few) == len(many)


@pytest.mark.parametrize("name", ["now", "tasks"])
def test_a_long_list_asks_no_more(place: Place, today: date, name: str) -> None:
    client = place.client(place.doctor)
    raised(place, "first", VISIT)
    work(place, "control", today)
    show(client, name)
    with CaptureQueriesContext(connection) as few:
        show(client, name)
    for number in range(12):
        raised(place, str(number), VISIT)
        work(place, "level_due", today + timedelta(days=number))
    with CaptureQueriesContext(connection) as many:
        show(client, name)
    assert len(few) == len(many) <= 30

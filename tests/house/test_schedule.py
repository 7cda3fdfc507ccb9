"""What the clock starts exists, and starts when it should."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone

from tacsle_site.celery import app, take_up_what_waits
from tacsle_site.schedule import BEAT_SCHEDULE
from tacsle_site.tasks import forget_ended_sessions
from tests.house.conftest import Lines

NAME = "Sato Yuki"


@shared_task(name="tests.fail")
def fail(name: str) -> None:
    raise ValueError(f"no patient called {name}")


@shared_task(name="tests.work")
def work(name: str) -> str:
    return name


@pytest.mark.parametrize("entry", BEAT_SCHEDULE.values(), ids=BEAT_SCHEDULE)
def test_every_scheduled_job_is_one_that_a_worker_knows(entry: dict[str, Any]) -> None:
    app.loader.import_default_modules()
    assert entry["task"] in app.tasks


@pytest.mark.parametrize(
    ("last_run", "due"),
    [
        # 02:00 in Tokyo is 17:00 of the day before in UTC.
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), datetime(2026, 11, 22, 17, 0, tzinfo=UTC)),
        (datetime(2026, 11, 22, 17, 1, tzinfo=UTC), datetime(2026, 11, 23, 17, 0, tzinfo=UTC)),
    ],
)
def test_everyone_is_judged_at_two_at_night_where_the_clinic_is(last_run: datetime, due: datetime) -> None:
    schedule = BEAT_SCHEDULE["judge-every-patient"]["schedule"]
    schedule.app = app
    schedule.nowfun = lambda: last_run.astimezone(ZoneInfo("Asia/Tokyo"))
    assert last_run + schedule.remaining_estimate(last_run) == due


def test_a_worker_that_starts_takes_up_what_a_migration_left(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(app, "send_task", asked.append)
    take_up_what_waits()
    app.loader.import_default_modules()
    assert asked == ["dosing.assessment.tasks.resume_dead_runs"] and asked[0] in app.tasks


@pytest.mark.django_db
def test_sessions_that_have_ended_are_forgotten() -> None:
    now = timezone.now()
    Session.objects.create(session_key="ended", session_data="", expire_date=now - timedelta(minutes=1))
    Session.objects.create(session_key="open", session_data="", expire_date=now + timedelta(minutes=1))
    forget_ended_sessions()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]


def test_a_job_leaves_one_line_without_its_arguments_or_result(log_lines: Lines) -> None:
    work.apply(args=(NAME,))
    (line,) = log_lines()
    assert (line["event"], line["task"], line["state"]) == ("job", "tests.work", "SUCCESS")
    assert line["seconds"] >= 0
    assert "Sato" not in str(line)


def test_a_failed_job_says_where_and_not_about_whom(log_lines: Lines) -> None:
    fail.apply(args=(NAME,))
    failed, ended = log_lines()
    assert (failed["event"], failed["exception"][0], ended["state"]) == (
        "job_failed",
        "ValueError",
        "FAILURE",
    )
    assert any(place.endswith(" fail") for place in failed["exception"])
    assert "Sato" not in str(log_lines())

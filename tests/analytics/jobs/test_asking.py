"""Reports asked for, cancelled, asked for again, deleted, handed out: by whom, and what is written down."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.models import AuditExport, Clinic, Role, User
from analytics import tasks
from analytics.cohorts import CohortSelection
from analytics.models import Act, Report, ReportAct, ReportFile, ReportState
from analytics.services.reports import ask_report, cancel_report, delete_report, hand_out, retry_report
from tests.analytics.reports import finished_report
from tests.factories_accounts import UserFactory

pytestmark = pytest.mark.sqlite

Commits = Callable[..., Any]
UNFINISHED = (ReportState.WAITING, ReportState.RUNNING)
OVER = tuple(state for state in ReportState if state not in UNFINISHED)


@pytest.fixture
def elsewhere(db: None) -> User:
    """The administrator of another clinic."""
    return UserFactory(username="elsewhere", role=Role.ADMINISTRATOR)


def in_state(report: Report, state: str) -> Report:
    """The report as if it had come to that state."""
    said = {"document": "{}"} if state == ReportState.FINISHED else {}
    claim = {"claim": "0" * 32} if state == ReportState.RUNNING else {}
    Report.objects.filter(pk=report.pk).update(state=state, **said, **claim)
    return Report.objects.get(pk=report.pk)


def acts() -> list[tuple[Any, ...]]:
    """What was done to reports, and by whom."""
    return list(ReportAct.objects.values_list("report", "act", "by"))


class TestAsking:
    def test_the_worker_is_told_once_the_row_is_there(
        self, clinic: Clinic, administrator: User, today: date, queued: list[int],
        django_capture_on_commit_callbacks: Commits,
    ) -> None:  # fmt: skip
        choice = CohortSelection(today, date(2024, 4, 1), date(2025, 3, 31), True)
        with django_capture_on_commit_callbacks(execute=True):
            report = ask_report(clinic=clinic, choice=choice, by=administrator)
            assert queued == []
        assert queued == [report.pk]
        row = Report.objects.get()
        assert (row.clinic, row.asked_by, row.state) == (clinic, administrator, ReportState.WAITING)
        assert (row.cut_off, row.first_from, row.first_to, row.renal_involvement) == (
            today, date(2024, 4, 1), date(2025, 3, 31), True,
        )  # fmt: skip
        assert (row.attempts, row.claim, row.document, row.patients) == (0, None, "", None)

    def test_without_a_broker_the_report_still_waits(
        self, clinic: Clinic, administrator: User, today: date, monkeypatch: pytest.MonkeyPatch,
        django_capture_on_commit_callbacks: Commits,
    ) -> None:  # fmt: skip
        def down(_key: int) -> None:
            raise ConnectionError

        monkeypatch.setattr(tasks.make_report, "delay", down)
        with django_capture_on_commit_callbacks(execute=True):
            report = ask_report(clinic=clinic, choice=CohortSelection(today), by=administrator)
        assert Report.objects.get(pk=report.pk).state == ReportState.WAITING

    def test_the_same_while_it_is_not_finished_is_one_report(
        self, report: Report, clinic: Clinic, today: date
    ) -> None:
        colleague = UserFactory(role=Role.ADMINISTRATOR, clinics=[clinic])
        for state in UNFINISHED:
            in_state(report, state)
            assert ask_report(clinic=clinic, choice=CohortSelection(today), by=colleague) == report
        assert Report.objects.count() == 1

    @pytest.mark.parametrize("state", OVER)
    def test_the_same_when_it_is_over_is_a_new_one(
        self, report: Report, administrator: User, today: date, state: str
    ) -> None:
        in_state(report, state)
        assert ask_report(clinic=report.clinic, choice=CohortSelection(today), by=administrator) != report

    @pytest.mark.parametrize(
        "other",
        [
            CohortSelection(date(2026, 1, 1)),
            CohortSelection(date(2026, 1, 2), first_from=date(2025, 1, 1)),
            CohortSelection(date(2026, 1, 2), first_to=date(2025, 1, 1)),
            CohortSelection(date(2026, 1, 2), renal_involvement=True),
            CohortSelection(date(2026, 1, 2), renal_involvement=False),
        ],
    )
    def test_any_other_choice_is_another_report(
        self, clinic: Clinic, administrator: User, queued: list[int], other: CohortSelection
    ) -> None:
        first = ask_report(clinic=clinic, choice=CohortSelection(date(2026, 1, 2)), by=administrator)
        assert ask_report(clinic=clinic, choice=other, by=administrator) != first

    def test_days_that_cannot_be(self, clinic: Clinic, administrator: User, today: date) -> None:
        past = today - timedelta(days=400)
        for choice, field, words in (
            (CohortSelection(today + timedelta(days=1)), "cut_off", "lies ahead"),
            (CohortSelection(today, today, past), "first_to", "before the first day"),
            (CohortSelection(past, today), "first_from", "after the last day"),
        ):
            with pytest.raises(ValidationError, match=words) as refused:
                ask_report(clinic=clinic, choice=choice, by=administrator)
            assert list(refused.value.message_dict) == [field]
        assert not Report.objects.exists()

    def test_today_and_a_period_of_one_day_can_be(
        self, clinic: Clinic, administrator: User, today: date, queued: list[int]
    ) -> None:
        ask_report(clinic=clinic, choice=CohortSelection(today, today, today), by=administrator)
        assert Report.objects.count() == 1


class TestWhoMay:
    @pytest.mark.parametrize("who", ["doctor", "nurse", "stranger"])
    def test_nobody_but_an_administrator(
        self, request: pytest.FixtureRequest, report: Report, today: date, who: str
    ) -> None:
        user = request.getfixturevalue(who)
        file = finished_report(report.clinic, report.asked_by).files.get()
        for refused in (
            lambda: ask_report(clinic=report.clinic, choice=CohortSelection(today), by=user),
            lambda: cancel_report(report=report, by=user),
            lambda: retry_report(report=report, by=user),
            lambda: delete_report(report=report, by=user),
            lambda: hand_out(file=file, by=user),
        ):
            with pytest.raises(PermissionDenied):
                refused()
        assert Report.objects.get(pk=report.pk).state == ReportState.WAITING
        assert ReportFile.objects.count() == 1 and not AuditExport.objects.exists()

    def test_of_another_clinic_neither(self, report: Report, elsewhere: User, today: date) -> None:
        with pytest.raises(ValidationError, match="not yours"):
            ask_report(clinic=report.clinic, choice=CohortSelection(today), by=elsewhere)
        for refused in (cancel_report, retry_report, delete_report):
            with pytest.raises(Report.DoesNotExist):
                refused(report=report, by=elsewhere)
        file = finished_report(report.clinic, report.asked_by).files.get()
        with pytest.raises(PermissionDenied):
            hand_out(file=file, by=elsewhere)
        assert not AuditExport.objects.exists()


class TestCancelling:
    @pytest.mark.parametrize("state", UNFINISHED)
    def test_what_is_not_over(self, report: Report, administrator: User, state: str) -> None:
        assert cancel_report(report=in_state(report, state), by=administrator)
        row = Report.objects.get()
        assert (row.state, row.claim) == (ReportState.CANCELLED, None)
        assert acts() == [(report.pk, Act.CANCELLED, administrator.pk)]

    @pytest.mark.parametrize("state", OVER)
    def test_what_is_over_stays_so(self, report: Report, administrator: User, state: str) -> None:
        assert not cancel_report(report=in_state(report, state), by=administrator)
        assert Report.objects.get().state == state and acts() == []


class TestAskingAgain:
    @pytest.mark.parametrize("state", [ReportState.FAILED, ReportState.CANCELLED])
    def test_what_failed_or_was_cancelled(
        self, report: Report, administrator: User, queued: list[int], state: str,
        django_capture_on_commit_callbacks: Commits,
    ) -> None:  # fmt: skip
        Report.objects.update(attempts=3, failure="x", step="y")
        with django_capture_on_commit_callbacks(execute=True):
            assert retry_report(report=in_state(report, state), by=administrator)
        row = Report.objects.get()
        assert (row.state, row.attempts, row.failure, row.step) == (ReportState.WAITING, 0, "", "")
        assert queued == [report.pk]
        assert acts() == [(report.pk, Act.RETRIED, administrator.pk)]

    @pytest.mark.parametrize("state", [*UNFINISHED, ReportState.FINISHED, ReportState.DELETED])
    def test_nothing_else(self, report: Report, administrator: User, state: str) -> None:
        assert not retry_report(report=in_state(report, state), by=administrator)
        assert Report.objects.get().state == state and acts() == []


class TestDeleting:
    def test_text_and_files_go_and_the_row_stays(self, clinic: Clinic, administrator: User) -> None:
        report = finished_report(clinic, administrator)
        delete_report(report=report, by=administrator)
        row = Report.objects.get()
        assert (row.state, row.document, row.files.count()) == (ReportState.DELETED, "", 0)
        assert (row.asked_by, row.snapshot, row.patients) == (administrator, report.snapshot, 2)
        delete_report(report=report, by=administrator)
        assert Report.objects.get().state == ReportState.DELETED
        assert acts() == [(report.pk, Act.DELETED, administrator.pk)]


class TestHandingOut:
    def test_who_took_which_file_is_written_down(self, clinic: Clinic, administrator: User) -> None:
        file = finished_report(clinic, administrator).files.get()
        assert hand_out(file=file, by=administrator) == b"zip"
        line = AuditExport.objects.get()
        assert (line.by, line.clinic, line.subject) == (administrator, clinic, "cohort_report")
        assert line.asked == {
            "report": str(file.report_id), "file": "tables.zip", "clinic": clinic.name, "sha256": "0" * 64,
        }  # fmt: skip

    def test_no_file_without_its_line(
        self, clinic: Clinic, administrator: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(**_said: object) -> None:
            raise IntegrityError

        monkeypatch.setattr("analytics.services.reports.note_data_export", refuse)
        with pytest.raises(IntegrityError):
            hand_out(file=finished_report(clinic, administrator).files.get(), by=administrator)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "unknown"},
        {"state": ReportState.FINISHED, "document": ""},
        {"state": ReportState.RUNNING, "claim": None},
    ],
)
def test_the_database_refuses_what_cannot_be(report: Report, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(**wrong)


def test_one_file_of_a_kind(clinic: Clinic, administrator: User) -> None:
    file = finished_report(clinic, administrator).files.get()
    file.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        file.save()

"""The pages of reports: the form and the list, the progress, the report, its files."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.access import reader_zone
from accounts.models import AuditExport, Clinic, Role, User
from analytics import jobs
from analytics.models import Report, ReportAct, ReportState
from analytics.services.reports import ask_report
from patients.models import Visit
from patients.services import writing
from tests.accounts.administration.conftest import browser_of
from tests.analytics.reports import finished_report
from tests.factories_accounts import ClinicFactory, UserFactory
from tests.markup import on_one_line

pytestmark = pytest.mark.sqlite


def text(answer: Any) -> str:
    return on_one_line(answer.content.decode())


def address(name: str, report: Report, *more: object) -> str:
    return reverse(f"analytics:{name}", args=[report.pk, *more])


@pytest.fixture
def desk(administrator: User, queued: list[int]) -> Client:
    """The administrator's browser."""
    return browser_of(administrator)


@pytest.fixture
def finished(clinic: Clinic, administrator: User) -> Report:
    return finished_report(clinic, administrator)


def ask(client: Client, place: Clinic, day: date, **changes: object) -> Any:
    asked = {"clinic": place.pk, "cut_off": day.isoformat(), "first_from": "", "first_to": "", "renal": ""}
    return client.post(reverse("analytics:cohort"), {**asked, **changes})


class TestAsking:
    def test_the_form_leads_to_the_report(self, desk: Client, clinic: Clinic, today: date) -> None:
        answer = ask(desk, clinic, today, renal="with", first_from="2024-04-01", first_to="2025-03-31")
        report = Report.objects.get()
        assert answer["Location"] == address("report", report)
        assert (report.cut_off, report.renal_involvement) == (today, True)
        assert (report.first_from, report.first_to) == (date(2024, 4, 1), date(2025, 3, 31))

    def test_data_up_to_today_unless_said_otherwise(self, desk: Client, today: date) -> None:
        page = text(desk.get(reverse("analytics:cohort")))
        assert "No report was made until now. The form above makes the first." in page
        assert f'value="{today.isoformat()}"' in page

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"cut_off": ""}, "cut_off"),
            ({"cut_off": "2099-01-01"}, "cut_off"),
            ({"cut_off": "yesterday"}, "cut_off"),
            ({"first_from": "2025-02-01", "first_to": "2025-01-01"}, "first_to"),
            ({"first_from": "2026-11-01", "cut_off": "2026-10-01"}, "first_from"),
            ({"renal": "perhaps"}, "renal"),
            ({"clinic": ""}, "clinic"),
            ({"clinic": "999999"}, "clinic"),
        ],
    )
    def test_what_cannot_be_is_said_at_its_field(
        self, desk: Client, clinic: Clinic, today: date, changes: dict[str, str], field: str
    ) -> None:
        answer = ask(desk, clinic, today, **changes)
        assert answer.status_code == 200 and list(answer.context["form"].errors) == [field]
        assert not Report.objects.exists()

    def test_where_there_are_two_clinics_one_is_chosen(
        self, desk: Client, clinic: Clinic, administrator: User, today: date
    ) -> None:
        administrator.clinics.add(ClinicFactory(name="South"))
        page = text(desk.get(reverse("analytics:cohort")))
        assert '<option value="" selected>choose</option>' in page
        ask(desk, Clinic.objects.get(name="South"), today)
        assert Report.objects.get().clinic.name == "South"

    def test_a_second_click_makes_no_second_report(self, desk: Client, clinic: Clinic, today: date) -> None:
        first, second = ask(desk, clinic, today), ask(desk, clinic, today)
        assert first["Location"] == second["Location"] and Report.objects.count() == 1

    def test_a_rheumatologist_reads_and_does_not_ask(
        self, doctor: User, clinic: Clinic, today: date, finished: Report
    ) -> None:
        page = text(browser_of(doctor).get(reverse("analytics:cohort")))
        assert f"Report {finished.pk}" in page and "Make the report" not in page
        assert reverse("analytics:exports") not in page
        assert ask(browser_of(doctor), clinic, today).status_code == 403
        assert Report.objects.count() == 1


class TestAfterwards:
    """What was done to a report stands on its page, by whom and when."""

    def test_cancelled_asked_for_again_and_deleted(
        self, desk: Client, report: Report, administrator: User
    ) -> None:
        for name, word in (
            ("cancel_report", "cancelled"),
            ("retry_report", "asked for again"),
            ("cancel_report", "cancelled"),
            ("delete_report", "deleted"),
        ):
            page = text(desk.get(address("report", report)))
            assert ("Delete the report" in page) is (name in ("retry_report", "delete_report"))
            desk.post(address(name, report))
            at = ReportAct.objects.latest("pk").at.astimezone(reader_zone(administrator))
            assert f"{word} {at.day} {at:%b %Y, %H:%M}, {administrator}" in text(
                desk.get(address("report", report))
            )
        assert text(desk.get(address("report", report))).count(" · cancelled ") == 2

    @pytest.mark.parametrize("name", ["retry_report", "delete_report"])
    def test_one_that_waits_is_not_deleted_on_its_page(self, desk: Client, report: Report, name: str) -> None:
        assert address(name, report) not in text(desk.get(address("report", report)))


class TestList:
    def test_nothing_yet_for_who_may_not_ask(self, doctor: User) -> None:
        page = text(browser_of(doctor).get(reverse("analytics:cohort")))
        assert "An administrator can ask for one." in page

    def test_each_tells_what_it_is_about_and_how_far_it_is(
        self, desk: Client, report: Report, finished: Report, administrator: User
    ) -> None:
        Report.objects.filter(pk=report.pk).update(
            first_from=date(2024, 4, 1), first_to=date(2025, 3, 31), renal_involvement=False
        )
        page = text(desk.get(reverse("analytics:cohort")))
        for words in ("waiting for the worker", "finished", "1 Apr 2024", "31 Mar 2025", "without only"):
            assert words in page
        assert administrator.username in page
        assert page.index(f"Report {finished.pk}<") < page.index(f"Report {report.pk}<"), "the newest first"

    def test_another_clinics_reports_are_not_there(self, finished: Report) -> None:
        elsewhere = UserFactory(role=Role.ADMINISTRATOR)
        assert "No report was made" in text(browser_of(elsewhere).get(reverse("analytics:cohort")))
        for name in ("report", "report_progress"):
            assert browser_of(elsewhere).get(address(name, finished)).status_code == 404
        assert browser_of(elsewhere).get(address("report_file", finished, "csv")).status_code == 404
        for name in ("cancel_report", "retry_report", "delete_report"):
            assert browser_of(elsewhere).post(address(name, finished)).status_code == 404
        assert Report.objects.get().state == ReportState.FINISHED and not AuditExport.objects.exists()

    def test_as_many_queries_for_many_as_for_few(
        self, desk: Client, clinic: Clinic, administrator: User
    ) -> None:
        def count() -> int:
            with CaptureQueriesContext(connection) as seen:
                desk.get(reverse("analytics:cohort"))
            return len(seen)

        finished_report(clinic, administrator)
        count()
        few = count()
        for _ in range(10):
            finished_report(clinic, administrator)
        assert count() == few <= 12


class TestProgress:
    def test_a_waiting_report_asks_again_and_may_be_cancelled(self, desk: Client, report: Report) -> None:
        page = text(desk.get(address("report", report)))
        assert f'hx-get="{address("report_progress", report)}" hx-trigger="every 1s"' in page
        assert "waiting for the worker" in page and "You may leave this page" in page
        assert address("cancel_report", report) in page and address("retry_report", report) not in page

    def test_how_far_it_is(self, desk: Client, report: Report) -> None:
        jobs._claimed(report.pk)
        Report.objects.update(step="Reading the patients", done=50, total=120)
        answer = desk.get(address("report_progress", report))
        fragment = text(answer)
        assert "being made" in fragment and "Reading the patients" in fragment
        assert '<progress max="120" value="50">' in fragment and "50 of 120" in fragment
        assert "<h1" not in fragment and "HX-Refresh" not in answer

    def test_a_step_without_a_count_shows_none(self, desk: Client, report: Report) -> None:
        jobs._claimed(report.pk)
        Report.objects.update(step="Writing report.pdf")
        assert "<progress" not in text(desk.get(address("report_progress", report)))

    def test_silence_is_said_and_asked_for_less_often(self, desk: Client, report: Report) -> None:
        Report.objects.update(heartbeat=timezone.now() - timedelta(minutes=2))
        fragment = text(desk.get(address("report_progress", report)))
        assert "No sign of life since" in fragment and 'hx-trigger="every 10s"' in fragment

    def test_no_bar_stands_still_where_nothing_goes_on(self, desk: Client, report: Report) -> None:
        Report.objects.update(state=ReportState.FAILED, step="Reading the patients", done=50, total=120)
        fragment = text(desk.get(address("report_progress", report)))
        assert "failed" in fragment and "Reading the patients" in fragment and "<progress" not in fragment

    @pytest.mark.parametrize("state", [ReportState.CANCELLED, ReportState.FAILED, ReportState.DELETED])
    def test_when_it_is_over_the_page_is_loaded_anew(self, desk: Client, report: Report, state: str) -> None:
        Report.objects.update(state=state)
        answer = desk.get(address("report_progress", report))
        assert answer["HX-Refresh"] == "true" and "hx-trigger" not in text(answer)

    def test_cancelled_and_asked_for_again(self, desk: Client, report: Report) -> None:
        assert desk.post(address("cancel_report", report))["Location"] == address("report", report)
        page = text(desk.get(address("report", report)))
        assert "cancelled" in page and address("retry_report", report) in page
        assert address("cancel_report", report) not in page
        desk.post(address("retry_report", report))
        assert Report.objects.get().state == ReportState.WAITING

    def test_cancelled_too_late_is_said(self, desk: Client, finished: Report) -> None:
        answer = desk.post(address("cancel_report", finished), follow=True)
        assert "It was over already: there was nothing to cancel." in text(answer)
        assert Report.objects.get().state == ReportState.FINISHED

    def test_a_failure_is_told_with_its_reference(self, desk: Client, report: Report) -> None:
        Report.objects.update(
            state=ReportState.FAILED, failure="The disk refused a file. Reference AB12CD34."
        )
        page = text(desk.get(address("report", report)))
        assert "The disk refused a file. Reference AB12CD34." in page and "Try again" in page


class TestReport:
    def test_it_says_what_it_was_made_from_and_each_table(self, desk: Client, finished: Report) -> None:
        page = text(desk.get(address("report", finished)))
        assert "Before and after" in page and "37 pairs." in page and "11.7" in page
        assert "data up to" in page and "hx-trigger" not in page

    @pytest.mark.usefixtures("never", "light")
    def test_an_old_report_says_of_which_day_and_of_which_data_it_is(
        self, desk: Client, report: Report, doctor: User, today: date
    ) -> None:
        """A fact is taken back afterwards: the old page stays, a new report has another fingerprint."""
        long_ago = timezone.now() - timedelta(days=400)
        jobs.run(report.pk)
        Report.objects.update(asked_at=long_ago, finished_at=long_ago)
        writing.void(Visit.objects.latest("on"), by=doctor, reason="wrong patient")
        page = text(desk.get(address("report", report)))
        row = Report.objects.get()
        assert f"data up to {today.day} {today:%b %Y}" in page and row.snapshot in page
        assert page.count(f"{long_ago.astimezone(reader_zone(row.asked_by)):%b %Y}") >= 2, (
            "asked for, finished"
        )
        again = ask_report(clinic=row.clinic, choice=jobs.choice_of(row), by=row.asked_by)
        jobs.run(again.pk)
        assert row.snapshot not in text(desk.get(address("report", again)))

    def test_who_may_not_take_files_sees_none(self, doctor: User, finished: Report) -> None:
        page = text(browser_of(doctor).get(address("report", finished)))
        assert "Before and after" in page
        assert address("report_file", finished, "csv") not in page and "Delete the report" not in page

    def test_a_report_deleted_while_open_says_so(self, desk: Client, doctor: User, finished: Report) -> None:
        reader = browser_of(doctor)
        assert "Before and after" in text(reader.get(address("report", finished)))
        answer = desk.post(address("delete_report", finished), follow=True)
        assert "The report and its files are deleted" in text(answer)
        page = text(reader.get(address("report", finished)))
        assert "This report was deleted." in page and "Before and after" not in page
        late = desk.get(address("report_file", finished, "csv"), follow=True)
        assert "This report was deleted." in text(late) and not AuditExport.objects.exists()


class TestFiles:
    def test_a_file_is_handed_out_and_written_down(self, desk: Client, finished: Report) -> None:
        answer = desk.get(address("report_file", finished, "csv"))
        assert answer.content == b"zip" and answer["Content-Type"] == "application/zip"
        assert answer["Cache-Control"] == "no-store"
        assert answer["Content-Disposition"] == f'attachment; filename="tacsle-{finished.pk}-tables.zip"'
        assert AuditExport.objects.get().asked["report"] == str(finished.pk)

    @pytest.mark.parametrize("kind", ["pdf", "docx", "exe"])
    def test_a_file_that_is_not_there(self, desk: Client, finished: Report, kind: str) -> None:
        assert desk.get(address("report_file", finished, kind)).status_code == 404
        assert not AuditExport.objects.exists()

    @pytest.mark.parametrize("who", ["doctor", "nurse", "stranger"])
    def test_nobody_else_takes_one(self, request: pytest.FixtureRequest, finished: Report, who: str) -> None:
        client = browser_of(request.getfixturevalue(who))
        assert client.get(address("report_file", finished, "csv")).status_code == 403
        assert not AuditExport.objects.exists()


class TestNavigation:
    def test_who_may_read_finds_the_way(self, administrator: User, doctor: User, nurse: User) -> None:
        link = f'href="{reverse("analytics:cohort")}"'
        assert link in text(browser_of(administrator).get(reverse("accounts:administration")))
        assert link in text(browser_of(doctor).get(reverse("dosing:worklist")))
        assert link not in text(browser_of(nurse).get(reverse("dosing:worklist")))

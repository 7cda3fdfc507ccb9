"""The making of a report by a worker: step by step, killed, cancelled, refused by the disk, claimed twice."""

import hashlib
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from django.utils import timezone

from accounts.models import Clinic, User
from analytics import jobs, tasks
from analytics.jobs import DEAD_AFTER, MOST_ATTEMPTS
from analytics.models import Report, ReportState
from analytics.report import build as making
from analytics.report.document_json import from_json
from analytics.services.reports import ask_report, cancel_report, delete_report, retry_report
from patients.models import Visit
from patients.services import writing
from tests.house.conftest import Lines

pytestmark = pytest.mark.sqlite

# Reading, eight sections, four files.
STEPS = 13
Step = tuple[str, int, int]


def again(report: Report) -> Report:
    """The row as it is now."""
    return Report.objects.get(pk=report.pk)


def asked_again(report: Report) -> Report:
    """A new one with the same choice; the one before is over."""
    return ask_report(clinic=report.clinic, choice=jobs.choice_of(report), by=report.asked_by)


def grow_old() -> None:
    """As if the last sign of life of every report were long ago."""
    Report.objects.update(heartbeat=timezone.now() - DEAD_AFTER - timedelta(seconds=1))


def revive(queued: list[int]) -> list[bool]:
    """The watch and then the worker: what became of each report that was asked for again."""
    before = len(queued)
    tasks.revive_reports()
    return [tasks.make_report(key) for key in queued[before:]]


@contextmanager
def at_step(number: int, monkeypatch: pytest.MonkeyPatch, happens: Any) -> Iterator[list[Step]]:
    """Call `happens` at the step of that number, from 0, before it is told; gives the steps."""
    told, tell = [], jobs._tell

    def telling(report: Report, *step: Any) -> None:
        told.append(step)
        if len(told) == number + 1:
            happens(report)
        tell(report, *step)

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "_tell", telling)
        yield told


def die(_report: Report) -> None:
    raise SystemExit


@pytest.mark.usefixtures("people")
class TestMade:
    def test_document_files_and_what_it_was_made_from(self, report: Report, log_lines: Lines) -> None:
        assert tasks.make_report(report.pk)
        assert log_lines() == [], "no library fills the log"
        row = again(report)
        assert (row.state, row.attempts, row.patients, row.failure) == (ReportState.FINISHED, 1, 2, "")
        assert row.finished_at is not None and row.finished_at >= row.asked_at
        facts = dict(from_json(row.document).facts)
        assert (facts["Fingerprint of the data"], facts["Patients"]) == (row.snapshot, "2")
        assert facts["Version"] == f"TACSLE {row.code_version}" and len(row.snapshot) == 64
        files = {file.kind: file for file in row.files.all()}
        assert set(files) == {"pdf", "xlsx", "csv", "all"}
        for file in files.values():
            content = bytes(file.content)
            assert file.bytes == len(content) > 1000
            assert file.sha256 == hashlib.sha256(content).hexdigest()
        assert bytes(files["pdf"].content).startswith(b"%PDF-")
        with ZipFile(io.BytesIO(bytes(files["all"].content))) as archive:
            listed = json.loads(archive.read("manifest.json"))["files"]
            found = {one["name"]: hashlib.sha256(archive.read(one["name"])).hexdigest() for one in listed}
            assert found == {one["name"]: one["sha256"] for one in listed}
            assert archive.read("report.xlsx") == bytes(files["xlsx"].content)

    @pytest.mark.usefixtures("light")
    def test_every_step_is_told_and_is_a_sign_of_life(
        self, report: Report, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        grow_old()
        seen: list[Report] = []
        tell = jobs._tell

        def telling(row: Report, *step: Any) -> None:
            tell(row, *step)
            seen.append(again(row))

        monkeypatch.setattr(jobs, "_tell", telling)
        jobs.run(report.pk)
        assert (seen[0].step, seen[0].done, seen[0].total) == ("Reading the patients", 3, 3)
        assert [row.step for row in seen[1:]] == [
            "Reckoning: Patients", "Reckoning: Response at week 52", "Reckoning: Before and after",
            "Reckoning: Prednisolone", "Reckoning: Disease activity", "Reckoning: Tacrolimus",
            "Reckoning: Adverse events", "Reckoning: Subgroups",
            "Writing report.pdf", "Writing report.xlsx", "Writing tables.zip", "Writing report.zip",
        ]  # fmt: skip
        assert len(seen) == STEPS
        assert [(row.done, row.total) for row in seen[1:9]] == [(number, 8) for number in range(1, 9)]
        assert [(row.done, row.total) for row in seen[9:]] == [(number, 4) for number in range(4)]
        assert all(timezone.now() - row.heartbeat < DEAD_AFTER for row in seen)
        assert {row.state for row in seen} == {ReportState.RUNNING}

    @pytest.mark.usefixtures("light")
    def test_the_same_data_give_the_same_report(self, report: Report) -> None:
        jobs.run(report.pk)
        second = asked_again(report)
        assert second.pk != report.pk
        jobs.run(second.pk)
        first, second = again(report), again(second)
        assert first.document == second.document and first.snapshot == second.snapshot

    @pytest.mark.usefixtures("light")
    def test_other_data_give_another_fingerprint(self, report: Report, doctor: User) -> None:
        jobs.run(report.pk)
        visit = Visit.objects.filter(patient__clinic=report.clinic).latest("on")
        writing.void(visit, by=doctor, reason="wrong patient")
        second = asked_again(report)
        jobs.run(second.pk)
        assert again(second).snapshot != again(report).snapshot

    @pytest.mark.usefixtures("light")
    def test_later_facts_change_nothing(self, report: Report, doctor: User) -> None:
        visits = Visit.objects.filter(patient__clinic=report.clinic).order_by("on")
        latest = visits.last()
        assert latest is not None and visits.first() != latest
        Report.objects.update(cut_off=latest.on - timedelta(days=1))
        jobs.run(report.pk)
        second = asked_again(again(report))
        writing.void(latest, by=doctor, reason="wrong patient")
        jobs.run(second.pk)
        assert again(second).cut_off < latest.on
        assert again(second).snapshot == again(report).snapshot
        assert again(second).document == again(report).document

    @pytest.mark.usefixtures("light")
    def test_a_made_report_is_not_made_again(self, report: Report) -> None:
        assert jobs.run(report.pk)
        before = again(report)
        assert not jobs.run(report.pk)
        assert (again(report).finished_at, again(report).attempts) == (before.finished_at, 1)

    @pytest.mark.usefixtures("light")
    def test_another_clinics_patients_do_not_count(
        self, report: Report, stranger: User, queued: list[int]
    ) -> None:
        place = stranger.own_clinics[0]
        other = Report.objects.create(clinic=place, cut_off=report.cut_off, asked_by=report.asked_by)
        assert jobs.run(other.pk)
        assert again(other).patients == 0


@pytest.mark.usefixtures("never", "light")
class TestKilled:
    def test_at_any_step_another_worker_begins_again(
        self, report: Report, queued: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(STEPS):
            with at_step(number, monkeypatch, die) as told, pytest.raises(SystemExit):
                jobs.run(report.pk)
            assert len(told) == number + 1
            dead = again(report)
            assert (dead.state, dead.document, dead.files.count()) == (ReportState.RUNNING, "", 0)
            assert revive(queued) == [] and not jobs.run(report.pk), "it may still be alive"
            grow_old()
            assert revive(queued) == [True]
            row = again(report)
            assert (row.state, row.attempts, row.files.count()) == (ReportState.FINISHED, 2, 4)
            grow_old()
            assert revive(queued) == []
            report = asked_again(report)

    def test_in_the_middle_of_the_last_write_nothing_of_it_stays(
        self, report: Report, queued: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        create, made = jobs.ReportFile.objects.create, []

        def killed(**values: Any) -> None:
            if len(made) == 2:
                raise SystemExit
            made.append(create(**values))

        with monkeypatch.context() as dying, pytest.raises(SystemExit):
            dying.setattr(jobs.ReportFile.objects, "create", killed)
            jobs.run(report.pk)
        assert len(made) == 2 and again(report).files.count() == 0
        grow_old()
        assert revive(queued) == [True] and again(report).files.count() == 4

    def test_a_lost_message_is_sent_again(self, report: Report, queued: list[int]) -> None:
        assert again(report).state == ReportState.WAITING and revive(queued) == []
        grow_old()
        assert revive(queued) == [True]
        assert again(report).state == ReportState.FINISHED

    def test_after_three_deaths_it_has_failed_and_may_be_asked_for_again(
        self, report: Report, administrator: User, queued: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _ in range(MOST_ATTEMPTS):
            grow_old()
            with at_step(4, monkeypatch, die), pytest.raises(SystemExit):
                jobs.run(report.pk)
        grow_old()
        assert revive(queued) == [False]
        row = again(report)
        assert (row.state, row.attempts) == (ReportState.FAILED, 3)
        assert row.failure == "The worker died 3 times while it made this report."
        assert retry_report(report=row, by=administrator)
        assert jobs.run(report.pk) and again(report).state == ReportState.FINISHED


@pytest.mark.usefixtures("never", "light")
class TestTwoWorkers:
    def test_only_one_claims(self, report: Report) -> None:
        assert jobs._claimed(report.pk) is not None
        assert jobs._claimed(report.pk) is None

    @pytest.mark.parametrize("number", [0, 5, STEPS - 1])
    def test_one_that_slept_too_long_writes_nothing_more(
        self, report: Report, number: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The second has begun again and finished when the first wakes up."""

        def overtaken(_report: Report) -> None:
            grow_old()
            with monkeypatch.context() as second:
                second.setattr(jobs, "_tell", lambda *_step: None)
                assert jobs.run(report.pk)

        with at_step(number, monkeypatch, overtaken):
            assert not jobs.run(report.pk)
        row = again(report)
        assert (row.state, row.attempts, row.files.count()) == (ReportState.FINISHED, 2, 4)

    def test_one_that_slept_before_its_last_word_writes_nothing(
        self, report: Report, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make = making.make

        def slow(*given: Any) -> Any:
            made = make(*given)
            Report.objects.filter(pk=report.pk).update(claim=None, state=ReportState.CANCELLED)
            return made

        monkeypatch.setattr(jobs, "make", slow)
        assert not jobs.run(report.pk)
        row = again(report)
        assert (row.state, row.document, row.files.count()) == (ReportState.CANCELLED, "", 0)


@pytest.mark.usefixtures("never", "light")
class TestGivenUp:
    @pytest.mark.parametrize(
        ("give_up", "state"),
        [(cancel_report, ReportState.CANCELLED), (delete_report, ReportState.DELETED)],
    )
    def test_at_any_step_the_worker_stops_there(
        self, report: Report, administrator: User, give_up: Any, state: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def given_up(row: Report) -> None:
            give_up(report=row, by=administrator)

        for number in range(STEPS):
            with at_step(number, monkeypatch, given_up) as told:
                assert not jobs.run(report.pk)
            assert len(told) == number + 1
            row = again(report)
            assert (row.state, row.document, row.files.count()) == (state, "", 0)
            report = asked_again(report)

    def test_what_was_cancelled_while_it_waited_is_not_begun(
        self, report: Report, administrator: User, queued: list[int]
    ) -> None:
        cancel_report(report=report, by=administrator)
        grow_old()
        assert not jobs.run(report.pk) and revive(queued) == []
        assert again(report).attempts == 0


@pytest.mark.usefixtures("never")
class TestFailing:
    @pytest.fixture
    def refused(self, report: Report, log_lines: Lines, monkeypatch: pytest.MonkeyPatch) -> Report:
        """A report whose file the disk refused."""

        def full(*_given: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as failing, pytest.raises(OSError, match="space"):
            failing.setattr(making, "write_files", full)
            jobs.run(report.pk)
        row = again(report)
        (line,) = log_lines()
        assert line["event"] == "report_failed" and line["exception"][0] == "OSError"
        assert line["report"] == report.pk and line["reference"] in row.failure
        return row

    def test_a_disk_that_refuses_a_file_is_said_in_words(self, refused: Report, queued: list[int]) -> None:
        assert refused.failure.startswith("The disk refused a file: nothing of the report was kept.")
        assert (refused.state, refused.document, refused.files.count()) == (ReportState.FAILED, "", 0)
        grow_old()
        assert revive(queued) == [], "nobody tries for ever"

    @pytest.mark.usefixtures("light")
    def test_it_is_made_when_asked_for_again(
        self, refused: Report, administrator: User, queued: list[int]
    ) -> None:
        assert retry_report(report=refused, by=administrator)
        waiting = again(refused)
        assert (waiting.state, waiting.failure, waiting.attempts) == (ReportState.WAITING, "", 0)
        assert jobs.run(refused.pk)
        assert (again(refused).state, again(refused).failure) == (ReportState.FINISHED, "")

    def test_any_other_failure_has_its_reference_and_tells_no_secret(
        self, report: Report, log_lines: Lines, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def wrong(*_given: object) -> None:
            raise ValueError("Zephyrine Quillon")

        monkeypatch.setattr(making, "build", wrong)
        with pytest.raises(ValueError, match="Zephyrine"):
            jobs.run(report.pk)
        row = again(report)
        (line,) = log_lines()
        assert row.state == ReportState.FAILED and "Zephyrine" not in f"{row.failure} {line}"
        assert row.failure.endswith(f"Reference {line['reference']}.")

    def test_what_was_cancelled_meanwhile_does_not_fail(
        self, report: Report, administrator: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def wrong(*_given: object) -> None:
            cancel_report(report=report, by=administrator)
            raise ValueError

        monkeypatch.setattr(making, "build", wrong)
        with pytest.raises(ValueError):
            jobs.run(report.pk)
        assert (again(report).state, again(report).failure) == (ReportState.CANCELLED, "")


def test_a_report_that_is_gone(db: None) -> None:
    assert not jobs.run(404)


def test_the_oldest_is_revived_first(
    report: Report, clinic: Clinic, administrator: User, queued: list[int]
) -> None:
    later = Report.objects.create(clinic=clinic, cut_off=report.cut_off, asked_by=administrator)
    grow_old()
    assert tasks.revive_reports() == 2
    assert queued == [report.pk, later.pk]

"""A new assessment of a clinic as a job: requested by an approval or a person, killed, replaced."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import upward
from accounts.clock import local_today
from accounts.models import ClinicSettings, User
from accounts.services import approve_settings, propose_settings
from dosing.assessment import nightly, tasks
from dosing.assessment.jobs import reassess_after_approval, reassess_clinic
from dosing.assessment.nightly import (
    DEAD_AFTER,
    last_nightly_run,
    reassess_everyone,
    resume_dead_runs,
    run_clinic_reassessment,
)
from dosing.models import Alert, PatientStatus, ReassessmentRun, RunState, RunTrigger
from patients.models import Patient
from patients.services.importing import Identity, import_record
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
Commits = Callable[..., Any]


@made_once
def place() -> Place:
    return make_place()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What the worker was asked for, by key."""
    keys: list[int] = []
    monkeypatch.setattr(tasks.reassess_clinic, "delay", keys.append)
    return keys


def approve(place: Place, values: dict[str, Any], day: date | None = None) -> ClinicSettings:
    proposal = propose_settings(
        clinic=place.clinic, values=values, reason="assay", by=place.administrator,
        effective_from=day or local_today(place.clinic),
    )  # fmt: skip
    return approve_settings(proposal=proposal, by=place.doctor)


# So far back no two visits can be compared: the patient with a new rash is no longer MET.
NO_COMPARISON = {"comparator_min_days": 140, "comparator_max_days": 141}


def more_patients(place: Place, count: int) -> None:
    from demo.samples import base

    record = base.with_rash(base.base_record(local_today(place.clinic)))
    for number in range(2, count + 2):
        identity = Identity(str(number), "Test", f"Person {number}")
        import_record(record=record, identity=identity, clinic=place.clinic, by=place.doctor)


class TestAsking:
    def test_an_approval_in_force_asks_once_it_is_committed(
        self, place: Place, asked: list[int], django_capture_on_commit_callbacks: Commits
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            approve(place, NO_COMPARISON)
            assert asked == []
        row = ReassessmentRun.objects.get()
        assert asked == [row.pk]
        assert (row.clinic, row.trigger, row.asked_by, row.state) == (
            place.clinic, RunTrigger.SETTINGS, place.doctor, RunState.WAITING,
        )  # fmt: skip

    def test_a_later_day_is_left_to_the_night(self, place: Place) -> None:
        approve(place, NO_COMPARISON, local_today(place.clinic) + timedelta(days=1))
        assert not ReassessmentRun.objects.exists()

    def test_a_refused_approval_leaves_no_job(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(version: ClinicSettings, by: User) -> None:
            reassess_after_approval(version, by)
            assert ReassessmentRun.objects.exists()
            raise RuntimeError

        monkeypatch.setattr(upward, "settings_approved", fail)
        with pytest.raises(RuntimeError):
            approve(place, NO_COMPARISON)
        assert not ReassessmentRun.objects.exists()
        assert ClinicSettings.objects.get().state == "proposed"

    def test_asking_twice_is_one_job(self, place: Place) -> None:
        first = reassess_clinic(clinic=place.clinic, by=place.doctor)
        assert reassess_clinic(clinic=place.clinic, by=place.administrator) == first
        run_clinic_reassessment(first.pk)
        assert reassess_clinic(clinic=place.clinic, by=place.doctor) != first

    def test_the_database_knows_one_unfinished_job_of_a_clinic(self, place: Place) -> None:
        today = local_today(place.clinic)
        ReassessmentRun.objects.create(clinic=place.clinic, on=today)
        with pytest.raises(IntegrityError), transaction.atomic():
            ReassessmentRun.objects.create(clinic=place.clinic, on=today, state=RunState.WAITING)

    def test_without_a_broker_the_job_still_waits(
        self, place: Place, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Commits
    ) -> None:
        def down(_key: int) -> None:
            raise ConnectionError

        monkeypatch.setattr(tasks.reassess_clinic, "delay", down)
        with django_capture_on_commit_callbacks(execute=True):
            row = reassess_clinic(clinic=place.clinic, by=place.doctor)
        ReassessmentRun.objects.update(heartbeat=timezone.now() - DEAD_AFTER - timedelta(minutes=1))
        assert tasks.resume_dead_runs() == 1
        row.refresh_from_db()
        assert row.state == RunState.FINISHED


class TestJudging:
    def test_the_patients_are_judged_with_the_new_version(self, place: Place) -> None:
        assert PatientStatus.objects.get().answer == "met"
        version = approve(place, NO_COMPARISON)
        assert tasks.reassess_clinic(ReassessmentRun.objects.get().pk) == 1
        row = ReassessmentRun.objects.get()
        standing = PatientStatus.objects.get()
        assert standing.answer != "met" and standing.settings_version == version.version
        assert (row.state, row.patients_done, row.patients_total) == (RunState.FINISHED, 1, 1)
        assert (row.verdicts_changed, row.alerts_raised, row.alerts_resolved) == (
            1, Alert.objects.unresolved().count(), 1,
        )  # fmt: skip
        assert nightly.differences() == []

    def test_the_same_settings_change_nothing(self, place: Place) -> None:
        row = run_clinic_reassessment(reassess_clinic(clinic=place.clinic, by=place.doctor).pk)
        assert row is not None
        assert (row.verdicts_changed, row.alerts_raised, row.alerts_resolved) == (0, 0, 0)

    def test_another_clinic_is_left_alone(self, place: Place) -> None:
        other = make_place("Other")
        before = PatientStatus.objects.get(patient=other.patient).judged_at
        run_clinic_reassessment(reassess_clinic(clinic=place.clinic, by=place.doctor).pk)
        assert PatientStatus.objects.get(patient=other.patient).judged_at == before

    def test_the_progress_is_kept_with_each_batch(
        self, place: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        more_patients(place, 4)
        monkeypatch.setattr(nightly, "BATCH", 2)
        seen: list[int] = []
        kept = nightly.reassess_batch

        def noting(row: ReassessmentRun, *rest: Any) -> bool:
            seen.append(ReassessmentRun.objects.get(pk=row.pk).patients_done)
            return kept(row, *rest)

        monkeypatch.setattr(nightly, "reassess_batch", noting)
        row = run_clinic_reassessment(reassess_clinic(clinic=place.clinic, by=place.doctor).pk)
        assert row is not None
        assert seen == [0, 2, 4] and (row.patients_done, row.patients_total) == (5, 5)


class TestKilled:
    @pytest.fixture
    def half_done(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> ReassessmentRun:
        """A job of five patients whose worker died after two."""
        more_patients(place, 4)
        monkeypatch.setattr(nightly, "BATCH", 2)
        asked = reassess_clinic(clinic=place.clinic, by=place.doctor)
        kept, calls = nightly.reassess_batch, []

        def killed(row: ReassessmentRun, *rest: Any) -> bool:
            calls.append(row)
            if len(calls) > 1:
                raise KeyboardInterrupt
            return kept(row, *rest)

        with monkeypatch.context() as dying, pytest.raises(KeyboardInterrupt):
            dying.setattr(nightly, "reassess_batch", killed)
            run_clinic_reassessment(asked.pk)
        asked.refresh_from_db()
        assert (asked.state, asked.patients_done) == (RunState.RUNNING, 2)
        return asked

    def test_it_is_not_taken_while_it_may_be_alive(self, half_done: ReassessmentRun) -> None:
        assert run_clinic_reassessment(half_done.pk) is None
        assert resume_dead_runs() == 0

    def test_it_goes_on_where_it_stopped(
        self, half_done: ReassessmentRun, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ReassessmentRun.objects.update(heartbeat=timezone.now() - DEAD_AFTER - timedelta(minutes=1))
        judged: list[int] = []
        kept = nightly.reassess_batch

        def noting(row: ReassessmentRun, ids: list[int], on: date | None) -> bool:
            judged.extend(ids)
            return kept(row, ids, on)

        monkeypatch.setattr(nightly, "reassess_batch", noting)
        assert resume_dead_runs() == 1
        half_done.refresh_from_db()
        assert (half_done.state, half_done.patients_done) == (RunState.FINISHED, 5)
        assert judged == list(Patient.objects.order_by("pk").values_list("pk", flat=True))[2:]

    def test_on_another_day_everybody_is_judged_anew(self, half_done: ReassessmentRun) -> None:
        ReassessmentRun.objects.update(
            heartbeat=timezone.now() - timedelta(days=1), on=half_done.on - timedelta(days=1)
        )
        resume_dead_runs()
        half_done.refresh_from_db()
        assert (half_done.state, half_done.patients_done) == (RunState.FINISHED, 5)
        assert half_done.on == PatientStatus.objects.latest("judged_at").on

    def test_new_settings_replace_it_and_the_old_worker_stops(
        self, half_done: ReassessmentRun, place: Place
    ) -> None:
        approve(place, NO_COMPARISON)
        half_done.refresh_from_db()
        assert half_done.state == RunState.REPLACED
        half_done.state = RunState.RUNNING  # as the old worker believes
        assert nightly._run(half_done, None).state == RunState.REPLACED
        half_done.refresh_from_db()
        assert half_done.patients_done == 2
        assert run_clinic_reassessment(ReassessmentRun.objects.latest("pk").pk) is not None
        assert set(PatientStatus.objects.values_list("settings_version", flat=True)) == {1}

    def test_a_nightly_sweep_neither_takes_nor_ends_it(self, half_done: ReassessmentRun) -> None:
        ReassessmentRun.objects.update(heartbeat=timezone.now() - timedelta(hours=1))
        nightly = reassess_everyone()
        half_done.refresh_from_db()
        assert nightly.pk != half_done.pk and half_done.state == RunState.RUNNING


class TestTheNight:
    def test_only_a_sweep_of_all_counts_as_checked(self, place: Place) -> None:
        run_clinic_reassessment(reassess_clinic(clinic=place.clinic, by=place.doctor).pk)
        assert last_nightly_run() is None
        nightly = reassess_everyone()
        reassess_clinic(clinic=place.clinic, by=place.doctor)
        run_clinic_reassessment(ReassessmentRun.objects.latest("pk").pk)
        assert last_nightly_run() == nightly

    def test_both_dead_both_revived(self, place: Place) -> None:
        reassess_clinic(clinic=place.clinic, by=place.doctor)
        ReassessmentRun.objects.create(on=timezone.localdate(), patients_total=1)
        ReassessmentRun.objects.update(heartbeat=timezone.now() - timedelta(hours=1))
        assert tasks.resume_dead_runs() == 2
        assert set(ReassessmentRun.objects.values_list("state", flat=True)) == {"finished"}


class TestPage:
    def fragment(self, place: Place, user: User | None = None) -> str:
        address = reverse("dosing:reassessment", args=[place.clinic.pk])
        return place.client(user or place.administrator).get(address).content.decode()

    def test_nobody_has_asked(self, place: Place) -> None:
        assert "Nobody has asked for it yet" in self.fragment(place)

    def test_the_button_asks_and_the_page_follows_until_it_is_over(self, place: Place) -> None:
        address = reverse("dosing:reassess", args=[place.clinic.pk])
        answer = place.client(place.administrator).post(address)
        assert answer["Location"] == reverse("accounts:settings", args=[place.clinic.pk])
        waiting = self.fragment(place)
        assert 'hx-trigger="every 2s"' in waiting and "waiting for the worker" in waiting
        assert "anew now" not in waiting
        run_clinic_reassessment(ReassessmentRun.objects.get().pk)
        over = self.fragment(place, place.doctor)
        assert "hx-trigger" not in over and "Finished" in over and "1 of 1 patients" in over
        assert "0 verdicts changed" in over and "anew now" in over

    def test_a_running_job_shows_how_far_it_is(self, place: Place) -> None:
        ReassessmentRun.objects.create(
            clinic=place.clinic, on=local_today(place.clinic), patients_total=100, patients_done=40,
            verdicts_changed=3, alerts_raised=1, alerts_resolved=2,
        )  # fmt: skip
        text = self.fragment(place)
        assert '<progress max="100" value="40">' in text and "40 of 100 patients" in text
        assert "3 verdicts changed" in text and "1 alert raised" in text and "2 alerts resolved" in text

    def test_a_silent_job_is_said_and_asked_for_less_often(self, place: Place) -> None:
        ReassessmentRun.objects.create(clinic=place.clinic, on=local_today(place.clinic))
        ReassessmentRun.objects.update(heartbeat=timezone.now() - timedelta(minutes=3))
        text = self.fragment(place)
        assert "No sign of life since" in text and 'hx-trigger="every 30s"' in text

    def test_another_clinics_progress_does_not_exist(self, place: Place) -> None:
        other = make_place("Other")
        for name in ("reassessment", "reassess"):
            address = reverse(f"dosing:{name}", args=[other.clinic.pk])
            client = place.client(place.administrator)
            answer = client.get(address) if name == "reassessment" else client.post(address)
            assert answer.status_code == 404
        assert not ReassessmentRun.objects.exists()

    def test_as_many_queries_for_many_jobs_as_for_one(self, place: Place) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        def count() -> int:
            with CaptureQueriesContext(connection) as seen:
                self.fragment(place)
            return len(seen)

        run_clinic_reassessment(reassess_clinic(clinic=place.clinic, by=place.doctor).pk)
        few = count()
        for _ in range(20):
            run_clinic_reassessment(reassess_clinic(clinic=place.clinic, by=place.doctor).pk)
        assert count() == few

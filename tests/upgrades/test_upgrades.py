"""The promise to who runs an older version: migrated to this one, every fact is there and judged right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, migrations
from django.db.migrations.loader import MigrationLoader
from pytest_django import DjangoDbBlocker

from accounts.models import Clinic
from dosing.assessment import nightly
from dosing.assessment.upgrade import mark_for_reassessment
from dosing.models import PatientStatus, ReassessmentRun, RunState, RunTrigger
from tests.upgrades import dump
from tests.upgrades.databases import empty_database

RELEASES = sorted(Path(__file__).parent.glob("*.json.xz"))
# What the rules say and when they said it: no facts, and assessed again where a version decides differently.
JUDGED = {"dosing.patientstatus", "dosing.alert", "dosing.task", "dosing.reassessmentrun"}
JUDGED |= {"dosing.historicalalert", "dosing.historicaltask"}
# What no invented patient and nobody in contents.py needs.
EMPTY = {"accounts.user_groups", "accounts.user_user_permissions", "analytics.reportact"}

# The database of a release is made once, so the tests of it share a process.
pytestmark = pytest.mark.xdist_group("upgrades")


@pytest.fixture(scope="module", params=RELEASES, ids=lambda file: file.name.removesuffix(".json.xz"))
def before(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[dump.Content]:
    """What an older release holds; the database itself is migrated to this version."""
    with django_db_blocker.unblock(), empty_database(tmp_path_factory.mktemp("release")):
        old = dump.content(dump.load(request.param))
        call_command("migrate", interactive=False, verbosity=0)
        yield old


def test_the_file_is_loaded_as_it_was_written(before: dump.Content, request: pytest.FixtureRequest) -> None:
    file = request.node.callspec.params["before"]
    assert before == dump.read(file)[1]
    assert {label for label, table in before.items() if not table["rows"]} == EMPTY


def test_every_fact_is_as_it_was(before: dump.Content) -> None:
    after = dump.content(apps)
    for label in before.keys() - JUDGED:
        assert _columns(after[label], before[label]["columns"]) == before[label]["rows"], label


def _columns(table: dump.Table, wanted: list[str]) -> list[list[object]]:
    """The rows of a table with these columns, in this order; a later version may have more."""
    places = [table["columns"].index(column) for column in wanted]
    return [[row[place] for place in places] for row in table["rows"]]


def test_what_is_stored_is_what_this_version_says(before: dump.Content) -> None:
    """Red where rules changed and no migration has `mark_for_reassessment`."""
    nightly.resume_dead_runs()
    call_command("reassess", "--check")
    assert not ReassessmentRun.objects.filter(state=RunState.WAITING).exists()


class JudgesOtherwise(migrations.Migration):
    """What a version brings along whose rules judge otherwise."""

    operations = [migrations.RunPython(mark_for_reassessment, migrations.RunPython.noop)]


def test_what_is_marked_is_judged_anew(before: dump.Content) -> None:
    PatientStatus.objects.update(answer="otherwise")
    begun = ReassessmentRun.objects.create(clinic=Clinic.objects.first(), on="2026-06-01")
    with pytest.raises(CommandError):
        call_command("reassess", "--check")
    with connection.schema_editor() as editor:
        JudgesOtherwise("judges_otherwise", "dosing").apply(
            MigrationLoader(connection).project_state(), editor
        )
    begun.refresh_from_db()
    assert begun.state == RunState.REPLACED
    waiting = ReassessmentRun.objects.filter(state=RunState.WAITING, trigger=RunTrigger.UPGRADE)
    assert waiting.count() == Clinic.objects.count() == nightly.resume_dead_runs()
    call_command("reassess", "--check")

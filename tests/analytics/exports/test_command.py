"""`manage.py export_patients`: for clinics too large for the page; the same rights, the same row."""

import hashlib
import io
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditExport, Clinic, Role, User
from analytics.exports import build as making
from analytics.models import DataExport
from patients.models import Patient
from tests.analytics.exports.reading import Export
from tests.factories_accounts import UserFactory

REASON = "Study 1195, for the statistician"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "patients.zip"


def export(where: Clinic, asker: User, target: Path, **changes: str) -> None:
    asked: dict[str, Any] = {
        "clinic": where.name, "kind": "identified", "shape": "long", "reason": REASON,
        "by": asker.username, "to": str(target), **changes,
    }  # fmt: skip
    call_command("export_patients", **asked)


def test_the_zip_its_row_and_its_audit(
    clinic: Clinic, administrator: User, never: Patient, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export(clinic, administrator, target)
    row = DataExport.objects.get()
    content = target.read_bytes()
    assert hashlib.sha256(content).hexdigest() == row.sha256
    assert (row.by, row.reason, row.patients) == (administrator, REASON, 1)
    assert AuditExport.objects.get().asked["sha256"] == row.sha256
    (line,) = Export(io.BytesIO(content)).rows("patients")
    assert line["family_name"] == never.family_name
    assert f"1 patients, {row.rows} rows, sha256 {row.sha256}" in capsys.readouterr().out


def test_only_its_owner_may_read_the_file(
    clinic: Clinic, administrator: User, never: Patient, target: Path
) -> None:
    export(clinic, administrator, target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"clinic": "Nowhere"}, "Clinic matching query does not exist"),
        ({"by": "nobody"}, "User matching query does not exist"),
        ({"reason": "   "}, "Say why"),
    ],
)
def test_what_cannot_be_leaves_nothing(
    clinic: Clinic, administrator: User, never: Patient, target: Path, changes: dict[str, str], said: str
) -> None:
    with pytest.raises(CommandError, match=said):
        export(clinic, administrator, target, **changes)
    assert not target.exists() and not DataExport.objects.exists()


@pytest.mark.parametrize("role", [Role.RHEUMATOLOGIST, Role.NURSE])
def test_nobody_without_the_right(clinic: Clinic, never: Patient, target: Path, role: Role) -> None:
    user = UserFactory(username="somebody", role=role, clinics=[clinic])
    with pytest.raises(CommandError, match="somebody has no right to that"):
        export(clinic, user, target)
    assert not target.exists() and not DataExport.objects.exists()


def test_of_another_clinic_neither(clinic: Clinic, never: Patient, target: Path) -> None:
    elsewhere = UserFactory(username="elsewhere", role=Role.ADMINISTRATOR)
    with pytest.raises(CommandError, match="not yours"):
        export(clinic, elsewhere, target)
    assert not target.exists()


def test_who_has_left_takes_nothing(
    clinic: Clinic, administrator: User, never: Patient, target: Path
) -> None:
    administrator.is_active = False
    administrator.save()
    with pytest.raises(CommandError, match="does not exist"):
        export(clinic, administrator, target)


def test_a_file_that_is_there_stays_as_it_is(
    clinic: Clinic, administrator: User, never: Patient, target: Path
) -> None:
    target.write_text("something else")
    with pytest.raises(CommandError, match="File exists"):
        export(clinic, administrator, target)
    assert target.read_text() == "something else" and not DataExport.objects.exists()


def test_a_disk_that_refuses_leaves_nothing(
    clinic: Clinic, administrator: User, never: Patient, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "packed", full)
    with pytest.raises(OSError, match="No space"):
        export(clinic, administrator, target)
    assert not target.exists() and not DataExport.objects.exists()

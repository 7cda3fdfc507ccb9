"""The page of exports: who may, what is asked, what is handed out, what is written down."""

import hashlib
import io
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import rights
from accounts.models import AuditExport, Clinic, Role, User
from accounts.rights import Right
from analytics.exports import build as making
from analytics.forms import exports as forms
from analytics.models import DataExport, ExportKind, ExportShape
from analytics.services.exports import export_patients
from patients.models import Patient
from tests.accounts.administration.conftest import browser_of
from tests.analytics.exports.reading import Export
from tests.factories_accounts import UserFactory

REASON = "Study 1195, for the statistician"


def address() -> str:
    return reverse("analytics:exports")


def ask(client: Client, place: Clinic, **changes: object) -> Any:
    """The answer to the form; zip is the file, read to its end, which closes it."""
    asked = {"clinic": place.pk, "kind": "de_identified", "shape": "both", "reason": REASON}
    answer = client.post(address(), {**asked, **changes})
    if answer.streaming:
        answer.zip = io.BytesIO(b"".join(answer.streaming_content))
    return answer


@pytest.fixture
def desk(administrator: User, never: Patient) -> Client:
    """The administrator's browser, in a clinic with one patient."""
    return browser_of(administrator)


def test_a_clinic_too_large_for_the_page_is_told_of_the_command(
    desk: Client, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "MOST_PATIENTS", 0)
    answer = ask(desk, clinic)
    (said,) = answer.context["form"].errors["clinic"]
    assert "This clinic has 1 patients. The page exports 0 at most" in said
    assert "manage.py export_patients" in said
    assert not DataExport.objects.exists()
    monkeypatch.setattr(forms, "MOST_PATIENTS", 1)
    assert ask(desk, clinic).streaming


class TestWhoMay:
    @pytest.mark.parametrize("kind", ExportKind)
    @pytest.mark.parametrize("who", ["doctor", "nurse", "stranger"])
    def test_nobody_else(
        self, request: pytest.FixtureRequest, clinic: Clinic, never: Patient, who: str, kind: ExportKind
    ) -> None:
        user = request.getfixturevalue(who)
        assert ask(browser_of(user), clinic, kind=kind).status_code == 403
        with pytest.raises(PermissionDenied):
            export_patients(clinic=clinic, kind=kind, shape=ExportShape.LONG, reason=REASON, by=user)
        assert not DataExport.objects.exists()

    def test_another_clinics_administrator_sees_and_takes_nothing_of_it(
        self, desk: Client, clinic: Clinic
    ) -> None:
        ask(desk, clinic)
        elsewhere = UserFactory(role=Role.ADMINISTRATOR)
        answer = ask(browser_of(elsewhere), clinic)
        assert answer.status_code == 200 and "clinic" in answer.context["form"].errors
        assert REASON not in browser_of(elsewhere).get(address()).content.decode()
        with pytest.raises(ValidationError, match="not yours"):
            export_patients(
                clinic=clinic, kind=ExportKind.DE_IDENTIFIED, shape=ExportShape.LONG, reason="x", by=elsewhere
            )

    def test_an_identified_export_has_a_right_of_its_own(
        self, desk: Client, clinic: Clinic, administrator: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        without = frozenset(rights.RIGHTS[Role.ADMINISTRATOR] - {Right.EXPORT_IDENTIFIED})
        monkeypatch.setitem(rights.RIGHTS, Role.ADMINISTRATOR, without)  # type: ignore[arg-type]
        assert "kind" in ask(desk, clinic, kind="identified").context["form"].errors
        with pytest.raises(PermissionDenied):
            export_patients(
                clinic=clinic,
                kind=ExportKind.IDENTIFIED,
                shape=ExportShape.LONG,
                reason="x",
                by=administrator,
            )
        assert ask(desk, clinic).status_code == 200 and DataExport.objects.get().kind == "de_identified"

    def test_a_link_exports_nothing(self, desk: Client, clinic: Clinic) -> None:
        desk.get(address(), {"clinic": clinic.pk, "kind": "identified", "shape": "long", "reason": "x"})
        assert not DataExport.objects.exists()

    def test_a_forged_form_of_another_site_exports_nothing(self, administrator: User, clinic: Clinic) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
        assert ask(client, clinic).status_code == 403
        assert not DataExport.objects.exists()


class TestAsking:
    @pytest.mark.parametrize("missing", ["clinic", "kind", "shape", "reason"])
    def test_everything_is_said_each_time(self, desk: Client, clinic: Clinic, missing: str) -> None:
        answer = ask(desk, clinic, **{missing: ""})
        assert list(answer.context["form"].errors) == [missing]
        assert not DataExport.objects.exists()

    def test_nothing_is_preselected(self, desk: Client) -> None:
        page = desk.get(address()).content.decode()
        assert "selected" not in page.split('name="kind"')[1].split("</select>")[0].replace(
            '<option value="" selected>', ""
        )

    def test_a_reason_of_blanks_is_none(self, desk: Client, clinic: Clinic, administrator: User) -> None:
        assert "reason" in ask(desk, clinic, reason="   ").context["form"].errors
        with pytest.raises(ValidationError, match="Say why"):
            export_patients(
                clinic=clinic,
                kind=ExportKind.IDENTIFIED,
                shape=ExportShape.LONG,
                reason=" ",
                by=administrator,
            )

    @pytest.mark.parametrize(
        ("shape", "tables"),
        [("long", {"patients", "visits", "laboratory", "levels", "drug_episodes", "administrations",
                   "courses", "adverse_events", "decisions"}),
         ("wide", {"wide"})],
    )  # fmt: skip
    def test_shapes(self, desk: Client, clinic: Clinic, shape: str, tables: set[str]) -> None:
        export = Export(ask(desk, clinic, shape=shape, kind="identified").zip)
        always = {"codebook.csv", "catalogue.csv", "README.txt", "manifest.json"}
        assert set(export.files) == {f"{name}.csv" for name in tables} | always


class TestWhatIsWrittenDown:
    def test_the_row_tells_who_why_what_and_the_file(
        self, desk: Client, clinic: Clinic, administrator: User
    ) -> None:
        answer = ask(desk, clinic, kind="identified", reason=f"  {REASON} ")
        content = answer.zip.getvalue()
        row = DataExport.objects.get()
        assert (row.clinic, row.by, row.kind, row.shape) == (clinic, administrator, "identified", "both")
        assert (row.reason, row.patients, row.bytes) == (REASON, 1, len(content))
        assert row.sha256 == hashlib.sha256(content).hexdigest()
        assert row.columns["patients"][:3] == ["patient", "family_name", "given_name"]
        assert answer["Content-Type"] == "application/zip" and answer["Cache-Control"] == "no-store"
        assert answer["Content-Disposition"].startswith('attachment; filename="tacsle-identified-')
        assert clinic.name not in answer["Content-Disposition"]

    def test_rows_are_counted(self, desk: Client, clinic: Clinic) -> None:
        export = Export(ask(desk, clinic).zip)
        row = DataExport.objects.get()
        assert row.rows == sum(len(export.rows(name)) for name in row.columns) > 40

    def test_it_shows_on_the_page(self, desk: Client, clinic: Clinic) -> None:
        assert "No data of patients left" in desk.get(address()).content.decode()
        ask(desk, clinic, kind="identified")
        page = desk.get(address()).content.decode()
        assert REASON in page and "Identified" in page and DataExport.objects.get().sha256 in page

    def test_it_shows_in_the_audit_of_its_clinic_only(
        self, desk: Client, clinic: Clinic, administrator: User
    ) -> None:
        ask(desk, clinic, kind="identified")
        audit = reverse("accounts:audit_accounts")
        colleague = browser_of(UserFactory(role=Role.ADMINISTRATOR, clinics=[clinic]))
        administrator.clinics.add(Clinic.objects.create(name="Second"))
        other = browser_of(UserFactory(role=Role.ADMINISTRATOR, clinics=[Clinic.objects.get(name="Second")]))
        (line,) = colleague.get(audit, {"kind": "export"}).context["lines"]
        assert line.cells[2] == "patients' data, identified" and line.cells[4] == REASON
        assert DataExport.objects.get().sha256 in line.cells[3]
        assert other.get(audit, {"kind": "export"}).context["lines"] == []

    def test_it_stays_in_the_audit_when_the_person_has_left(
        self, desk: Client, clinic: Clinic, administrator: User
    ) -> None:
        ask(desk, clinic)
        colleague = UserFactory(role=Role.ADMINISTRATOR, clinics=[clinic])
        administrator.clinics.clear()
        lines = (
            browser_of(colleague).get(reverse("accounts:audit_accounts"), {"kind": "export"}).context["lines"]
        )
        assert [line.cells[2] for line in lines] == ["patients' data, de-identified"]
        assert AuditExport.objects.get().clinic == clinic

    @pytest.mark.parametrize("wrong", [{"reason": ""}, {"kind": "all"}, {"shape": "round"}])
    def test_the_database_refuses_a_row_without_reason_or_kind(
        self, clinic: Clinic, administrator: User, wrong: dict[str, str]
    ) -> None:
        right = {"kind": "identified", "shape": "long", "reason": "x"}
        with pytest.raises(IntegrityError), transaction.atomic():
            DataExport.objects.create(
                clinic=clinic, by=administrator, columns={}, patients=0, rows=0, sha256="0" * 64, bytes=0,
                **{**right, **wrong},
            )  # fmt: skip

    def test_as_many_queries_for_many_as_for_few(self, desk: Client, clinic: Clinic) -> None:
        def count() -> int:
            with CaptureQueriesContext(connection) as seen:
                desk.get(address())
            return len(seen)

        ask(desk, clinic)
        count()
        few = count()
        for _ in range(3):
            ask(desk, clinic)
        assert count() == few <= 12


class TestWhatGoesWrong:
    def test_a_disk_that_refuses_the_file_is_told_and_nothing_is_written_down(
        self, desk: Client, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_args: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(making, "packed", full)
        answer: HttpResponse = ask(desk, clinic)
        assert answer.status_code == 507
        assert "the disk refused it" in answer.content.decode()
        assert not DataExport.objects.exists() and not AuditExport.objects.exists()

    def test_no_file_without_its_row(
        self, desk: Client, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(**_kwargs: object) -> None:
            raise IntegrityError

        monkeypatch.setattr("analytics.services.exports.note_data_export", refuse)
        with pytest.raises(IntegrityError):
            ask(desk, clinic)
        assert not DataExport.objects.exists()

    def test_a_clinic_without_patients(self, administrator: User, clinic: Clinic) -> None:
        export = Export(ask(browser_of(administrator), clinic).zip)
        assert export.rows("patients") == [] and export.manifest["patients"] == 0
        assert {row["count"] for row in export.rows("summary")} == {"withheld"}


def test_the_administrators_home_leads_there(administrator: User, doctor: User) -> None:
    page = browser_of(administrator).get(reverse("accounts:administration")).content.decode()
    assert page.count(f'href="{address()}"') == 2

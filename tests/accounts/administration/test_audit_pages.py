"""The audits of sign-ins and of users, clinics and settings: what they tell, to whom, filtered, exported."""

import re
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessLog
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.clock import local_today
from accounts.models import AuditExport, Clinic, Role, User
from accounts.services.checks import version_of
from tests.accounts.administration.conftest import browser_of
from tests.factories_accounts import PASSWORD, UserFactory
from tests.markup import on_one_line

LOGIN = "/accounts/login/"


def rows(client: Client, name: str, **asked: Any) -> list[list[str]]:
    """The cells of each line but its time."""
    page = on_one_line(client.get(reverse(f"accounts:{name}"), asked).content.decode())
    body = re.search(r"<tbody>(.*)</tbody>", page, re.S)
    found = re.findall(r"<tr>(.*?)</tr>", body.group(1), re.S) if body else []
    return [re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)[1:] for row in found]


def exported(client: Client, name: str, **asked: Any) -> str:
    address = reverse(f"accounts:{name}")
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    answer = client.post(f"{address}?{query}")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert re.search(r'filename="tacsle-audit-[a-z-]+-\d{4}-\d\d-\d\d\.csv"', answer["Content-Disposition"])
    return b"".join(answer.streaming_content).decode("utf-8-sig")


class TestSignIns:
    @pytest.fixture
    def tried(self, desk: Client, nurse: User, outsider: User) -> None:
        for name, password in (
            ("nurse", "wrong"),
            ("nurse", PASSWORD),
            ("outsider", PASSWORD),
            ("outsider", "wrong"),
            ("my secret word", "nurse"),
        ):
            Client(REMOTE_ADDR="10.0.0.9").post(LOGIN, {"username": name, "password": password})

    def test_who_from_where_and_who_was_refused(self, tried: None, desk: Client) -> None:
        assert rows(desk, "audit_sign_ins")[:2] == [
            ["nurse", "signed in", "10.0.0.9", ""],
            ["nurse", "refused: wrong password", "10.0.0.9", ""],
        ]

    def test_neither_other_clinics_nor_mistyped_passwords(self, tried: None, desk: Client) -> None:
        page = desk.get(reverse("accounts:audit_sign_ins")).content.decode()
        assert "outsider" not in page and "my secret word" not in page
        assert "outsider" not in exported(desk, "export_sign_ins")

    def test_signing_out_and_being_locked_out_are_told(self, desk: Client, nurse: User) -> None:
        hers = Client()
        hers.post(LOGIN, {"username": "nurse", "password": PASSWORD})
        hers.post(reverse("accounts:logout"))
        for _ in range(5):
            Client().post(LOGIN, {"username": "nurse", "password": "wrong"})
        found = [row for row in rows(desk, "audit_sign_ins") if row[0] == "nurse"]
        assert found[0][1] == "refused, and locked out"
        assert found[-1][1] == "signed in" and re.fullmatch(r"\d+ \w+ \d{4}, \d\d:\d\d", found[-1][3])

    @pytest.mark.parametrize(("kind", "count"), [("signed_in", 1), ("refused", 1), ("", 2), ("unknown", 2)])
    def test_filters(self, tried: None, desk: Client, nurse: User, kind: str, count: int) -> None:
        assert len(rows(desk, "audit_sign_ins", kind=kind, person=nurse.pk)) == count

    def test_a_person_of_another_clinic_filters_nothing_and_shows_nothing(
        self, tried: None, desk: Client, outsider: User
    ) -> None:
        answer = desk.get(reverse("accounts:audit_sign_ins"), {"person": outsider.pk})
        assert "person" in answer.context["form"].errors
        assert "outsider" not in answer.content.decode()

    def test_it_begins_with_the_last_30_days(self, tried: None, desk: Client, nurse: User) -> None:
        AccessLog.objects.filter(username="nurse").update(attempt_time=timezone.now() - timedelta(days=31))
        found = [row[1] for row in rows(desk, "audit_sign_ins") if row[0] == "nurse"]
        assert found == ["refused: wrong password"]
        assert len(rows(desk, "audit_sign_ins", since="", person=nurse.pk)) == 2

    def test_the_last_day_before_the_first(self, desk: Client) -> None:
        asked = {"since": "2026-11-22", "until": "2026-11-21"}
        answer = desk.get(reverse("accounts:audit_sign_ins"), asked)
        assert "lies before the first" in str(answer.context["form"].errors["until"])

    @pytest.mark.parametrize("after", ["x", "~~", "a\0b"])
    def test_a_forged_place_is_a_bad_request(self, desk: Client, after: str) -> None:
        assert desk.get(reverse("accounts:audit_sign_ins"), {"after": after}).status_code == 400

    def test_pages_lead_on_and_back_and_keep_the_filter(self, desk: Client, nurse: User) -> None:
        for _ in range(60):
            AccessLog.objects.create(username="nurse")
        address = reverse("accounts:audit_sign_ins")
        first = desk.get(address, {"person": nurse.pk, "kind": "signed_in"})
        assert len(first.context["lines"]) == 50 and b"Older" in first.content
        link = re.search(r'href="(\?[^"]*after=[^"]*)">Older', first.content.decode())
        assert link is not None
        second = desk.get(address + link.group(1).replace("&amp;", "&"))
        assert len(second.context["lines"]) == 10
        text = second.content.decode()
        assert "Older" not in text and f'href="?person={nurse.pk}&amp;kind=signed_in">The newest' in text

    def test_as_many_queries_for_many_as_for_few(self, desk: Client, nurse: User) -> None:
        def count() -> int:
            with CaptureQueriesContext(connection) as seen:
                desk.get(reverse("accounts:audit_sign_ins"))
            return len(seen)

        count()
        few = count()
        AccessLog.objects.bulk_create(AccessLog(username="nurse") for _ in range(200))
        assert count() == few <= 11


class TestAccounts:
    def told(self, client: Client, **asked: Any) -> list[list[str]]:
        return rows(client, "audit_accounts", **asked)

    def test_letting_in_and_changing(self, desk: Client, administrator: User, clinic: Clinic) -> None:
        person = services.add_user(
            username="mori", first_name="Aya", last_name="Mori", role=Role.NURSE, clinics=[clinic],
            password="given on a paper slip", by=administrator,
        )  # fmt: skip
        services.change_user(
            user=person, first_name="Aya", last_name="Abe", role=Role.RHEUMATOLOGIST, clinics=[clinic],
            reason="examination", by=administrator, expected_version=version_of(person),
        )  # fmt: skip
        who = "administrator"
        assert self.told(desk, kind="user")[:3] == [
            [who, "users", "mori", "last name: Mori → Abe; role: Nurse → Rheumatologist", "examination"],
            [who, "users", "mori", "clinics: – → North", ""],
            [who, "users", "mori", "let in as Nurse", ""],
        ]  # fmt: skip

    def test_deactivating_password_and_unlocking(
        self, desk: Client, administrator: User, nurse: User
    ) -> None:
        services.deactivate_user(user=nurse, reason="left", by=administrator)
        services.reactivate_user(user=nurse, reason="back", by=administrator)
        services.reset_password(
            user=nurse, password="given on a paper slip", reason="forgotten", by=administrator
        )
        services.unlock_user(user=nurse, reason="called me", by=administrator)
        what = [(row[3], row[4]) for row in self.told(desk, kind="user") if row[2] == "nurse"]
        assert what[:4] == [
            ("unlocked after wrong passwords", "called me"),
            ("must choose a password at the next sign-in: no → yes; all sessions ended", "forgotten"),
            ("active: no → yes", "back"),
            ("active: yes → no; all sessions ended", "left"),
        ]

    def test_who_was_moved_out_of_the_clinic_is_told_and_nothing_later(
        self, desk: Client, administrator: User, nurse: User, elsewhere: Clinic, outsider: User
    ) -> None:
        nurse.clinics.add(elsewhere)
        services.change_user(
            user=nurse, first_name="", last_name="", role=Role.NURSE, clinics=[], reason="moved",
            by=administrator, expected_version=version_of(nurse),
        )  # fmt: skip
        services.deactivate_user(user=nurse, reason="secret of South", by=outsider)
        told = self.told(desk, kind="user")
        assert told[0][2:] == ["nurse", "clinics: North → –", "moved"]
        assert "secret of South" not in str(told) and "South" not in str(told)

    def test_clinics_and_settings(
        self, desk: Client, administrator: User, doctor: User, clinic: Clinic
    ) -> None:
        services.change_clinic(
            clinic=clinic, name="North Hill", time_zone="Europe/London", reason="moved", by=administrator,
            expected_version=version_of(clinic),
        )  # fmt: skip
        assert self.told(desk, kind="clinic")[0] == [
            "administrator", "clinics", "North Hill",
            "name: North → North Hill; time zone: Asia/Tokyo → Europe/London", "moved",
        ]  # fmt: skip
        services.propose_settings(
            clinic=clinic, values={"stable_days": 120}, reason="assay", effective_from=local_today(clinic),
            by=administrator,
        )  # fmt: skip
        (proposed,) = self.told(desk, kind="settings")
        assert proposed[:3] == ["administrator", "settings", "North Hill, version 1"]
        assert proposed[3].startswith("proposed, in force from") and proposed[4] == "assay"

    def test_another_clinics_changes_do_not_show(
        self, desk: Client, outsider: User, elsewhere: Clinic
    ) -> None:
        UserFactory(username="theirs", clinics=[elsewhere])
        page = desk.get(reverse("accounts:audit_accounts")).content.decode()
        assert "theirs" not in page and "South" not in page and "outsider" not in page

    def test_filter_by_who_did_it(self, desk: Client, administrator: User, second: User, nurse: User) -> None:
        services.deactivate_user(user=nurse, reason="left", by=second)
        assert {row[0] for row in self.told(desk, person=second.pk)} == {"second"}

    def test_an_export_is_written_down_with_its_filters(
        self, desk: Client, administrator: User, nurse: User, outsider: User
    ) -> None:
        text = exported(desk, "export_accounts", person=nurse.pk, since="2026-11-01")
        assert text.startswith("When,Who,Kind,About,What,Why")
        row = AuditExport.objects.get()
        assert (row.by, row.subject) == (administrator, "audit_accounts")
        assert row.asked == {"person": str(nurse.pk), "since": "2026-11-01"}
        ((who, kind, subject, asked, _why),) = self.told(desk, kind="export")
        assert (who, kind, subject) == ("administrator", "export", "users, clinics and settings")
        assert sorted(asked.split(", ")) == [f"person: {nurse.pk}", "since: 2026-11-01"]
        assert rows(browser_of(outsider), "audit_accounts", kind="export") == []

    def test_a_link_exports_nothing(self, desk: Client) -> None:
        assert desk.get(reverse("accounts:export_accounts")).status_code == 405
        assert not AuditExport.objects.exists()

    def test_an_export_has_no_formula(self, desk: Client, administrator: User, nurse: User) -> None:
        reason = '=HYPERLINK("http://evil.example")'
        services.deactivate_user(user=nurse, reason=reason, by=administrator)
        assert "'=HYPERLINK" in exported(desk, "export_accounts")

    def test_as_many_queries_for_many_as_for_few(
        self, desk: Client, administrator: User, nurse: User
    ) -> None:
        def count() -> int:
            with CaptureQueriesContext(connection) as seen:
                desk.get(reverse("accounts:audit_accounts"))
            return len(seen)

        services.unlock_user(user=nurse, reason="first call", by=administrator)
        few = count()
        for number in range(20):
            services.unlock_user(user=nurse, reason=f"call {number}", by=administrator)
        assert count() == few <= 18

"""The pages about people: what they show, filter, refuse, and what becomes of sessions and locks."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from axes.models import AccessAttempt, AccessLog
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Clinic, Role, User
from accounts.services import deactivate_user, reactivate_user, system_user
from accounts.services.checks import version_of
from tests.accounts.administration.conftest import browser_of
from tests.factories_accounts import PASSWORD, ClinicFactory, UserFactory
from tests.markup import on_one_line

LOGIN = "/accounts/login/"
GIVEN = "given on a paper slip"
CHOSEN = "chosen by herself now"


def names(page: bytes) -> list[str]:
    """Who is in the list, by the name to sign in with."""
    body = re.search(r"<tbody>(.*)</tbody>", on_one_line(page.decode()))
    return re.findall(r"</th><td>([^<]*)</td>", body.group(1)) if body else []


def shown(client: Client, **asked: str) -> list[str]:
    return names(client.get(reverse("accounts:people"), asked).content)


def open_form(client: Client, user: User) -> dict[str, str]:
    form = client.get(reverse("accounts:person", args=[user.pk])).context["form"]
    return {
        "first_name": user.first_name, "last_name": user.last_name, "role": user.role,
        "clinics": [str(clinic.pk) for clinic in user.clinics.all()],
        "version": str(form["version"].value()), "reason": "as agreed",
    }  # fmt: skip


class TestList:
    @pytest.fixture
    def people(self, clinic: Clinic, administrator: User, doctor: User) -> None:
        UserFactory(username="mori", first_name="Aya", last_name="Mori", role=Role.NURSE, clinics=[clinic])
        UserFactory(username="gone", last_name="Abe", role=Role.NURSE, clinics=[clinic], is_active=False)

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({}, ["administrator", "doctor", "gone", "mori"]),
            ({"q": "aya mo"}, ["mori"]),
            ({"q": "MORI"}, ["mori"]),
            ({"role": "nurse"}, ["gone", "mori"]),
            ({"state": "deactivated"}, ["gone"]),
            ({"role": "nurse", "state": "active"}, ["mori"]),
            ({"q": "nobody"}, []),
            ({"role": "owner"}, ["administrator", "doctor", "gone", "mori"]),
            ({"q": "a\0b"}, ["administrator", "doctor", "gone", "mori"]),
        ],
    )
    def test_filters(self, people: None, desk: Client, asked: dict[str, str], found: list[str]) -> None:
        assert sorted(shown(desk, **asked)) == found

    def test_nobody_of_another_clinic_and_no_program(
        self, people: None, desk: Client, clinic: Clinic, outsider: User
    ) -> None:
        system_user("import", clinic)
        assert not {"outsider", "import"} & set(shown(desk))

    def test_a_person_of_two_clinics_is_one_line_without_the_others_name(
        self, desk: Client, clinic: Clinic, elsewhere: Clinic
    ) -> None:
        UserFactory(username="both", clinics=[clinic, elsewhere])
        page = on_one_line(desk.get(reverse("accounts:people")).content.decode())
        assert page.count("<td>both</td>") == 1
        assert "and elsewhere" in page and "South" not in page

    def test_it_says_who_is_locked_out_and_who_last_signed_in(
        self, desk: Client, doctor: User, nurse: User
    ) -> None:
        for _ in range(5):
            Client().post(LOGIN, {"username": "doctor", "password": "wrong"})
        Client().post(LOGIN, {"username": "nurse", "password": PASSWORD})
        rows = {
            row.person.username: row
            for row in desk.get(reverse("accounts:people")).context["rows"].object_list
        }
        assert {name for name, row in rows.items() if row.locked} == {"doctor"}
        assert {name for name, row in rows.items() if row.signed_in} == {"nurse"}

    def test_an_old_lock_is_none(self, desk: Client, doctor: User) -> None:
        for _ in range(5):
            Client().post(LOGIN, {"username": "doctor", "password": "wrong"})
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
        assert b"locked out" not in desk.get(reverse("accounts:people")).content

    def test_as_many_queries_for_many_as_for_one(self, desk: Client, clinic: Clinic) -> None:
        def count() -> int:
            with CaptureQueriesContext(connection) as seen:
                desk.get(reverse("accounts:people"))
            return len(seen)

        count()
        few = count()
        other = ClinicFactory()
        for number in range(60):
            person = UserFactory(clinics=[clinic, other] if number % 2 else [clinic])
            AccessLog.objects.create(username=person.username)
        assert count() == few <= 12


class TestStrangers:
    """People of another clinic do not exist for an administrator."""

    @pytest.mark.parametrize("name", ["person", "deactivate", "reactivate", "reset_password", "unlock"])
    def test_not_found(self, desk: Client, outsider: User, name: str) -> None:
        address = reverse(f"accounts:{name}", args=[outsider.pk])
        assert desk.post(address, {"reason": "x"}).status_code == 404
        assert desk.get(address).status_code in (404, 405)

    def test_a_programs_name_is_not_found(self, desk: Client, clinic: Clinic) -> None:
        program = system_user("import", clinic)
        assert desk.get(reverse("accounts:person", args=[program.pk])).status_code == 404


class TestNew:
    def entries(self, clinic: Clinic, **changes: str) -> dict[str, str]:
        typed = {
            "username": "mori", "last_name": "Mori", "first_name": "Aya", "role": "nurse",
            "clinics": str(clinic.pk), "password": GIVEN, "submission": str(uuid4()),
        }  # fmt: skip
        return {**typed, **changes}

    def test_let_in_and_asked_for_a_password_of_her_own(self, desk: Client, clinic: Clinic) -> None:
        answer = desk.post(reverse("accounts:new_person"), self.entries(clinic))
        assert answer["Location"] == reverse("accounts:person", args=[User.objects.get(username="mori").pk])
        hers = Client()
        hers.post(LOGIN, {"username": "mori", "password": GIVEN})
        assert hers.get("/")["Location"] == reverse("accounts:password")
        fragment = hers.get(reverse("patients:drafts"), headers={"HX-Request": "true"})
        assert (fragment.status_code, fragment["HX-Redirect"]) == (204, reverse("accounts:password"))
        assert hers.post(reverse("patients:register"), {})["Location"] == reverse("accounts:password")
        assert b"Choose your own to go on" in hers.get(reverse("accounts:password")).content
        same = {"old_password": GIVEN, "new_password1": GIVEN, "new_password2": GIVEN}
        refused = hers.post(reverse("accounts:password"), same)
        assert "another password" in str(refused.context["form"].errors["new_password1"])
        own = {"old_password": GIVEN, "new_password1": CHOSEN, "new_password2": CHOSEN}
        assert hers.post(reverse("accounts:password"), own)["Location"] == "/"
        assert hers.get("/").status_code == 200

    def test_with_a_given_password_one_may_still_sign_out(self, desk: Client, nurse: User) -> None:
        User.objects.filter(pk=nurse.pk).update(must_change_password=True)
        assert browser_of(nurse).post(reverse("accounts:logout"))["Location"] == LOGIN

    def test_a_double_click_is_one_person(self, desk: Client, clinic: Clinic) -> None:
        typed = self.entries(clinic)
        answers = [desk.post(reverse("accounts:new_person"), typed).status_code for _ in range(2)]
        assert answers == [302, 302]
        assert User.objects.filter(username="mori").count() == 1

    @pytest.mark.parametrize(
        ("field", "typed"),
        [
            ("username", ""),
            ("username", "administrator"),
            ("username", "mori aya"),
            ("role", "owner"),
            ("password", "short"),
            ("clinics", "0"),
            ("last_name", "x" * 151),
        ],
    )
    def test_an_error_is_beside_its_field_and_nothing_is_lost(
        self, desk: Client, clinic: Clinic, field: str, typed: str
    ) -> None:
        before = User.objects.count()
        answer = desk.post(reverse("accounts:new_person"), self.entries(clinic, **{field: typed}))
        assert answer.status_code == 200
        assert set(answer.context["form"].errors) == {field}
        page = answer.content.decode()
        assert "Nothing was saved yet" in page and f'id="id_{field}_error"' in page
        assert 'value="Aya"' in page
        assert User.objects.count() == before

    def test_only_own_clinics_are_offered(self, desk: Client, clinic: Clinic, elsewhere: Clinic) -> None:
        page = desk.get(reverse("accounts:new_person")).content.decode()
        assert "North" in page and "South" not in page
        answer = desk.post(reverse("accounts:new_person"), self.entries(clinic, clinics=str(elsewhere.pk)))
        assert set(answer.context["form"].errors) == {"clinics"}


class TestChange:
    def test_saved_with_its_reason(self, desk: Client, nurse: User) -> None:
        form = open_form(desk, nurse)
        answer = desk.post(reverse("accounts:person", args=[nurse.pk]), {**form, "last_name": "Abe"})
        assert answer.status_code == 302
        nurse.refresh_from_db()
        assert (nurse.last_name, nurse.history.latest().history_change_reason) == ("Abe", "as agreed")

    def test_the_second_of_two_is_told_and_may_save_again(
        self, desk: Client, nurse: User, second: User
    ) -> None:
        mine, hers = open_form(desk, nurse), open_form(browser_of(second), nurse)
        address = reverse("accounts:person", args=[nurse.pk])
        browser_of(second).post(address, {**hers, "last_name": "Abe"})
        refused = desk.post(address, {**mine, "last_name": "Ito"})
        assert refused.status_code == 409
        page = refused.content.decode()
        assert "Someone changed this" in page and 'value="Ito"' in page and "Abe" in page
        version = refused.context["form"]["version"].value()
        assert desk.post(address, {**mine, "last_name": "Ito", "version": version}).status_code == 302
        assert User.objects.get(pk=nurse.pk).last_name == "Ito"

    def test_her_own_role_stays(self, desk: Client, administrator: User) -> None:
        form = open_form(desk, administrator)
        answer = desk.post(
            reverse("accounts:person", args=[administrator.pk]), {**form, "role": "rheumatologist"}
        )
        assert set(answer.context["form"].errors) == {"role"}

    def test_a_former_colleague_of_another_clinic_is_out_of_sight(
        self, desk: Client, nurse: User, elsewhere: Clinic
    ) -> None:
        nurse.clinics.add(elsewhere)
        form = open_form(desk, nurse)
        answer = desk.post(reverse("accounts:person", args=[nurse.pk]), {**form, "clinics": []}, follow=True)
        assert answer.status_code == 200
        assert "nurse" not in shown(desk)


class TestSessions:
    def act(self, desk: Client, name: str, user: User, **typed: str) -> int:
        return desk.post(reverse(f"accounts:{name}", args=[user.pk]), typed).status_code

    def test_deactivating_ends_every_session_at_once_and_for_good(
        self, desk: Client, administrator: User, nurse: User
    ) -> None:
        browsers = [browser_of(nurse), browser_of(nurse)]
        assert [browser.get("/").status_code for browser in browsers] == [200, 200]
        assert self.act(desk, "deactivate", nurse, **{"leave-reason": "left"}) == 302
        assert [browser.get("/").status_code for browser in browsers] == [302, 302]
        assert Client().post(LOGIN, {"username": "nurse", "password": PASSWORD}).status_code == 200
        assert self.act(desk, "reactivate", nurse, **{"leave-reason": "back"}) == 302
        assert [browser.get("/").status_code for browser in browsers] == [302, 302]
        assert Client().post(LOGIN, {"username": "nurse", "password": PASSWORD}).status_code == 302

    def test_letting_in_again_revives_no_old_session(self, administrator: User, nurse: User) -> None:
        """Also of a browser that asked for nothing meanwhile."""
        asleep = browser_of(nurse)
        deactivate_user(user=nurse, reason="left", by=administrator)
        reactivate_user(user=nurse, reason="back", by=administrator)
        assert asleep.get("/").status_code == 302

    def test_a_given_password_ends_the_sessions(self, desk: Client, nurse: User) -> None:
        browser = browser_of(nurse)
        typed = {"reset-password": GIVEN, "reset-reason": "forgotten"}
        assert self.act(desk, "reset_password", nurse, **typed) == 302
        assert browser.get("/").status_code == 302
        assert version_of(nurse)

    def test_no_reason_is_said_at_its_field(self, desk: Client, nurse: User) -> None:
        answer = desk.post(reverse("accounts:deactivate", args=[nurse.pk]), {})
        assert answer.status_code == 200
        page = answer.content.decode()
        assert 'id="id_leave-reason_error"' in page and "Nothing was saved yet" in page
        assert User.objects.get(pk=nurse.pk).is_active

    def test_unlocking_lets_the_right_password_in(self, desk: Client, doctor: User) -> None:
        for _ in range(5):
            Client().post(LOGIN, {"username": "doctor", "password": "wrong"})
        assert Client().post(LOGIN, {"username": "doctor", "password": PASSWORD}).status_code == 429
        assert b"Unlock now" in desk.get(reverse("accounts:person", args=[doctor.pk])).content
        assert self.act(desk, "unlock", doctor, **{"unlock-reason": "called me"}) == 302
        assert Client().post(LOGIN, {"username": "doctor", "password": PASSWORD}).status_code == 302
        assert doctor.history.latest().history_change_reason == "called me"

    def test_signing_in_writes_no_version_of_the_person(self, nurse: User) -> None:
        before = nurse.history.count()
        Client().post(LOGIN, {"username": "nurse", "password": PASSWORD})
        assert nurse.history.count() == before
        assert AccessLog.objects.filter(username="nurse").count() == 1


def test_an_administrators_first_page_leads_to_the_sections(desk: Client) -> None:
    for address in ("/", reverse("accounts:administration")):
        page = desk.get(address).content.decode()
        assert reverse("accounts:people") in page
        assert "not to administrators" in page

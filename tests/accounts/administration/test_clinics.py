"""Clinics: founding, renaming, moving the clock, who belongs."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import services
from accounts.models import Clinic, User
from accounts.services.checks import StaleError, version_of
from tests.accounts.administration.conftest import browser_of
from tests.factories_accounts import ClinicFactory, UserFactory
from tests.markup import on_one_line


def change(clinic: Clinic, by: User, **changes: Any) -> Clinic:
    wishes: dict[str, Any] = {
        "name": clinic.name, "time_zone": clinic.time_zone, "reason": "as agreed",
        "expected_version": version_of(clinic),
    }  # fmt: skip
    return services.change_clinic(clinic=clinic, by=by, **{**wishes, **changes})


class TestServices:
    def test_the_founder_is_the_first_administrator(self, administrator: User) -> None:
        made = services.create_clinic(name=" West ", time_zone="Europe/Berlin", by=administrator)
        assert (made.name, made.time_zone) == ("West", "Europe/Berlin")
        assert list(made.users.all()) == [administrator]
        assert made.history.get().history_user == administrator

    def test_a_double_click_is_one_clinic(self, administrator: User) -> None:
        key = uuid4()
        wishes: dict[str, Any] = {"name": "West", "time_zone": "Asia/Tokyo", "submission": key}
        first, second = (services.create_clinic(by=administrator, **wishes) for _ in range(2))
        assert first == second

    @pytest.mark.parametrize(
        ("name", "zone", "field"),
        [
            ("West", "Tokyo", "time_zone"),
            ("West", "", "time_zone"),
            ("West", "../etc/passwd", "time_zone"),
            ("North", "Asia/Tokyo", "name"),
            ("  ", "Asia/Tokyo", "name"),
        ],
    )
    def test_what_is_refused(self, administrator: User, name: str, zone: str, field: str) -> None:
        with pytest.raises(ValidationError) as refused:
            services.create_clinic(name=name, time_zone=zone, by=administrator)
        assert set(refused.value.message_dict) == {field}
        assert Clinic.objects.count() == 1

    def test_a_change_keeps_who_and_why(self, administrator: User, clinic: Clinic) -> None:
        changed = change(clinic, administrator, time_zone="Europe/London")
        latest = changed.history.latest()
        assert (latest.time_zone, latest.history_user, latest.history_change_reason) == (
            "Europe/London", administrator, "as agreed",
        )  # fmt: skip

    def test_the_same_again_changes_nothing(self, administrator: User, clinic: Clinic) -> None:
        before = clinic.history.count()
        change(clinic, administrator, reason="", expected_version=None)
        assert clinic.history.count() == before

    def test_no_reason_and_a_stale_form_are_refused(self, administrator: User, clinic: Clinic) -> None:
        with pytest.raises(ValidationError) as refused:
            change(clinic, administrator, name="West", reason=" ")
        assert "reason" in refused.value.message_dict
        opened = version_of(clinic)
        change(clinic, administrator, name="West")
        with pytest.raises(StaleError):
            change(clinic, administrator, name="East", expected_version=opened)

    def test_only_an_administrator_and_only_of_this_clinic(
        self, doctor: User, outsider: User, clinic: Clinic
    ) -> None:
        with pytest.raises(PermissionDenied):
            change(clinic, doctor, name="West")
        with pytest.raises(PermissionDenied):
            services.create_clinic(name="West", time_zone="Asia/Tokyo", by=doctor)
        with pytest.raises(ValidationError, match="not yours"):
            change(clinic, outsider, name="West")


class TestPages:
    def test_the_list_counts_who_may_sign_in(self, desk: Client, clinic: Clinic, elsewhere: Clinic) -> None:
        UserFactory(clinics=[clinic], is_active=False)
        UserFactory(clinics=[clinic])
        answer = desk.get(reverse("accounts:clinics"))
        assert [(row.name, row.people) for row in answer.context["rows"]] == [("North", 2)]
        assert "South" not in answer.content.decode()

    def test_founding(self, desk: Client, administrator: User) -> None:
        typed = {"name": "West", "time_zone": "Europe/Berlin", "submission": str(uuid4())}
        answers = [desk.post(reverse("accounts:new_clinic"), typed).status_code for _ in range(2)]
        assert answers == [302, 302]
        assert set(administrator.clinics.values_list("name", flat=True)) == {"North", "West"}

    @pytest.mark.parametrize(("field", "typed"), [("time_zone", "Tokyo"), ("name", ""), ("name", "North")])
    def test_an_error_is_beside_its_field_and_nothing_is_lost(
        self, desk: Client, clinic: Clinic, field: str, typed: str
    ) -> None:
        entries = {"name": "West", "time_zone": "Asia/Seoul", field: typed}
        answer = desk.post(reverse("accounts:new_clinic"), entries)
        assert set(answer.context["form"].errors) == {field}
        text = answer.content.decode()
        kept = "West" if field == "time_zone" else "Asia/Seoul"
        assert "Nothing was saved yet" in text and f'value="{kept}"' in text
        assert Clinic.objects.count() == 1

    def test_another_clinic_does_not_exist(self, desk: Client, elsewhere: Clinic) -> None:
        address = reverse("accounts:clinic", args=[elsewhere.pk])
        assert [desk.get(address).status_code, desk.post(address, {}).status_code] == [404, 404]

    def test_a_clinic_shows_its_people_and_no_others(
        self, desk: Client, clinic: Clinic, administrator: User, nurse: User
    ) -> None:
        other = ClinicFactory(name="West")
        administrator.clinics.add(other)
        UserFactory(username="western", clinics=[other])
        text = on_one_line(desk.get(reverse("accounts:clinic", args=[clinic.pk])).content.decode())
        assert "<td>nurse</td>" in text and "western" not in text

    def test_the_second_of_two_is_told_and_may_save_again(
        self, desk: Client, clinic: Clinic, second: User
    ) -> None:
        address = reverse("accounts:clinic", args=[clinic.pk])
        typed = {
            "time_zone": "Asia/Tokyo", "reason": "as agreed",
            "version": desk.get(address).context["form"]["version"].value(),
        }  # fmt: skip
        assert browser_of(second).post(address, {**typed, "name": "West"}).status_code == 302
        refused = desk.post(address, {**typed, "name": "East"})
        assert refused.status_code == 409 and "Someone changed this" in refused.content.decode()
        version = refused.context["form"]["version"].value()
        assert desk.post(address, {**typed, "name": "East", "version": version}).status_code == 302
        assert Clinic.objects.get().name == "East"

    def test_as_many_queries_for_many_as_for_few(self, desk: Client, clinic: Clinic) -> None:
        def count() -> list[int]:
            found = []
            for address in (reverse("accounts:clinics"), reverse("accounts:clinic", args=[clinic.pk])):
                with CaptureQueriesContext(connection) as seen:
                    desk.get(address)
                found.append(len(seen))
            return found

        count()
        few = count()
        for _ in range(20):
            UserFactory(clinics=[clinic])
        assert count() == few

"""What an administrator may do to people, written out from the brief of the page: a rule a test."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts import services
from accounts.models import Clinic, Role, User
from accounts.services.checks import StaleError, version_of
from tests.factories_accounts import PASSWORD

FIRST = "given on a paper slip"


def add(by: User, *clinics: Clinic, **changes: Any) -> User:
    wishes: dict[str, Any] = {
        "username": "mori", "first_name": "Aya", "last_name": "Mori", "role": Role.NURSE,
        "clinics": clinics or by.own_clinics, "password": FIRST,
    }  # fmt: skip
    return services.add_user(by=by, **{**wishes, **changes})


def change(user: User, by: User, **changes: Any) -> User:
    wishes: dict[str, Any] = {
        "first_name": user.first_name, "last_name": user.last_name, "role": user.role,
        "clinics": [clinic for clinic in by.own_clinics if clinic in user.own_clinics],
        "reason": "asked by the head nurse", "expected_version": version_of(user),
    }  # fmt: skip
    return services.change_user(user=user, by=by, **{**wishes, **changes})


class TestAdding:
    def test_a_new_person_has_a_password_for_once(self, administrator: User, clinic: Clinic) -> None:
        person = add(administrator)
        assert (person.username, person.role, person.get_full_name()) == ("mori", "nurse", "Aya Mori")
        assert person.check_password(FIRST) and person.must_change_password
        assert list(person.clinics.all()) == [clinic]
        assert {row.history_user for row in person.history.all()} == {administrator}

    def test_a_double_click_is_one_person(self, administrator: User) -> None:
        key = uuid4()
        assert add(administrator, submission=key) == add(administrator, submission=key)

    def test_a_key_of_another_clinics_form_gives_nothing_away(
        self, administrator: User, outsider: User
    ) -> None:
        key = uuid4()
        add(outsider, submission=key)
        with pytest.raises(ValidationError):
            add(administrator, submission=key, username="other")

    def test_only_among_her_own_clinics(self, administrator: User, elsewhere: Clinic) -> None:
        with pytest.raises(ValidationError) as refused:
            add(administrator, elsewhere)
        assert "clinics" in refused.value.message_dict

    @pytest.mark.parametrize("who", ["doctor", "nurse"])
    def test_only_an_administrator_lets_in(
        self, clinic: Clinic, who: str, request: pytest.FixtureRequest
    ) -> None:
        with pytest.raises(PermissionDenied):
            add(request.getfixturevalue(who))

    def test_a_weak_password_is_said_at_its_field(self, administrator: User) -> None:
        with pytest.raises(ValidationError) as refused:
            add(administrator, password="short")
        assert "password" in refused.value.message_dict


class TestChanging:
    def test_name_and_role_with_a_reason(self, administrator: User, nurse: User) -> None:
        changed = change(nurse, administrator, role=Role.RHEUMATOLOGIST, last_name="Abe")
        assert (changed.role, changed.last_name) == ("rheumatologist", "Abe")
        latest = changed.history.latest()
        assert (latest.history_user, latest.history_change_reason) == (
            administrator,
            "asked by the head nurse",
        )

    def test_a_change_is_one_version_with_the_new_clinics(
        self, administrator: User, nurse: User, elsewhere: Clinic
    ) -> None:
        administrator.clinics.add(elsewhere)
        before = nurse.history.count()
        both = list(Clinic.objects.order_by("pk"))
        change(nurse, User.objects.get(pk=administrator.pk), clinics=both)
        assert nurse.history.count() == before + 1
        assert {row.clinic for row in nurse.history.latest().clinics.all()} == set(both)

    def test_no_reason_no_change(self, administrator: User, nurse: User) -> None:
        with pytest.raises(ValidationError) as refused:
            change(nurse, administrator, role=Role.RHEUMATOLOGIST, reason="  ")
        assert "reason" in refused.value.message_dict

    def test_the_same_again_changes_nothing(self, administrator: User, nurse: User) -> None:
        before = nurse.history.count()
        change(nurse, administrator, reason="", expected_version=None)
        assert nurse.history.count() == before

    def test_a_stale_form_is_refused(self, administrator: User, second: User, nurse: User) -> None:
        opened = version_of(nurse)
        change(nurse, second, last_name="Abe")
        with pytest.raises(StaleError):
            change(nurse, administrator, last_name="Ito", expected_version=opened)
        assert User.objects.get(pk=nurse.pk).last_name == "Abe"

    def test_nobody_changes_her_own_role(self, administrator: User, second: User) -> None:
        with pytest.raises(ValidationError) as refused:
            change(administrator, administrator, role=Role.RHEUMATOLOGIST)
        assert "role" in refused.value.message_dict

    def test_an_administrator_beside_another_becomes_a_nurse(self, administrator: User, second: User) -> None:
        assert change(second, administrator, role=Role.NURSE).role == "nurse"

    def test_the_last_administrator_of_a_clinic_stays_one(
        self, administrator: User, second: User, elsewhere: Clinic
    ) -> None:
        """Also when who asks administers the clinic only by a row that is not active any more."""
        User.objects.filter(pk=second.pk).update(is_active=False)
        second.refresh_from_db()
        second.is_active = True
        for act in (
            lambda: change(administrator, second, role=Role.NURSE),
            lambda: services.deactivate_user(user=administrator, reason="left", by=second),
        ):
            with pytest.raises(ValidationError, match="North would be left without an administrator"):
                act()

    def test_the_last_administrator_does_not_leave_a_clinic(
        self, administrator: User, elsewhere: Clinic
    ) -> None:
        administrator.clinics.add(elsewhere)
        fresh = User.objects.get(pk=administrator.pk)
        with pytest.raises(ValidationError, match="South would be left"):
            change(fresh, fresh, clinics=[clinic for clinic in fresh.own_clinics if clinic != elsewhere])

    def test_a_deactivated_administrator_does_not_count(self, administrator: User, second: User) -> None:
        services.deactivate_user(user=second, reason="left", by=administrator)
        with pytest.raises(ValidationError):
            change(administrator, administrator, clinics=[])

    def test_everybody_belongs_somewhere(self, administrator: User, nurse: User) -> None:
        with pytest.raises(ValidationError) as refused:
            change(nurse, administrator, clinics=[])
        assert "clinics" in refused.value.message_dict

    def test_what_is_of_another_clinic_stays(
        self, administrator: User, nurse: User, elsewhere: Clinic, outsider: User
    ) -> None:
        nurse.clinics.add(elsewhere)
        change(nurse, administrator, clinics=[])
        assert list(nurse.clinics.all()) == [elsewhere]


class TestAccount:
    """Deactivating, letting in again, another password, unlocking."""

    @pytest.mark.parametrize(
        "act",
        [
            lambda person, by: services.deactivate_user(user=person, reason="left", by=by),
            lambda person, by: services.reset_password(user=person, password=FIRST, reason="x", by=by),
            lambda person, by: services.unlock_user(user=person, reason="x", by=by),
            lambda person, by: change(person, by, last_name="Abe", expected_version=version_of(person)),
        ],
    )
    def test_a_stranger_is_refused(self, outsider: User, nurse: User, act: Any) -> None:
        with pytest.raises(ValidationError, match="none of your clinics"):
            act(nurse, outsider)

    @pytest.mark.parametrize(
        "act",
        [
            lambda person, by: services.deactivate_user(user=person, reason="left", by=by),
            lambda person, by: services.reset_password(user=person, password=FIRST, reason="x", by=by),
            lambda person, by: change(person, by, role=Role.RHEUMATOLOGIST),
        ],
    )
    def test_who_also_works_elsewhere_needs_an_administrator_of_both(
        self, administrator: User, nurse: User, elsewhere: Clinic, act: Any
    ) -> None:
        """A password is the key to the patients of both."""
        nurse.clinics.add(elsewhere)
        with pytest.raises(ValidationError, match="also belongs to another clinic"):
            act(nurse, administrator)
        administrator.clinics.add(elsewhere)
        act(User.objects.get(pk=nurse.pk), User.objects.get(pk=administrator.pk))

    def test_nobody_deactivates_herself(self, administrator: User, second: User) -> None:
        with pytest.raises(ValidationError, match="Another administrator"):
            services.deactivate_user(user=administrator, reason="left", by=administrator)

    def test_who_left_comes_back(self, administrator: User, nurse: User) -> None:
        services.deactivate_user(user=nurse, reason="left", by=administrator)
        with pytest.raises(ValidationError, match="deactivated already"):
            services.deactivate_user(user=nurse, reason="left", by=administrator)
        services.reactivate_user(user=nurse, reason="is back", by=administrator)
        with pytest.raises(ValidationError, match="active already"):
            services.reactivate_user(user=nurse, reason="is back", by=administrator)
        rows = nurse.history.order_by("history_id").values_list("is_active", "history_change_reason")
        assert list(rows)[-2:] == [(False, "left"), (True, "is back")]

    def test_a_given_password_holds_once(self, administrator: User, nurse: User) -> None:
        services.reset_password(user=nurse, password=FIRST, reason="forgotten", by=administrator)
        nurse.refresh_from_db()
        assert nurse.check_password(FIRST) and nurse.must_change_password
        services.choose_password(user=nurse, password="chosen by herself")
        nurse.refresh_from_db()
        assert nurse.check_password("chosen by herself") and not nurse.must_change_password

    def test_a_weak_password_is_not_given(self, administrator: User, nurse: User) -> None:
        with pytest.raises(ValidationError) as refused:
            services.reset_password(user=nurse, password="nurse", reason="forgotten", by=administrator)
        assert "password" in refused.value.message_dict
        assert User.objects.get(pk=nurse.pk).check_password(PASSWORD)

    def test_her_own_password_has_a_page_of_its_own(self, administrator: User) -> None:
        with pytest.raises(ValidationError, match="your own password"):
            services.reset_password(user=administrator, password=FIRST, reason="x", by=administrator)

"""A clinic's own thresholds: an administrator proposes, a rheumatologist decides, each has its day."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import upward
from accounts.models import Clinic, ClinicSettings, Role, SettingsState, User
from accounts.services import approve_settings, propose_settings, reject_settings, settings_in_force
from tests.factories_accounts import ClinicFactory, UserFactory

pytestmark = pytest.mark.sqlite

NEW_YEAR = date(2127, 1, 1)


def propose(clinic: Clinic, by: User, **changes: Any) -> ClinicSettings:
    wishes: dict[str, Any] = {"values": {}, "reason": "our laboratory's assay", "effective_from": NEW_YEAR}
    return propose_settings(clinic=clinic, by=by, **{**wishes, **changes})


def approved(clinic: Clinic, administrator: User, doctor: User, day: date) -> ClinicSettings:
    return approve_settings(proposal=propose(clinic, administrator, effective_from=day), by=doctor)


def test_a_proposal_is_not_in_force(clinic: Clinic, administrator: User) -> None:
    proposal = propose(clinic, administrator)
    assert (proposal.state, proposal.version, proposal.proposed_by) == ("proposed", 1, administrator)
    assert settings_in_force(clinic, NEW_YEAR) is None


def test_an_approved_version_holds_from_its_day_on(clinic: Clinic, administrator: User, doctor: User) -> None:
    version = approved(clinic, administrator, doctor, NEW_YEAR)
    assert (version.state, version.decided_by) == ("approved", doctor)
    assert version.decided_at is not None
    assert settings_in_force(clinic, date(2126, 12, 31)) is None
    assert settings_in_force(clinic, NEW_YEAR) == version


def test_the_latest_day_that_has_come_holds(clinic: Clinic, administrator: User, doctor: User) -> None:
    later = approved(clinic, administrator, doctor, date(2127, 6, 1))
    earlier = approved(clinic, administrator, doctor, date(2127, 3, 1))
    assert settings_in_force(clinic, date(2127, 5, 31)) == earlier
    assert settings_in_force(clinic, date(2127, 6, 1)) == later


def test_of_two_versions_of_one_day_the_newer_holds(
    clinic: Clinic, administrator: User, doctor: User
) -> None:
    approved(clinic, administrator, doctor, NEW_YEAR)
    newer = approved(clinic, administrator, doctor, NEW_YEAR)
    assert newer.version == 2
    assert settings_in_force(clinic, NEW_YEAR) == newer


def test_a_rejected_version_never_holds(clinic: Clinic, administrator: User, doctor: User) -> None:
    rejected = reject_settings(proposal=propose(clinic, administrator), by=doctor)
    assert (rejected.state, rejected.decided_by) == ("rejected", doctor)
    assert settings_in_force(clinic, NEW_YEAR) is None
    assert propose(clinic, administrator).version == 2


def test_each_clinic_counts_and_holds_its_own(
    clinic: Clinic, administrator: User, doctor: User, stranger: User
) -> None:
    other = stranger.clinics.get()
    approved(clinic, administrator, doctor, NEW_YEAR)
    theirs = propose(other, UserFactory(role=Role.ADMINISTRATOR, clinics=[other]))
    assert theirs.version == 1
    assert settings_in_force(other, NEW_YEAR) is None


@pytest.mark.parametrize("who", ["doctor", "nurse"])
def test_only_an_administrator_proposes(clinic: Clinic, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(PermissionDenied):
        propose(clinic, request.getfixturevalue(who))


def test_an_administrator_proposes_for_her_own_clinic(administrator: User) -> None:
    with pytest.raises(ValidationError, match="administrator of this clinic"):
        propose(ClinicFactory(), administrator)
    assert not ClinicSettings.objects.exists()


@pytest.mark.parametrize("decide", [approve_settings, reject_settings])
@pytest.mark.parametrize("who", ["nurse", "administrator"])
def test_only_a_rheumatologist_decides(
    clinic: Clinic, administrator: User, decide: Any, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(PermissionDenied):
        decide(proposal=propose(clinic, administrator), by=request.getfixturevalue(who))


def test_a_doctor_of_another_clinic_does_not_decide(
    clinic: Clinic, administrator: User, stranger: User
) -> None:
    with pytest.raises(ValidationError, match="doctor of this clinic"):
        approve_settings(proposal=propose(clinic, administrator), by=stranger)


def test_nobody_approves_her_own_proposal(clinic: Clinic, administrator: User) -> None:
    """Also not after they have become a rheumatologist."""
    proposal = propose(clinic, administrator)
    administrator.role = Role.RHEUMATOLOGIST
    administrator.save()
    with pytest.raises(ValidationError, match="Somebody else"):
        approve_settings(proposal=proposal, by=administrator)


def test_what_is_decided_stays_decided(
    clinic: Clinic, administrator: User, doctor: User, colleague: User
) -> None:
    proposal = propose(clinic, administrator)
    reject_settings(proposal=proposal, by=doctor)
    with pytest.raises(ValidationError, match="already decided"):
        approve_settings(proposal=proposal, by=colleague)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == ("rejected", doctor)


def test_an_unknown_key_is_refused_by_name(clinic: Clinic, administrator: User) -> None:
    with pytest.raises(ValidationError, match="no_such_threshold"):
        propose(clinic, administrator, values={"no_such_threshold": 1})


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_proposal_needs_a_reason(clinic: Clinic, administrator: User, reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        propose(clinic, administrator, reason=reason)
    assert "reason" in refused.value.message_dict


def test_what_the_rules_refuse_is_refused_with_their_words(
    clinic: Clinic, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_values: object) -> None:
        raise ValueError("c3: too low")

    monkeypatch.setattr(upward, "check_settings", refuse)
    with pytest.raises(ValidationError, match="c3: too low"):
        propose(clinic, administrator)


def test_history_tells_who_was_asked_and_what_became_of_it(
    clinic: Clinic, administrator: User, doctor: User
) -> None:
    version = approved(clinic, administrator, doctor, NEW_YEAR)
    states = list(version.history.order_by("history_id").values_list("state", flat=True))
    assert states == ["proposed", "approved"]


@pytest.mark.parametrize("state", [SettingsState.APPROVED, SettingsState.REJECTED])
@pytest.mark.parametrize("decided_by_herself", [True, False])
def test_the_database_refuses_a_decision_without_another_person(
    clinic: Clinic, administrator: User, state: SettingsState, decided_by_herself: bool
) -> None:
    proposal = propose(clinic, administrator)
    proposal.state = state
    proposal.decided_at = timezone.now()
    proposal.decided_by = administrator if decided_by_herself else None
    with pytest.raises(IntegrityError), transaction.atomic():
        proposal.save()


def test_the_database_refuses_a_version_twice(clinic: Clinic, administrator: User) -> None:
    proposal = propose(clinic, administrator)
    proposal.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        proposal.save(force_insert=True)


def test_a_day_in_the_past_is_refused(clinic: Clinic, administrator: User) -> None:
    with pytest.raises(ValidationError) as refused:
        propose(clinic, administrator, effective_from=timezone.localdate() - timedelta(days=2))
    assert "effective_from" in refused.value.message_dict

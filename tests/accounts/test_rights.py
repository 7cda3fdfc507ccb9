"""Who may do what, written out from the design: "People and permissions".

Rheumatologist: everything clinical. Nurse: observations, laboratory, drug history as reported, adverse events
as drafts; no decisions, no signing, no override. Administrator: users, settings as proposals, cohort; no
patient's record.
"""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext

from accounts.models import Clinic, Role, User
from accounts.rights import Right, may, require
from tests.factories_accounts import UserFactory

YES, NO = True, False
#                                 rheumatologist, nurse, administrator
MATRIX: dict[Right, tuple[bool, bool, bool]] = {
    Right.VIEW_RECORD: (YES, YES, NO),
    Right.REGISTER_PATIENT: (YES, YES, NO),
    Right.ENTER_LABORATORY: (YES, YES, NO),
    Right.KEEP_ASSAYS: (YES, NO, NO),
    Right.ENTER_DRUG_HISTORY: (YES, YES, NO),
    Right.ENTER_VISIT_OBSERVATIONS: (YES, YES, NO),
    Right.ENTER_VISIT: (YES, NO, NO),
    Right.SIGN_VISIT: (YES, NO, NO),
    Right.AMEND_VISIT: (YES, NO, NO),
    Right.VOID_FACT: (YES, NO, NO),
    Right.REPORT_ADVERSE_EVENT: (YES, YES, NO),
    Right.CONFIRM_ADVERSE_EVENT: (YES, NO, NO),
    Right.DECIDE: (YES, NO, NO),
    Right.HANDLE_ALERT: (YES, NO, NO),
    Right.COMPLETE_TASK: (YES, YES, NO),
    Right.VIEW_ALERT_BURDEN: (YES, NO, YES),
    Right.VIEW_COHORT: (YES, NO, YES),
    Right.EXPORT_COHORT: (NO, NO, YES),
    Right.EXPORT_IDENTIFIED: (NO, NO, YES),
    Right.MANAGE_USERS: (NO, NO, YES),
    Right.PROPOSE_SETTINGS: (NO, NO, YES),
    Right.APPROVE_SETTINGS: (YES, NO, NO),
    Right.VIEW_AUDIT: (NO, NO, YES),
}
ROLES = (Role.RHEUMATOLOGIST, Role.NURSE, Role.ADMINISTRATOR)
CASES = [(role, right, answers[i]) for right, answers in MATRIX.items() for i, role in enumerate(ROLES)]


def test_every_right_and_every_role_is_in_the_table() -> None:
    assert set(MATRIX) == set(Right)
    assert set(ROLES) == set(Role)


@pytest.mark.parametrize(("role", "right", "expected"), CASES)
def test_matrix(clinic: Clinic, role: Role, right: Right, expected: bool) -> None:
    user = UserFactory(role=role, clinics=[clinic])
    assert may(user, right) is expected


def test_require_refuses_what_the_role_lacks(doctor: User, nurse: User) -> None:
    require(doctor, Right.DECIDE)
    with pytest.raises(PermissionDenied):
        require(nurse, Right.DECIDE)


@pytest.mark.parametrize("right", Right)
def test_nobody_in_particular_may_nothing(right: Right) -> None:
    assert not may(AnonymousUser(), right)
    assert not may(User(username="unsaved", role=Role.RHEUMATOLOGIST), right)


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("role", ROLES)
def test_who_left_may_nothing(clinic: Clinic, role: Role, right: Right) -> None:
    assert not may(UserFactory(role=role, clinics=[clinic], is_active=False), right)


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("role", ROLES)
def test_who_belongs_to_no_clinic_may_nothing(db: None, role: Role, right: Right) -> None:
    assert not may(UserFactory(role=role, clinics=[]), right)


def test_being_a_superuser_of_django_adds_nothing(clinic: Clinic) -> None:
    nurse = UserFactory(role=Role.NURSE, clinics=[clinic], is_superuser=True, is_staff=True)
    assert not may(nurse, Right.DECIDE)


def test_templates_ask_by_name(doctor: User, nurse: User) -> None:
    page = Template('{% load frame %}{% if user|may:"decide" %}Start{% endif %}')
    assert page.render(Context({"user": doctor})) == "Start"
    assert page.render(Context({"user": nurse})) == ""


def test_a_misspelt_right_is_an_error_and_never_a_yes(doctor: User) -> None:
    with pytest.raises(ValueError, match="decied"):
        Template('{% load frame %}{% if user|may:"decied" %}x{% endif %}{{ user|may:"decied" }}').render(
            Context({"user": doctor})
        )


def test_a_request_asks_for_the_clinics_once(doctor: User) -> None:
    fresh = User.objects.get(pk=doctor.pk)
    with CaptureQueriesContext(connection) as queries:
        assert all(may(fresh, right) for right in (Right.DECIDE, Right.SIGN_VISIT, Right.VIEW_RECORD))
    assert len(queries) == 1

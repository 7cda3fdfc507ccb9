"""The rights of the three roles: one table, asked through `may` and `require`."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from accounts.models import Role, User


class Right(enum.StrEnum):
    """Something that a person may do in their clinics."""

    VIEW_RECORD = "view_record"
    REGISTER_PATIENT = "register_patient"
    ENTER_LABORATORY = "enter_laboratory"
    KEEP_ASSAYS = "keep_assays"
    ENTER_DRUG_HISTORY = "enter_drug_history"
    ENTER_VISIT_OBSERVATIONS = "enter_visit_observations"
    ENTER_VISIT = "enter_visit"
    SIGN_VISIT = "sign_visit"
    AMEND_VISIT = "amend_visit"
    VOID_FACT = "void_fact"
    REPORT_ADVERSE_EVENT = "report_adverse_event"
    CONFIRM_ADVERSE_EVENT = "confirm_adverse_event"
    DECIDE = "decide"
    HANDLE_ALERT = "handle_alert"
    COMPLETE_TASK = "complete_task"
    VIEW_ALERT_BURDEN = "view_alert_burden"
    VIEW_COHORT = "view_cohort"
    EXPORT_COHORT = "export_cohort"
    EXPORT_IDENTIFIED = "export_identified"
    MANAGE_USERS = "manage_users"
    PROPOSE_SETTINGS = "propose_settings"
    APPROVE_SETTINGS = "approve_settings"
    VIEW_AUDIT = "view_audit"


_RHEUMATOLOGIST = frozenset(
    {
        Right.VIEW_RECORD,
        Right.REGISTER_PATIENT,
        Right.ENTER_LABORATORY,
        Right.KEEP_ASSAYS,
        Right.ENTER_DRUG_HISTORY,
        Right.ENTER_VISIT_OBSERVATIONS,
        Right.ENTER_VISIT,
        Right.SIGN_VISIT,
        Right.AMEND_VISIT,
        Right.VOID_FACT,
        Right.REPORT_ADVERSE_EVENT,
        Right.CONFIRM_ADVERSE_EVENT,
        Right.DECIDE,
        Right.HANDLE_ALERT,
        Right.COMPLETE_TASK,
        Right.VIEW_ALERT_BURDEN,
        Right.VIEW_COHORT,
        Right.APPROVE_SETTINGS,
    }
)
_NURSE = frozenset(
    {
        Right.VIEW_RECORD,
        Right.REGISTER_PATIENT,
        Right.ENTER_LABORATORY,
        Right.ENTER_DRUG_HISTORY,
        Right.ENTER_VISIT_OBSERVATIONS,
        Right.REPORT_ADVERSE_EVENT,
        Right.COMPLETE_TASK,
    }
)
_ADMINISTRATOR = frozenset(
    {
        Right.VIEW_ALERT_BURDEN,
        Right.VIEW_COHORT,
        Right.EXPORT_COHORT,
        Right.EXPORT_IDENTIFIED,
        Right.MANAGE_USERS,
        Right.PROPOSE_SETTINGS,
        Right.VIEW_AUDIT,
    }
)

RIGHTS: Mapping[str, frozenset[Right]] = {
    Role.RHEUMATOLOGIST: _RHEUMATOLOGIST,
    Role.NURSE: _NURSE,
    Role.ADMINISTRATOR: _ADMINISTRATOR,
}


def may(user: User | AnonymousUser, right: Right) -> bool:
    """Whether the role of an active user who belongs to a clinic includes the right."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return right in RIGHTS.get(user.role, frozenset()) and bool(user.own_clinics)


def require(user: User | AnonymousUser, right: Right) -> None:
    """Raise PermissionDenied (403) unless the user may."""
    if not may(user, right):
        raise PermissionDenied


def require_any(user: User | AnonymousUser, rights: Iterable[Right]) -> None:
    """Raise PermissionDenied (403) unless the user has one of the rights."""
    if not any(may(user, right) for right in rights):
        raise PermissionDenied

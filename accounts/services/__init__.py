"""The only writers of people, clinics and their settings."""

from accounts.services.clinics import change_clinic, create_clinic
from accounts.services.people import (
    add_user,
    change_user,
    choose_password,
    create_user,
    deactivate_user,
    reactivate_user,
    reset_password,
    system_user,
    unlock_user,
)
from accounts.services.settings import (
    approve_settings,
    propose_settings,
    reject_settings,
    settings_in_force,
)

__all__ = [
    "add_user",
    "approve_settings",
    "change_clinic",
    "change_user",
    "choose_password",
    "create_clinic",
    "create_user",
    "deactivate_user",
    "propose_settings",
    "reactivate_user",
    "reject_settings",
    "reset_password",
    "settings_in_force",
    "system_user",
    "unlock_user",
]

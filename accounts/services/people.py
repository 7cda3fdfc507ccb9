"""Who may sign in: made, changed, sent away and let in again, each with who, when and why.

An administrator acts on people of their own clinics. What holds everywhere (name, role, password, being
active) only who administers all clinics of a person may change: a password is the key to all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from axes.utils import reset as forget_wrong_passwords
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.history import note_writer
from accounts.models import Clinic, Role, User
from accounts.rights import Right, require
from accounts.services.checks import check_administrator_left, check_version, checked_reason, lock_clinics


@transaction.atomic
def create_user(
    *,
    username: str,
    password: str,
    role: Role,
    clinics: Collection[Clinic],
    check_password: bool = True,
    by: User | None = None,
    submission: UUID | None = None,
    first_name: str = "",
    last_name: str = "",
    must_change_password: bool = False,
) -> User:
    """A new person who may sign in. Raises ValidationError for a weak password or a missing clinic."""
    if not clinics:
        raise ValidationError({"clinics": _("A user belongs to at least one clinic.")})
    user = User(
        username=username,
        role=role,
        first_name=first_name,
        last_name=last_name,
        must_change_password=must_change_password,
        submission=submission,
    )
    if check_password:
        _check_password(password, user)
    user.set_password(password)
    user.full_clean()
    note_writer(user, by=by)
    user.save()
    user.clinics.set(clinics)
    return user


def system_user(username: str, clinic: Clinic) -> User:
    """The person in whose name a program writes: nobody can sign in as them."""
    user, made = User.objects.get_or_create(
        username=username, defaults={"role": Role.RHEUMATOLOGIST, "is_active": False}
    )
    if made:
        user.set_unusable_password()
        user.save()
    user.clinics.add(clinic)
    return user


@transaction.atomic
def add_user(
    *,
    username: str,
    first_name: str,
    last_name: str,
    role: Role,
    clinics: Collection[Clinic],
    password: str,
    by: User,
    submission: UUID | None = None,
) -> User:
    """An administrator lets a person in; the password holds for the first sign-in only.

    A second call with the same submission returns the person of the first. Raises PermissionDenied or
    ValidationError with messages by field.
    """
    require(by, Right.MANAGE_USERS)
    _check_own(clinics, by)
    lock_clinics(clinics)
    first = User.objects.filter(submission=submission, clinics__in=clinics).first() if submission else None
    if first is not None:
        return first
    return create_user(
        username=username,
        first_name=first_name,
        last_name=last_name,
        role=role,
        clinics=clinics,
        password=password,
        by=by,
        submission=submission,
        must_change_password=True,
    )


@transaction.atomic
def change_user(
    *,
    user: User,
    first_name: str,
    last_name: str,
    role: Role,
    clinics: Collection[Clinic],
    reason: str,
    by: User,
    expected_version: int | None,
) -> User:
    """Change a person's name, role, and which of the administrator's own clinics they belong to.

    Raises PermissionDenied, StaleError or ValidationError with messages by field.
    """
    current = _locked(user, by, clinics)
    belongs = list(current.clinics.all())
    elsewhere = [clinic for clinic in belongs if clinic not in by.own_clinics]
    wanted = [*elsewhere, *clinics]
    everywhere = {"first_name": first_name, "last_name": last_name, "role": role}
    changed = [name for name, value in everywhere.items() if getattr(current, name) != value]
    if not changed and set(wanted) == set(belongs):
        return current
    check_version(current, expected_version)
    why = checked_reason(reason)
    _check_own(clinics, by)
    if not wanted:
        raise ValidationError({"clinics": _("Everybody belongs to a clinic: deactivate who left.")})
    if changed:
        _check_administers_all(belongs, by)
    if "role" in changed and current == by:
        raise ValidationError({"role": _("Another administrator must change your own role.")})
    check_administrator_left(current, belongs if "role" in changed else set(belongs) - set(wanted))
    for name in changed:
        setattr(current, name, everywhere[name])
    return _save(current, by=by, reason=why, clinics=wanted)


@transaction.atomic
def deactivate_user(*, user: User, reason: str, by: User) -> User:
    """Nobody signs in as them any more, and their sessions end at once. Raises ValidationError."""
    current = _locked(user, by)
    if not current.is_active:
        raise ValidationError(_("This person is deactivated already."))
    if current == by:
        raise ValidationError(_("Another administrator must deactivate you."))
    _check_administers_all(current.clinics.all(), by)
    check_administrator_left(current, current.clinics.all())
    current.is_active = False
    current.sessions_ended += 1
    return _save(current, by=by, reason=checked_reason(reason))


@transaction.atomic
def reactivate_user(*, user: User, reason: str, by: User) -> User:
    """Let a person in again, with their password of before. Raises ValidationError."""
    current = _locked(user, by)
    if current.is_active:
        raise ValidationError(_("This person is active already."))
    _check_administers_all(current.clinics.all(), by)
    current.is_active = True
    return _save(current, by=by, reason=checked_reason(reason))


@transaction.atomic
def reset_password(*, user: User, password: str, reason: str, by: User) -> User:
    """Give a person a password for their next sign-in; sessions end. Raises ValidationError by field."""
    current = _locked(user, by)
    if current == by:
        raise ValidationError(_("Change your own password on the page for it."))
    _check_administers_all(current.clinics.all(), by)
    _check_password(password, current)
    why = checked_reason(reason)
    current.set_password(password)
    current.must_change_password = True
    current.sessions_ended += 1
    return _save(current, by=by, reason=why)


@transaction.atomic
def unlock_user(*, user: User, reason: str, by: User) -> User:
    """Forget the wrong passwords that locked a person out. Raises ValidationError without a reason."""
    current = _locked(user, by)
    why = checked_reason(reason)
    forget_wrong_passwords(username=current.username)
    return _save(current, by=by, reason=why)


@transaction.atomic
def choose_password(*, user: User, password: str) -> User:
    """A person replaces their own password by another one, which was validated; their other sessions end."""
    user.set_password(password)
    user.must_change_password = False
    user.sessions_ended += 1
    return _save(user, by=user, reason="")


def _locked(user: User, by: User, also: Iterable[Clinic] = ()) -> User:
    """The person's row as it is now, locked with their clinics; a stranger to them is refused."""
    require(by, Right.MANAGE_USERS)
    lock_clinics([*user.clinics.all(), *also])
    current = User.objects.select_for_update().get(pk=user.pk)
    if not current.clinics.filter(pk__in=[clinic.pk for clinic in by.own_clinics]).exists():
        raise ValidationError(_("This person belongs to none of your clinics."))
    return current


def _check_own(clinics: Iterable[Clinic], by: User) -> None:
    if not set(clinics) <= set(by.own_clinics):
        raise ValidationError({"clinics": _("You may only choose among your own clinics.")})


def _check_administers_all(clinics: Iterable[Clinic], by: User) -> None:
    if not set(clinics) <= set(by.own_clinics):
        raise ValidationError(
            _("This person also belongs to another clinic: only who administers all of them may do this.")
        )


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error


def _save(user: User, *, by: User, reason: str, clinics: Collection[Clinic] | None = None) -> User:
    """One version in the history, with the clinics as they are afterwards."""
    if clinics is not None:
        user.skip_history_when_saving = True  # type: ignore[attr-defined]
        user.clinics.set(clinics)
        del user.skip_history_when_saving  # type: ignore[attr-defined]
    user.full_clean()
    note_writer(user, by=by, reason=reason)
    user.save()
    return user

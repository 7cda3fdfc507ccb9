"""Which settings a clinic may have. Other apps register them, a check of the values, and what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.models import ClinicSettings, User

Check = Callable[[Mapping[str, Any]], object]
Follower = Callable[[ClinicSettings, User], object]


@dataclass(frozen=True)
class Setting:
    """One number or choice of the rules, as people read it.

    published: the default is from a publication, else a choice of this project. lowest and highest are in
    the setting's unit; not_above names the setting that is the upper limit of the same range. choices are
    pairs of value and label; a setting that is yes or no has a boolean default and no choices.
    """

    name: str
    group: Any
    label: Any
    default: Any
    source: Any
    published: bool
    unit: Any = ""
    lowest: Decimal | None = None
    highest: Decimal | None = None
    whole: bool = False
    not_above: str = ""
    choices: tuple[tuple[str, Any], ...] = ()


_checks: list[Check] = []
_settings: list[Setting] = []
_followers: list[Follower] = []


def register(check: Check, settings: Iterable[Setting] = ()) -> None:
    """Add settings, and a callable that raises ValueError, naming the key, for values it refuses."""
    if check not in _checks:
        _checks.append(check)
    _settings.extend(setting for setting in settings if setting not in _settings)


def register_follower(follower: Follower) -> None:
    """Add a callable of (version, by) that is called in the transaction in which a version is approved."""
    if follower not in _followers:
        _followers.append(follower)


def offered() -> list[Setting]:
    """Every setting that a clinic may change, in the order in which apps told them."""
    return list(_settings)


def validate(values: Mapping[str, Any]) -> None:
    """Raise ValueError unless every registered check accepts the values."""
    for check in _checks:
        check(values)


def announce_approval(version: ClinicSettings, by: User) -> None:
    for follower in _followers:
        follower(version, by)

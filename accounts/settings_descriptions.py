"""Versions of a clinic's settings as people read them: values with units, and two versions side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils.translation import gettext

from accounts.models import Clinic, ClinicSettings, SettingsState
from accounts.settings_catalogue import Setting, offered


@dataclass(frozen=True)
class SettingLine:
    """One setting: as it is in force (or before), as it would be, and the default, each in words."""

    setting: Setting
    old: str
    new: str
    default: str
    own: bool

    @property
    def differs(self) -> bool:
        return self.old != self.new


def lines(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[SettingLine]:
    """Every setting in two sets of values; what a set does not name has the default."""
    return [_line(setting, old, new) for setting in offered()]


def grouped(rows: Iterable[SettingLine]) -> list[tuple[Any, list[SettingLine]]]:
    """The lines under the headings of their groups, in the catalogue's order."""
    return [(group, list(found)) for group, found in groupby(rows, key=lambda row: row.setting.group)]


def in_words(setting: Setting, value: Any) -> str:
    """A value as people read it: 86, yes, the label of a choice. The unit is shown separately."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if setting.choices:
        return str(dict(setting.choices).get(value, value))
    return plain(value)


def plain(value: Any) -> str:
    """A number without trailing zeros."""
    return f"{Decimal(str(value)).normalize():f}"


def own_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """What differs from the defaults, as it is stored: a number with decimals as text."""
    found = {}
    for setting in offered():
        value = values.get(setting.name, setting.default)
        if value != setting.default:
            found[setting.name] = str(value) if isinstance(value, Decimal) else value
    return found


def values_of(version: ClinicSettings | None) -> Mapping[str, Any]:
    """The own values of a version; none for the defaults."""
    return version.values if version is not None else {}


def in_force_before(version: ClinicSettings) -> ClinicSettings | None:
    """The approved version that this one replaces, or would replace, on its day."""
    others = ClinicSettings.objects.filter(clinic=version.clinic, state=SettingsState.APPROVED)
    earlier = others.filter(effective_from__lte=version.effective_from).exclude(pk=version.pk)
    if version.state == SettingsState.APPROVED:
        earlier = earlier.exclude(effective_from=version.effective_from, version__gt=version.version)
    return earlier.order_by("-effective_from", "-version").first()


def waiting_in(clinics: Iterable[Clinic]) -> list[ClinicSettings]:
    """Proposals of the clinics that nobody has decided on, the oldest first."""
    rows = ClinicSettings.objects.filter(clinic__in=clinics, state=SettingsState.PROPOSED)
    return list(rows.select_related("clinic", "proposed_by").order_by("proposed_at"))


def _line(setting: Setting, old: Mapping[str, Any], new: Mapping[str, Any]) -> SettingLine:
    default = in_words(setting, setting.default)
    before = in_words(setting, old.get(setting.name, setting.default))
    after = in_words(setting, new.get(setting.name, setting.default))
    return SettingLine(setting, before, after, default, own=after != default)

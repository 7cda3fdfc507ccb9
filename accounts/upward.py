"""The calls that go up, all of them: what accounts and patients ask of dosing.

Data flow up while imports go down: accounts and patients import nothing of dosing, but a fact that a person
writes must be assessed there. So each call is named here by its dotted path, which is looked up when it is
made, like the views of a URLconf or the middleware of the settings. The module is the lowest of all, because
every app may ask through it; a test proves that each path leads to a callable of the same parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from accounts.models import Clinic, ClinicSettings, User

REASSESS = "dosing.assessment.reconcile.reassess"
HISTORY_KINDS = "dosing.history.kinds.KINDS"
SETTINGS = "dosing.clinic_settings.SETTINGS"
CHECK_SETTINGS = "dosing.clinic_settings.check"
SETTINGS_APPROVED = "dosing.assessment.jobs.reassess_after_approval"
ASSAY_CHANGED = "dosing.assessment.jobs.reassess_after_assay"


def reassess(patient: Any) -> None:
    """A fact of this patient was written: bring alerts and tasks in line, in the same transaction."""
    import_string(REASSESS)(patient)


def history_kinds() -> Mapping[str, Any]:
    """The tables of dosing as kinds of a patient's history (patients.history.HistoryTable), by name."""
    kinds: Mapping[str, Any] = import_string(HISTORY_KINDS)
    return kinds


def settings() -> Iterable[Any]:
    """The thresholds of the rules that a clinic may change (accounts.settings_catalogue.Setting)."""
    thresholds: Iterable[Any] = import_string(SETTINGS)
    return thresholds


def check_settings(values: Mapping[str, Any]) -> None:
    """Raise ValueError, naming the key, unless the rules accept a clinic's values."""
    import_string(CHECK_SETTINGS)(values)


def settings_approved(version: ClinicSettings, by: User) -> None:
    """A version of a clinic's settings was approved: assess its patients again, in the same transaction."""
    import_string(SETTINGS_APPROVED)(version, by)


def assay_changed(clinic: Clinic, by: User) -> None:
    """Limits or variation of a laboratory changed: assess its patients again, in the same transaction."""
    import_string(ASSAY_CHANGED)(clinic, by)

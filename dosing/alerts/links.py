"""Where a person resolves a finding: the form that fills what is missing, else the fact that raised it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rights import Right, may
from dosing.models import Alert, Task
from dosing.rules.taper.watch import STEP, plan_of
from patients.rules.verdict import FactReference, Missing
from patients.templatetags.facts import fact_url


class FormLink(NamedTuple):
    """A form of a patient: its URL, who may use it, what its link says, and the query that names the item."""

    url: str
    right: Right
    label: Any
    query: str = ""


class Way(NamedTuple):
    """A link to where something is settled."""

    url: str
    label: Any


# By Missing.fill.
FILLS: Mapping[str, FormLink] = MappingProxyType(
    {
        "laboratory": FormLink(
            "patients:new_laboratory", Right.ENTER_LABORATORY, _("Enter the result"), "analyte"
        ),
        "visit": FormLink("patients:new_visit", Right.ENTER_VISIT_OBSERVATIONS, _("Enter the visit")),
        "drug_history": FormLink("patients:confirm_history", Right.ENTER_DRUG_HISTORY, _("Confirm the list")),
        "drug": FormLink("patients:new_episode", Right.ENTER_DRUG_HISTORY, _("Enter the drug")),
        "which_drug": FormLink("patients:open_drugs", Right.DECIDE, _("Say which drug it is")),
        "statement": FormLink("patients:new_statement", Right.ENTER_DRUG_HISTORY, _("Answer"), "kind"),
        "classification": FormLink("patients:new_classification", Right.ENTER_VISIT, _("Enter")),
        "patient": FormLink("patients:change", Right.REGISTER_PATIENT, _("Enter")),
    }
)
LEVELS = "level_due"
REPORTED_EVENT = "adverse_event"
# By Task.kind; a control is a sheet of results, and levels have a sheet of their own for all patients.
WORK: Mapping[str, FormLink] = MappingProxyType(
    {
        "control": FormLink("patients:new_laboratory", Right.ENTER_LABORATORY, _("Enter the results")),
        "interaction_control": FormLink(
            "patients:new_laboratory", Right.ENTER_LABORATORY, _("Enter the results")
        ),
        "pause": FormLink("dosing:resume", Right.DECIDE, _("Resume or stop")),
        "effect": FormLink("patients:new_visit", Right.ENTER_VISIT_OBSERVATIONS, _("Enter the visit")),
    }
)


def way_to_fill(missing: Missing | dict[str, Any], patient_id: int, user: User) -> Way | None:
    """The form that takes what is missing (live or as stored); None when they may not, or nobody can."""
    stored = missing if isinstance(missing, dict) else {"item": missing.item, "fill": missing.fill}
    if stored["fill"] == "level" and may(user, Right.ENTER_LABORATORY):
        return Way(reverse("dosing:levels"), _("Log the level"))
    form = FILLS.get(stored["fill"])
    return None if form is None else _way(form, patient_id, user, stored["item"])


def way_of_alert(alert: Alert, user: User) -> Way | None:
    """The form for the first missing thing that they may fill, else the first fact behind the alert."""
    if alert.rule == REPORTED_EVENT and may(user, Right.CONFIRM_ADVERSE_EVENT):
        form = reverse("dosing:change_adverse_event", args=[alert.patient_id, int(alert.subject)])
        return Way(form, _("Complete and confirm"))
    verdict = alert.current_verdict
    ways = (way_to_fill(missing, alert.patient_id, user) for missing in verdict.get("missing", ()))
    found = next((way for way in ways if way is not None), None)
    return found or _to_fact(alert)


def way_of_task(task: Task, user: User) -> Way | None:
    """The form in which planned work is recorded, where there is one that they may use."""
    if task.kind == LEVELS and may(user, Right.ENTER_LABORATORY):
        query = urlencode({"patient": task.patient.number})
        return Way(f"{reverse('dosing:levels')}?{query}", _("Log the level"))
    plan = plan_of(task.subject) if task.kind == STEP else None
    if plan is not None and may(user, Right.DECIDE):
        page = reverse("dosing:taper_step", args=[task.patient_id, plan])
        return Way(page, _("Decide on the step"))
    form = WORK.get(task.kind)
    return None if form is None else _way(form, task.patient_id, user, "")


def _way(form: FormLink, patient_id: int, user: User, item: str) -> Way | None:
    if not may(user, form.right):
        return None
    query = f"?{urlencode({form.query: item})}" if form.query else ""
    return Way(reverse(form.url, args=[patient_id]) + query, form.label)


def _to_fact(alert: Alert) -> Way | None:
    facts = (each["fact"] for each in alert.current_verdict.get("evidence", ()) if each["fact"])
    first = next(facts, None)
    if first is None:
        return None
    return Way(fact_url(alert.patient, FactReference(**first)), _("See the fact"))

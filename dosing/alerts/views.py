"""Handling alerts and planned work in place: fragments for HTMX, pages and redirects without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts.requests import ClinicRequest
from accounts.rights import Right
from dosing.alerts import services as alerts
from dosing.alerts import task_services as tasks
from dosing.alerts.forms import AlertForm, MatterForm, NotNeededForm, OverrideForm, SeenForm, SnoozeForm
from dosing.alerts.queries import alerts_and_tasks, tasks_of
from dosing.alerts.queries import worst_alert as worst_alert_of
from dosing.alerts.worklist import tabs
from dosing.models import Alert, Task
from dosing.rules.findings import Severity
from patients.access import patient_view
from patients.banner import banner_of
from patients.models import Patient

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Where a row is shown; its forms are distinguished by it.
PATIENT, WORKLIST, ESCALATED, PAGE = "patient", "worklist", "escalated", "page"
PLACES = (PATIENT, WORKLIST, ESCALATED, PAGE)
# The patient's banner and the lists listen to it.
HANDLED = "matter-handled"


@patient_view(Right.VIEW_RECORD, page=_("worst alert"))
def worst_alert(request: ClinicRequest, patient: Patient) -> HttpResponse:
    return render(request, "dosing/worst_alert.html", {"alert": worst_alert_of(patient)})


@patient_view(Right.VIEW_RECORD, page=_("alerts, tasks and decisions"))
def matters(request: ClinicRequest, patient: Patient) -> HttpResponse:
    """The patient's alerts, planned work and decisions."""
    return render(request, "dosing/matters.html", {"patient": patient, **alerts_and_tasks(patient)})


@patient_view(Right.HANDLE_ALERT, page=_("alert"))
def alert(request: ClinicRequest, patient: Patient, alert_id: int) -> HttpResponse:
    """An alert with its forms, in its row or as a page of its own; ?closed=1: the row alone."""
    row = _alert(patient, alert_id)
    forms = {} if "closed" in request.GET else _alert_forms(row, _place(request))
    for first in list(forms.values())[:1]:
        first.focus()
    return _show(request, patient, "alert", row, **forms)


@patient_view(Right.HANDLE_ALERT, methods=("POST",), page=_("handling of an alert"))
def acknowledge(request: ClinicRequest, patient: Patient, alert_id: int) -> HttpResponse:
    """Say that an alert was seen."""
    said = _("Acknowledged. It stays on the patient's page until it is settled.")
    return _handle(request, patient, alert_id, (SeenForm, "seen_form"), alerts.acknowledge, said)


@patient_view(Right.HANDLE_ALERT, methods=("POST",), page=_("handling of an alert"))
def snooze(request: ClinicRequest, patient: Patient, alert_id: int) -> HttpResponse:
    """Put an alert aside until a day."""
    said = _("Put aside. It comes back on its day, or earlier if it becomes more severe.")
    return _handle(request, patient, alert_id, (SnoozeForm, "snooze_form"), alerts.snooze, said)


@patient_view(Right.HANDLE_ALERT, methods=("POST",), page=_("handling of an alert"))
def override(request: ClinicRequest, patient: Patient, alert_id: int) -> HttpResponse:
    """Close an alert against its verdict, with a reason."""
    said = _("Overridden. It comes back only if it becomes more severe.")
    return _handle(request, patient, alert_id, (OverrideForm, "override_form"), alerts.override, said)


@patient_view(Right.HANDLE_ALERT, methods=("POST",), page=_("handling of an alert"))
def reopen(request: ClinicRequest, patient: Patient, alert_id: int) -> HttpResponse:
    """Take back what was done with an alert."""
    said = _("Taken back. The alert is open again.")
    return _handle(request, patient, alert_id, (SeenForm, "seen_form"), alerts.reopen, said)


@patient_view(Right.COMPLETE_TASK, page=_("planned work"))
def task(request: ClinicRequest, patient: Patient, task_id: int) -> HttpResponse:
    """Planned work with the form that says it is not needed; ?closed=1: the row alone."""
    row = _task(patient, task_id)
    forms = {} if "closed" in request.GET else {"not_needed_form": NotNeededForm(row, _place(request))}
    for form in forms.values():
        form.focus()
    return _show(request, patient, "task", row, **forms)


@patient_view(Right.COMPLETE_TASK, methods=("POST",), page=_("handling of planned work"))
def complete_task(request: ClinicRequest, patient: Patient, task_id: int) -> HttpResponse:
    """Mark planned work as done."""
    row = _task(patient, task_id)
    try:
        tasks.complete_task(task=row, by=request.user)
    except ValidationError as error:
        return _show(request, patient, "task", _task(patient, task_id), refused=error.messages)
    return _done(request, patient, "task", _task(patient, task_id), _("Done."))


@patient_view(Right.COMPLETE_TASK, methods=("POST",), page=_("handling of planned work"))
def cancel_task(request: ClinicRequest, patient: Patient, task_id: int) -> HttpResponse:
    """Say why planned work is not needed."""
    row = _task(patient, task_id)
    form = NotNeededForm(row, _place(request), request.POST)
    if _save_if_valid(form, lambda: tasks.cancel_task(task=row, by=request.user, **form.cleaned_data)):
        said = _("Noted as not needed. It comes back with its next due day.")
        return _done(request, patient, "task", _task(patient, task_id), said)
    form.focus()
    return _show(request, patient, "task", _task(patient, task_id), not_needed_form=form)


def _alert(patient: Patient, alert_id: int) -> Alert:
    """Also one that the facts settled meanwhile: handling it says so."""
    rows = Alert.objects.filter(patient=patient).select_related("patient", "handled_by")
    return get_object_or_404(rows, pk=alert_id)


def _task(patient: Patient, task_id: int) -> Task:
    return get_object_or_404(tasks_of(patient), pk=task_id)


def _alert_forms(row: Alert, place: str) -> dict[str, AlertForm]:
    """In the order in which they are shown; an "act now" alert cannot be snoozed."""
    aside = {} if row.severity == Severity.ACT_NOW else {"snooze_form": SnoozeForm(row, place)}
    return {**aside, "override_form": OverrideForm(row, place)}


def _handle(
    request: ClinicRequest,
    patient: Patient,
    alert_id: int,
    form_of: tuple[type[AlertForm], str],
    service: Callable[..., Alert],
    said: StrOrPromise,
) -> HttpResponse:
    """Ask the service; a refusal is shown in the row, with the alert as it is now and what was typed."""
    kind, name = form_of
    place = _place(request)
    form = kind(_alert(patient, alert_id), place, request.POST)
    if _save_if_valid(
        form, lambda: service(alert=_alert(patient, alert_id), by=request.user, **form.given())
    ):
        return _done(request, patient, "alert", _alert(patient, alert_id), said)
    row = _alert(patient, alert_id)
    form.show(row)
    form.focus()
    others = {} if kind is SeenForm else _alert_forms(row, place)
    return _show(request, patient, "alert", row, **{**others, name: form})


def _save_if_valid(form: MatterForm, save: Callable[[], object]) -> bool:
    if not form.is_valid():
        return False
    try:
        save()
    except ValidationError as error:
        form.take_errors(error)
        return False
    return True


def _show(
    request: ClinicRequest, patient: Patient, kind: str, row: Alert | Task, **more: Any
) -> HttpResponse:
    """The row as a fragment for HTMX, else as a page."""
    context = {
        "patient": patient,
        kind: row,
        "place": _place(request),
        "back": _back(request, patient),
        "show": request.POST.get("show") or request.GET.get("show", ""),
        **more,
    }
    if request.htmx:
        return render(request, f"dosing/{kind}s/row.html", context)
    page = {**context, "place": PAGE, "kind": kind, "banner": banner_of(patient)}
    return render(request, "dosing/matter.html", page)


def _done(
    request: ClinicRequest, patient: Patient, kind: str, row: Alert | Task, said: StrOrPromise
) -> HttpResponse:
    """The row as it is now with what was done, and the counts of the lists; or back where they were."""
    if not request.htmx:
        messages.success(request, said)
        return redirect(_back(request, patient))
    counted = tabs(request.user) if _place(request) in (WORKLIST, ESCALATED) else None
    answer = _show(request, patient, kind, row, said=said, tabs=counted)
    answer["HX-Trigger"] = HANDLED
    return answer


def _place(request: ClinicRequest) -> str:
    given = request.POST.get("place") or request.GET.get("place")
    return given if given in PLACES else PAGE


def _back(request: ClinicRequest, patient: Patient) -> str:
    """The page they came from, as the form says; the patient's where it says nothing or another site."""
    given = request.POST.get("back") or request.GET.get("back") or ""
    if given and url_has_allowed_host_and_scheme(given, allowed_hosts=None):
        return given
    return reverse("patients:page", args=[patient.pk])

"""Reporting an adverse event, changing and confirming it, its report on one page, and the patient's list."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from accounts.rights import Right, may
from dosing.adverse_events import queries as adverse_events
from dosing.adverse_events.forms import AdverseEventForm, initial_of
from dosing.adverse_events.services import change_event, report_event
from dosing.models import AdverseEvent
from patients.access import patient_view
from patients.banner import banner_of
from patients.conflicts import Difference, compare
from patients.drafts import DraftRequest
from patients.form_pages import patient_form, save_form
from patients.models import Patient
from patients.services.writing import StaleFactError

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@patient_view(Right.VIEW_RECORD, page=_("adverse events"))
def panel(request: HttpRequest, patient: Patient) -> HttpResponse:
    """The patient's adverse events, the latest first."""
    context = {"patient": patient, "events": adverse_events.events_of(patient)}
    return render(request, "dosing/adverse_events/panel.html", context)


@patient_view(Right.VIEW_RECORD, page=_("report of an adverse event"))
def report(request: HttpRequest, patient: Patient, event_id: int) -> HttpResponse:
    """Everything about one event on one sheet."""
    rows = AdverseEvent.objects.select_related("patient__clinic", "created_by", "confirmed_by", "voided_by")
    row = get_object_or_404(rows, pk=event_id, patient=patient)
    context = {
        "patient": patient,
        "banner": banner_of(patient),
        "event": adverse_events.event_details(row),
        "changed_since": adverse_events.has_changed_since(row),
        "may_change": _may_change(request, row),
    }
    return render(request, "dosing/adverse_events/report.html", context)


@patient_form(_("Adverse event"), Right.REPORT_ADVERSE_EVENT, page=_("form of an adverse event"))
def new(request: DraftRequest, patient: Patient) -> HttpResponse:
    """Report an event."""
    form = AdverseEventForm(request.user, request.POST or None)

    def save() -> AdverseEvent:
        event = AdverseEvent(patient=patient, **form.values())
        return report_event(event=event, by=request.user, submission=form.cleaned_data["submission"])

    return _handle(request, patient, None, form, save)


@patient_form(_("Adverse event"), Right.REPORT_ADVERSE_EVENT, page=_("form of an adverse event"))
def change(request: DraftRequest, patient: Patient, event_id: int) -> HttpResponse:
    """Complete an event; a doctor confirms it by saving."""
    rows = AdverseEvent.objects.active().select_related("patient__clinic", "created_by")
    row = get_object_or_404(rows, pk=event_id, patient=patient)
    if request.method != "POST" and not _may_change(request, row):
        raise PermissionDenied
    form = AdverseEventForm(request.user, request.POST or None, initial=initial_of(row))

    def save() -> AdverseEvent:
        version = form.cleaned_data["version"] or 0
        return change_event(event=row, values=form.values(), by=request.user, expected_version=version)

    return _handle(request, patient, row, form, save)


def _may_change(request: HttpRequest, row: AdverseEvent) -> bool:
    """Only a doctor may change a confirmed event; nobody may change one that was entered in error."""
    if row.is_voided:
        return False
    needed = Right.CONFIRM_ADVERSE_EVENT if row.is_confirmed else Right.REPORT_ADVERSE_EVENT
    return may(request.user, needed)


def _handle(
    request: DraftRequest,
    patient: Patient,
    row: AdverseEvent | None,
    form: AdverseEventForm,
    save: Callable[[], AdverseEvent],
) -> HttpResponse:
    onset = None if row is None else row.onset
    return save_form(
        request,
        form,
        save,
        template="dosing/adverse_events/form.html",
        done=_saved_message,
        then=lambda saved: redirect("dosing:adverse_event", patient.pk, saved.pk),
        context=lambda: {"event": row, **adverse_events.beside_the_form(patient, onset)},
        compare=_differences,
    )


def _differences(form: AdverseEventForm, error: StaleFactError) -> list[Difference]:
    found = compare(form, error)
    if form.judges and isinstance(error.current, AdverseEvent):
        found += adverse_events.naranjo_differences(form.values()["naranjo"], error.current.naranjo)
    return found


def _saved_message(saved: AdverseEvent) -> StrOrPromise:
    if not saved.is_confirmed:
        return _("The event is reported. A doctor confirms it.")
    return _("The event is saved and confirmed.")

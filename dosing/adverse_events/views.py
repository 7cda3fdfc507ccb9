"""Reporting an adverse event, changing and confirming it, its report on one page, and the patient's list."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.rights import Right, may
from dosing.adverse_events import queries as adverse_events
from dosing.adverse_events.forms import AdverseEventForm, initial_of
from dosing.adverse_events.services import change_event, report_event
from dosing.models import AdverseEvent
from patients.access import patient_view
from patients.banner import banner_of
from patients.conflicts import Difference, compare
from patients.drafts import draft_of, keeps_drafts
from patients.models import Patient
from patients.services.writing import StaleFactError

FORM_METHODS = ("GET", "HEAD", "POST")


@patient_view(Right.VIEW_RECORD)
def panel(request: HttpRequest, patient: Patient) -> HttpResponse:
    """The patient's adverse events, the latest first."""
    context = {"patient": patient, "events": adverse_events.events_of(patient)}
    return render(request, "dosing/adverse_events/panel.html", context)


@patient_view(Right.VIEW_RECORD)
def report(request: HttpRequest, patient: Patient, event_id: int) -> HttpResponse:
    """Everything about one event on one sheet."""
    rows = AdverseEvent.objects.select_related("patient__clinic", "created_by", "confirmed_by", "voided_by")
    row = get_object_or_404(rows, pk=event_id, patient=patient)
    context = {
        "patient": patient,
        "banner": banner_of(patient),
        "event": adverse_events.told(row),
        "changed_since": adverse_events.has_changed_since(row),
        "may_change": _may_change(request, row),
    }
    return render(request, "dosing/adverse_events/report.html", context)


@patient_view(Right.REPORT_ADVERSE_EVENT, methods=FORM_METHODS)
@keeps_drafts
def new(request: HttpRequest, patient: Patient) -> HttpResponse:
    """Report an event."""
    form = AdverseEventForm(request.user, request.POST or None)  # type: ignore[arg-type]

    def save() -> AdverseEvent:
        event = AdverseEvent(patient=patient, **form.values())
        return report_event(event=event, by=request.user, submission=form.cleaned_data["submission"])  # type: ignore[arg-type]

    return _handle(request, patient, None, form, save)


@patient_view(Right.REPORT_ADVERSE_EVENT, methods=FORM_METHODS)
@keeps_drafts
def change(request: HttpRequest, patient: Patient, event_id: int) -> HttpResponse:
    """Complete an event; a doctor confirms it by saving."""
    rows = AdverseEvent.objects.active().select_related("patient__clinic", "created_by")
    row = get_object_or_404(rows, pk=event_id, patient=patient)
    if request.method != "POST" and not _may_change(request, row):
        raise PermissionDenied
    form = AdverseEventForm(request.user, request.POST or None, initial=initial_of(row))  # type: ignore[arg-type]

    def save() -> AdverseEvent:
        version = form.cleaned_data["version"] or 0
        return change_event(event=row, values=form.values(), by=request.user, expected_version=version)  # type: ignore[arg-type]

    return _handle(request, patient, row, form, save)


def _may_change(request: HttpRequest, row: AdverseEvent) -> bool:
    """What a doctor confirmed only a doctor changes; what was entered in error nobody."""
    if row.is_voided:
        return False
    needed = Right.CONFIRM_ADVERSE_EVENT if row.is_confirmed else Right.REPORT_ADVERSE_EVENT
    return may(request.user, needed)


def _handle(
    request: HttpRequest,
    patient: Patient,
    row: AdverseEvent | None,
    form: AdverseEventForm,
    save: Callable[[], AdverseEvent],
) -> HttpResponse:
    conflict: list[Difference] | None = None
    draft = draft_of(request)
    draft.into(form)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save()
        except StaleFactError as error:
            conflict = _differences(form, error)
        except ValidationError as error:
            form.take_errors(error)
        else:
            draft.finish(form)
            messages.success(request, _said(saved))
            return redirect("dosing:adverse_event", patient.pk, saved.pk)
    context = {
        "patient": patient,
        "banner": banner_of(patient),
        "form": form,
        "conflict": conflict,
        "event": row,
        **adverse_events.beside_the_form(patient, None if row is None else row.onset),
    }
    status = 200 if conflict is None else 409
    return render(request, "dosing/adverse_events/form.html", context, status=status)


def _differences(form: AdverseEventForm, error: StaleFactError) -> list[Difference]:
    found = compare(form, error)
    if form.judges and isinstance(error.current, AdverseEvent):
        found += adverse_events.naranjo_differences(form.values()["naranjo"], error.current.naranjo)
    return found


def _said(saved: AdverseEvent) -> str:
    if not saved.is_confirmed:
        return _("The event is reported. A doctor confirms it.")
    return _("The event is saved and confirmed.")

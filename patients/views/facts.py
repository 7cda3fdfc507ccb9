"""One fact: what it says, how it came to say it, and marking it as entered in error."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from accounts.requests import ClinicRequest
from accounts.rights import Right
from patients.access import patient_view
from patients.banner import banner_of
from patients.history import entries, lines
from patients.history.every_kind import fact_kind, kind_of
from patients.models import Fact, Patient
from patients.services.writing import void


class VoidForm(forms.Form):
    """Why a fact was entered in error."""

    reason = forms.CharField(max_length=300)


@patient_view(Right.VIEW_RECORD, page=_("one fact with its history"))
def fact(request: ClinicRequest, patient: Patient, kind: str, fact_id: int) -> HttpResponse:
    row = _fact(patient, kind, fact_id)
    return _show(request, patient, kind, row)


@patient_view(Right.VOID_FACT, methods=("POST",), page=_("marking a fact as entered in error"))
def void_fact(request: ClinicRequest, patient: Patient, kind: str, fact_id: int) -> HttpResponse:
    """Mark as entered in error, with a reason."""
    row = _fact(patient, kind, fact_id)
    form = VoidForm(request.POST)
    if not form.is_valid():
        return _show(request, patient, kind, row, errors=[str(text) for text in form.errors["reason"]])
    try:
        void(row, by=request.user, reason=form.cleaned_data["reason"])
    except ValidationError as error:
        return _show(request, patient, kind, row, errors=error.messages)
    messages.success(request, _("Marked as entered in error. No rule counts it any more."))
    return redirect("patients:page", patient.pk)


def _fact(patient: Patient, kind: str, fact_id: int) -> Fact:
    known = fact_kind(kind)
    if known is None:
        raise Http404
    model = cast(type[Fact], known.model)
    rows = model._default_manager.select_related("patient__clinic", "created_by", "voided_by")
    return get_object_or_404(rows, pk=fact_id, patient=patient)


def _show(
    request: ClinicRequest, patient: Patient, kind: str, row: Fact, errors: list[str] | None = None
) -> HttpResponse:
    context = {
        "patient": patient,
        "banner": banner_of(patient),
        "kind": kind,
        "fact": row,
        "subject": kind_of(row).subject(row),
        "lines": lines(row),
        "entries": entries(row),
        "errors": errors,
    }
    return render(request, "patients/fact.html", context)

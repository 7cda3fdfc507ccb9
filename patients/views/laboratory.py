"""Entering laboratory results."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.clock import local_today
from accounts.rights import Right
from patients.access import patient_view
from patients.banner import banner_of
from patients.drafts import draft_of, keeps_drafts
from patients.forms.laboratory import LaboratorySheetForm
from patients.last_of_each_analyte import last_of_each_analyte
from patients.models import Laboratory, Patient
from patients.services.laboratory import laboratory_named, record_results


@patient_view(Right.ENTER_LABORATORY, methods=("GET", "HEAD", "POST"))
@keeps_drafts
def new(request: HttpRequest, patient: Patient) -> HttpResponse:
    """A sheet of one collection; ?analyte= puts the cursor there."""
    latest = last_of_each_analyte(patient)
    last = max(latest.values(), key=lambda row: row.pk, default=None)
    initial = {
        "collected_on": local_today(patient.clinic),
        "laboratory": last.laboratory.name if last else "",
    }
    focus = request.GET.get("analyte", "")
    form = LaboratorySheetForm(patient, request.POST or None, initial=initial, focus=focus, latest=latest)
    draft = draft_of(request)
    draft.into(form)
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save(request, patient, form)
        except ValidationError as error:
            form.take_errors(error)
        else:
            draft.finish(form)
            text = ngettext("%(count)s result is saved.", "%(count)s results are saved.", saved)
            messages.success(request, text % {"count": saved})
            return redirect("patients:page", patient.pk)
    context = {
        "patient": patient,
        "banner": banner_of(patient),
        "form": form,
        "laboratories": Laboratory.objects.filter(clinic=patient.clinic).order_by("name"),
    }
    return render(request, "patients/laboratory.html", context)


@transaction.atomic
def _save(request: HttpRequest, patient: Patient, form: LaboratorySheetForm) -> int:
    place = laboratory_named(
        clinic=patient.clinic,
        name=form.cleaned_data["laboratory"],
        by=request.user,  # type: ignore[arg-type]
    )
    rows = record_results(
        results=form.results(place),
        by=request.user,  # type: ignore[arg-type]
        submission=form.cleaned_data["submission"],
    )
    if not rows:
        raise ValidationError(_("Nothing was saved."))
    return len(rows)

"""Entering laboratory results."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.clock import local_today
from accounts.rights import Right
from patients.drafts import DraftRequest
from patients.form_pages import patient_form, save_form
from patients.forms.laboratory import LaboratorySheetForm
from patients.last_of_each_analyte import laboratory_like, last_of_each_analyte, units_last_used
from patients.models import Laboratory, Patient
from patients.services.laboratory import laboratory_named, record_results
from patients.sheet_order import sheet_of


@patient_form(_("Laboratory results"), Right.ENTER_LABORATORY, page=_("form of laboratory results"))
def new(request: DraftRequest, patient: Patient) -> HttpResponse:
    """A sheet of one collection; ?analyte= puts the cursor there."""
    latest = last_of_each_analyte(patient)
    last = max(latest.values(), key=lambda row: row.pk, default=None)
    initial = {
        "collected_on": local_today(patient.clinic),
        "laboratory": last.laboratory.name if last else "",
    }
    offered = last.laboratory if last else None
    named = laboratory_like(patient.clinic, request.POST.get("laboratory", ""))
    focus = request.GET.get("analyte", "")
    form = LaboratorySheetForm(
        patient,
        request.POST or None,
        initial=initial,
        focus=focus,
        latest=latest,
        units=units_last_used(offered),
        units_of_named=None if named == offered else units_last_used(named),
        sheet=sheet_of(patient.clinic_id),
    )
    return save_form(
        request,
        form,
        lambda: _save(request, patient, form),
        template="patients/laboratory.html",
        done=lambda saved: (
            ngettext("%(count)s result is saved.", "%(count)s results are saved.", saved) % {"count": saved}
        ),
        context=lambda: {
            "laboratories": Laboratory.objects.filter(clinic=patient.clinic).order_by("name"),
        },
    )


@transaction.atomic
def _save(request: DraftRequest, patient: Patient, form: LaboratorySheetForm) -> int:
    place = laboratory_named(clinic=patient.clinic, name=form.cleaned_data["laboratory"], by=request.user)
    rows = record_results(
        results=form.results(place), by=request.user, submission=form.cleaned_data["submission"]
    )
    if not rows:
        raise ValidationError(_("Nothing was saved."))
    return len(rows)

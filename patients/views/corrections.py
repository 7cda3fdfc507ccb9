"""Correcting a laboratory result with a reason; the old version stays in the history."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from accounts.rights import Right
from patients.banner import banner_of
from patients.conflicts import Difference, ask_again
from patients.drafts import DraftRequest
from patients.form_pages import patient_form
from patients.forms.correction import ResultCorrectionForm
from patients.models import Laboratory, LaboratoryResult, Patient
from patients.result_in_words import result_differences, result_lines
from patients.rules.analytes import ANALYTES
from patients.services.laboratory import correct_result, laboratory_named
from patients.services.writing import StaleFactError

CONFLICT = 409


@patient_form(_("Correction of a result"), Right.ENTER_LABORATORY, page=_("correction of a result"))
def correct(request: DraftRequest, patient: Patient, result_id: int) -> HttpResponse:
    """What is stored, next to the form that corrects it. What was entered in error is shown and refused."""
    rows = LaboratoryResult.objects.select_related("laboratory", "created_by", "voided_by", "patient__clinic")
    result = get_object_or_404(rows, pk=result_id, patient=patient, analyte__in=ANALYTES)
    form = ResultCorrectionForm(result, request.POST or None)
    request.draft.into(form)
    if request.method != "POST":
        return _show(request, form, result)
    if not form.is_valid():
        return _show(request, form, result, status=CONFLICT if result.is_voided else 200)
    if result.is_voided:
        return _show(request, form, result, result_differences(result, form.typed()))
    return _correct(request, form)


def _correct(request: DraftRequest, form: ResultCorrectionForm) -> HttpResponse:
    result = form.result
    if not result_differences(result, form.typed()):
        return _nothing_differs(request, form)
    try:
        _save(request, form)
    except StaleFactError as error:
        ask_again(form, error)
        stored = LaboratoryResult.objects.select_related("laboratory", "created_by", "voided_by").get(
            pk=result.pk
        )
        return _show(request, form, stored, result_differences(stored, form.typed()))
    except ValidationError as error:
        form.take_errors(error)
        return _show(request, form, result)
    messages.success(
        request,
        _("The result is corrected and the patient assessed again. The old version stays in the history."),
    )
    return _done(request, form)


def _nothing_differs(request: DraftRequest, form: ResultCorrectionForm) -> HttpResponse:
    """A second click, or a colleague who corrected the same: done. Else there is nothing to correct."""
    if form.cleaned_data["version"] != form.result.version:
        messages.info(request, _("This is what is stored already; nothing was changed."))
        return _done(request, form)
    form.add_error(None, _("Nothing differs from what is stored. Change what is wrong, or go back."))
    return _show(request, form, form.result)


def _done(request: DraftRequest, form: ResultCorrectionForm) -> HttpResponse:
    request.draft.finish(form)
    return redirect("patients:fact", form.patient.pk, "laboratory", form.result.pk)


@transaction.atomic
def _save(request: DraftRequest, form: ResultCorrectionForm) -> None:
    place = laboratory_named(
        clinic=form.patient.clinic,
        name=form.cleaned_data["laboratory"],
        by=request.user,
    )
    correct_result(
        result=form.result,
        values=form.values(place),
        reason=form.cleaned_data["reason"],
        by=request.user,
        expected_version=form.cleaned_data["version"] or 0,
    )


def _show(
    request: DraftRequest,
    form: ResultCorrectionForm,
    stored: LaboratoryResult,
    conflict: list[Difference] | None = None,
    status: int | None = None,
) -> HttpResponse:
    """conflict: where stored and typed differ, after somebody else wrote first; None when nobody did."""
    context = {
        "patient": form.patient,
        "banner": banner_of(form.patient),
        "form": form,
        "entry": form.entry(),
        "result": stored,
        "lines": result_lines(stored),
        "conflict": conflict,
        "laboratories": Laboratory.objects.filter(clinic=form.patient.clinic).order_by("name"),
    }
    answered = status or (200 if conflict is None else CONFLICT)
    return render(request, "patients/correct_result.html", context, status=answered)

"""Entering statements and classification results."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.clock import local_today
from accounts.models import User
from accounts.rights import Right
from patients.access import patient_view
from patients.banner import banner_of
from patients.drafts import draft_of, keeps_drafts
from patients.forms.statements import ClassificationForm, StatementForm
from patients.models import Classification, Patient, Statement
from patients.services.statements import classify, state

FORM_METHODS = ("GET", "HEAD", "POST")


@patient_view(Right.ENTER_DRUG_HISTORY, methods=FORM_METHODS)
@keeps_drafts
def new_statement(request: HttpRequest, patient: Patient) -> HttpResponse:
    """An answer to one question; ?kind= chooses it."""
    form = StatementForm(patient, request.POST or None, initial={"kind": request.GET.get("kind", "")})
    draft = draft_of(request)
    draft.into(form)
    if request.method == "POST" and form.is_valid():
        statement = Statement(patient=patient, stated_on=local_today(patient.clinic), **form.values())
        by: User = request.user  # type: ignore[assignment]
        try:
            state(statement=statement, by=by, submission=form.cleaned_data["submission"])
        except ValidationError as error:
            form.take_errors(error)
        else:
            draft.finish(form)
            messages.success(request, _("The answer is saved."))
            return redirect("patients:page", patient.pk)
    return _show(request, patient, form, _("An answer"))


@patient_view(Right.ENTER_VISIT, methods=FORM_METHODS)
@keeps_drafts
def new_classification(request: HttpRequest, patient: Patient) -> HttpResponse:
    """The result of classification criteria."""
    form = ClassificationForm(request.POST or None)
    draft = draft_of(request)
    draft.into(form)
    if request.method == "POST" and form.is_valid():
        classification = Classification(patient=patient, **form.values())
        by: User = request.user  # type: ignore[assignment]
        try:
            classify(classification=classification, by=by, submission=form.cleaned_data["submission"])
        except ValidationError as error:
            form.take_errors(error)
        else:
            draft.finish(form)
            messages.success(request, _("The classification is saved."))
            return redirect("patients:page", patient.pk)
    return _show(request, patient, form, _("Classification"))


def _show(
    request: HttpRequest, patient: Patient, form: StatementForm | ClassificationForm, title: str
) -> HttpResponse:
    context = {"patient": patient, "banner": banner_of(patient), "form": form, "title": title}
    return render(request, "patients/fact_form.html", context)

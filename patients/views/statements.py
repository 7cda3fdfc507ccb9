"""Entering statements and classification results."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.clock import local_today
from accounts.rights import Right
from patients.drafts import DraftRequest
from patients.form_pages import patient_form, save_form
from patients.forms.statements import ClassificationForm, StatementForm
from patients.models import Classification, Patient, Statement
from patients.services.statements import classify, state


@patient_form(_("An answer"), Right.ENTER_DRUG_HISTORY, page=_("form of an answer"))
def new_statement(request: DraftRequest, patient: Patient) -> HttpResponse:
    """An answer to one question; ?kind= chooses it."""
    form = StatementForm(patient, request.POST or None, initial={"kind": request.GET.get("kind", "")})

    def save() -> Statement:
        statement = Statement(patient=patient, stated_on=local_today(patient.clinic), **form.values())
        return state(statement=statement, by=request.user, submission=form.cleaned_data["submission"])

    return save_form(request, form, save, template="patients/fact_form.html", done=_("The answer is saved."))


@patient_form(_("Classification"), Right.ENTER_VISIT, page=_("form of a classification"))
def new_classification(request: DraftRequest, patient: Patient) -> HttpResponse:
    """The result of classification criteria."""
    form = ClassificationForm(request.POST or None)

    def save() -> Classification:
        row = Classification(patient=patient, **form.values())
        return classify(classification=row, by=request.user, submission=form.cleaned_data["submission"])

    done = _("The classification is saved.")
    return save_form(request, form, save, template="patients/fact_form.html", done=done)

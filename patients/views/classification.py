"""Classifying SLE item by item; the result is computed."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.clock import local_today
from accounts.rights import Right
from patients.access import patient_view
from patients.banner import banner_of
from patients.drafts import draft_of, keeps_drafts
from patients.forms.classification import ClassificationItemsForm
from patients.loading import load_record
from patients.models import Classification, Patient
from patients.rules.classification import NEEDED
from patients.rules.classification_criteria import ITEMS, NAMES
from patients.rules.classification_proposals import propose
from patients.services.statements import classify_items


@patient_view(Right.ENTER_VISIT, methods=("GET", "HEAD", "POST"))
@keeps_drafts
def new_items(request: HttpRequest, patient: Patient, system: str) -> HttpResponse:
    """The items of one set of criteria, with what the record proposes."""
    if system not in ITEMS:
        raise Http404
    today = local_today(patient.clinic)
    proposals = propose(system, load_record(patient), today)
    form = ClassificationItemsForm(system, proposals, request.POST or None, initial={"on": today})
    draft_of(request).into(form)
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save(request, patient, form)
        except ValidationError as error:
            form.take_errors(error)
        else:
            draft_of(request).finish(form)
            messages.success(request, _said(saved))
            return redirect("patients:page", patient.pk)
    context = {
        "patient": patient,
        "banner": banner_of(patient),
        "form": form,
        "system": system,
        "title": NAMES[system],
        "systems": NAMES.items(),
        "needed": NEEDED[system],
    }
    return render(request, "patients/classification.html", context)


def _save(request: HttpRequest, patient: Patient, form: ClassificationItemsForm) -> Classification:
    return classify_items(
        patient=patient,
        system=form.system,
        on=form.cleaned_data["on"],
        answers=form.answers(),
        note=form.cleaned_data["note"],
        by=request.user,  # type: ignore[arg-type]
        submission=form.cleaned_data["submission"],
    )


def _said(saved: Classification) -> str:
    if saved.met is None:
        return _("Saved. Whether SLE is classified is still open.")
    if saved.met:
        return _("Saved. SLE is classified (%(score)s).") % {"score": saved.score}
    return _("Saved. SLE is not classified by these criteria (%(score)s).") % {"score": saved.score}

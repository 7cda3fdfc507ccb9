"""Classifying SLE item by item; the result is computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.clock import local_today
from accounts.rights import Right
from patients.drafts import DraftRequest
from patients.form_pages import patient_form, save_form
from patients.forms.classification import ClassificationItemsForm
from patients.loading import load_record
from patients.models import Classification, Patient
from patients.rules.classification import NEEDED
from patients.rules.classification_criteria import ITEMS, NAMES
from patients.rules.classification_proposals import propose
from patients.services.statements import classify_items

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@patient_form(
    _("Classification, item by item"), Right.ENTER_VISIT, page=_("form of a classification, item by item")
)
def new_items(request: DraftRequest, patient: Patient, system: str) -> HttpResponse:
    """The items of one set of criteria, with what the record proposes."""
    if system not in ITEMS:
        raise Http404
    today = local_today(patient.clinic)
    proposals = propose(system, load_record(patient), today)
    form = ClassificationItemsForm(system, proposals, request.POST or None, initial={"on": today})
    return save_form(
        request,
        form,
        lambda: _save(request, patient, form),
        template="patients/classification.html",
        done=_saved_message,
        context=lambda: {
            "system": system,
            "title": NAMES[system],
            "systems": NAMES.items(),
            "needed": NEEDED[system],
        },
    )


def _save(request: DraftRequest, patient: Patient, form: ClassificationItemsForm) -> Classification:
    return classify_items(
        patient=patient,
        system=form.system,
        on=form.cleaned_data["on"],
        answers=form.answers(),
        note=form.cleaned_data["note"],
        by=request.user,
        submission=form.cleaned_data["submission"],
    )


def _saved_message(saved: Classification) -> StrOrPromise:
    if saved.met is None:
        return _("Saved. Whether SLE is classified is still open.")
    if saved.met:
        return _("Saved. SLE is classified (%(score)s).") % {"score": saved.score}
    return _("Saved. SLE is not classified by these criteria (%(score)s).") % {"score": saved.score}

"""Entering, signing and amending a visit."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.clock import local_today
from accounts.models import User
from accounts.rights import Right, may, require
from patients.access import patient_view
from patients.banner import banner_of
from patients.conflicts import compare
from patients.drafts import draft_of, keeps_drafts
from patients.forms.visit import AmendmentForm, ObservationsForm, VisitForm, initial_of
from patients.loading import load_record
from patients.messages import sentence
from patients.models import Patient, Visit
from patients.rules.sledai import ITEMS
from patients.rules.sledai_proposals import Proposal, contradictions, propose
from patients.rules.verdict import say
from patients.services.visits import amend_visit, open_visit, save_visit, sign_visit
from patients.services.writing import StaleFactError

WRITES = ("GET", "HEAD", "POST")


@patient_view(Right.ENTER_VISIT_OBSERVATIONS, methods=WRITES)
@keeps_drafts
def new(request: HttpRequest, patient: Patient) -> HttpResponse:
    """Begin a visit, today unless another day is given."""
    form = _form_class(request)(
        _previous(patient, None), request.POST or None, initial={"on": local_today(patient.clinic)}
    )
    return _handle(request, patient, None, form)


@patient_view(Right.ENTER_VISIT_OBSERVATIONS, methods=WRITES)
@keeps_drafts
def edit(request: HttpRequest, patient: Patient, visit_id: int) -> HttpResponse:
    """Go on with an unsigned visit; a signed one is shown as a fact."""
    visit = _visit(patient, visit_id)
    if visit.is_signed and request.method != "POST":
        return redirect("patients:fact", patient.pk, "visit", visit.pk)
    form_class = _form_class(request)
    initial = initial_of(visit, form_class)
    form = form_class(_previous(patient, visit), request.POST or None, initial=initial)
    return _handle(request, patient, visit, form)


@patient_view(Right.AMEND_VISIT, methods=WRITES)
@keeps_drafts
def amend(request: HttpRequest, patient: Patient, visit_id: int) -> HttpResponse:
    """Change a signed visit, with a reason."""
    visit = _visit(patient, visit_id)
    form = AmendmentForm(
        _previous(patient, visit), request.POST or None, initial=initial_of(visit, AmendmentForm)
    )
    draft_of(request).into(form)
    if request.method == "POST" and form.is_valid() and not _unconfirmed(form, patient):
        try:
            amend_visit(
                visit=visit,
                values=form.values(),
                reason=form.cleaned_data["reason"],
                by=request.user,  # type: ignore[arg-type]
                expected_version=form.cleaned_data["version"] or 0,
            )
        except StaleFactError as error:
            return _show(request, patient, visit, form, stale=error)
        except ValidationError as error:
            form.take_errors(error)
        else:
            draft_of(request).finish(form)
            messages.success(request, _("The visit is amended."))
            return redirect("patients:page", patient.pk)
    return _show(request, patient, visit, form)


def _handle(
    request: HttpRequest, patient: Patient, visit: Visit | None, form: ObservationsForm
) -> HttpResponse:
    draft_of(request).into(form)
    if "sign" in request.POST:
        require(request.user, Right.SIGN_VISIT)
    if request.method == "POST" and form.is_valid() and not _unconfirmed(form, patient):
        try:
            saved = _save(request, patient, visit, form)
        except StaleFactError as error:
            return _show(request, patient, visit, form, stale=error)
        except ValidationError as error:
            form.take_errors(error)
        else:
            draft_of(request).finish(form)
            return _saved(request, patient, saved)
    return _show(request, patient, visit, form)


@transaction.atomic
def _save(request: HttpRequest, patient: Patient, visit: Visit | None, form: ObservationsForm) -> Visit:
    """Save, and sign where asked: both or neither."""
    by: User = request.user  # type: ignore[assignment]
    values = form.values()
    if visit is None:
        saved = open_visit(
            patient=patient,
            on=values.pop("on"),
            values=values,
            by=by,
            submission=form.cleaned_data["submission"],
        )
    else:
        saved = save_visit(
            visit=visit, values=values, by=by, expected_version=form.cleaned_data["version"] or 0
        )
    if "sign" in request.POST and not saved.is_signed:
        saved = sign_visit(visit=saved, by=by, expected_version=saved.version)
    return saved


def _saved(request: HttpRequest, patient: Patient, visit: Visit) -> HttpResponse:
    if visit.is_signed:
        messages.success(request, _("The visit is signed. The rules have judged it."))
        return redirect("patients:page", patient.pk)
    messages.success(request, _("The visit is saved, not yet signed: no rule counts it."))
    return redirect("patients:visit", patient.pk, visit.pk)


def _show(
    request: HttpRequest,
    patient: Patient,
    visit: Visit | None,
    form: ObservationsForm,
    stale: StaleFactError | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "patient": patient,
        "banner": banner_of(patient),
        "visit": visit,
        "form": form,
        "proposals": _proposal_sentences(patient),
        "contradicted": _contradicted(form, patient),
        "may_sign": may(request.user, Right.SIGN_VISIT),
    }
    if stale is not None:
        context["conflict"] = compare(form, stale)
    status = 409 if stale is not None else 200
    return render(request, "patients/visit.html", context, status=status)


def _form_class(request: HttpRequest) -> type[ObservationsForm]:
    return VisitForm if may(request.user, Right.ENTER_VISIT) else ObservationsForm


def _visit(patient: Patient, visit_id: int) -> Visit:
    rows = Visit.objects.standing().select_related("patient__clinic")
    return get_object_or_404(rows, pk=visit_id, patient=patient)


def _previous(patient: Patient, visit: Visit | None) -> Visit | None:
    earlier = Visit.objects.signed().filter(patient=patient)
    if visit is not None:
        earlier = earlier.filter(on__lt=visit.on)
    return earlier.order_by("-on").first()


def _unconfirmed(form: ObservationsForm, patient: Patient) -> bool:
    """Whether answers contradict laboratory values and nobody said yet that they are right."""
    if not isinstance(form, VisitForm) or form.cleaned_data["confirm_contradictions"]:
        return False
    found = _contradicted(form, patient)
    if found:
        form.add_error(
            "confirm_contradictions",
            _("These answers differ from the laboratory values. Change them, or say that they are right."),
        )
    return bool(found)


def _contradicted(form: ObservationsForm, patient: Patient) -> list[dict[str, Any]]:
    if not isinstance(form, VisitForm) or not form.is_bound or "on" not in form.cleaned_data:
        return []
    proposals = propose(load_record(patient), form.cleaned_data["on"])
    labels = {item.code: item.label for item in ITEMS}
    return [
        {"label": sentence(say(labels[found.item])), "proposal": found}
        for found in contradictions(form.answers(), proposals)
    ]


def _proposal_sentences(patient: Patient) -> dict[str, Proposal]:
    return propose(load_record(patient), local_today(patient.clinic))

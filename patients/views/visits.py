"""Entering, signing and amending a visit."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.clock import local_today
from accounts.rights import Right, may, require
from patients import merging
from patients.banner import banner_of
from patients.drafts import DraftRequest
from patients.form_pages import patient_form
from patients.forms.visit import AmendmentForm, ObservationsForm, VisitForm, initial_of, visit_as_typed
from patients.loading import load_record
from patients.messages import sentence
from patients.models import Patient, Visit
from patients.rules.sledai import ITEMS, score
from patients.rules.sledai_proposals import SledaiProposal, contradictions, propose
from patients.rules.verdict import say
from patients.services.visits import amend_visit, open_visit, save_visit, sign_visit
from patients.services.writing import StaleFactError
from patients.visit_facts import visit_facts

F = TypeVar("F", bound=ObservationsForm)


@patient_form(_("Visit"), Right.ENTER_VISIT_OBSERVATIONS, page=_("form of a new visit"))
def new(request: DraftRequest, patient: Patient) -> HttpResponse:
    """Begin a visit, today unless another day is given."""
    initial = {"on": local_today(patient.clinic)}
    form = _form_class(request)(_previous(patient, None), request.POST or None, initial=initial)
    return _handle(request, patient, None, form)


@patient_form(_("Visit"), Right.ENTER_VISIT_OBSERVATIONS, page=_("form of a visit"))
def edit(request: DraftRequest, patient: Patient, visit_id: int) -> HttpResponse:
    """Go on with an unsigned visit; a signed one is shown as a fact."""
    visit = _visit(patient, visit_id)
    if visit.is_signed and request.method != "POST":
        return redirect("patients:fact", patient.pk, "visit", visit.pk)
    return _handle(request, patient, visit, _form_of(request, visit, _form_class(request)))


@patient_form(_("Amendment of a signed visit"), Right.AMEND_VISIT, page=_("amendment of a visit"))
def amend(request: DraftRequest, patient: Patient, visit_id: int) -> HttpResponse:
    """Change a signed visit, with a reason."""
    visit = _visit(patient, visit_id)
    return _handle(request, patient, visit, _form_of(request, visit, AmendmentForm))


def _form_of(request: DraftRequest, visit: Visit, form_class: type[F]) -> F:
    """The form of a visit; what the merge page chose is put into what was sent."""
    sent = merging.resolved(request.POST, visit, form_class) if request.method == "POST" else None
    return form_class(_previous(visit.patient, visit), sent, initial=initial_of(visit, form_class))


def _handle(
    request: DraftRequest, patient: Patient, visit: Visit | None, form: ObservationsForm
) -> HttpResponse:
    request.draft.into(form)
    if "sign" in request.POST:
        require(request.user, Right.SIGN_VISIT)
    if request.method == "POST" and form.is_valid() and not _unconfirmed(form, patient):
        other = _to_merge_with(request, patient, visit, form)
        if other is not None:
            return _merge(request, patient, other.pk, form, is_new=visit is None)
        try:
            saved = _save(request, patient, visit, form)
        except StaleFactError as error:
            return _merge(request, patient, error.current.pk, form)
        except ValidationError as error:
            form.take_errors(error)
        else:
            request.draft.finish(form)
            return _redirect_after_saving(request, patient, saved, form)
    return _show(request, patient, visit, form)


def _to_merge_with(
    request: DraftRequest, patient: Patient, visit: Visit | None, form: ObservationsForm
) -> Visit | None:
    """The stored visit that must be shown with the typed one before anything is saved."""
    if visit is None:
        return _unsigned_of_the_day(patient, form)
    return visit if merging.unanswered(request.POST) else None


def _unsigned_of_the_day(patient: Patient, form: ObservationsForm) -> Visit | None:
    """A colleague's visit of the same day: what was typed belongs into that one."""
    rows = Visit.objects.active().filter(patient=patient, on=form.cleaned_data["on"], signed_at__isnull=True)
    return rows.exclude(submission=form.cleaned_data["submission"]).first()


def _merge(
    request: DraftRequest, patient: Patient, visit_id: int, form: ObservationsForm, is_new: bool = False
) -> HttpResponse:
    """Both versions field by field; nothing is saved until somebody chose."""
    current = Visit.objects.select_related("patient__clinic").get(pk=visit_id)
    opened = None if is_new else merging.opened_version(current, form.cleaned_data["version"] or 0)
    amends = isinstance(form, AmendmentForm) or current.is_signed
    context = {
        "patient": patient,
        "banner": banner_of(patient),
        "rows": merging.merge_rows(form, current, opened),
        "carried": list(merging.carried(form)),
        "current": current,
        "editor": current.history.order_by("-history_id").first(),
        "action": reverse(
            "patients:amend_visit" if amends else "patients:visit", args=[patient.pk, current.pk]
        ),
        "amends": amends,
        "asks_reason": amends and not isinstance(form, AmendmentForm),
        "may_save": may(request.user, Right.AMEND_VISIT) or not amends,
        "may_sign": may(request.user, Right.SIGN_VISIT),
        "unanswered": merging.unanswered(request.POST),
    }
    return render(request, "patients/merge.html", context, status=409)


@transaction.atomic
def _save(request: DraftRequest, patient: Patient, visit: Visit | None, form: ObservationsForm) -> Visit:
    """Save, and sign where asked: both or neither."""
    values, by = form.values(), request.user
    version = form.cleaned_data["version"] or 0
    if visit is None:
        on, submission = values.pop("on"), form.cleaned_data["submission"]
        saved = open_visit(patient=patient, on=on, values=values, by=by, submission=submission)
    elif isinstance(form, AmendmentForm):
        reason = form.cleaned_data["reason"]
        return amend_visit(visit=visit, values=values, reason=reason, by=by, expected_version=version)
    else:
        saved = save_visit(visit=visit, values=values, by=by, expected_version=version)
    if "sign" in request.POST and not saved.is_signed:
        saved = sign_visit(visit=saved, by=by, expected_version=saved.version)
    return saved


def _redirect_after_saving(
    request: DraftRequest, patient: Patient, visit: Visit, form: ObservationsForm
) -> HttpResponse:
    if isinstance(form, AmendmentForm):
        messages.success(request, _("The visit is amended."))
    elif visit.is_signed:
        messages.success(request, _("The visit is signed. The rules have judged it."))
    else:
        messages.success(request, _("The visit is saved, not yet signed: no rule counts it."))
        return redirect("patients:visit", patient.pk, visit.pk)
    return redirect("patients:page", patient.pk)


def _show(
    request: DraftRequest, patient: Patient, visit: Visit | None, form: ObservationsForm
) -> HttpResponse:
    context: dict[str, Any] = {
        "patient": patient,
        "banner": banner_of(patient),
        "visit": visit,
        "form": form,
        "proposals": _proposals(patient, visit),
        "contradicted": _contradicted(form, patient),
        "may_sign": may(request.user, Right.SIGN_VISIT),
        "before_total": _total_of(form.previous),
    }
    return render(request, "patients/visit.html", context)


def _total_of(visit: Visit | None) -> str | None:
    """A visit's SLEDAI-2K as people write it: "6", or "6 – 8" with items open."""
    if visit is None:
        return None
    found = score(visit_facts(visit).sledai)
    return str(found.low) if found.total is not None else f"{found.low} – {found.high}"


def _form_class(request: DraftRequest) -> type[ObservationsForm]:
    return VisitForm if may(request.user, Right.ENTER_VISIT) else ObservationsForm


def _visit(patient: Patient, visit_id: int) -> Visit:
    rows = Visit.objects.active().select_related("patient__clinic")
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
            _("These answers differ from what was measured. Change them, or say that they are right."),
        )
    return bool(found)


def _contradicted(form: ObservationsForm, patient: Patient) -> list[dict[str, Any]]:
    if not isinstance(form, VisitForm) or not form.is_bound or "on" not in form.cleaned_data:
        return []
    typed = visit_facts(visit_as_typed(patient, form))
    proposals = propose(load_record(patient), form.cleaned_data["on"], typed)
    labels = {item.code: item.label for item in ITEMS}
    return [
        {"label": sentence(say(labels[found.item])), "proposal": found}
        for found in contradictions(form.answers(), proposals)
    ]


def _proposals(patient: Patient, visit: Visit | None) -> dict[str, SledaiProposal]:
    own = visit_facts(visit) if visit is not None else None
    return propose(load_record(patient), local_today(patient.clinic), own)

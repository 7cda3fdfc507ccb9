"""Entering, signing and amending a visit."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.clock import local_today
from accounts.models import User
from accounts.rights import Right, may, require
from patients import merging
from patients.access import patient_view
from patients.banner import banner_of
from patients.drafts import draft_of, keeps_drafts
from patients.forms.visit import AmendmentForm, ObservationsForm, VisitForm, initial_of, visit_as_typed
from patients.loading import load_record
from patients.messages import sentence
from patients.models import Patient, Visit
from patients.rules.sledai import ITEMS, score
from patients.rules.sledai_proposals import Proposal, contradictions, propose
from patients.rules.verdict import say
from patients.services.visits import amend_visit, open_visit, save_visit, sign_visit
from patients.services.writing import StaleFactError
from patients.visit_facts import visit_facts

FORM_METHODS = ("GET", "HEAD", "POST")
F = TypeVar("F", bound=ObservationsForm)


@patient_view(Right.ENTER_VISIT_OBSERVATIONS, methods=FORM_METHODS)
@keeps_drafts
def new(request: HttpRequest, patient: Patient) -> HttpResponse:
    """Begin a visit, today unless another day is given."""
    form = _form_class(request)(
        _previous(patient, None), request.POST or None, initial={"on": local_today(patient.clinic)}
    )
    return _handle(request, patient, None, form)


@patient_view(Right.ENTER_VISIT_OBSERVATIONS, methods=FORM_METHODS)
@keeps_drafts
def edit(request: HttpRequest, patient: Patient, visit_id: int) -> HttpResponse:
    """Go on with an unsigned visit; a signed one is shown as a fact."""
    visit = _visit(patient, visit_id)
    if visit.is_signed and request.method != "POST":
        return redirect("patients:fact", patient.pk, "visit", visit.pk)
    return _handle(request, patient, visit, _form_of(request, visit, _form_class(request)))


@patient_view(Right.AMEND_VISIT, methods=FORM_METHODS)
@keeps_drafts
def amend(request: HttpRequest, patient: Patient, visit_id: int) -> HttpResponse:
    """Change a signed visit, with a reason."""
    visit = _visit(patient, visit_id)
    form = _form_of(request, visit, AmendmentForm)
    draft_of(request).into(form)
    if request.method == "POST" and form.is_valid() and not _unconfirmed(form, patient):
        if merging.unanswered(request.POST):
            return _merge(request, patient, visit, form)
        try:
            amend_visit(
                visit=visit,
                values=form.values(),
                reason=form.cleaned_data["reason"],
                by=request.user,  # type: ignore[arg-type]
                expected_version=form.cleaned_data["version"] or 0,
            )
        except StaleFactError:
            return _merge(request, patient, visit, form)
        except ValidationError as error:
            form.take_errors(error)
        else:
            draft_of(request).finish(form)
            messages.success(request, _("The visit is amended."))
            return redirect("patients:page", patient.pk)
    return _show(request, patient, visit, form)


def _form_of(request: HttpRequest, visit: Visit, form_class: type[F]) -> F:
    """The form of a visit; what the merge page chose is put into what was sent."""
    sent = merging.resolved(request.POST, visit, form_class) if request.method == "POST" else None
    return form_class(_previous(visit.patient, visit), sent, initial=initial_of(visit, form_class))


def _handle(
    request: HttpRequest, patient: Patient, visit: Visit | None, form: ObservationsForm
) -> HttpResponse:
    draft_of(request).into(form)
    if "sign" in request.POST:
        require(request.user, Right.SIGN_VISIT)
    if request.method == "POST" and form.is_valid() and not _unconfirmed(form, patient):
        same_day = _unsigned_of_the_day(patient, form) if visit is None else None
        if same_day is not None or (visit is not None and merging.unanswered(request.POST)):
            return _merge(request, patient, same_day or visit, form, is_new=visit is None)
        try:
            saved = _save(request, patient, visit, form)
        except StaleFactError:
            return _merge(request, patient, visit, form)
        except ValidationError as error:
            form.take_errors(error)
        else:
            draft_of(request).finish(form)
            return _saved(request, patient, saved)
    return _show(request, patient, visit, form)


def _unsigned_of_the_day(patient: Patient, form: ObservationsForm) -> Visit | None:
    """A colleague's visit of the same day: what was typed belongs into that one."""
    rows = Visit.objects.active().filter(patient=patient, on=form.cleaned_data["on"], signed_at__isnull=True)
    return rows.exclude(submission=form.cleaned_data["submission"]).first()


def _merge(
    request: HttpRequest,
    patient: Patient,
    visit: Visit | None,
    form: ObservationsForm,
    is_new: bool = False,
) -> HttpResponse:
    """Both versions field by field; nothing is saved until somebody chose."""
    current = Visit.objects.select_related("patient__clinic").get(pk=visit.pk)  # type: ignore[union-attr]
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
    request: HttpRequest, patient: Patient, visit: Visit | None, form: ObservationsForm
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


def _form_class(request: HttpRequest) -> type[ObservationsForm]:
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


def _proposals(patient: Patient, visit: Visit | None) -> dict[str, Proposal]:
    own = visit_facts(visit) if visit is not None else None
    return propose(load_record(patient), local_today(patient.clinic), own)

"""The criteria panel, and the decision to start tacrolimus, to wait or not to give it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.rights import Right
from dosing.alerts.queries import decided_against
from dosing.assessment import nightly
from dosing.assessment.assess import PatientAssessment, assess_patient
from dosing.decisions import signing_preview as preview
from dosing.decisions.checklist import checklist, stored_checklist
from dosing.decisions.forms import NotNowForm, NotSuitableForm, StartForm
from dosing.decisions.services import (
    ChangedVerdictError,
    decide_not_now,
    decide_not_suitable,
    start_tacrolimus,
)
from dosing.decisions.undo import last_decision
from dosing.models import Decision
from dosing.rules.levels.proposal_json import proposal_from_json
from dosing.rules.start_policy import start_policy, suggests
from dosing.rules.starting_dose import propose_starting_dose
from patients.access import patient_view
from patients.banner import banner_of
from patients.drafts import draft_of, keeps_drafts
from patients.forms.visit import VisitForm, visit_as_typed
from patients.models import Patient
from patients.rules.reading import active_episodes

FORM_METHODS = ("GET", "HEAD", "POST")


@patient_view(Right.VIEW_RECORD)
def criteria(request: HttpRequest, patient: Patient) -> HttpResponse:
    """The answer, what is missing, every criterion with its evidence, and safety before start."""
    assessed = assess_patient(patient)
    context = {
        "patient": patient,
        "patient_assessment": assessed,
        "rows": checklist(assessed.assessment),
        "suggested": suggests(assessed.assessment.answer, assessed.safety),
        "against": decided_against(patient, assessed.on),
        "on_tacrolimus": bool(active_episodes(assessed.record, ["tacrolimus"], assessed.on)),
        "stale": nightly.is_stale(nightly.last_nightly_run()),
    }
    return render(request, "dosing/criteria.html", context)


@patient_view(Right.ENTER_VISIT, methods=("POST",))
def if_signed(request: HttpRequest, patient: Patient) -> HttpResponse:
    """What the verdict would be if the typed visit were signed now, in place of the stored ?visit=."""
    form = VisitForm(None, request.POST)
    typed = visit_as_typed(patient, form)
    replaced = request.GET.get("visit", "")
    found = preview.if_signed(patient, typed, int(replaced) if replaced.isdecimal() else None)
    unreadable = [form.fields[name].label for name in form.errors if name in form.fields]
    return render(request, "dosing/if_signed.html", {"found": found, "unreadable": unreadable})


@patient_view(Right.VIEW_RECORD)
def decision(request: HttpRequest, patient: Patient, decision_id: int) -> HttpResponse:
    """A decision with the verdict as it stood."""
    rows = Decision.objects.filter(patient=patient).select_related(
        "created_by", "second_person", "episode", "voided_by"
    )
    row = get_object_or_404(rows, pk=decision_id)
    context = {
        "patient": patient,
        "banner": banner_of(patient),
        "decision": row,
        "rows": stored_checklist(row.verdict),
        "may_be_taken_back": last_decision(patient) == row,
        "proposal": None if row.proposal is None else proposal_from_json(row.proposal),
    }
    return render(request, "dosing/decision.html", context)


@patient_view(Right.DECIDE, methods=FORM_METHODS)
@keeps_drafts
def start(request: HttpRequest, patient: Patient) -> HttpResponse:
    """Start tacrolimus; asks for what the verdict and the safety gate require."""
    assessed = assess_patient(patient)
    form = StartForm(assessed, patient, request.user, request.POST or None)

    def decide() -> Decision:
        return start_tacrolimus(patient=patient, order=form.order(), **_keys(request, form))

    return _decide(request, patient, assessed, form, decide, "dosing/start.html")


@patient_view(Right.DECIDE, methods=FORM_METHODS)
@keeps_drafts
def not_now(request: HttpRequest, patient: Patient) -> HttpResponse:
    """Ask again on a day."""
    form = NotNowForm(request.POST or None)

    def decide() -> Decision:
        return decide_not_now(patient=patient, **form.decision(), **_keys(request, form))

    return _decide(request, patient, assess_patient(patient), form, decide, "dosing/not_started.html")


@patient_view(Right.DECIDE, methods=FORM_METHODS)
@keeps_drafts
def not_suitable(request: HttpRequest, patient: Patient) -> HttpResponse:
    """Tacrolimus is not for this patient."""
    form = NotSuitableForm(request.POST or None)

    def decide() -> Decision:
        return decide_not_suitable(patient=patient, **form.decision(), **_keys(request, form))

    return _decide(request, patient, assess_patient(patient), form, decide, "dosing/not_started.html")


def _keys(request: HttpRequest, form: Any) -> dict[str, Any]:
    return {
        "by": request.user,
        "fingerprint": form.cleaned_data["fingerprint"],
        "submission": form.cleaned_data["submission"],
    }


def _decide(
    request: HttpRequest,
    patient: Patient,
    assessed: PatientAssessment,
    form: Any,
    decide: Callable[[], Decision],
    template: str,
) -> HttpResponse:
    status = 200
    draft = draft_of(request)
    draft.into(form)
    if request.method == "POST" and form.is_valid():
        try:
            decide()
        except ChangedVerdictError as error:
            status = 409
            form.take_errors(error)
        except ValidationError as error:
            form.take_errors(error)
        else:
            draft.finish(form)
            messages.success(request, _("Your decision is kept with the verdict as it stands."))
            return redirect("patients:page", patient.pk)
    elif request.method == "POST" and request.POST.get("fingerprint") != assessed.fingerprint():
        status = 409
        form.take_errors(ChangedVerdictError())
    form.show_fingerprint(assessed.fingerprint())
    context = {
        "patient": patient,
        "banner": banner_of(patient),
        "patient_assessment": assessed,
        "form": form,
        "rows": checklist(assessed.assessment),
        "policy": start_policy(assessed.assessment.answer, assessed.safety),
        "proposal": propose_starting_dose(assessed.record, assessed.on),
    }
    return render(request, template, context, status=status)

"""The criteria panel, and the decision to start tacrolimus, to wait or not to give it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from accounts.rights import Right
from dosing.alerts.queries import decided_against
from dosing.assessment import nightly
from dosing.assessment.assess import PatientAssessment, assess_patient
from dosing.decisions import signing_preview as preview
from dosing.decisions.checklist import checklist, stored_checklist
from dosing.decisions.forms import DecisionForm, NotNowForm, NotSuitableForm, StartForm
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
from patients.drafts import DraftRequest
from patients.form_pages import patient_form, save_form
from patients.forms.visit import VisitForm, visit_as_typed
from patients.models import Patient
from patients.rules.person_states import died_by
from patients.rules.reading import active_episodes


@patient_view(Right.VIEW_RECORD, page=_("criteria for adding tacrolimus"))
def criteria(request: HttpRequest, patient: Patient) -> HttpResponse:
    """The answer, what is missing, every criterion with its evidence, and safety before start."""
    assessed = assess_patient(patient)
    context = {
        "patient": patient,
        "assessed": assessed,
        "rows": checklist(assessed.assessment),
        "suggested": suggests(assessed.assessment.answer, assessed.safety),
        "against": decided_against(patient, assessed.on),
        "on_tacrolimus": bool(active_episodes(assessed.record, ["tacrolimus"], assessed.on)),
        "died": died_by(assessed.record.states, assessed.on),
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


@patient_view(Right.VIEW_RECORD, page=_("decision about tacrolimus"))
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


@patient_form(_("Start tacrolimus"), Right.DECIDE, page=_("form to start tacrolimus"))
def start(request: DraftRequest, patient: Patient) -> HttpResponse:
    """Start tacrolimus; asks for what the verdict and the safety gate require."""
    assessed = assess_patient(patient)
    form = StartForm(assessed, patient, request.user, request.POST or None)

    def decide() -> Decision:
        return start_tacrolimus(patient=patient, order=form.order(), **_keys(request, form))

    return _decide(request, assessed, form, decide, "dosing/start.html")


@patient_form(_("Tacrolimus: not now"), Right.DECIDE, page=_("form to decide later about tacrolimus"))
def not_now(request: DraftRequest, patient: Patient) -> HttpResponse:
    """Ask again on a day."""
    form = NotNowForm(request.POST or None)

    def decide() -> Decision:
        return decide_not_now(patient=patient, **form.decision(), **_keys(request, form))

    return _decide(request, assess_patient(patient), form, decide, "dosing/not_started.html")


@patient_form(_("Tacrolimus: not suitable"), Right.DECIDE, page=_("form to decide against tacrolimus"))
def not_suitable(request: DraftRequest, patient: Patient) -> HttpResponse:
    """Tacrolimus is not for this patient."""
    form = NotSuitableForm(request.POST or None)

    def decide() -> Decision:
        return decide_not_suitable(patient=patient, **form.decision(), **_keys(request, form))

    return _decide(request, assess_patient(patient), form, decide, "dosing/not_started.html")


def _keys(request: DraftRequest, form: DecisionForm) -> dict[str, Any]:
    return {
        "by": request.user,
        "fingerprint": form.cleaned_data["fingerprint"],
        "submission": form.cleaned_data["submission"],
    }


def _decide(
    request: DraftRequest,
    assessed: PatientAssessment,
    form: DecisionForm,
    decide: Callable[[], Decision],
    template: str,
) -> HttpResponse:
    fingerprint = assessed.fingerprint()
    if form.is_bound and not form.is_valid() and form.data.get("fingerprint") != fingerprint:
        form.take_errors(ChangedVerdictError())

    def context() -> dict[str, Any]:
        form.show_fingerprint(fingerprint)
        return {
            "assessed": assessed,
            "rows": checklist(assessed.assessment),
            "policy": start_policy(assessed.assessment.answer, assessed.safety),
            "proposal": propose_starting_dose(assessed.record, assessed.on),
        }

    done = _("Your decision is kept with the verdict as it stands.")
    return save_form(request, form, decide, template=template, done=done, context=context)

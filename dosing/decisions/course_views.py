"""The course of tacrolimus: its panel, and the decisions to change the dose, pause, resume and stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from accounts.requests import ClinicRequest
from accounts.rights import Right
from dosing.decisions import course_services as services
from dosing.decisions import undo as taking_back
from dosing.decisions.course import TreatmentPhase, TreatmentStatus, treatment_status
from dosing.decisions.course_forms import ChangeDoseForm, CourseForm, PauseForm, ResumeForm, StopForm
from dosing.decisions.course_orders import REASON_LENGTH
from dosing.models import COURSE_KINDS, Decision
from dosing.rules.case import LONGEST_PAUSE
from dosing.rules.monitoring import CHANGE_FROM, CHANGE_OVERDUE_FROM
from dosing.rules.starting_dose import outside_label
from patients.access import patient_view
from patients.drafts import DraftRequest
from patients.form_pages import patient_form, save_form
from patients.models import Patient


@patient_view(Right.VIEW_RECORD, page=_("course of tacrolimus"))
def panel(request: ClinicRequest, patient: Patient) -> HttpResponse:
    """The dose since when, the week, the label, and the next dose by the rules with its reason."""
    now = treatment_status(patient)
    last = Decision.objects.active().filter(patient=patient, kind__in=COURSE_KINDS)
    return render(
        request,
        "dosing/course/panel.html",
        {
            **_about(patient, now),
            "outside_label": _outside_label(now),
            "last": last.select_related("created_by").order_by("-on", "-pk").first(),
        },
    )


@patient_form(
    _("Change the dose of tacrolimus"), Right.DECIDE, page=_("form to change the dose of tacrolimus")
)
def change(request: DraftRequest, patient: Patient) -> HttpResponse:
    """Another dose, or another product."""
    now = treatment_status(patient)
    form = ChangeDoseForm(now, request.user, request.POST or None)

    def decide() -> Decision:
        return services.change_dose(patient=patient, order=form.order(), **_keys(request, form))

    return _decide(request, form, decide)


@patient_form(_("Pause tacrolimus"), Right.DECIDE, page=_("form to pause tacrolimus"))
def pause(request: DraftRequest, patient: Patient) -> HttpResponse:
    """No dose for a while."""
    form = PauseForm(treatment_status(patient), request.user, request.POST or None)

    def decide() -> Decision:
        return services.pause(patient=patient, **form.end(), **_keys(request, form))

    return _decide(request, form, decide)


@patient_form(_("Resume tacrolimus"), Right.DECIDE, page=_("form to resume tacrolimus"))
def resume(request: DraftRequest, patient: Patient) -> HttpResponse:
    """Tacrolimus again, after a pause or a stop."""
    form = ResumeForm(treatment_status(patient), request.user, request.POST or None)

    def decide() -> Decision:
        return services.resume(patient=patient, order=form.order(), **_keys(request, form))

    return _decide(request, form, decide)


@patient_form(_("Stop tacrolimus"), Right.DECIDE, page=_("form to stop tacrolimus"))
def stop(request: DraftRequest, patient: Patient) -> HttpResponse:
    """The end of the course."""
    form = StopForm(treatment_status(patient), request.user, request.POST or None)

    def decide() -> Decision:
        return services.stop_tacrolimus(patient=patient, **form.end(), **_keys(request, form))

    return _decide(request, form, decide)


@patient_view(Right.VOID_FACT, methods=("POST",), page=_("taking a decision back"))
def take_back(request: ClinicRequest, patient: Patient, decision_id: int) -> HttpResponse:
    """Mark the last decision as entered in error, with a reason; or say on its page why that cannot be."""
    rows = Decision.objects.active().select_related("patient__clinic", "episode")
    decision = get_object_or_404(rows, pk=decision_id, patient=patient)
    reason = request.POST.get("reason", "")[:REASON_LENGTH]
    try:
        taking_back.take_back(decision=decision, reason=reason, by=request.user)
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
        return redirect("dosing:decision", patient.pk, decision.pk)
    messages.success(request, _("Marked as entered in error; the doses are as they were before."))
    return redirect("patients:page", patient.pk)


def _about(patient: Patient, now: TreatmentStatus) -> dict[str, Any]:
    days = now.case.days_on_tacrolimus
    return {
        "patient": patient,
        "now": now,
        "proposal": now.proposal,
        "week": None if days is None else days // 7,
        "pause_ends_course_after": LONGEST_PAUSE.days,
        "control_days": (CHANGE_FROM, CHANGE_OVERDUE_FROM - 1),
    }


def _outside_label(now: TreatmentStatus) -> tuple[Any, ...]:
    dose = now.case.dose_mg
    if now.phase is not TreatmentPhase.TAKEN or dose is None:
        return ()
    return outside_label(dose, now.assessed.record, now.on)


def _keys(request: DraftRequest, form: CourseForm) -> dict[str, Any]:
    return {
        "by": request.user,
        "fingerprint": form.cleaned_data["fingerprint"],
        "submission": form.cleaned_data["submission"],
    }


def _decide(request: DraftRequest, form: CourseForm, decide: Callable[[], Decision]) -> HttpResponse:
    """Show the form with the proposal, or make the decision; 409 when the course changed meanwhile."""

    def context() -> dict[str, Any]:
        form.show_fingerprint(form.now.fingerprint())
        return _about(form.now.patient, form.now)

    done = _("Your decision is kept, with what was proposed.")
    return save_form(request, form, decide, template="dosing/course/decide.html", done=done, context=context)

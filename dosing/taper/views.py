"""The taper of prednisolone: its panel, its plan, the decision on a step, and its end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.rights import Right
from dosing.decisions.services import ChangedVerdictError
from dosing.models import TaperPlan, TaperStep
from dosing.taper.forms import EndTaperForm, StepForm, TaperPlanForm
from dosing.taper.queries import TaperStatus, taper_status
from dosing.taper.services import end_taper, plan_taper
from dosing.taper.step_services import decide_on_step
from patients.access import patient_view
from patients.banner import banner_of
from patients.drafts import draft_of, keeps_drafts
from patients.models import Patient
from patients.services.writing import StaleFactError

FORM_METHODS = ("GET", "HEAD", "POST")
SHOWN_STEPS = 5


@patient_view(Right.VIEW_RECORD)
def panel(request: HttpRequest, patient: Patient) -> HttpResponse:
    """The next step with its reasons, the plan against what was taken, and the targets."""
    now = taper_status(patient)
    steps = TaperStep.objects.active().filter(patient=patient).select_related("created_by")
    context = {
        **_about(patient, now),
        "steps": steps.order_by("-on", "-pk")[:SHOWN_STEPS],
        "last_plan": None if now.row else _last_plan(patient),
    }
    return render(request, "dosing/taper/panel.html", context)


@patient_view(Right.DECIDE, methods=FORM_METHODS)
@keeps_drafts
def plan(request: HttpRequest, patient: Patient) -> HttpResponse:
    """Plan a taper, in place of the one that runs."""
    form = TaperPlanForm(request.POST or None)
    draft = draft_of(request)
    draft.into(form)
    if request.method == "POST" and form.is_valid():
        try:
            plan_taper(
                plan=form.plan(patient),
                by=request.user,  # type: ignore[arg-type]
                submission=form.cleaned_data["submission"],
            )
        except ValidationError as error:
            form.take_errors(error)
        else:
            draft.finish(form)
            messages.success(request, _("The taper is planned."))
            return redirect("patients:page", patient.pk)
    return render(request, "dosing/taper/plan.html", {**_about(patient, taper_status(patient)), "form": form})


@patient_view(Right.DECIDE, methods=FORM_METHODS)
@keeps_drafts
def step(request: HttpRequest, patient: Patient, plan_id: int) -> HttpResponse:
    """Take the next step, hold it, or go to another dose."""
    row = get_object_or_404(_standing(patient), pk=plan_id)
    form = StepForm(taper_status(patient), request.POST or None)
    draft = draft_of(request)
    draft.into(form)
    if request.method == "POST" and form.is_valid():
        try:
            decide_on_step(
                plan=row,
                order=form.order(),
                by=request.user,  # type: ignore[arg-type]
                fingerprint=form.cleaned_data["fingerprint"],
                submission=form.cleaned_data["submission"],
            )
        except ValidationError as error:
            form.take_errors(error)
            if isinstance(error, ChangedVerdictError):
                form.show_fingerprint()
        else:
            draft.finish(form)
            messages.success(request, _("The decision on the step is saved."))
            return redirect("patients:page", patient.pk)
    return render(request, "dosing/taper/step.html", {**_about(patient, form.now), "form": form, "row": row})


@patient_view(Right.DECIDE, methods=FORM_METHODS)
@keeps_drafts
def end(request: HttpRequest, patient: Patient, plan_id: int) -> HttpResponse:
    """End a plan; the dose stays as it is."""
    row = get_object_or_404(_standing(patient), pk=plan_id)
    form = EndTaperForm(request.POST or None, initial={"version": row.version})
    draft = draft_of(request)
    draft.into(form)
    if request.method == "POST" and form.is_valid():
        try:
            end_taper(
                plan=row,
                ended_on=form.cleaned_data["ended_on"],
                why=form.why(),
                by=request.user,  # type: ignore[arg-type]
                expected_version=form.cleaned_data["version"] or 0,
            )
        except (ValidationError, StaleFactError) as error:
            form.take_errors(error)
        else:
            draft.finish(form)
            messages.success(request, _("The plan has ended; the dose stays as it is."))
            return redirect("patients:page", patient.pk)
    return render(request, "dosing/taper/end.html", {**_about(patient, taper_status(patient)), "form": form})


def _standing(patient: Patient) -> Any:
    return TaperPlan.objects.active().filter(patient=patient).select_related("patient__clinic")


def _last_plan(patient: Patient) -> TaperPlan | None:
    return _standing(patient).order_by("-start_on", "-pk").first()


def _about(patient: Patient, now: TaperStatus) -> dict[str, Any]:
    return {"patient": patient, "banner": banner_of(patient), "now": now}

"""The taper of prednisolone: its panel, its plan, the decision on a step, and its end."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from accounts.rights import Right
from dosing.decisions.services import ChangedVerdictError
from dosing.models import TaperPlan, TaperStep
from dosing.taper.forms import EndTaperForm, StepForm, TaperPlanForm
from dosing.taper.queries import TaperStatus, taper_status
from dosing.taper.services import end_taper, plan_taper
from dosing.taper.step_services import decide_on_step
from patients.access import patient_view
from patients.drafts import DraftRequest
from patients.form_pages import patient_form, save_form
from patients.models import Patient

SHOWN_STEPS = 5


@patient_view(Right.VIEW_RECORD, page=_("taper of prednisolone"))
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


@patient_form(_("Taper of prednisolone"), Right.DECIDE, page=_("form to plan a taper"))
def plan(request: DraftRequest, patient: Patient) -> HttpResponse:
    """Plan a taper, in place of the one that runs."""
    form = TaperPlanForm(request.POST or None)
    return save_form(
        request,
        form,
        lambda: plan_taper(
            plan=form.plan(patient), by=request.user, submission=form.cleaned_data["submission"]
        ),
        template="dosing/taper/plan.html",
        done=_("The taper is planned."),
        context=lambda: _about(patient, taper_status(patient)),
    )


@patient_form(_("Step of a taper"), Right.DECIDE, page=_("form of a taper step"))
def step(request: DraftRequest, patient: Patient, plan_id: int) -> HttpResponse:
    """Take the next step, hold it, or go to another dose."""
    row = get_object_or_404(_standing(patient), pk=plan_id)
    form = StepForm(taper_status(patient), request.POST or None)
    return save_form(
        request,
        form,
        lambda: _take_step(request, row, form),
        template="dosing/taper/step.html",
        done=_("The decision on the step is saved."),
        context=lambda: {**_about(patient, form.now), "row": row},
    )


@patient_form(_("End of a taper"), Right.DECIDE, page=_("form to end a taper"))
def end(request: DraftRequest, patient: Patient, plan_id: int) -> HttpResponse:
    """End a plan; the dose stays as it is."""
    row = get_object_or_404(_standing(patient), pk=plan_id)
    form = EndTaperForm(request.POST or None, initial={"version": row.version})

    def save() -> TaperPlan:
        return end_taper(
            plan=row,
            ended_on=form.cleaned_data["ended_on"],
            why=form.why(),
            by=request.user,
            expected_version=form.cleaned_data["version"] or 0,
        )

    return save_form(
        request,
        form,
        save,
        template="dosing/taper/end.html",
        done=_("The plan has ended; the dose stays as it is."),
        context=lambda: _about(patient, taper_status(patient)),
    )


def _take_step(request: DraftRequest, row: TaperPlan, form: StepForm) -> TaperStep:
    """Save the decision; where the facts changed, the form is ready to be sent again after another look."""
    try:
        return decide_on_step(
            plan=row,
            order=form.order(),
            by=request.user,
            fingerprint=form.cleaned_data["fingerprint"],
            submission=form.cleaned_data["submission"],
        )
    except ChangedVerdictError:
        form.show_fingerprint()
        raise


def _standing(patient: Patient) -> Any:
    return TaperPlan.objects.active().filter(patient=patient).select_related("patient__clinic")


def _last_plan(patient: Patient) -> TaperPlan | None:
    return _standing(patient).order_by("-start_on", "-pk").first()


def _about(patient: Patient, now: TaperStatus) -> dict[str, Any]:
    return {"patient": patient, "now": now}

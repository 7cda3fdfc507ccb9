"""The forecast of the next level and of every dose: its page, what would be otherwise, and its audit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from accounts.access import with_right
from accounts.models import User
from accounts.requests import ClinicRequest
from accounts.rights import Right, may, require
from dosing.forecast import marking, validation
from dosing.forecast.chart import picture
from dosing.forecast.forms import ChoiceForm, WhatIfForm
from dosing.forecast.patient_forecast import PatientForecast, forecast_patient
from dosing.forecast.serialization import display_fingerprint, version_of
from dosing.forecast.services import keep_choice
from dosing.models import StoredForecast
from dosing.rules.levels import accuracy
from dosing.rules.levels.thresholds import LEVELS
from dosing.rules.starting_dose import FORECAST_MG
from patients.access import patient_view
from patients.banner import banner_of
from patients.models import DoseEpisode, Patient
from patients.rules.record import Formulation

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from dosing.pharmacokinetics.model import Model
    from dosing.pharmacokinetics.predictive_distribution import Outlook

# How many of the doubts the patient's page tells; the page of the forecast tells all.
GRAVEST = 3


@patient_view(Right.VIEW_RECORD, methods=("GET", "HEAD", "POST"), page=_("forecast of tacrolimus levels"))
def forecast(request: ClinicRequest, patient: Patient) -> HttpResponse:
    """What the levels say of the next one, and of each dose; who may decide keeps what they choose."""
    if request.method == "POST":
        require(request.user, Right.DECIDE)
    chosen, offered = _models(request, patient)
    now = forecast_patient(patient, pictured=True, model=chosen)
    form = None
    if request.method == "POST":
        form = ChoiceForm(now, request.POST)
        kept = _keep(request, patient, form)
        if kept is not None:
            return _redirect_after_storing(request, patient, kept)
    elif may(request.user, Right.DECIDE) and chosen is None:
        form = ChoiceForm(now)
    if form is not None:
        form.show_fingerprint(display_fingerprint(now))
    name = request.GET.get("model", "") if chosen is not None else ""
    looked = {"offered": offered, "looked_through": chosen, "model_name": name}
    context = {**_context(request, patient, now, form), **looked, "marking": _marking()}
    status = 409 if form is not None and form.is_outdated else 200
    return render(request, "dosing/forecast/page.html", context, status=status)


@patient_view(Right.VIEW_RECORD, page=_("forecast of the next level"))
def panel(request: HttpRequest, patient: Patient) -> HttpResponse:
    """The next level with its most serious uncertainties, on the patient's page."""
    now = forecast_patient(patient)
    told = now.warnings[:GRAVEST]
    context = {"patient": patient, "now": now, "warnings": told, "more": len(now.warnings) - len(told)}
    return render(request, "dosing/forecast/panel.html", context)


@patient_view(Right.VIEW_RECORD, page=_("forecast with something otherwise"))
def what_if(request: HttpRequest, patient: Patient) -> HttpResponse:
    """The next level if something were otherwise, as a fragment."""
    chosen, _offered = _models(request, patient)
    now = forecast_patient(patient, model=chosen)
    return render(request, "dosing/forecast/what_if_found.html", _otherwise(request, now))


@with_right(Right.VIEW_COHORT)
def forecast_audit(request: HttpRequest, reader: User) -> HttpResponse:
    """How near the kept forecasts of a clinic came to the levels that followed; ?clinic=."""
    clinics = list(reader.own_clinics)
    asked = request.GET.get("clinic", "")
    clinic = next((row for row in clinics if str(row.pk) == asked), clinics[0])
    met = validation.followed_forecasts(clinic)
    rows, judged = validation.comparable(met), validation.last_scored_before_levels(clinic)
    context = {
        "clinic": clinic,
        "clinics": clinics,
        "met": met,
        "scored": rows,
        "kept": StoredForecast.objects.filter(patient__clinic=clinic).count(),
        "latest": validation.LATEST,
        "period": validation.period(met),
        "lines": _lines(rows),
        "left_out": _left_out(met),
        "levels": len(judged),
        "does_worse": accuracy.does_worse(judged),
        "fewest": accuracy.FEWEST_TO_COMPARE,
        "enough": LEVELS.enough_for_model,
    }
    return render(request, "dosing/forecast/audit.html", context)


def _models(request: HttpRequest, patient: Patient) -> tuple[Model | None, list[tuple[str, StrOrPromise]]]:
    """The model of ?model=, None for the default, and those offered. Only the default's forecast is kept."""
    from dosing.pharmacokinetics.choice import choices

    last = DoseEpisode.objects.active().filter(patient=patient, drug="tacrolimus").order_by("start").last()
    offered = choices(immediate_release=last is None or last.formulation != Formulation.PROLONGED_RELEASE)
    asked = "" if request.method == "POST" else request.GET.get("model", "")
    return (offered[asked] if asked in offered and asked else None), _model_choices(offered)


def _model_choices(offered: Mapping[str, Model]) -> list[tuple[str, StrOrPromise]]:
    from dosing.pharmacokinetics.choice import AS_PUBLISHED

    own = {"": _("As this product uses it"), AS_PUBLISHED: _("The same as published")}
    return [(name, own.get(name, model.title)) for name, model in offered.items()]


def _keep(request: ClinicRequest, patient: Patient, form: ChoiceForm) -> StoredForecast | None:
    """The kept forecast; None, with the errors in the form, where it or the service refuses the choice."""
    if not form.is_valid():
        return None
    try:
        return keep_choice(
            patient=patient,
            choice=form.choice(),
            by=request.user,
            fingerprint=form.cleaned_data["fingerprint"],
            submission=form.cleaned_data["submission"],
        )
    except ValidationError as error:
        form.take_errors(error)
        return None


def _redirect_after_storing(request: HttpRequest, patient: Patient, kept: StoredForecast) -> HttpResponse:
    """The dose itself is changed by a decision, on a page of its own."""
    if kept.chosen_mg == kept.dose_mg:
        messages.success(request, _("The forecast is kept with your choice: the dose stays as it is."))
        return redirect("dosing:forecast", patient.pk)
    messages.success(
        request,
        _("The forecast is kept with your choice, %s mg. Now change the dose itself.") % kept.chosen_mg,
    )
    return redirect("dosing:change_dose", patient.pk)


def _marking() -> dict[str, Any]:
    """By which numbers a dose is marked, for the sentence below the table."""
    return {
        "highest_mg": FORECAST_MG[-1],
        "half": marking.HALF_OF_100,
        "better": round(marking.HUNDRED * marking.WORTH_CHANGING),
    }


def _context(
    request: HttpRequest, patient: Patient, now: PatientForecast, form: ChoiceForm | None
) -> dict[str, Any]:
    from dosing.pharmacokinetics.adjustments import LOG_SD, OCCASION_LOG_SD
    from dosing.pharmacokinetics.model import CERTAINTIES, CLEARANCE
    from dosing.pharmacokinetics.registry import REJECTED
    from dosing.pharmacokinetics.warnings import NAMES

    return {
        "patient": patient,
        "banner": banner_of(patient),
        "now": now,
        "form": form,
        "picture": picture(now),
        "proposal": now.proposal,
        "certainties": {key.value: text for key, text in CERTAINTIES.items()},
        "rejected": REJECTED,
        "adjusted": {
            "clearance_log_sd": LOG_SD[CLEARANCE],
            "visits_percent": round(marking.HUNDRED * OCCASION_LOG_SD),
        },
        "version": version_of(now.model) if now.model else "",
        "effects": [(NAMES[row.covariate], row) for row in now.model.effects] if now.model else [],
        "kept": validation.forecasts_with_levels(patient),
        **_otherwise(request, now),
    }


def _otherwise(request: HttpRequest, now: PatientForecast) -> dict[str, Any]:
    form = WhatIfForm(request.GET, now)
    told: dict[str, Any] = {"patient": now.patient, "now": now, "what_if_form": form}
    if not form.is_valid() or now.found is None or not form.change().changes_something:
        return told
    change = form.change()
    found = now.what_if(change)
    if found is None:
        return told
    return {
        **told,
        "otherwise": found,
        "next_percent": _percent(found.next, now.found.next),
        "settled_percent": _percent(found.settled, now.found.settled),
        "settles": change.settles,
    }


def _percent(changed: Outlook, before: Outlook) -> float | None:
    return 100 * (changed.median / before.median - 1) if before.median else None


def _lines(rows: list[accuracy.Scored]) -> list[dict[str, Any]]:
    """All forecasts, then by the levels they used."""
    groups = [(None, rows), *accuracy.by_levels(rows, LEVELS.enough_for_model)] if rows else []
    return [
        {"levels": number, "model": accuracy.of_model(group), "proportion": accuracy.of_proportion(group)}
        for number, group in groups
    ]


def _left_out(met: list[validation.ScoredForecast]) -> list[tuple[str, int]]:
    """Why forecasts could not be compared, and how many."""
    reasons = [row.not_scored for row in met if row.scored is None]
    return sorted(((text, reasons.count(text)) for text in set(reasons)), key=lambda pair: -pair[1])

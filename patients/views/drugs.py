"""Entering drugs: episodes, changes and stops, administrations, former use, the list's completeness."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.clock import local_today
from accounts.rights import Right, may
from patients.access import patient_view
from patients.banner import banner_of
from patients.conflicts import Difference, compare
from patients.drafts import draft_of, keeps_drafts
from patients.forms.base import FactForm
from patients.forms.drugs import (
    AdministrationForm,
    DoseChangeForm,
    DrugHistoryForm,
    EpisodeForm,
    PriorUseForm,
)
from patients.models import Administration, DoseEpisode, DrugHistory, Patient, PriorUse
from patients.rules.drugs import DRUGS
from patients.services import drugs
from patients.services.writing import StaleFactError

FORM_METHODS = ("GET", "HEAD", "POST")


@patient_view(Right.ENTER_DRUG_HISTORY, methods=FORM_METHODS)
@keeps_drafts
def new_episode(request: HttpRequest, patient: Patient) -> HttpResponse:
    """A drug taken over a period."""
    form = EpisodeForm(request.POST or None)

    def save() -> Any:
        episode = DoseEpisode(patient=patient, **form.values())
        _only_a_doctor_orders(request, episode, "drug_name")
        return drugs.start_episode(episode=episode, **_keys(request, form))

    return _handle(request, patient, form, save, _("A drug"))


@patient_view(Right.ENTER_DRUG_HISTORY, methods=FORM_METHODS)
@keeps_drafts
def change_episode(request: HttpRequest, patient: Patient, episode_id: int) -> HttpResponse:
    """Another dose, or a stop."""
    rows = DoseEpisode.objects.active().select_related("patient__clinic")
    episode = get_object_or_404(rows, pk=episode_id, patient=patient)
    form = DoseChangeForm(episode.drug, request.POST or None, initial={"version": episode.version})

    def save() -> Any:
        given = form.cleaned_data
        _only_a_doctor_orders(request, episode, "action")
        common = {
            "episode": episode,
            "reason": given["reason"],
            "by": request.user,
            "expected_version": given["version"] or 0,
        }
        if given["action"] == DoseChangeForm.STOP:
            return drugs.end_episode(last_day=given["last_day"], **common)
        return drugs.change_dose(dose_mg=given["dose_mg"], start=given["start"], **common)

    return _handle(request, patient, form, save, _("Change a dose"))


@patient_view(Right.ENTER_DRUG_HISTORY, methods=FORM_METHODS)
@keeps_drafts
def new_administration(request: HttpRequest, patient: Patient) -> HttpResponse:
    """An infusion, an injection, a pulse."""
    form = AdministrationForm(request.POST or None)

    def save() -> Any:
        given = Administration(patient=patient, **form.values())
        return drugs.record_administration(administration=given, **_keys(request, form))

    return _handle(request, patient, form, save, _("An infusion, injection or pulse"))


@patient_view(Right.ENTER_DRUG_HISTORY, methods=FORM_METHODS)
@keeps_drafts
def new_prior_use(request: HttpRequest, patient: Patient) -> HttpResponse:
    """A drug used in the past."""
    form = PriorUseForm(request.POST or None)

    def save() -> Any:
        use = PriorUse(patient=patient, stated_on=local_today(patient.clinic), **form.values())
        return drugs.record_prior_use(use=use, **_keys(request, form))

    return _handle(request, patient, form, save, _("A drug used before"))


@patient_view(Right.ENTER_DRUG_HISTORY, methods=FORM_METHODS)
@keeps_drafts
def confirm_history(request: HttpRequest, patient: Patient) -> HttpResponse:
    """The drug list is complete."""
    form = DrugHistoryForm(request.POST or None)

    def save() -> Any:
        confirmation = DrugHistory(
            patient=patient,
            stated_on=local_today(patient.clinic),
            complete_days=form.cleaned_data["complete_days"],
            informant=form.cleaned_data["informant"],
        )
        return drugs.confirm_drug_history(confirmation=confirmation, **_keys(request, form))

    return _handle(request, patient, form, save, _("The drug list is complete"))


def _only_a_doctor_orders(request: HttpRequest, episode: DoseEpisode, field: str) -> None:
    """Tacrolimus that is being taken is a doctor's matter; its past is part of the reported history."""
    today = local_today(episode.patient.clinic)
    taken = episode.last_day is None or episode.last_day >= today
    if episode.drug == "tacrolimus" and taken and not may(request.user, Right.DECIDE):
        raise ValidationError({field: _("Only a doctor enters or changes tacrolimus that is being taken.")})


def _keys(request: HttpRequest, form: FactForm) -> dict[str, Any]:
    return {"by": request.user, "submission": form.cleaned_data["submission"]}


def _handle(
    request: HttpRequest, patient: Patient, form: FactForm, save: Callable[[], Any], title: str
) -> HttpResponse:
    conflict: list[Difference] | None = None
    draft = draft_of(request)
    draft.into(form)
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except StaleFactError as error:
            # The first day of the new dose is another day than that of the present one.
            conflict = compare(form, error, fields=("dose_mg", "last_day"))
        except ValidationError as error:
            form.take_errors(error)
        else:
            draft.finish(form)
            messages.success(request, _("The drug list is saved."))
            return redirect("patients:page", patient.pk)
    context = {
        "patient": patient,
        "banner": banner_of(patient),
        "form": form,
        "title": title,
        "drug_names": sorted(_(drug.label) for drug in DRUGS.values()),
        "conflict": conflict,
    }
    return render(request, "patients/fact_form.html", context, status=200 if conflict is None else 409)

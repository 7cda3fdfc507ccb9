"""Entering drugs: episodes, changes and stops, administrations, former use, the list's completeness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.clock import local_today
from accounts.rights import Right, may
from patients.access import patient_view
from patients.banner import banner_of
from patients.conflicts import compare
from patients.drafts import DraftRequest
from patients.form_pages import patient_form, save_form
from patients.forms.base import FactForm
from patients.forms.drug_identity import IdentifyDrugForm
from patients.forms.drugs import (
    AdministrationForm,
    DoseChangeForm,
    DrugHistoryForm,
    EpisodeForm,
    PriorUseForm,
)
from patients.models import Administration, DoseEpisode, DrugHistory, Fact, Patient, PriorUse
from patients.models.drug import DrugFact
from patients.rules.drugs import DRUGS, names_like
from patients.services import drugs

MOST_LETTERS = 120
# Rows of the drug list, by the name of their kind in addresses and evidence.
DRUG_FACTS: Mapping[str, type[DrugFact]] = {
    "episode": DoseEpisode,
    "administration": Administration,
    "prior_use": PriorUse,
}


@patient_form(_("A drug"), Right.ENTER_DRUG_HISTORY, page=_("form of a drug"))
def new_episode(request: DraftRequest, patient: Patient) -> HttpResponse:
    """A drug taken over a period."""
    form = EpisodeForm(request.POST or None)

    def save() -> Fact:
        episode = DoseEpisode(patient=patient, **form.values())
        _only_a_doctor_orders(request, episode, "drug_name")
        return drugs.start_episode(episode=episode, **_keys(request, form))

    return _save(request, form, save)


@patient_form(_("Change of a dose"), Right.ENTER_DRUG_HISTORY, page=_("form of a dose change"))
def change_episode(request: DraftRequest, patient: Patient, episode_id: int) -> HttpResponse:
    """Another dose, or a stop."""
    rows = DoseEpisode.objects.active().select_related("patient__clinic")
    episode = get_object_or_404(rows, pk=episode_id, patient=patient)
    form = DoseChangeForm(episode, request.POST or None, initial={"version": episode.version})

    def save() -> Fact:
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
        return drugs.change_dose(start=given["start"], **form.changed_dosing(), **common)

    return _save(request, form, save)


@patient_form(
    _("An infusion, injection or pulse"), Right.ENTER_DRUG_HISTORY, page=_("form of an infusion or pulse")
)
def new_administration(request: DraftRequest, patient: Patient) -> HttpResponse:
    """An infusion, an injection, a pulse."""
    form = AdministrationForm(request.POST or None)

    def save() -> Fact:
        given = Administration(patient=patient, **form.values())
        return drugs.record_administration(administration=given, **_keys(request, form))

    return _save(request, form, save)


@patient_form(_("A drug used before"), Right.ENTER_DRUG_HISTORY, page=_("form of a drug used before"))
def new_prior_use(request: DraftRequest, patient: Patient) -> HttpResponse:
    """A drug used in the past."""
    form = PriorUseForm(request.POST or None)

    def save() -> Fact:
        use = PriorUse(patient=patient, stated_on=local_today(patient.clinic), **form.values())
        return drugs.record_prior_use(use=use, **_keys(request, form))

    return _save(request, form, save)


@patient_form(
    _("The drug list is complete"), Right.ENTER_DRUG_HISTORY, page=_("confirmation of the drug list")
)
def confirm_history(request: DraftRequest, patient: Patient) -> HttpResponse:
    """The drug list is complete."""
    form = DrugHistoryForm(request.POST or None)

    def save() -> Fact:
        confirmation = DrugHistory(
            patient=patient,
            stated_on=local_today(patient.clinic),
            complete_days=form.cleaned_data["complete_days"],
            informant=form.cleaned_data["informant"],
        )
        return drugs.confirm_drug_history(confirmation=confirmation, **_keys(request, form))

    return _save(request, form, save)


@patient_form(_("Which drug is it?"), Right.DECIDE, page=_("question which drug a text means"))
def identify(request: DraftRequest, patient: Patient, kind: str, fact_id: int) -> HttpResponse:
    """A doctor says which drug a free text means."""
    model = DRUG_FACTS.get(kind)
    if model is None:
        raise Http404
    rows = model.objects.active().select_related("patient__clinic")
    fact = get_object_or_404(rows, pk=fact_id, patient=patient)
    form = IdentifyDrugForm(fact, request.POST or None)

    def save() -> Fact:
        given = form.cleaned_data
        return drugs.identify_drug(
            fact=fact,
            drug=form.drug(),
            reason=given["known_from"],
            by=request.user,
            expected_version=given["version"] or 0,
        )

    return save_form(
        request,
        form,
        save,
        template="patients/identify_drug.html",
        done=_("The drug is known now, and the patient assessed again."),
        context=lambda: {"fact": fact, "kind": kind},
        compare=compare,
    )


@patient_view(Right.VIEW_RECORD, page=_("drugs that are known by free text only"))
def open_drugs(request: HttpRequest, patient: Patient) -> HttpResponse:
    """The drugs that are known by free text only."""
    kinds = {model: kind for kind, model in DRUG_FACTS.items()}
    rows = [(kinds[type(row)], row) for row in drugs.open_drugs(patient)]
    context = {"patient": patient, "banner": banner_of(patient), "rows": rows}
    return render(request, "patients/open_drugs.html", context)


@require_GET
def names(request: HttpRequest) -> HttpResponse:
    """Names of drugs that fit what is typed so far, as the options of a list."""
    found = [(name, DRUGS[key]) for name, key in names_like(request.GET.get("drug_name", "")[:MOST_LETTERS])]
    return render(request, "patients/drug_name_options.html", {"names": found})


def _only_a_doctor_orders(request: DraftRequest, episode: DoseEpisode, field: str) -> None:
    """Tacrolimus that is being taken is a doctor's matter; its past is part of the reported history."""
    today = local_today(episode.patient.clinic)
    taken = episode.last_day is None or episode.last_day >= today
    if episode.drug == "tacrolimus" and taken and not may(request.user, Right.DECIDE):
        raise ValidationError({field: _("Only a doctor enters or changes tacrolimus that is being taken.")})


def _keys(request: DraftRequest, form: FactForm) -> dict[str, Any]:
    return {"by": request.user, "submission": form.cleaned_data["submission"]}


def _save(request: DraftRequest, form: FactForm, save: Callable[[], Fact]) -> HttpResponse:
    return save_form(
        request,
        form,
        save,
        template="patients/fact_form.html",
        done=_("The drug list is saved."),
        # The first day of the new dose is another day than that of the present one.
        compare=partial(compare, fields=("dose_mg", "last_day")),
    )

"""A patient's page: the shell, and the panels that belong to the record."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.clock import local_today
from accounts.rights import Right
from patients.access import patient_view
from patients.banner import banner_of
from patients.models import (
    Administration,
    Classification,
    DoseEpisode,
    DrugHistory,
    LaboratoryResult,
    Patient,
    PriorUse,
    Statement,
    Visit,
)
from patients.models.drug import DrugFact
from patients.services.drugs import current_episodes
from patients.summary import findings_of, latest_results

ROWS = 100
# About two years of visits; the history leads to all of them.
VISITS = 24


@patient_view(Right.VIEW_RECORD, page=_("patient page"))
def page(request: HttpRequest, patient: Patient) -> HttpResponse:
    """The shell; each panel loads itself."""
    return render(request, "patients/page.html", {"patient": patient, "banner": banner_of(patient)})


@patient_view(Right.VIEW_RECORD, page=_("list of visits"))
def visits(request: HttpRequest, patient: Patient) -> HttpResponse:
    """Each visit with its SLEDAI-2K; what the last signed one found."""
    standing = Visit.objects.active().filter(patient=patient).select_related("signed_by")
    found = [findings_of(row) for row in standing.order_by("-on")[: VISITS + 1]]
    context = {
        "patient": patient,
        "rows": found[:VISITS],
        "last": next((row for row in found if row.visit.is_signed), None),
        "more": len(found) > VISITS,
    }
    return render(request, "patients/panel_visits.html", context)


@patient_view(Right.VIEW_RECORD, page=_("laboratory results"))
def laboratory(request: HttpRequest, patient: Patient) -> HttpResponse:
    """The latest result of each analyte with its limits, and the results before."""
    rows = LaboratoryResult.objects.active().filter(patient=patient).select_related("laboratory")
    context = {
        "patient": patient,
        "latest": latest_results(patient),
        "rows": rows.order_by("-collected_at", "analyte")[:ROWS],
    }
    return render(request, "patients/panel_laboratory.html", context)


@patient_view(Right.VIEW_RECORD, page=_("drug list"))
def drugs(request: HttpRequest, patient: Patient) -> HttpResponse:
    """What is taken today first, then what is ordered from a later day on, then what was."""
    today = local_today(patient.clinic)
    episodes = DoseEpisode.objects.active().filter(patient=patient)
    lists: dict[str, Sequence[DrugFact]] = {
        "current": current_episodes(patient, today),
        "ordered": list(episodes.filter(start__gt=today).order_by("start", "drug")),
        "past": list(episodes.filter(start__lte=today, last_day__lt=today).order_by("-start", "drug")[:ROWS]),
        "given": list(Administration.objects.active().filter(patient=patient).order_by("-on")[:ROWS]),
        "before": list(PriorUse.objects.active().filter(patient=patient).order_by("drug")),
    }
    context = {
        "patient": patient,
        **lists,
        "open_drugs": [row for rows in lists.values() for row in rows if not row.drug],
        "history": DrugHistory.objects.active().filter(patient=patient).order_by("-stated_on").first(),
    }
    return render(request, "patients/panel_drugs.html", context)


@patient_view(Right.VIEW_RECORD, page=_("answers and classification"))
def statements(request: HttpRequest, patient: Patient) -> HttpResponse:
    rows = Statement.objects.active().filter(patient=patient).order_by("kind", "-stated_on", "-pk")
    newest = {row.kind: row for row in reversed(list(rows))}
    context = {
        "patient": patient,
        "rows": sorted(newest.values(), key=lambda row: row.kind),
        "classifications": Classification.objects.active().filter(patient=patient).order_by("-on"),
    }
    return render(request, "patients/panel_statements.html", context)

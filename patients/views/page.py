"""A patient's page: the shell, and the panels that belong to the record."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

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

ROWS = 100


@patient_view(Right.VIEW_RECORD)
def page(request: HttpRequest, patient: Patient) -> HttpResponse:
    """The shell; each panel loads itself."""
    return render(request, "patients/page.html", {"patient": patient, "banner": banner_of(patient)})


@patient_view(Right.VIEW_RECORD)
def visits(request: HttpRequest, patient: Patient) -> HttpResponse:
    rows = Visit.objects.standing().filter(patient=patient).select_related("signed_by").order_by("-on")[:ROWS]
    return render(request, "patients/panel_visits.html", {"patient": patient, "rows": rows})


@patient_view(Right.VIEW_RECORD)
def laboratory(request: HttpRequest, patient: Patient) -> HttpResponse:
    rows = LaboratoryResult.objects.standing().filter(patient=patient).select_related("laboratory")
    latest = rows.order_by("-collected_at", "analyte")[:ROWS]
    return render(request, "patients/panel_laboratory.html", {"patient": patient, "rows": latest})


@patient_view(Right.VIEW_RECORD)
def drugs(request: HttpRequest, patient: Patient) -> HttpResponse:
    banner = banner_of(patient)
    episodes = DoseEpisode.objects.standing().filter(patient=patient).order_by("-start", "drug")[:ROWS]
    given = Administration.objects.standing().filter(patient=patient).order_by("-on")[:ROWS]
    context = {
        "patient": patient,
        "today": banner.today,
        "episodes": episodes,
        "given": given,
        "before": PriorUse.objects.standing().filter(patient=patient).order_by("drug"),
        "history": DrugHistory.objects.standing().filter(patient=patient).order_by("-stated_on").first(),
    }
    return render(request, "patients/panel_drugs.html", context)


@patient_view(Right.VIEW_RECORD)
def statements(request: HttpRequest, patient: Patient) -> HttpResponse:
    rows = Statement.objects.standing().filter(patient=patient).order_by("kind", "-stated_on", "-pk")
    newest = {row.kind: row for row in reversed(list(rows))}
    context = {
        "patient": patient,
        "rows": sorted(newest.values(), key=lambda row: row.kind),
        "classifications": Classification.objects.standing().filter(patient=patient).order_by("-on"),
    }
    return render(request, "patients/panel_statements.html", context)

"""The sheet of levels, a patient's levels, and their own target range."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.requests import ClinicRequest
from accounts.rights import Right, require
from dosing.levels import queries as levels
from dosing.levels.forms import LevelRow, LevelSheet, MomentForm, TargetForm
from dosing.levels.services import record_level, set_target, undo_level
from dosing.models import TacrolimusLevel
from patients.access import patient_view
from patients.drafts import DraftRequest
from patients.form_pages import form_without_patient, patient_form, save_form
from patients.models import Laboratory, Patient
from patients.services.drafts import FormPage, finish_draft
from patients.services.laboratory import laboratory_named

UNPROCESSABLE = 422
QUERY_CHARACTERS = 80


@form_without_patient(_("Tacrolimus levels"), Right.ENTER_LABORATORY)
def sheet(request: DraftRequest) -> HttpResponse:
    """A table in which each row is a level. Without scripts it is sent as a whole; saved rows leave it."""
    named = request.GET.get("patient", "")
    form = LevelSheet(request.user, request.POST or None, initial=_usual(request), patient=named)
    request.draft.into(form)
    saved: list[levels.LevelInContext] = []
    if request.method == "POST" and form.is_valid():
        saved = _save_rows(form)
        if saved and not form.rows:
            request.draft.finish(form)
            count = len(saved)
            messages.success(
                request, ngettext("%(n)s level is saved.", "%(n)s levels are saved.", count) % {"n": count}
            )
            form = LevelSheet(request.user, initial=form.cleaned_data)
    return render(request, "dosing/levels/sheet.html", {**_around(request), "form": form, "saved": saved})


@require_http_methods(["POST"])
def row(request: ClinicRequest) -> HttpResponse:
    """Save one row of the sheet: the saved level with its meaning, or the row with what is wrong (422)."""
    require(request.user, Right.ENTER_LABORATORY)
    form = LevelSheet(request.user, request.POST)
    typed = form.rows[0]
    found = _save(form, typed) if form.is_valid() and typed.is_valid() else None
    if found is None:
        typed.take_sheet_errors(form)
        return render(request, "dosing/levels/row.html", {"row": typed}, status=UNPROCESSABLE)
    if request.POST.get("last"):
        finish_draft(key=form.cleaned_data["submission"], page=_sheet_page(), by=form.by)
    return render(request, "dosing/levels/saved_row.html", {"found": found, "row": typed})


@require_http_methods(["GET", "HEAD"])
def choices(request: ClinicRequest) -> HttpResponse:
    """Patients for what was typed so far."""
    require(request.user, Right.ENTER_LABORATORY)
    text = request.GET.get("q", "").replace("\0", "")[:QUERY_CHARACTERS]
    found = levels.choices(request.user, text)
    return render(request, "dosing/levels/choices.html", {"choices": found})


@require_http_methods(["GET", "HEAD"])
def moment(request: ClinicRequest) -> JsonResponse:
    """How a typed day and time is read: in words, and by the clinic's clock; or what is missing."""
    require(request.user, Right.ENTER_LABORATORY)
    form = MomentForm(request.user, request.GET)
    if not form.is_valid():
        return JsonResponse({"error": " ".join(map(str, form.errors.get("text", [])))})
    read = form.cleaned_data["text"]
    return JsonResponse({"words": date_format(read, "D j M Y, H:i"), "clock": f"{read:%Y-%m-%dT%H:%M}"})


@patient_view(Right.ENTER_LABORATORY, methods=("POST",), page=_("taking a level back"))
def undo(request: ClinicRequest, patient: Patient, level_id: int) -> HttpResponse:
    """Take a level back within a minute."""
    rows = TacrolimusLevel.objects.active().select_related("patient__clinic", "laboratory")
    level = get_object_or_404(rows, pk=level_id, patient=patient)
    try:
        undo_level(level=level, by=request.user)
    except ValidationError as error:
        context = {"level": level, "errors": error.messages}
        return render(request, "dosing/levels/undone_row.html", context, status=UNPROCESSABLE)
    if request.headers.get("X-Sheet-Row"):
        return render(request, "dosing/levels/undone_row.html", {"level": level})
    messages.success(request, _("The level is taken back, as entered in error."))
    return redirect("dosing:levels")


@patient_view(Right.VIEW_RECORD, page=_("tacrolimus levels"))
def panel(request: ClinicRequest, patient: Patient) -> HttpResponse:
    """The patient's levels against their target, and how steady they are."""
    return render(request, "dosing/levels/panel.html", {"patient": patient, **levels.course_of(patient)})


@patient_form(_("Target range"), Right.DECIDE, page=_("form of a target range"))
def target(request: DraftRequest, patient: Patient) -> HttpResponse:
    """Give the patient a range of their own."""
    form = TargetForm(request.POST or None)
    return save_form(
        request,
        form,
        lambda: set_target(
            target=form.target(patient), by=request.user, submission=form.cleaned_data["submission"]
        ),
        template="dosing/levels/target.html",
        done=_("The patient's own range is saved; her levels are judged by it."),
    )


def _sheet_page() -> FormPage:
    return FormPage("dosing:levels", reverse("dosing:levels"), None)


def _usual(request: ClinicRequest) -> dict[str, Any]:
    """The laboratory and assay of this person's last level: filled in and shown, never assumed silently."""
    last = (
        TacrolimusLevel.objects.filter(created_by=request.user.pk)
        .select_related("laboratory")
        .order_by("-pk")
        .first()
    )
    return {} if last is None else {"laboratory": last.laboratory.name, "assay": last.assay}


def _around(request: ClinicRequest) -> dict[str, Any]:
    clinics = list(request.user.own_clinics)
    return {
        "laboratories": Laboratory.objects.filter(clinic__in=clinics).order_by("name"),
        "waiting": levels.waiting(request.user),
        "time_zone": clinics[0].time_zone,
    }


def _save_rows(form: LevelSheet) -> list[levels.LevelInContext]:
    """Save each filled row by itself; rows that cannot be saved stay in the form."""
    saved, left = [], []
    for typed in form.rows:
        if typed.is_blank:
            continue
        found = _save(form, typed)
        if found is None:
            left.append(typed)
        else:
            saved.append(found)
    form.rows = left
    return saved


def _save(form: LevelSheet, typed: LevelRow) -> levels.LevelInContext | None:
    if not typed.is_valid():
        return None
    try:
        return levels.level_in_context(_recorded(form, typed))
    except ValidationError as error:
        typed.take_errors(error)
        return None


@transaction.atomic
def _recorded(form: LevelSheet, typed: LevelRow) -> TacrolimusLevel:
    patient: Patient = typed.cleaned_data["patient"]
    place = laboratory_named(clinic=patient.clinic, name=form.cleaned_data["laboratory"], by=form.by)
    return record_level(
        level=typed.level(place, form.cleaned_data["assay"]),
        by=form.by,
        submission=typed.cleaned_data["submission"],
        confirmed=typed.cleaned_data["confirmed"],
    )

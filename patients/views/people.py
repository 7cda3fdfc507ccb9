"""Finding, registering and changing people."""

from __future__ import annotations

from copy import copy

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import ClinicRequest
from accounts.rights import Right, require
from patients.conflicts import compare
from patients.drafts import DraftRequest, back_to
from patients.finding import MOST, find_patients
from patients.form_pages import form_without_patient, patient_form, save_form
from patients.forms.registration import NAME_FIELDS, ChangePatientForm, PersonForm, RegistrationForm
from patients.models import Patient
from patients.services.registration import (
    PossibleDuplicate,
    change_patient,
    possible_duplicates,
    register_patient,
)

PAGE = 50
# What a person is known by: a change of the biopsy asks nobody who they are.
IDENTIFYING = {"number", "birth", *NAME_FIELDS}
SEARCH_CHARACTERS = 80


@require_http_methods(["GET", "HEAD"])
def patient_list(request: ClinicRequest) -> HttpResponse:
    """Patients by name or number; the fragment of the rows alone when asked as one types.

    With ?open the whole number of one patient leads to them at once; a list that was left is found again.
    """
    require(request.user, Right.VIEW_RECORD)
    # PostgreSQL takes no NUL, and a database only so many conditions.
    text = request.GET.get("q", "").replace("\0", "")[:SEARCH_CHARACTERS].strip()
    only = _with_number(request.user, text) if "open" in request.GET else None
    if only is not None:
        return redirect("patients:page", only.pk)
    found = find_patients(request.user, text)
    shown = found.patients.none() if found.too_many else found.patients
    shown = shown.select_related("clinic").with_death().by_name(text)
    rows = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    template = "patients/list_rows.html" if request.htmx else "patients/list.html"
    return render(request, template, {"rows": rows, "q": text, "most": MOST if found.too_many else None})


def _with_number(user: User, text: str) -> Patient | None:
    """The one patient of the user's clinics with exactly this number; clinics may give a number twice."""
    found = list(Patient.objects.visible_to(user).numbered(text)[:2]) if text.strip("#") else []
    return found[0] if len(found) == 1 else None


@form_without_patient(_("Registration of a patient"), Right.REGISTER_PATIENT)
def register(request: DraftRequest) -> HttpResponse:
    """Register a person; a possible duplicate is shown and must be confirmed as another person."""
    form = RegistrationForm(request.user, request.POST or None)
    duplicates: list[PossibleDuplicate] = []

    def save() -> Patient | None:
        if not _is_sent_again(form):
            duplicates.extend(_unconfirmed(form, Patient(clinic=form.cleaned_data["clinic"]), request.user))
        return None if duplicates else _register(request.user, form)

    return save_form(
        request,
        form,
        save,
        template="patients/register.html",
        done=lambda patient: _("%(patient)s is registered.") % {"patient": patient},
        then=back_to,
        context=lambda: {"duplicates": duplicates},
    )


@patient_form(_("Details of a person"), Right.REGISTER_PATIENT, page=_("person's details"))
def change(request: DraftRequest, patient: Patient) -> HttpResponse:
    """Change what is known of the person, with a reason; whom the change makes alike is asked about."""
    form = ChangePatientForm.of(patient, request.POST or None)
    duplicates: list[PossibleDuplicate] = []

    def save() -> Patient | None:
        if IDENTIFYING & set(form.changed_data):
            duplicates.extend(_unconfirmed(form, copy(patient), request.user))
        if duplicates:
            return None
        return change_patient(
            patient=patient,
            values=form.person(),
            by=request.user,
            expected_version=form.cleaned_data["version"] or 0,
            reason=form.cleaned_data["reason"],
        )

    done = _("The person's details are saved.")
    return save_form(
        request,
        form,
        save,
        template="patients/change.html",
        done=done,
        compare=compare,
        context=lambda: {"duplicates": duplicates},
    )


def _is_sent_again(form: RegistrationForm) -> bool:
    values = form.cleaned_data
    same_form = Patient.objects.filter(submission=values["submission"], clinic=values["clinic"])
    return bool(values["submission"]) and same_form.exists()


def _unconfirmed(form: PersonForm, person: Patient, by: User) -> list[PossibleDuplicate]:
    """Whom the form's person may already be, as long as nobody said that they are two."""
    if form.cleaned_data["not_a_duplicate"]:
        return []
    for name, value in form.person().items():
        setattr(person, name, value)
    return possible_duplicates(person, by=by)


def _register(by: User, form: RegistrationForm) -> Patient:
    return register_patient(
        clinic=form.cleaned_data["clinic"],
        by=by,
        submission=form.cleaned_data["submission"],
        **form.person(),
    )

"""Finding, registering and changing people."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.rights import Right, require
from patients.access import patient_view
from patients.banner import banner_of
from patients.conflicts import Difference, compare
from patients.drafts import draft_of, keeps_drafts
from patients.forms.registration import ChangePersonForm, RegistrationForm
from patients.models import Patient
from patients.services.registration import change_patient, possible_duplicates, register_patient
from patients.services.writing import StaleFactError

PAGE = 50
SEARCH_CHARACTERS = 80


@require_http_methods(["GET", "HEAD"])
def patient_list(request: HttpRequest) -> HttpResponse:
    """Patients by name or number; the fragment of the rows alone when asked as one types.

    With ?open the whole number of one patient leads to her at once; a list that was left is found again.
    """
    require(request.user, Right.VIEW_RECORD)
    # PostgreSQL takes no NUL, and a database only so many conditions.
    text = request.GET.get("q", "").replace("\0", "")[:SEARCH_CHARACTERS].strip()
    only = _with_number(request.user, text) if "open" in request.GET else None  # type: ignore[arg-type]
    if only is not None:
        return redirect("patients:page", only.pk)
    found = Patient.objects.visible_to(request.user).matching(text).select_related("clinic")
    rows = Paginator(found.order_by("family_name", "given_name", "number"), PAGE).get_page(
        request.GET.get("page")
    )
    template = "patients/list_rows.html" if request.htmx else "patients/list.html"  # type: ignore[attr-defined]
    return render(request, template, {"rows": rows, "q": text})


def _with_number(user: User, text: str) -> Patient | None:
    """The one patient of the user's clinics with exactly this number; clinics may give a number twice."""
    number = text.removeprefix("#")
    found = list(Patient.objects.visible_to(user).filter(number=number)[:2]) if number else []
    return found[0] if len(found) == 1 else None


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_drafts
def register(request: HttpRequest) -> HttpResponse:
    """Register a person; a possible duplicate is shown and must be confirmed as another person."""
    require(request.user, Right.REGISTER_PATIENT)
    form = RegistrationForm(request.user, request.POST or None)  # type: ignore[arg-type]
    draft = draft_of(request)
    draft.into(form)
    duplicates: list[Patient] = []
    if request.method == "POST" and form.is_valid():
        duplicates = _unconfirmed_duplicates(form)
        if not duplicates:
            patient = _register(request, form)
            if patient is not None:
                draft.finish(form)
                messages.success(request, _("%(patient)s is registered.") % {"patient": patient})
                return redirect("patients:page", patient.pk)
    return render(request, "patients/register.html", {"form": form, "duplicates": duplicates})


@patient_view(Right.REGISTER_PATIENT, methods=("GET", "HEAD", "POST"))
@keeps_drafts
def change(request: HttpRequest, patient: Patient) -> HttpResponse:
    """Change what is known of the person, with a reason."""
    form = ChangePersonForm.of(patient, request.POST or None)
    draft = draft_of(request)
    draft.into(form)
    conflict: list[Difference] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            change_patient(
                patient=patient,
                values=form.person(),
                by=request.user,  # type: ignore[arg-type]
                expected_version=form.cleaned_data["version"] or 0,
                reason=form.cleaned_data["reason"],
            )
        except StaleFactError as error:
            conflict = compare(form, error)
        except ValidationError as error:
            form.take_errors(error)
        else:
            draft.finish(form)
            messages.success(request, _("The person's details are saved."))
            return redirect("patients:page", patient.pk)
    context = {"patient": patient, "banner": banner_of(patient), "form": form, "conflict": conflict}
    return render(request, "patients/change.html", context, status=200 if conflict is None else 409)


def _unconfirmed_duplicates(form: RegistrationForm) -> list[Patient]:
    values = form.cleaned_data
    if values["not_a_duplicate"]:
        return []
    same_form = Patient.objects.filter(submission=values["submission"], clinic=values["clinic"])
    if values["submission"] and same_form.exists():
        return []
    return list(
        possible_duplicates(
            clinic=values["clinic"],
            number=values["number"],
            family_name=values["family_name"],
            given_name=values["given_name"],
            birth=values["birth"],
        )
    )


def _register(request: HttpRequest, form: RegistrationForm) -> Patient | None:
    try:
        return register_patient(
            clinic=form.cleaned_data["clinic"],
            by=request.user,  # type: ignore[arg-type]
            submission=form.cleaned_data["submission"],
            **form.person(),
        )
    except ValidationError as error:
        form.take_errors(error)
        return None

"""A clinic's laboratories and their assays: limits and analytical variation, with who uses and changed them.

A rheumatologist of the clinic keeps them: like everything clinical, since a limit decides verdicts. Nurses
read what holds for the results they enter, and administrators what the clinic is judged by; a proposal as
with the settings is not needed, because the laboratory states these numbers and nobody chooses them.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import FORM_METHODS, own_clinic, with_right
from accounts.models import Clinic, User
from accounts.requests import ClinicRequest
from accounts.rights import Right
from accounts.services.checks import StaleError, version_of
from patients.assays import assays_of, methods_of, use_of, versions_of
from patients.forms.assays import ChangeAssayForm, NewAssayForm, WithdrawAssayForm
from patients.models import Assay, Laboratory
from patients.services.assays import add_assay, change_assay, withdraw_assay
from patients.services.laboratory import laboratory_named

READERS = (Right.ENTER_LABORATORY, Right.KEEP_ASSAYS, Right.PROPOSE_SETTINGS)
CONFLICT = 409


@with_right(*READERS)
def laboratories(request: ClinicRequest, reader: User) -> HttpResponse:
    """The laboratories of the reader's clinics with their assays, and what was withdrawn."""
    return render(request, "patients/laboratories.html", {"clinics": assays_of(reader.own_clinics)})


@with_right(Right.KEEP_ASSAYS, methods=FORM_METHODS)
def new_assay(request: ClinicRequest, reader: User, clinic_id: int) -> HttpResponse:
    """Add an assay; ?laboratory= fills in the name."""
    clinic = own_clinic(reader, clinic_id)
    form = NewAssayForm(request.POST or None, initial={"laboratory": request.GET.get("laboratory", "")})
    if request.method == "POST" and form.is_valid():
        try:
            assay = _add(clinic, form, reader)
        except ValidationError as error:
            form.take_errors(error)
        else:
            return _redirect_after_saving(
                request, assay, _("The assay is kept. The clinic's patients are assessed again with it.")
            )
    context = {
        "clinic": clinic,
        "form": form,
        "laboratories": Laboratory.objects.filter(clinic=clinic).order_by("name"),
        "methods": methods_of(clinic),
    }
    return render(request, "patients/new_assay.html", context)


@with_right(*READERS)
def assay(request: ClinicRequest, reader: User, assay_id: int) -> HttpResponse:
    """One assay: its numbers, the results that are read by it, its versions; also once it is withdrawn."""
    return _page(request, reader, assay_id)


@with_right(Right.KEEP_ASSAYS, methods=FORM_METHODS)
def change(request: ClinicRequest, reader: User, assay_id: int) -> HttpResponse:
    """Change limits or variation with a reason; who comes second sees both versions."""
    found = _own(reader, assay_id)
    if found is None:
        return _page(request, reader, assay_id)
    form = ChangeAssayForm(found, version_of(found), request.POST or None)
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            change_assay(
                assay=found,
                numbers=form.numbers(),
                reason=form.cleaned_data["reason"],
                by=reader,
                expected_version=form.cleaned_data["version"],
            )
        except StaleError as error:
            form.take_errors(error)
            form.compare_with(version_of(found))
            conflict = form.differences()
        except ValidationError as error:
            form.take_errors(error)
        else:
            return _redirect_after_saving(
                request, found, _("Saved. The clinic's patients are assessed again with it.")
            )
    context = {"assay": found, "form": form, "conflict": conflict}
    status = 200 if conflict is None else CONFLICT
    return render(request, "patients/change_assay.html", context, status=status)


@with_right(Right.KEEP_ASSAYS, methods=("POST",))
def withdraw(request: ClinicRequest, reader: User, assay_id: int) -> HttpResponse:
    """Take an assay from the rules, with a reason."""
    found = _own(reader, assay_id)
    if found is None:
        return _page(request, reader, assay_id)
    form = WithdrawAssayForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            withdraw_assay(assay=found, reason=given["reason"], by=reader, expected_version=given["version"])
        except ValidationError as error:
            form.take_errors(error)
            form.compare_with(version_of(found))
        else:
            said = _("The assay is withdrawn. The clinic's patients are assessed again without it.")
            messages.success(request, said)
            return redirect("patients:laboratories")
    return _page(request, reader, assay_id, form)


def _own(reader: User, assay_id: int) -> Assay | None:
    """An assay of one of the reader's clinics; None when it was withdrawn. Raises Http404 for any other."""
    rows = Assay.objects.select_related("laboratory__clinic")
    found = rows.filter(pk=assay_id, laboratory__clinic__in=reader.own_clinics).first()
    if found is None and not versions_of(assay_id, reader):
        raise Http404
    return found


@transaction.atomic
def _add(clinic: Clinic, form: NewAssayForm, reader: User) -> Assay:
    given = form.cleaned_data
    place = laboratory_named(clinic=clinic, name=given["laboratory"], by=reader)
    return add_assay(
        laboratory=place,
        analyte=given["analyte"],
        method=given["method"],
        numbers=form.numbers(),
        reason=given["reason"],
        by=reader,
    )


def _redirect_after_saving(request: ClinicRequest, row: Assay, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("patients:assay", row.pk)


def _page(
    request: ClinicRequest, reader: User, assay_id: int, form: WithdrawAssayForm | None = None
) -> HttpResponse:
    """The assay as it is. What was sent about a withdrawn one was not saved, and it says so."""
    found = _own(reader, assay_id)
    versions = versions_of(assay_id, reader)
    refused = request.method == "POST"
    context: dict[str, Any] = {
        "assay": found,
        "latest": versions[0],
        "versions": versions,
        "use": None if found is None else use_of(found),
        "form": form or WithdrawAssayForm(initial={"version": versions[0].history_id}),
        "refused": refused,
    }
    return render(request, "patients/assay.html", context, status=CONFLICT if refused else 200)

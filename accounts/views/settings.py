"""A clinic's settings: in force, proposed, decided on, compared. Administrators propose, doctors decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts import services
from accounts.access import FORM_METHODS, own_clinic, with_right
from accounts.clock import local_today
from accounts.forms.settings import CompareForm, ProposalForm
from accounts.models import Clinic, ClinicSettings, User
from accounts.rights import Right
from accounts.settings_descriptions import grouped, in_force_before, lines, values_of, waiting_in

READERS = (Right.PROPOSE_SETTINGS, Right.APPROVE_SETTINGS)


@with_right(*READERS)
def all_settings(request: HttpRequest, reader: User) -> HttpResponse:
    """The reader's clinics with the version in force in each, and what waits for a decision."""
    rows = [
        (clinic, services.settings_in_force(clinic, local_today(clinic))) for clinic in reader.own_clinics
    ]
    context = {"rows": rows, "waiting": waiting_in(reader.own_clinics)}
    return render(request, "accounts/administration/all_settings.html", context)


@with_right(*READERS)
def settings(request: HttpRequest, reader: User, clinic_id: int) -> HttpResponse:
    """Every threshold of one clinic as it is in force, and its versions."""
    clinic = own_clinic(reader, clinic_id)
    in_force = services.settings_in_force(clinic, local_today(clinic))
    values = values_of(in_force)
    versions = _versions(clinic)
    context = {
        "clinic": clinic,
        "in_force": in_force,
        "groups": grouped(lines(values, values)),
        "versions": versions,
        "compare": CompareForm(versions, initial={"first": 0, "second": in_force.version if in_force else 0}),
    }
    return render(request, "accounts/administration/settings.html", context)


@with_right(Right.PROPOSE_SETTINGS, methods=FORM_METHODS)
def propose(request: HttpRequest, reader: User, clinic_id: int) -> HttpResponse:
    """Propose a version; it holds once a rheumatologist of the clinic has approved it."""
    clinic = own_clinic(reader, clinic_id)
    today = local_today(clinic)
    form = ProposalForm(values_of(services.settings_in_force(clinic, today)), today, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            proposal = services.propose_settings(
                clinic=clinic,
                values=form.values(),
                reason=form.cleaned_data["reason"],
                effective_from=form.cleaned_data["effective_from"],
                by=reader,
                submission=form.cleaned_data["submission"],
            )
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("Proposed. A rheumatologist of the clinic decides on it."))
            return redirect("accounts:settings_version", clinic.pk, proposal.version)
    return render(request, "accounts/administration/propose.html", {"clinic": clinic, "form": form})


@with_right(*READERS)
def version(request: HttpRequest, reader: User, clinic_id: int, number: int) -> HttpResponse:
    """One version compared with the one it replaces; a proposal is approved or rejected here."""
    row = _version(own_clinic(reader, clinic_id), number)
    return _page(request, reader, row)


@with_right(Right.APPROVE_SETTINGS, methods=("POST",))
def approve(request: HttpRequest, reader: User, clinic_id: int, number: int) -> HttpResponse:
    said = _("Approved. Patients are judged with it from its day on.")
    return _decide(
        request, reader, _version(own_clinic(reader, clinic_id), number), services.approve_settings, said
    )


@with_right(Right.APPROVE_SETTINGS, methods=("POST",))
def reject(request: HttpRequest, reader: User, clinic_id: int, number: int) -> HttpResponse:
    said = _("Rejected. What was in force stays in force.")
    return _decide(
        request, reader, _version(own_clinic(reader, clinic_id), number), services.reject_settings, said
    )


@with_right(*READERS)
def compare(request: HttpRequest, reader: User, clinic_id: int) -> HttpResponse:
    """Any two versions side by side: ?first=, second; 0 is the defaults."""
    clinic = own_clinic(reader, clinic_id)
    versions = _versions(clinic)
    form = CompareForm(versions, request.GET)
    rows = []
    if form.is_valid():
        by_number = {row.version: row for row in versions}
        pair = [values_of(by_number.get(form.cleaned_data[name])) for name in ("first", "second")]
        rows = [row for row in lines(*pair) if row.differs]
    context = {"clinic": clinic, "form": form, "groups": grouped(rows)}
    return render(request, "accounts/administration/compare.html", context)


@with_right(*READERS)
def waiting(request: HttpRequest, reader: User) -> HttpResponse:
    """A fragment: proposals that wait for this reader's decision; empty when there is none."""
    rows = [row for row in waiting_in(reader.own_clinics) if row.proposed_by_id != reader.pk]
    return render(request, "accounts/administration/waiting.html", {"rows": rows})


def _decide(
    request: HttpRequest, reader: User, row: ClinicSettings, service: Callable[..., ClinicSettings], said: str
) -> HttpResponse:
    try:
        service(proposal=row, by=reader)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _page(request, reader, _version(row.clinic, row.version), status=409)
    messages.success(request, said)
    return redirect("accounts:settings", row.clinic_id)


def _page(request: HttpRequest, reader: User, row: ClinicSettings, status: int = 200) -> HttpResponse:
    before = in_force_before(row)
    changed = [line for line in lines(values_of(before), row.values) if line.differs]
    context: dict[str, Any] = {
        "clinic": row.clinic,
        "version": row,
        "before": before,
        "groups": grouped(changed),
        "may_decide": row.state == "proposed" and row.proposed_by_id != reader.pk,
        "overdue": row.state == "proposed" and row.effective_from < local_today(row.clinic),
    }
    return render(request, "accounts/administration/version.html", context, status=status)


def _versions(clinic: Clinic) -> list[ClinicSettings]:
    rows = ClinicSettings.objects.filter(clinic=clinic).select_related("proposed_by", "decided_by")
    return list(rows.order_by("-version"))


def _version(clinic: Clinic, number: int) -> ClinicSettings:
    rows = ClinicSettings.objects.select_related("clinic", "proposed_by", "decided_by")
    return get_object_or_404(rows, clinic=clinic, version=number)

"""Clinics: the reader's own, a new one, one with its people."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import services
from accounts.access import FORM_METHODS, own_clinic, with_right
from accounts.forms.clinics import ChangeClinicForm, NewClinicForm, zones
from accounts.models import Clinic, User
from accounts.people import people_page
from accounts.rights import Right
from accounts.services.checks import StaleError, version_of


@with_right(Right.MANAGE_USERS)
def clinics(request: HttpRequest, reader: User) -> HttpResponse:
    """The administrator's clinics with how many people each has."""
    active = Count("users", filter=Q(users__is_active=True))
    own = Clinic.objects.filter(pk__in=[clinic.pk for clinic in reader.own_clinics])
    rows = own.annotate(people=active).order_by("name")
    return render(request, "accounts/administration/clinics.html", {"rows": rows})


@with_right(Right.MANAGE_USERS, methods=FORM_METHODS)
def new_clinic(request: HttpRequest, reader: User) -> HttpResponse:
    """Found a clinic; the founder is its first administrator."""
    initial = {"time_zone": reader.own_clinics[0].time_zone}
    form = NewClinicForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            clinic = services.create_clinic(by=reader, **form.cleaned_data)
        except ValidationError as error:
            form.take_errors(error)
        else:
            said = _("%(clinic)s is founded, and you belong to it. Give it people on their pages.")
            messages.success(request, said % {"clinic": clinic})
            return redirect("accounts:clinics")
    context = {"form": form, "zones": zones()}
    return render(request, "accounts/administration/new_clinic.html", context)


@with_right(Right.MANAGE_USERS, methods=FORM_METHODS)
def clinic(request: HttpRequest, reader: User, clinic_id: int) -> HttpResponse:
    """A clinic's name and time zone to change, and who belongs; ?page= of the people."""
    found = own_clinic(reader, clinic_id)
    form = ChangeClinicForm.of(found, version_of(found), request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            services.change_clinic(clinic=found, by=reader, **form.clinic())
        except StaleError as error:
            status = 409
            form.take_errors(error)
            form.compare_with(version_of(found))
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:clinics")
    rows = people_page(reader, {"clinic": found}, request.GET.get("page"))
    context = {"clinic": found, "form": form, "rows": rows, "zones": zones()}
    return render(request, "accounts/administration/clinic.html", context, status=status)

"""The order of a clinic's laboratory sheet."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import FORM_METHODS, own_clinic, with_right
from accounts.models import Clinic, User
from accounts.requests import ClinicRequest
from accounts.rights import Right
from accounts.services.checks import StaleError, version_of
from patients.forms.sheet_order import SheetOrderForm
from patients.services.sheet_order import set_sheet_order
from patients.sheet_order import kept_order, sheet_of

CONFLICT = 409


@with_right(Right.KEEP_ASSAYS, methods=FORM_METHODS)
def order(request: ClinicRequest, reader: User, clinic_id: int) -> HttpResponse:
    """Which analytes stand first on the sheet of results, and in which order."""
    clinic = own_clinic(reader, clinic_id)
    form = SheetOrderForm(sheet_of(clinic.pk), _version(clinic), request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            set_sheet_order(
                clinic=clinic, analytes=form.order(), by=reader, expected_version=form.cleaned_data["version"]
            )
        except StaleError as error:
            form.take_errors(error)
            form.compare_with(_version(clinic) or 0)
            status = CONFLICT
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("Saved. The sheet of results has this order from now on."))
            return redirect("patients:laboratories")
    context = {"clinic": clinic, "form": form}
    return render(request, "patients/sheet_order.html", context, status=status)


def _version(clinic: Clinic) -> int | None:
    kept = kept_order(clinic)
    return None if kept is None else version_of(kept)

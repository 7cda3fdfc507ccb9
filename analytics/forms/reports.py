"""Which patients a report is about."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.clock import local_today
from accounts.forms.base import BootstrapFormMixin
from accounts.forms.choices import offer_choices
from accounts.models import Clinic, User
from analytics.cohorts import CohortSelection
from patients.forms.base import PlainDateField

WANTED = {"": None, "with": True, "without": False}


class ReportForm(BootstrapFormMixin):
    """The clinic is chosen where there are several; the last day that counts is today by default."""

    clinic = forms.TypedChoiceField(label=_("Clinic"), coerce=int)
    cut_off = PlainDateField(label=_("Data up to"), help_text=_("Later facts do not count."))
    first_from = PlainDateField(label=_("First tacrolimus dose from"), required=False)
    first_to = PlainDateField(label=_("First tacrolimus dose up to"), required=False)
    renal = forms.ChoiceField(
        label=_("Renal involvement"),
        required=False,
        choices=[("", _("with and without")), ("with", _("with only")), ("without", _("without only"))],
    )

    def __init__(self, reader: User, data: Any = None) -> None:
        super().__init__(data)
        self.clinics = {clinic.pk: clinic for clinic in reader.own_clinics}
        clinics = [(pk, clinic.name) for pk, clinic in self.clinics.items()]
        choices = clinics if len(clinics) == 1 else [("", _("choose")), *clinics]
        offer_choices(self, "clinic", choices)
        self.fields["cut_off"].initial = _today(reader)

    def order(self) -> tuple[Clinic, CohortSelection]:
        """Clinic and choice of a valid form."""
        said = self.cleaned_data
        choice = CohortSelection(said["cut_off"], said["first_from"], said["first_to"], WANTED[said["renal"]])
        return self.clinics[said["clinic"]], choice


def _today(reader: User) -> date:
    return local_today(reader.own_clinics[0])

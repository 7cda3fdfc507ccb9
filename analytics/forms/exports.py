"""What is to be exported, and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.clock import local_today
from accounts.forms.base import BootstrapFormMixin
from accounts.forms.choices import offer_choices
from accounts.models import Clinic, User
from accounts.rights import may
from analytics.models import ExportKind, ExportShape
from analytics.services.exports import RIGHT_OF
from patients.models import Patient
from patients.services.person_states import in_research

MOST_PATIENTS = 3000


class ExportForm(BootstrapFormMixin):
    """Kind and shape are chosen each time, and the clinic where there are several: nothing is preselected."""

    clinic = forms.TypedChoiceField(label=_("Clinic"), coerce=int)
    kind = forms.TypedChoiceField(
        label=_("Kind"),
        coerce=ExportKind,
        help_text=_("De-identified: random names, shifted dates, age bands, no free text."),
    )
    shape = forms.TypedChoiceField(
        label=_("Shape"),
        coerce=ExportShape,
        choices=[("", _("choose")), *ExportShape.choices],
        help_text=_("Long: a file for each kind of fact. Wide: weeks 0, 12, 24, 36 and 52."),
    )
    reason = forms.CharField(
        label=_("Why?"),
        max_length=300,
        help_text=_("For whom and for what, with the ethics approval where there is one. It is kept."),
    )

    def __init__(self, reader: User, data: Any = None) -> None:
        super().__init__(data)
        self.clinics = {clinic.pk: clinic for clinic in reader.own_clinics}
        clinics = [(pk, clinic.name) for pk, clinic in self.clinics.items()]
        kinds = [(kind.value, kind.label) for kind, right in RIGHT_OF.items() if may(reader, right)]
        choose = ("", _("choose"))
        offer_choices(self, "clinic", clinics if len(clinics) == 1 else [choose, *clinics])
        offer_choices(self, "kind", [choose, *reversed(kinds)])

    def clean_clinic(self) -> int:
        """A clinic that can be exported while a browser waits."""
        chosen: int = self.cleaned_data["clinic"]
        today = local_today(self.clinics[chosen])
        patients = in_research(Patient.objects.filter(clinic=chosen), today).count()
        if patients > MOST_PATIENTS:
            text = _(
                "This clinic has %(n)s patients. The page exports %(most)s at most: more take longer than a"
                " browser waits. Who looks after the server exports them with: manage.py export_patients"
            )
            raise forms.ValidationError(text, params={"n": patients, "most": MOST_PATIENTS})
        return chosen

    def order(self) -> dict[str, Any]:
        """The arguments of the service, for a valid form."""
        chosen = self.cleaned_data
        clinic: Clinic = self.clinics[chosen["clinic"]]
        return {**chosen, "clinic": clinic}

"""The forms of a forecast: what would be otherwise, and what the doctor chooses."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import offer_choices
from dosing.forecast.patient_forecast import PatientForecast
from dosing.forecast.services import REASONS, DoseChoice
from dosing.models import ReasonCode
from dosing.rules.interactions.table import CLEARANCE_FACTORS
from dosing.rules.starting_dose import FORECAST_MG
from patients.forms.base import FactForm, NumberField
from patients.messages import format_value, sentence
from patients.rules.evidence import drug_name

if TYPE_CHECKING:
    from dosing.pharmacokinetics.inputs import WhatIf

# Milligrams, as the table has them.
DOSES = [f"{float(mg):g}" for mg in FORECAST_MG]
HIGHEST_PREDNISOLONE_MG = 100
# Where the label in the list of reasons means something else.
WORDS = {ReasonCode.CLINICAL_JUDGEMENT: _("Clinical judgement")}


# As many as lie between now and the draw; those already taken cannot be missed.
MISSED = (("1", _("the last before the draw")), ("2", _("the last two before the draw")))


class WhatIfForm(forms.Form):
    """Read from the address; nothing is kept."""

    use_required_attribute = False

    mg = forms.ChoiceField(label=_("Tacrolimus, mg"), required=False)
    prednisolone_mg = NumberField(
        label=_("Prednisolone, mg/day"), low=0, high=HIGHEST_PREDNISOLONE_MG, required=False
    )
    drug = forms.ChoiceField(label=_("Another drug beside it"), required=False)
    missed = forms.ChoiceField(label=_("Doses not taken"), required=False)

    def __init__(self, data: Any, now: PatientForecast) -> None:
        super().__init__(data, auto_id="otherwise-%s")  # beside another form with a dose
        taken, ahead, prednisolone = _now(now)
        named = sorted((sentence(drug_name(key, "")), key) for key in CLEARANCE_FACTORS if key not in taken)
        self._choose("mg", [("", _("as now")), *((mg, mg) for mg in DOSES)])
        self._choose("drug", [("", _("none")), *((key, name) for name, key in named)])
        self._choose("missed", [("", _("none")), *MISSED[:ahead]])
        if prednisolone is not None:
            self.fields["prednisolone_mg"].label = _("Prednisolone, mg/day (now %s)") % prednisolone

    def change(self) -> WhatIf:
        """For a valid form."""
        from dosing.pharmacokinetics.inputs import WhatIf

        given = self.cleaned_data
        prednisolone = given["prednisolone_mg"]
        return WhatIf(
            mg=float(given["mg"]) if given["mg"] else None,
            prednisolone_mg=None if prednisolone is None else float(prednisolone),
            drug=given["drug"],
            missed=int(given["missed"] or 0),
        )

    def _choose(self, name: str, choices: list[Any]) -> None:
        offer_choices(self, name, choices)


def _now(now: PatientForecast) -> tuple[set[str], int, str | None]:
    """Drugs taken already, doses that lie before the draw, and prednisolone in mg/day where it is known."""
    from dosing.pharmacokinetics.inputs import doses_ahead, taken_now
    from dosing.pharmacokinetics.inputs.covariates import prednisolone_now

    if now.inputs is None:
        return set(), 0, None
    mg = prednisolone_now(now.case)
    return taken_now(now.inputs), doses_ahead(now.inputs), None if mg is None else format_value(mg)


class ChoiceForm(FactForm):
    """The dose that the doctor chooses; none is chosen beforehand. fingerprint: of the facts on the page."""

    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=16)
    mg = forms.ChoiceField(
        label=_("Dose chosen, mg"),
        choices=[("", "—"), *((mg, mg) for mg in DOSES)],
        error_messages={"required": _("Choose a dose; today's dose is a choice too.")},
    )
    reason_code = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", "—"), *((code.value, WORDS.get(code, code.label)) for code in REASONS)],
        required=False,
    )
    reason_text = forms.CharField(label=_("Reason in words"), max_length=300, required=False)

    def __init__(self, now: PatientForecast, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["version"]
        marked = now.mark.row
        self.fields["reason_code"].label = (
            _("Reason (no dose is marked)")
            if marked is None
            else _("Reason (needed unless %s mg)") % f"{marked.option.mg:g}"
        )

    def choice(self) -> DoseChoice:
        """For a valid form."""
        given = self.cleaned_data
        return DoseChoice(Decimal(given["mg"]), given["reason_code"], given["reason_text"])

    def show_fingerprint(self, fingerprint: str) -> None:
        """Put the fingerprint of what is on the page now into the form."""
        self.initial["fingerprint"] = fingerprint
        if self.is_bound:
            self.data = self.data.copy()
            self.data["fingerprint"] = fingerprint

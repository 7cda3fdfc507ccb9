"""The visit: its sections, which of them a nurse may fill, and the checks across fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.forms.base import FactForm, NumberField, PlainDateField, YesNoUnknownField
from patients.forms.visit_rows import Entry, SledaiRow, SymptomRow, before, entry, options
from patients.models import ATTRIBUTIONS, Patient, Visit
from patients.rules.findings import OBSERVATIONS, ORGAN_FINDINGS, SYMPTOMS
from patients.rules.sledai import ITEMS, NEW_OR_RECURRENT

SEVERITIES = [
    ("", _("not assessed")),
    ("0", _("0 none")),
    ("1", _("1 mild")),
    ("2", _("2 moderate")),
    ("3", _("3 severe")),
]

VITALS = {
    "systolic_mm_hg": (_("Systolic pressure, mmHg"), 40, 300),
    "diastolic_mm_hg": (_("Diastolic pressure, mmHg"), 20, 200),
    "heart_rate_per_minute": (_("Heart rate, /min"), 20, 250),
    "temperature_c": (_("Temperature now, °C"), 30, 45),
    "weight_kg": (_("Weight, kg"), 20, 300),
}
JOINTS = {
    "swollen_joints": (_("Swollen joints"), 0, 66),
    "inflamed_joints": (_("Joints painful and inflamed"), 0, 68),
}
WHOLE_NUMBERS = frozenset(
    {"systolic_mm_hg", "diastolic_mm_hg", "heart_rate_per_minute", "adherence_percent", *JOINTS}
)


class ObservationsForm(FactForm):
    """What a nurse may enter: how the patient is, vital signs, adherence."""

    on = PlainDateField(label=_("Date of visit"))

    def __init__(self, previous: Visit | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.previous = previous
        for code, label in SYMPTOMS.items():
            self.fields[f"{code}_severity"] = _severity(gettext(label))
        for code, label in OBSERVATIONS.items():
            self.fields[f"observed_{code}"] = YesNoUnknownField(label=gettext(label).capitalize())
        if not self.is_bound:
            first = next(iter(SYMPTOMS))
            self.fields[f"{first}_severity"].widget.attrs["autofocus"] = True
        self._add_numbers({**VITALS, **JOINTS})
        self._add_numbers(
            {
                "highest_temperature_c": (_("Highest temperature since the last visit, °C"), 30, 45),
                "adherence_percent": (_("Doses taken as prescribed, %"), 0, 100),
            }
        )

    def symptoms(self) -> Iterator[SymptomRow]:
        for code, label in SYMPTOMS.items():
            worse = f"{code}_worse"
            yield SymptomRow(
                label=gettext(label).capitalize(),
                severity=self._entry(f"{code}_severity"),
                attribution=self._entry(f"{code}_attribution") if worse in self.fields else None,
                worse=self[worse] if worse in self.fields else None,
            )

    def observations(self) -> list[Entry]:
        return [self._entry(f"observed_{code}") for code in OBSERVATIONS]

    def vitals(self) -> list[Entry]:
        return [self._entry(name) for name in (*VITALS, "highest_temperature_c", "adherence_percent")]

    def joints(self) -> list[Entry]:
        return [self._entry(name) for name in JOINTS]

    def values(self) -> dict[str, Any]:
        """The entered values by model field, for the service."""
        kept = set(self.fields) - {"submission", "version", "reason", "confirm_contradictions"}
        return {name: self.cleaned_data.get(name) for name in kept}

    def _add_numbers(self, numbers: Mapping[str, tuple[Any, float, float]]) -> None:
        for name, (label, low, high) in numbers.items():
            field = WholeNumberField if name in WHOLE_NUMBERS else NumberField
            self.fields[name] = field(label=label, low=low, high=high, required=False)

    def _entry(self, name: str) -> Entry:
        return entry(self, name, self.previous)


class VisitForm(ObservationsForm):
    """What a rheumatologist enters: everything, with SLEDAI and her own judgement."""

    def __init__(self, previous: Visit | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(previous, *args, **kwargs)
        for code, label in SYMPTOMS.items():
            self.fields[f"{code}_attribution"] = forms.ChoiceField(
                label=gettext("%(symptom)s: due to SLE?") % {"symptom": gettext(label)},
                choices=ATTRIBUTIONS,
                required=False,
            )
            self.fields[f"{code}_worse"] = forms.BooleanField(
                label=gettext("%(symptom)s worse than before") % {"symptom": gettext(label)}, required=False
            )
        for item in ITEMS:
            self.fields[f"sledai_{item.code}"] = YesNoUnknownField(
                label=gettext(item.label), widget=forms.RadioSelect
            )
        for code in NEW_OR_RECURRENT:
            self.fields[f"new_or_recurrent_{code}"] = YesNoUnknownField(label=_("new or recurrent"))
        for code, label in ORGAN_FINDINGS.items():
            self.fields[f"organ_{code}"] = YesNoUnknownField(label=gettext(label).capitalize())
        self._add_numbers({"physician_global": (_("Physician's global, 0 to 3"), 0, 3)})
        self.fields["worse_comment"] = forms.CharField(
            label=_("Worse than before: in words"), max_length=300, required=False
        )
        self.fields["note"] = forms.CharField(
            label=_("Note"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
        )
        self.fields["confirm_contradictions"] = forms.BooleanField(
            label=_("The SLEDAI answers are right as given"), required=False
        )

    def sledai(self) -> Iterator[SledaiRow]:
        for item in ITEMS:
            name, again = f"sledai_{item.code}", f"new_or_recurrent_{item.code}"
            bound = self[name]
            yield SledaiRow(
                item=item,
                name=name,
                label=str(bound.label),
                errors=[str(error) for error in bound.errors],
                options=options(bound),
                before=before(self, name, self.previous),
                new_or_recurrent=self._entry(again) if again in self.fields else None,
            )

    def organs(self) -> list[Entry]:
        return [self._entry(f"organ_{code}") for code in ORGAN_FINDINGS]

    def global_estimate(self) -> Entry:
        return self._entry("physician_global")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for code in SYMPTOMS:
            if cleaned.get(f"{code}_worse") and cleaned.get(f"{code}_severity") == 0:
                self.add_error(f"{code}_worse", _("Graded 0 and worse than before: one of them is wrong."))
        ticked = any(cleaned.get(f"{code}_worse") for code in SYMPTOMS)
        if ticked and not cleaned.get("worse_comment") and "worse_comment" not in self.errors:
            self.add_error("worse_comment", _("Say in words what is worse."))
        return cleaned

    def answers(self) -> dict[str, bool | None]:
        """The SLEDAI answers by item code."""
        return {item.code: self.cleaned_data.get(f"sledai_{item.code}") for item in ITEMS}


class AmendmentForm(VisitForm):
    """A signed visit changed, with the reason."""

    def __init__(self, previous: Visit | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(previous, *args, **kwargs)
        self.fields["reason"] = forms.CharField(label=_("Why is the signed visit changed?"), max_length=300)


class WholeNumberField(NumberField):
    """A whole number."""

    def compress(self, text: str) -> Any:
        value = super().compress(text)
        if value != int(value):
            raise ValidationError(_("Write a whole number."))
        return int(value)


def visit_as_typed(patient: Patient, form: ObservationsForm) -> Visit:
    """The visit that the form would save, unsaved; what cannot be read counts as not assessed.

    Without a readable date it has none.
    """
    form.is_valid()
    known = {name: value for name, value in form.values().items() if value is not None}
    return Visit(patient=patient, **known)


def initial_of(visit: Visit, form: type[ObservationsForm]) -> dict[str, Any]:
    """The visit's values as a form's initial data."""
    names = set(form(None).fields) - {"submission", "reason", "confirm_contradictions"}
    return {name: getattr(visit, name) for name in names}


def _severity(label: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=SEVERITIES, coerce=int, empty_value=None, required=False
    )

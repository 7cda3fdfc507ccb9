"""The nurses' sheet of levels: a laboratory, and rows each of which is one level."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dosing.levels.services import ANALYTE
from dosing.models import TacrolimusLevel, TargetRange
from dosing.rules.starting_dose import HIGHEST_MG
from patients.forms.base import FactForm, NumberField, PlainDateField, QuantityField
from patients.models import Laboratory, Patient
from patients.rules.unit_names import unit_named
from patients.rules.units import Quantity, parse_quantity, to_canonical

ROW = re.compile(r"row-(\d{1,4})-patient")
SEPARATOR = "·"
NUMBER_AND_UNIT = re.compile(r"(?P<number>[<>]?\s*[\d.,]+)\s*(?P<unit>[a-zµμ]\S*)", re.IGNORECASE)
MOMENT_FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M")
CONTENT = ("patient", "dose_mg", "last_dose_at", "drawn_at", "value")


class MomentField(forms.DateTimeField):
    """A day and time on the clinic's clock, from the browser's own field; its zone is put in later."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = {"invalid": _("Write the day and the time as 2026-11-22T20:00.")}

    def to_python(self, value: Any) -> Any:
        """Naive, as typed: which clinic's clock it is, only the patient tells."""
        for written in MOMENT_FORMATS:
            try:
                return datetime.strptime(str(value).strip(), written)
            except ValueError:
                continue
        if value in self.empty_values:
            return None
        raise ValidationError(self.error_messages["invalid"], code="invalid")


class LevelField(QuantityField):
    """A level as typed, "7.4", "<1.5" or with its unit: the quantity in ng/ml."""

    def compress(self, text: str) -> Quantity:
        found = NUMBER_AND_UNIT.fullmatch(text.strip())
        if found is None:
            return parse_quantity(text)
        quantity = parse_quantity(found["number"])
        unit = unit_named(ANALYTE, found["unit"])
        if unit is None:
            raise ValidationError(
                _("%(unit)s does not fit: write the level in ng/ml (1 ng/ml is 1 µg/l)."),
                params={"unit": found["unit"]},
            )
        return Quantity(quantity.comparator, to_canonical(ANALYTE, quantity.value, unit))


class LevelRow(FactForm):
    """One level. The patient is named by the number, alone or as the list writes it: "1038 · Sato Yuki"."""

    patient = forms.CharField(
        label=_("Patient"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    dose_mg = NumberField(label=_("Dose, mg"), low=0, high=HIGHEST_MG, required=False)
    last_dose_at = MomentField(label=_("Last dose taken"), required=False)
    drawn_at = MomentField(label=_("Drawn"))
    value = LevelField(label=_("Level, ng/ml"))
    confirmed = forms.BooleanField(label=_("it is right"), required=False)

    def __init__(self, number: int, by: User, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, prefix=f"row-{number}", **kwargs)
        self.number = number
        self.by = by
        self.to_confirm = False
        del self.fields["version"]

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into a row that was sent."""
        return not any(self.data.get(self.add_prefix(name), "").strip() for name in CONTENT)

    def resume(self, typed: Mapping[str, list[str]]) -> None:
        """The row's own key comes back too: a row that was on its way is not saved twice."""
        mine = {name: typed.get(self.add_prefix(name), []) for name in self.fields}
        super().resume(mine)
        if mine["submission"]:
            self.initial["submission"] = mine["submission"][0]

    def clean_patient(self) -> Patient:
        """By number, exactly, among the patients of the user's clinics."""
        number = self.cleaned_data["patient"].split(SEPARATOR)[0].strip().lstrip("#")
        found = list(Patient.objects.visible_to(self.by).filter(number=number).select_related("clinic")[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(_("Two of your clinics have a patient of this number."))
        raise ValidationError(_("No patient has this number. Type a few letters and choose from the list."))

    def level(self, laboratory: Laboratory, assay: str) -> TacrolimusLevel:
        """The row as an unsaved level."""
        given = self.cleaned_data
        patient: Patient = given["patient"]
        zone = ZoneInfo(patient.clinic.time_zone)
        quantity: Quantity = given["value"]
        return TacrolimusLevel(
            patient=patient,
            drawn_at=given["drawn_at"].replace(tzinfo=zone),
            last_dose_at=_in(zone, given["last_dose_at"]),
            dose_mg=given["dose_mg"],
            value_ng_ml=quantity.value.quantize(Decimal("0.01")),
            comparator=quantity.comparator,
            entered=self.data[self.add_prefix("value")].strip(),
            assay=assay,
            laboratory=laboratory,
        )

    def take_sheet_errors(self, sheet: LevelSheet) -> None:
        """Errors in the head of the sheet are shown in the row that was sent."""
        for name in ("laboratory", "assay"):
            for error in sheet.errors.get(name, ()):
                self.add_error(None, f"{sheet.fields[name].label}: {error}")

    def take_errors(self, error: ValidationError) -> None:
        """The service's name of the value is the column's."""
        if hasattr(error, "error_dict"):
            self.to_confirm = "confirmed" in error.error_dict
            columns = {"value_ng_ml": "value"}
            found = error.error_dict.items()
            error = ValidationError({columns.get(name, name): errors for name, errors in found})
        super().take_errors(error)


class LevelSheet(FactForm):
    """Where the samples were measured, and the rows. Its submission is the key of its draft.

    patient: the number that the first row begins with.
    """

    laboratory = forms.CharField(
        label=_("Laboratory"), max_length=80, widget=forms.TextInput(attrs={"list": "laboratories"})
    )
    assay = forms.CharField(label=_("Assay"), max_length=40, required=False)

    def __init__(self, by: User, *args: Any, patient: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        del self.fields["version"]
        numbers = _numbers(self.data) if self.is_bound else ()
        self.rows = [LevelRow(number, by, self.data) for number in numbers]
        if not self.rows:
            self.rows = [LevelRow(0, by, initial={"patient": patient})]

    def resume(self, typed: Mapping[str, list[str]]) -> None:
        super().resume(typed)
        self.rows = [LevelRow(number, self.by) for number in _numbers(typed)] or self.rows
        for row in self.rows:
            row.resume(typed)

    def next_row(self) -> LevelRow:
        """An empty row under the ones that are there."""
        return LevelRow(max(row.number for row in self.rows) + 1, self.by)


class TargetForm(FactForm):
    """The patient's own range for morning levels."""

    set_on = PlainDateField(label=_("From"))
    low_ng_ml = NumberField(label=_("Lowest, ng/ml"), low=0, high=20)
    high_ng_ml = NumberField(label=_("Highest, ng/ml"), low=0, high=20)
    reason = forms.CharField(label=_("Why another range than the clinic's"), max_length=300)
    source = forms.CharField(label=_("Where it comes from (guideline, specialist)"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["version"]

    def target(self, patient: Patient) -> TargetRange:
        names = ("set_on", "low_ng_ml", "high_ng_ml", "reason", "source")
        return TargetRange(patient=patient, **{name: self.cleaned_data[name] for name in names})


def _numbers(names: Mapping[str, Any]) -> list[int]:
    return sorted({int(match[1]) for name in names if (match := ROW.fullmatch(name))})


def _in(zone: tzinfo, moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=zone)

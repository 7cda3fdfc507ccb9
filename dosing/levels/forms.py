"""The nurses' sheet of levels: a laboratory, and rows each of which is one level."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Clinic, DateOrder, User
from dosing.levels.services import ANALYTE
from dosing.models import TacrolimusLevel, TargetRange
from dosing.rules.starting_dose import HIGHEST_MG
from patients.forms.base import FactForm, NumberField, PlainDateField, QuantityField
from patients.messages import sentence
from patients.models import Laboratory, Patient
from patients.rules.folding import same_name
from patients.rules.typed_moments import Clock, read_moment
from patients.rules.unit_names import unit_named
from patients.rules.units import EntryError, Quantity, parse_quantity, to_canonical

ROW = re.compile(r"row-(\d{1,4})-patient")
SEPARATOR = "·"
NUMBER_AND_UNIT = re.compile(r"(?P<number>[<>]?\s*[\d.,]+)\s*(?P<unit>[a-zµμ]\S*)", re.IGNORECASE)
CONTENT = ("patient", "dose_mg", "drawn_at", "last_dose_at", "value")


class MomentField(forms.CharField):
    """A day and time as typed; by which clinic's clock it is read, only the patient tells."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "data-moment": ""})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)


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
    """One level. The patient is named by the number, alone or as the list writes it: "1038 · Sato Yuki".

    With two of one number the clinic stands behind the name.
    """

    patient = forms.CharField(
        label=_("Patient"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    dose_mg = NumberField(label=_("Dose, mg"), low=0, high=HIGHEST_MG, required=False)
    drawn_at = MomentField(label=_("Drawn"))
    last_dose_at = MomentField(label=_("Last dose taken"), required=False)
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
        return patient_named(self.cleaned_data["patient"], self.by)

    def clean(self) -> dict[str, Any]:
        """Read the moments by the clock of the patient's clinic; a dose is the latest before the draw."""
        cleaned = super().clean() or self.cleaned_data
        patient = cleaned.get("patient")
        if isinstance(patient, Patient):
            clock = clock_of(patient.clinic)
            cleaned["drawn_at"] = drawn = self._read("drawn_at", clock)
            cleaned["last_dose_at"] = self._read("last_dose_at", clock, drawn)
        return cleaned

    def _read(self, name: str, clock: Clock, before: datetime | None = None) -> datetime | None:
        """The moment that was typed; None where nothing was, and with an error where it cannot be read."""
        typed = self.cleaned_data.get(name)
        try:
            return read_moment(typed, clock, before) if typed else None
        except EntryError as error:
            self.add_error(name, sentence(error.message))
            return None

    def level(self, laboratory: Laboratory, assay: str) -> TacrolimusLevel:
        """The row as an unsaved level."""
        given = self.cleaned_data
        patient: Patient = given["patient"]
        quantity: Quantity = given["value"]
        return TacrolimusLevel(
            patient=patient,
            drawn_at=given["drawn_at"],
            last_dose_at=given["last_dose_at"],
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


def patient_named(text: str, by: User) -> Patient:
    """Whom a number among the patients of the user's clinics means; a name beside it must agree.

    Raises ValidationError with what to do where it is nobody or several.
    """
    number, _dot, rest = text.partition(SEPARATOR)
    named = [part.strip() for part in rest.split(f" {SEPARATOR} ")]
    rows = Patient.objects.visible_to(by).numbered(number).select_related("clinic")
    found = [patient for patient in rows if _agrees(patient, named)]
    if len(found) == 1:
        return found[0]
    if found:
        raise ValidationError(
            _("Two of your clinics have a patient of this number: choose from the list by name.")
        )
    if rows:
        raise ValidationError(_("The patient of this number has another name. Choose from the list."))
    raise ValidationError(_("No patient has this number. Type a few letters and choose from the list."))


def clock_of(clinic: Clinic) -> Clock:
    """By what a typed moment is read in a clinic."""
    return Clock(ZoneInfo(clinic.time_zone), timezone.now(), clinic.date_order == DateOrder.DAY_FIRST)


def _agrees(patient: Patient, named: list[str]) -> bool:
    """Whether the name and the clinic beside a number, where they are written, are the patient's."""
    own = (str(patient), patient.clinic.name)
    return all(same_name(written, mine) for written, mine in zip(named, own, strict=False) if written)


class MomentForm(forms.Form):
    """How a moment is read while it is typed. before: the draw, where the moment is that of a dose."""

    text = MomentField()
    patient = forms.CharField(required=False, max_length=200)
    before = MomentField(required=False)

    def __init__(self, by: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "text" in cleaned:
            clock = clock_of(self._clinic())
            try:
                cleaned["text"] = read_moment(cleaned["text"], clock, self._draw(clock))
            except EntryError as error:
                self.add_error("text", sentence(error.message))
        return cleaned

    def _clinic(self) -> Clinic:
        """The patient's; as long as nobody is chosen, the first of the user's."""
        try:
            return patient_named(self.cleaned_data.get("patient", ""), self.by).clinic
        except ValidationError:
            return self.by.own_clinics[0]

    def _draw(self, clock: Clock) -> datetime | None:
        typed = self.cleaned_data.get("before")
        try:
            return read_moment(typed, clock) if typed else None
        except EntryError:
            return None


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

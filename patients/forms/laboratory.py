"""A sheet of laboratory results of one collection: one row an analyte, only filled rows count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.forms.base import ClockTimeField, FactForm, NumberField, PlainDateField, YesNoUnknownField
from patients.forms.result_field import ResultField, UnitField, check_unit_of_another_laboratory, unit_of
from patients.messages import sentence, unit
from patients.models import Laboratory, LaboratoryResult, Patient
from patients.rules.analyte import Analyte
from patients.rules.analytes import ANALYTES
from patients.rules.typed_moments import clock_shows
from patients.rules.typed_result import TypedResult
from patients.rules.units import EntryError, Quantity, check_range, to_canonical
from patients.sheet_order import ON_THE_SHEET, Sheet

# Where the cursor goes for a missing item that is not itself an analyte.
FIRST_OF = {
    "urinalysis": "urine_rbc",
    "blood_count": "platelets",
    "c3_confirmation": "c3",
    "ck_limit": "ck",
}
ENTERED_HERE = tuple(ANALYTES[key] for key in ON_THE_SHEET)
USUAL_SHEET = Sheet()


@dataclass(frozen=True)
class AnalyteFields:
    """One analyte's fields, for the template."""

    analyte: Analyte
    value: BoundField
    unit: BoundField | None
    low: BoundField | None
    high: BoundField | None
    method: BoundField | None
    confirm: BoundField | None
    last: LaboratoryResult | None


class LaboratorySheetForm(FactForm):
    """The collection, and fields for each analyte named <key>_value, _unit, _low, _high, _method.

    units: what the lists open with, as last used for the laboratory on offer. units_of_named: those of
    the laboratory that was typed, where it is another.
    """

    collected_on = PlainDateField(label=_("Collected on"))
    collected_time = ClockTimeField(label=_("At"), required=False, help_text=_("like 9, 0900 or 9:00"))
    laboratory = forms.CharField(
        label=_("Laboratory"), max_length=80, widget=forms.TextInput(attrs={"list": "laboratories"})
    )
    during_infection = forms.BooleanField(label=_("Taken during an infection"), required=False)
    fasting = YesNoUnknownField(label=_("Fasting"), unknown=_("not known"))
    haemolysed = forms.BooleanField(label=_("Haemolysed"), required=False)

    def __init__(
        self,
        patient: Patient,
        *args: Any,
        focus: str = "",
        latest: Mapping[str, LaboratoryResult] | None = None,
        units: Mapping[str, str] | None = None,
        units_of_named: Mapping[str, str] | None = None,
        sheet: Sheet = USUAL_SHEET,
        analytes: tuple[Analyte, ...] = ENTERED_HERE,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.patient = patient
        self.latest = latest or {}
        self.units = units or {}
        self.units_of_named = units_of_named
        self.sheet = sheet
        self.focus = FIRST_OF.get(focus, focus)
        self.analytes = analytes
        self.to_confirm: set[str] = set()
        self.unit_codes: dict[str, str] = {}
        for analyte in analytes:
            self._add_fields(analyte)
        first = self.fields.get(f"{self.focus}_value")
        if first is not None and not self.is_bound:
            first.widget.attrs["autofocus"] = True

    def groups(self) -> Iterator[tuple[str, list[AnalyteFields]]]:
        """The rows that stand first: in the clinic's own order, else by group."""
        first = [ANALYTES[key] for key in self.sheet.first]
        if self.sheet.is_own:
            yield gettext("In the order of this clinic"), [self.row(analyte) for analyte in first]
        else:
            yield from self._by_group(first)

    def more_groups(self) -> Iterator[tuple[str, list[AnalyteFields]]]:
        """The rows that fold away, by group; its name is another than that of the rows that stand first."""
        for name, rows in self._by_group(self._folded()):
            yield gettext("%(group)s, more") % {"group": name}, rows

    @property
    def is_more_open(self) -> bool:
        """Whether something was typed, refused or asked for among the rows that fold away."""
        return any(
            analyte.key == self.focus or self[f"{analyte.key}_value"].value() or self._is_refused(analyte)
            for analyte in self._folded()
        )

    def _folded(self) -> list[Analyte]:
        return [analyte for analyte in self.analytes if analyte.key not in self.sheet.first]

    def _is_refused(self, analyte: Analyte) -> bool:
        return any(f"{analyte.key}_{part}" in self.errors for part in ("value", "low", "high", "method"))

    def _by_group(self, analytes: Sequence[Analyte]) -> Iterator[tuple[str, list[AnalyteFields]]]:
        for name in dict.fromkeys(analyte.group for analyte in analytes):
            yield gettext(name), [self.row(analyte) for analyte in analytes if analyte.group == name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._check_clock(cleaned)
        for analyte in self.analytes:
            self._check(analyte, cleaned)
        if not self.errors and not any(cleaned.get(f"{row.key}_value") for row in self.analytes):
            raise ValidationError(_("Enter at least one result."))
        return cleaned

    def _check_clock(self, cleaned: dict[str, Any]) -> None:
        """In the night in which clocks are changed an hour is missing, and one comes twice."""
        day, at = cleaned.get("collected_on"), cleaned.get("collected_time")
        if day is None or at is None:
            return
        times = clock_shows(datetime.combine(day, at), ZoneInfo(self.patient.clinic.time_zone))
        if times == 0:
            self.add_error(
                "collected_time", _("This time did not exist on that day: clocks were put forward.")
            )
        elif times > 1:
            self.add_error(
                "collected_time",
                _("This time came twice in that night. Leave it empty: then the whole day counts."),
            )

    def results(self, laboratory: Laboratory) -> list[LaboratoryResult]:
        """The filled rows as unsaved results in canonical units."""
        return [
            self._result(analyte, laboratory)
            for analyte in self.analytes
            if self.cleaned_data.get(f"{analyte.key}_value")
        ]

    def take_errors(self, error: ValidationError) -> None:
        """A service names the analyte; its message belongs next to the analyte's value."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            field = f"{name}_value" if name in ANALYTES else None
            self.add_error("collected_on" if name == "collected_at" else field, errors)

    def collected_at(self) -> datetime:
        zone = ZoneInfo(self.patient.clinic.time_zone)
        time = self.cleaned_data["collected_time"] or datetime.min.time()
        return datetime.combine(self.cleaned_data["collected_on"], time, tzinfo=zone)

    def _add_fields(self, analyte: Analyte) -> None:
        label = sentence_of(analyte)
        if not analyte.is_quantity:
            choices = [("", "—"), *((finding, _(finding)) for finding in analyte.findings)]
            self.fields[f"{analyte.key}_value"] = forms.ChoiceField(
                label=label, choices=choices, required=False
            )
            return
        self.fields[f"{analyte.key}_value"] = ResultField(analyte, label=label)
        self.fields[f"{analyte.key}_unit"] = UnitField(
            analyte,
            last_used=self.units.get(analyte.key, ""),
            label=gettext("%(analyte)s: unit") % {"analyte": label},
        )
        for side, text in (("low", _("lower limit")), ("high", _("upper limit"))):
            self.fields[f"{analyte.key}_{side}"] = NumberField(label=f"{label}: {text}", required=False)
        self.fields[f"{analyte.key}_confirm"] = forms.BooleanField(
            label=gettext("%(analyte)s: the value is right") % {"analyte": label}, required=False
        )
        if analyte.method_required:
            self._add_method(analyte)

    def _add_method(self, analyte: Analyte) -> None:
        self.fields[f"{analyte.key}_method"] = forms.CharField(
            label=f"{sentence_of(analyte)}: {gettext('method')}", max_length=40, required=False
        )

    def row(self, analyte: Analyte) -> AnalyteFields:
        """The fields of one analyte."""
        names = {part: f"{analyte.key}_{part}" for part in ("unit", "low", "high", "method", "confirm")}
        bound = {part: self[name] if name in self.fields else None for part, name in names.items()}
        if analyte.key not in self.to_confirm:
            bound["confirm"] = None
        return AnalyteFields(
            analyte=analyte, value=self[f"{analyte.key}_value"], last=self.latest.get(analyte.key), **bound
        )

    def _check(self, analyte: Analyte, cleaned: dict[str, Any]) -> None:
        typed = cleaned.get(f"{analyte.key}_value")
        if not typed or not analyte.is_quantity or typed.quantity is None:
            return
        unit_code = unit_of(self, analyte, typed)
        if self.units_of_named is not None and not typed.unit:
            check_unit_of_another_laboratory(self, analyte, unit_code, self.units_of_named)
        self.unit_codes[analyte.key] = unit_code
        try:
            value = to_canonical(analyte.key, typed.quantity.value, unit_code)
            end = self._canonical_end(analyte, typed.quantity)
        except EntryError as error:
            self.add_error(f"{analyte.key}_value", sentence(error.message))
            return
        self._check_range(analyte, value if end is None else end, cleaned)
        missing_method = analyte.method_required and not cleaned.get(f"{analyte.key}_method")
        if missing_method:
            self.add_error(
                f"{analyte.key}_method", gettext("Say which method: limits differ between methods.")
            )
        if analyte.method_required and cleaned.get(f"{analyte.key}_high") is None:
            self.add_error(
                f"{analyte.key}_high", gettext("Give the laboratory's upper limit for this method.")
            )

    def _check_range(self, analyte: Analyte, value: Decimal, cleaned: dict[str, Any]) -> None:
        verdict = check_range(analyte.key, value)
        if verdict == "impossible":
            self.add_error(
                f"{analyte.key}_value",
                gettext("Not possible: between %(low)s and %(high)s %(unit)s. Check the number and its unit.")
                % {
                    "low": analyte.impossible_below,
                    "high": analyte.impossible_above,
                    "unit": unit(analyte.unit),
                },
            )
        if verdict == "concerning":
            self.to_confirm.add(analyte.key)
            if not cleaned.get(f"{analyte.key}_confirm"):
                self.add_error(
                    f"{analyte.key}_value",
                    gettext("Unusual value. If it is right, tick “the value is right”."),
                )

    def _result(self, analyte: Analyte, laboratory: Laboratory) -> LaboratoryResult:
        result = LaboratoryResult(
            patient=self.patient,
            analyte=analyte.key,
            collected_at=self.collected_at(),
            laboratory=laboratory,
            during_infection=self.cleaned_data["during_infection"],
            fasting=self.cleaned_data.get("fasting") if analyte.asks_fasting else None,
            haemolysed=analyte.asks_haemolysis and self.cleaned_data.get("haemolysed", False),
        )
        given = self.cleaned_data[f"{analyte.key}_value"]
        if isinstance(given, TypedResult) and given.quantity is not None:
            return self._quantified(result, analyte, given.quantity)
        result.finding = result.entered = given.finding if isinstance(given, TypedResult) else given
        return result

    def _quantified(self, result: LaboratoryResult, analyte: Analyte, quantity: Quantity) -> LaboratoryResult:
        unit_code = self.unit_codes[analyte.key]
        result.value = to_canonical(analyte.key, quantity.value, unit_code)
        result.value_high = self._canonical_end(analyte, quantity)
        result.comparator = quantity.comparator
        result.entered = f"{quantity.digits} {unit_code}"
        result.method = self.cleaned_data.get(f"{analyte.key}_method", "")
        for side, field in (("low", "lower_limit"), ("high", "upper_limit")):
            limit = self.cleaned_data.get(f"{analyte.key}_{side}")
            if limit is not None:
                setattr(result, field, to_canonical(analyte.key, limit, unit_code))
        return result

    def _canonical_end(self, analyte: Analyte, quantity: Quantity) -> Decimal | None:
        if quantity.high is None:
            return None
        return to_canonical(analyte.key, quantity.high, self.unit_codes[analyte.key])


def sentence_of(analyte: Analyte) -> str:
    return gettext(analyte.label)

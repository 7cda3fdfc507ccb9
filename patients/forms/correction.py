"""Correcting one laboratory result: the fields of the entry form as they are stored, and a reason."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.forms.laboratory import AnalyteFields, LaboratorySheetForm
from patients.models import Laboratory, LaboratoryResult
from patients.result_in_words import printed_parts
from patients.rules.analyte import Analyte
from patients.rules.analytes import ANALYTES
from patients.rules.units import from_canonical

# What a correction may change. Another analyte or another patient is another result.
CORRECTED = (
    "value", "value_high", "finding", "comparator", "entered", "collected_at", "laboratory", "method",
    "lower_limit", "upper_limit", "during_infection", "fasting", "haemolysed",
)  # fmt: skip
# Where the service's name of a field differs from the form's: the second part of the form's name.
PART_OF = {"value": "value", "upper_limit": "high", "lower_limit": "low", "method": "method"}


class ResultCorrectionForm(LaboratorySheetForm):
    """A stored result of an analyte of the catalogue, in its printed unit until another is chosen."""

    reason = forms.CharField(
        label=_("Why is it corrected?"),
        max_length=300,
        help_text=_("Like “misread from the sheet”. It stays in the history with both versions."),
    )

    def __init__(self, result: LaboratoryResult, data: Any = None) -> None:
        self.result = result
        self.analyte = ANALYTES[result.analyte]
        self.shown_in = unit_shown(result)
        super().__init__(
            result.patient,
            data,
            initial=as_typed(result),
            units={result.analyte: self.shown_in},
            analytes=(self.analyte,),
        )
        if result.method and self._name("method") not in self.fields:
            self._add_method(self.analyte)
        self._leave_out_what_does_not_matter()
        self.fields["reason"] = self.fields.pop("reason")

    def _leave_out_what_does_not_matter(self) -> None:
        if not self.analyte.asks_fasting:
            del self.fields["fasting"]
        if not self.analyte.asks_haemolysis:
            del self.fields["haemolysed"]

    def entry(self) -> AnalyteFields:
        """The fields of the analyte, for the template."""
        return self.row(self.analyte)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.unit_codes.get(self.analyte.key, self.shown_in) != self.shown_in:
            self._ask_for_limits_in_the_other_unit(cleaned)
        return cleaned

    def collected_at(self) -> datetime:
        """As stored, to the second, unless another day or minute was typed."""
        typed = super().collected_at()
        stored = self.result.collected_at
        return stored if _minute(stored, typed.tzinfo) == _minute(typed, typed.tzinfo) else typed

    def typed(self, laboratory: Laboratory | None = None) -> LaboratoryResult:
        """The result as typed, unsaved; without a laboratory it belongs to one that is known by name only."""
        place = laboratory or Laboratory(
            clinic=self.patient.clinic, name=self.cleaned_data["laboratory"].strip()
        )
        typed = self._result(self.analyte, place)
        if self._is_the_stored_value(typed):
            typed.entered = self.result.entered
        return typed

    def values(self, laboratory: Laboratory) -> dict[str, Any]:
        """The values for the service."""
        typed = self.typed(laboratory)
        return {name: getattr(typed, name) for name in CORRECTED}

    def take_errors(self, error: ValidationError) -> None:
        """A service names the field of the result; its message belongs next to the field of the form."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            self.add_error(self._field_of(name), errors)

    def _is_the_stored_value(self, typed: LaboratoryResult) -> bool:
        in_the_same_unit = self.unit_codes.get(self.analyte.key, self.shown_in) == self.shown_in
        named = ("value", "value_high", "comparator", "finding")
        return in_the_same_unit and all(getattr(typed, name) == getattr(self.result, name) for name in named)

    def _field_of(self, name: str) -> str | None:
        names = (name, "collected_on" if name == "collected_at" else self._name(PART_OF.get(name, "")))
        return next((known for known in names if known in self.fields), None)

    def _name(self, part: str) -> str:
        return f"{self.analyte.key}_{part}"

    def _check_range(self, analyte: Analyte, value: Decimal, cleaned: dict[str, Any]) -> None:
        """What stays as it was is not asked about again."""
        if value != self.result.value:
            super()._check_range(analyte, value, cleaned)

    def _ask_for_limits_in_the_other_unit(self, cleaned: dict[str, Any]) -> None:
        """Limits left as they stood would be read in the unit that was chosen for the value."""
        for name in (self._name("low"), self._name("high")):
            if cleaned.get(name) is not None and name not in self.changed_data:
                self.add_error(
                    name,
                    gettext("The unit is another one now: give this limit in it too, or leave it empty."),
                )


def unit_shown(result: LaboratoryResult) -> str:
    """The unit that a result and its limits are shown in to be corrected.

    The printed one, unless what is stored cannot be written in it: then the canonical one; "" of a finding.
    """
    printed = printed_parts(result)
    limits = [limit for limit in (result.lower_limit, result.upper_limit) if limit is not None]
    if printed is not None and all(_can_be_written(limit, result.analyte, printed[1]) for limit in limits):
        return printed[1]
    return ANALYTES[result.analyte].unit


def as_typed(result: LaboratoryResult) -> dict[str, Any]:
    """The stored result as a person would type it; a time that was not given stays empty."""
    key, zone = result.analyte, ZoneInfo(result.patient.clinic.time_zone)
    collected = timezone.localtime(result.collected_at, zone)
    shown_in = unit_shown(result)
    return {
        "version": result.version,
        "collected_on": collected.date(),
        "collected_time": None if collected.time() == time.min else collected.time(),
        "laboratory": result.laboratory.name,
        "during_infection": result.during_infection,
        "fasting": result.fasting,
        "haemolysed": result.haemolysed,
        f"{key}_value": result.finding or _digits(result, shown_in),
        f"{key}_low": _plain(result.lower_limit, key, shown_in),
        f"{key}_high": _plain(result.upper_limit, key, shown_in),
        f"{key}_method": result.method,
    }


def _digits(result: LaboratoryResult, shown_in: str) -> str:
    printed = printed_parts(result)
    if printed is not None and printed[1] == shown_in:
        return printed[0]
    return f"{result.comparator}{_plain(result.value, result.analyte, shown_in)}"


def _plain(value: Decimal | None, analyte: str, shown_in: str) -> str:
    shown = None if value is None else from_canonical(analyte, value, shown_in)
    return "" if shown is None else f"{shown.normalize():f}"


def _can_be_written(limit: Decimal, analyte: str, unit_code: str) -> bool:
    return from_canonical(analyte, limit, unit_code) is not None


def _minute(moment: datetime, zone: Any) -> datetime:
    return moment.astimezone(zone).replace(second=0, microsecond=0)

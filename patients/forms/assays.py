"""A laboratory's assay: analyte and method, its limits in the canonical unit, its variation, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import BootstrapFormMixin, ChangeForm, ReasonForm
from patients.conflicts import Difference
from patients.forms.base import NumberField
from patients.messages import sentence, unit
from patients.models import Assay
from patients.rules.analytes import ANALYTES
from patients.rules.verdict import say
from patients.services.assays import MOST_VARIATION_PERCENT, AssayNumbers

LARGEST_LIMIT = 10_000_000


def analyte_and_unit(key: str) -> str:
    """ "C3, mg/dl": an analyte with the unit in which its limits are kept."""
    analyte = ANALYTES[key]
    return f"{sentence(say(analyte.label))}, {unit(analyte.unit)}"


def _choices() -> Iterator[tuple[str, Any]]:
    """What is measured as a number here, by group."""
    yield "", "—"
    kept = [row for row in ANALYTES.values() if row.is_quantity and not row.goes_to_levels]
    for name in dict.fromkeys(row.group for row in kept):
        yield gettext(name), [(row.key, analyte_and_unit(row.key)) for row in kept if row.group == name]


class AssayNumbersForm(BootstrapFormMixin):
    """Limits and variation, the same for a new assay and for one that changes."""

    lower_limit = NumberField(label=_("Lower limit"), low=0, high=LARGEST_LIMIT, required=False)
    upper_limit = NumberField(label=_("Upper limit"), low=0, high=LARGEST_LIMIT, required=False)
    both_sexes = forms.BooleanField(
        label=_("The limits hold for women and men alike"),
        required=False,
        help_text=_("Asked where the usual limits differ by sex."),
    )
    analytical_variation_percent = NumberField(
        label=_("Analytical variation (CVA), %"),
        low=0,
        high=float(MOST_VARIATION_PERCENT),
        required=False,
        help_text=_(
            "As the laboratory states it; empty where it states none. Used where C3 is compared in time."
        ),
    )
    reason = forms.CharField(
        label=_("Why?"), max_length=300, help_text=_("Like “leaflet of the new reagent, May 2026”.")
    )

    def analyte_key(self) -> str:
        """Of which analyte the numbers are; "" when none is chosen."""
        return str(self.cleaned_data.get("analyte", ""))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        analyte = ANALYTES.get(self.analyte_key())
        given = cleaned.get("lower_limit") is not None or cleaned.get("upper_limit") is not None
        differs = analyte is not None and analyte.male_reference is not None
        if differs and given and not cleaned.get("both_sexes"):
            self.add_error(
                "both_sexes",
                _(
                    "The usual limits of this analyte differ between women and men. Tick this if the "
                    "laboratory's do not; else leave both limits empty: then the usual ones hold."
                ),
            )
        return cleaned

    def numbers(self) -> AssayNumbers:
        """The values for the service."""
        return AssayNumbers(*(self.cleaned_data[name] for name in AssayNumbers._fields))


class NewAssayForm(AssayNumbersForm):
    """An assay of a laboratory by name, which is entered when it is new."""

    laboratory = forms.CharField(
        label=_("Laboratory"),
        max_length=80,
        widget=forms.TextInput(attrs={"list": "laboratories", "autocomplete": "off"}),
    )
    analyte = forms.ChoiceField(label=_("Analyte, and the unit of its limits"))
    method = forms.CharField(
        label=_("Method"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"list": "methods", "autocomplete": "off"}),
        help_text=_("As the results name it, letter by letter; empty for results that name none."),
    )
    field_order = (
        "laboratory", "analyte", "method", "lower_limit", "upper_limit", "both_sexes",
        "analytical_variation_percent", "reason",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["analyte"].choices = _choices()  # type: ignore[attr-defined]


class ChangeAssayForm(AssayNumbersForm, ChangeForm):
    """Other numbers of an assay, as it was when the form was opened."""

    def __init__(self, assay: Assay, version: int, data: Any = None) -> None:
        initial = {name: _plain(getattr(assay, name)) for name in AssayNumbers._fields}
        super().__init__(data, initial={**initial, "version": version})
        self.assay = assay
        if ANALYTES[assay.analyte].male_reference is None:
            del self.fields["both_sexes"]
        for name in ("lower_limit", "upper_limit"):
            label = self.fields[name].label
            self.fields[name].label = f"{label}, {unit(ANALYTES[assay.analyte].unit)}"

    def analyte_key(self) -> str:
        return self.assay.analyte

    def differences(self) -> list[Difference]:
        """Where the numbers that were typed differ from the assay's."""
        numbers = self.numbers()._asdict()
        rows = [(name, getattr(self.assay, name), typed) for name, typed in numbers.items()]
        return [
            Difference(str(self.fields[name].label), stored, typed)
            for name, stored, typed in rows
            if stored != typed
        ]


class WithdrawAssayForm(ReasonForm, ChangeForm):
    """Why an assay is withdrawn, in view of which version."""


def _plain(value: Any) -> str:
    return "" if value is None else f"{value.normalize():f}"

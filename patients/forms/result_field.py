"""One result as it is typed, and which unit it is in."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext

from patients.forms.base import QuantityField
from patients.messages import unit
from patients.rules.analyte import Analyte
from patients.rules.typed_result import TypedResult, parse_result
from patients.rules.units import to_canonical


class ResultField(QuantityField):
    """A number, a bound or a range, with its unit behind it where one was typed."""

    def __init__(self, analyte: Analyte, **kwargs: Any) -> None:
        self.analyte = analyte
        super().__init__(max_length=40, required=False, **kwargs)
        if analyte.findings or analyte.is_counted_in_ranges:
            self.widget.attrs["inputmode"] = "text"  # a phone's keys of digits have no letters and no dash

    def compress(self, text: str) -> TypedResult:
        return parse_result(self.analyte.key, text)


class UnitField(forms.CharField):
    """The units that fit an analyte, the one that its laboratory was last seen to use first chosen."""

    def __init__(self, analyte: Analyte, *, last_used: str, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            initial=last_used or analyte.unit,
            max_length=20,
            widget=forms.Select(choices=[(code, unit(code)) for code in analyte.units]),
            **kwargs,
        )


def unit_of(form: forms.Form, analyte: Analyte, typed: TypedResult) -> str:
    """The code of the unit that holds: the one typed with the number, else the chosen one.

    A unit typed with the number goes before one that merely stood in the list; where somebody chose another
    than stood there, two units were given. That is refused at the value, and the typed one is returned.
    """
    name = f"{analyte.key}_unit"
    chosen = form.cleaned_data.get(name)
    if not typed.unit or typed.unit == chosen:
        return str(chosen or analyte.unit)
    if chosen and name in form.changed_data:
        form.add_error(
            f"{analyte.key}_value",
            gettext("Two units are given: %(typed)s with the number and %(chosen)s in the list. Leave one.")
            % {"typed": unit(typed.unit), "chosen": unit(chosen)},
        )
    return typed.unit


def check_unit_of_another_laboratory(
    form: forms.Form, analyte: Analyte, chosen: str, own_units: Mapping[str, str]
) -> None:
    """Ask for the unit where the list was left as another laboratory had it, and this one's is not the same.

    own_units: those last used for the laboratory that was typed; without one the usual unit is expected.
    """
    expected = own_units.get(analyte.key, analyte.unit)
    name = f"{analyte.key}_unit"
    is_left = form.cleaned_data.get(name) and name not in form.changed_data
    if not is_left or _is_one_number(analyte, chosen, expected):
        return
    form.add_error(
        f"{analyte.key}_value",
        gettext(
            "The list stood at %(chosen)s, for another laboratory. Type the unit behind the number, like "
            "“%(number)s %(expected)s”."
        )
        % {
            "chosen": unit(chosen),
            "number": form[f"{analyte.key}_value"].value(),
            "expected": unit(expected),
        },
    )


def _is_one_number(analyte: Analyte, one: str, other: str) -> bool:
    """Whether a number says the same in both units, as with mmol/l and mEq/l of potassium."""
    if one not in analyte.units:
        return False
    return to_canonical(analyte.key, Decimal(7), one) == to_canonical(analyte.key, Decimal(7), other)

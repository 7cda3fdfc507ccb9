"""The order of a clinic's laboratory sheet: a place for each analyte, empty for those that fold away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import ChangeForm
from patients.rules.analytes import ANALYTES
from patients.sheet_order import ON_THE_SHEET, Sheet

LAST_PLACE = 999
NOWHERE = LAST_PLACE + 1


class SheetOrderForm(ChangeForm):
    """place_<key>: a number from 1 on; two of one number stand in the catalogue's order."""

    def __init__(self, sheet: Sheet, version: int | None, data: Any = None) -> None:
        places = {f"place_{key}": place for place, key in enumerate(sheet.first, start=1)}
        super().__init__(data, initial={**places, "version": version})
        for key in ON_THE_SHEET:
            self.fields[f"place_{key}"] = forms.IntegerField(
                label=gettext(ANALYTES[key].label),
                min_value=1,
                max_value=LAST_PLACE,
                required=False,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 1, "max": LAST_PLACE}),
            )

    def groups(self) -> Iterator[tuple[str, list[BoundField]]]:
        """The places by group, in the catalogue's order."""
        for name in dict.fromkeys(ANALYTES[key].group for key in ON_THE_SHEET):
            keys = [key for key in ON_THE_SHEET if ANALYTES[key].group == name]
            yield gettext(name), [self[f"place_{key}"] for key in keys]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.order():
            raise ValidationError(_("Give at least one analyte a place."))
        return cleaned

    def order(self) -> list[str]:
        """The analytes that have a place, in order."""
        places = {key: self.cleaned_data.get(f"place_{key}") for key in ON_THE_SHEET}
        listed = [key for key, place in places.items() if place]
        return sorted(listed, key=lambda key: places[key] or NOWHERE)

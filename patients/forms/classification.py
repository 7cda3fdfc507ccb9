"""The items of a set of classification criteria, with what the record shows for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.forms.base import FactForm, PlainDateField, YesNoUnknownField
from patients.forms.visit_rows import RadioOption, options
from patients.rules.classification_criteria import ITEMS, Criterion
from patients.rules.verdict import Evidence, gettext_noop

PREFIX = "item_"
DOMAINS: Mapping[str, str] = {
    "": "",
    "constitutional": gettext_noop("Constitutional"),
    "haematologic": gettext_noop("Haematological"),
    "neuropsychiatric": gettext_noop("Neuropsychiatric"),
    "mucocutaneous": gettext_noop("Skin and mucosa"),
    "serosal": gettext_noop("Serosal"),
    "musculoskeletal": gettext_noop("Joints"),
    "renal": gettext_noop("Renal"),
    "antiphospholipid": gettext_noop("Antiphospholipid antibodies"),
    "complement": gettext_noop("Complement"),
    "antibodies": gettext_noop("Antibodies specific for SLE"),
}


@dataclass(frozen=True)
class ItemRow:
    """One item: its three options, and the evidence for it."""

    item: Criterion
    name: str
    label: str
    options: tuple[RadioOption, ...]
    evidence: tuple[Evidence, ...]


class ClassificationItemsForm(FactForm):
    """Yes, no or not judged for each item; nothing is preselected."""

    on = PlainDateField(label=_("Judged on"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(
        self, system: str, proposals: Mapping[str, tuple[Evidence, ...]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.system = system
        self.proposals = proposals
        for item in ITEMS[system]:
            self.fields[PREFIX + item.code] = YesNoUnknownField(
                label=gettext(item.label), widget=forms.RadioSelect
            )

    def groups(self) -> Iterator[tuple[str, list[ItemRow]]]:
        """The items by domain, in the publication's order."""
        for domain, items in groupby(ITEMS[self.system], key=lambda item: item.domain):
            title = DOMAINS[domain]
            yield gettext(title) if title else "", [self._row(item) for item in items]

    def answers(self) -> dict[str, bool | None]:
        return {item.code: self.cleaned_data.get(PREFIX + item.code) for item in ITEMS[self.system]}

    def _row(self, item: Criterion) -> ItemRow:
        bound = self[PREFIX + item.code]
        return ItemRow(
            item=item,
            name=bound.html_name,
            label=str(bound.label),
            options=options(bound),
            evidence=self.proposals.get(item.code, ()),
        )

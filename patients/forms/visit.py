"""The visit: its sections, which of them a nurse may fill, and the checks across fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.forms.base import FactForm, PlainDateField
from patients.forms.visit_fields import form_field
from patients.forms.visit_rows import FieldWithPrevious, SledaiRow, SymptomRow, before, entry, options
from patients.models import Patient, Visit
from patients.rules.findings import SYMPTOMS
from patients.rules.sledai import ITEMS
from patients.rules.visit_fields import Group, Kind, VisitField, fields_of

GRADES = tuple(field for field in fields_of(Group.SYMPTOMS) if field.kind is Kind.GRADE)
JUDGEMENTS = tuple(field for field in fields_of(Group.SYMPTOMS) if field.kind is not Kind.GRADE)
VITALS = (Group.VITALS, Group.BODY, Group.FEVER, Group.ADHERENCE)


class ObservationsForm(FactForm):
    """What a nurse may enter: how the patient is, vital signs, adherence."""

    on = PlainDateField(label=_("Date of visit"))

    def __init__(self, previous: Visit | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.previous = previous
        self._add(GRADES)
        self._add(fields_of(Group.OBSERVATIONS))
        self._add(fields_of(Group.VITALS, Group.BODY, Group.JOINTS, Group.FEVER, Group.ADHERENCE))
        if not self.is_bound:
            self.fields[GRADES[0].name].widget.attrs["autofocus"] = True

    def symptoms(self) -> Iterator[SymptomRow]:
        for code, label in SYMPTOMS.items():
            worse = f"{code}_worse"
            yield SymptomRow(
                label=gettext(label).capitalize(),
                severity=self._entry(f"{code}_severity"),
                attribution=self._entry(f"{code}_attribution") if worse in self.fields else None,
                worse=self[worse] if worse in self.fields else None,
            )

    def observations(self) -> list[FieldWithPrevious]:
        return self._entries(Group.OBSERVATIONS)

    def vitals(self) -> list[FieldWithPrevious]:
        return self._entries(*VITALS)

    def joints(self) -> list[FieldWithPrevious]:
        return self._entries(Group.JOINTS)

    def values(self) -> dict[str, Any]:
        """The entered values by model field, for the service."""
        kept = set(self.fields) - {"submission", "version", "reason", "confirm_contradictions"}
        return {name: self.cleaned_data.get(name) for name in kept}

    def _add(self, rows: Iterable[VisitField]) -> None:
        for row in rows:
            self.fields[row.name] = form_field(row)

    def _entries(self, *groups: Group) -> list[FieldWithPrevious]:
        return [self._entry(row.name) for row in fields_of(*groups)]

    def _entry(self, name: str) -> FieldWithPrevious:
        return entry(self, name, self.previous)


class VisitForm(ObservationsForm):
    """What a rheumatologist enters: everything, with SLEDAI and their own judgement."""

    def __init__(self, previous: Visit | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(previous, *args, **kwargs)
        self._add(JUDGEMENTS)
        self._add(fields_of(Group.SLEDAI, Group.NEW_OR_RECURRENT, Group.ORGANS, Group.GLOBAL, Group.COMMENT))
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

    def organs(self) -> list[FieldWithPrevious]:
        return self._entries(Group.ORGANS)

    def global_estimate(self) -> FieldWithPrevious:
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

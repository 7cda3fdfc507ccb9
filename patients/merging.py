"""Two editors of one visit: each field as the second one opened it, as it is stored now, and as typed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.forms import BooleanField, CheckboxInput
from django.http import QueryDict

from patients.conflicts import yes_or_no
from patients.forms.base import YesNoUnknownField
from patients.forms.visit import ObservationsForm
from patients.models import Visit

THEIRS, YOURS = "theirs", "yours"
KEEP = "keep_"
# Names of the fields that the merge page asks about.
ASKED = "asked"
NOT_CARRIED = frozenset({"csrfmiddlewaretoken", "version", "sign", ASKED})


@dataclass(frozen=True)
class MergeRow:
    """One field in which the two versions differ.

    chosen is preselected where only one of the two changed the field, and "" where both did.
    """

    name: str
    label: str
    opened: Any
    theirs: Any
    yours: Any
    chosen: str


def merge_rows(form: ObservationsForm, current: Visit, opened: Any | None) -> list[MergeRow]:
    """The fields that differ, in the form's order.

    form: valid, with what was typed. current: what is stored now. opened: the visit as it was when the form
    was opened, or None for a new visit, in which every field was empty.
    """
    rows = (_row(form, name, current, opened) for name in form.fields if name in form.values())
    return [row for row in rows if row is not None]


def opened_version(visit: Visit, version: int) -> Any | None:
    """The visit as it was at a version, from its history."""
    return visit.history.filter(version=version).order_by("-history_id").first()


def resolved(sent: QueryDict, current: Visit, form_class: type[ObservationsForm]) -> QueryDict:
    """The form's data after the choices of the merge page: the other editor's value where it was chosen."""
    fields = form_class(None).fields
    data = sent.copy()
    for name in sent.getlist(ASKED):
        if sent.get(KEEP + name) == THEIRS and name in fields:
            _put(data, name, fields[name], getattr(current, name))
    return data


def unanswered(sent: QueryDict) -> list[str]:
    """Fields that the merge page asked about and that nobody chose."""
    return [name for name in sent.getlist(ASKED) if sent.get(KEEP + name) not in (THEIRS, YOURS)]


def carried(form: ObservationsForm) -> Iterator[tuple[str, str]]:
    """What was sent, for the merge page to send again."""
    for name, values in form.data.lists():
        if name not in NOT_CARRIED and not name.startswith(KEEP):
            yield from ((name, value) for value in values)


def _row(form: ObservationsForm, name: str, current: Visit, opened: Any | None) -> MergeRow | None:
    field = form.fields[name]
    yours, theirs = _plain(form.cleaned_data.get(name)), _plain(getattr(current, name))
    before = _plain(getattr(opened, name, False if isinstance(field.widget, CheckboxInput) else None))
    if yours == theirs:
        return None
    chosen = THEIRS if yours == before else YOURS if theirs == before else ""
    return MergeRow(
        name=name,
        label=str(field.label),
        opened=_shown(field, before),
        theirs=_shown(field, theirs),
        yours=_shown(field, yours),
        chosen=chosen,
    )


def _plain(value: Any) -> Any:
    """An empty text and no answer are one; "no" is an answer."""
    return None if value == "" else value


def _shown(field: Any, value: Any) -> Any:
    if isinstance(field, BooleanField | YesNoUnknownField):
        return yes_or_no(value)
    choices = dict(getattr(field, "choices", ()))
    return str(choices.get(str(value), value)) if choices and value is not None else value


def _put(data: QueryDict, name: str, field: Any, value: Any) -> None:
    if isinstance(field.widget, CheckboxInput):
        data.setlist(name, ["on"] if value else [])
        return
    prepared = field.prepare_value(value)
    data[name] = "" if prepared is None else str(prepared)

"""Which forms keep drafts: their URL names, what they are called, and who may type in them.

Other apps register theirs when they are ready.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from accounts.rights import Right

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class DraftForm:
    """A form's name for people, and the right that its page asks for."""

    label: StrOrPromise
    right: Right


@dataclass(frozen=True)
class Place:
    """Where a draft belongs: the form, and the patient it is about (None: a new person)."""

    view_name: str
    patient_id: int | None
    form: DraftForm


_forms: dict[str, DraftForm] = {
    "patients:new_visit": DraftForm(_("Visit"), Right.ENTER_VISIT_OBSERVATIONS),
    "patients:visit": DraftForm(_("Visit"), Right.ENTER_VISIT_OBSERVATIONS),
    "patients:amend_visit": DraftForm(_("Amendment of a signed visit"), Right.AMEND_VISIT),
    "patients:new_laboratory": DraftForm(_("Laboratory results"), Right.ENTER_LABORATORY),
    "patients:new_episode": DraftForm(_("A drug"), Right.ENTER_DRUG_HISTORY),
    "patients:change_episode": DraftForm(_("Change of a dose"), Right.ENTER_DRUG_HISTORY),
    "patients:new_administration": DraftForm(_("An infusion, injection or pulse"), Right.ENTER_DRUG_HISTORY),
    "patients:new_prior_use": DraftForm(_("A drug used before"), Right.ENTER_DRUG_HISTORY),
    "patients:confirm_history": DraftForm(_("The drug list is complete"), Right.ENTER_DRUG_HISTORY),
    "patients:new_statement": DraftForm(_("An answer"), Right.ENTER_DRUG_HISTORY),
    "patients:new_classification": DraftForm(_("Classification"), Right.ENTER_VISIT),
    "patients:new_classification_items": DraftForm(_("Classification, item by item"), Right.ENTER_VISIT),
    "patients:register": DraftForm(_("Registration of a patient"), Right.REGISTER_PATIENT),
    "patients:change": DraftForm(_("Details of a person"), Right.REGISTER_PATIENT),
}


def register(forms: Mapping[str, DraftForm]) -> None:
    """Add forms of another app, by URL name."""
    _forms.update(forms)


def form_named(view_name: str) -> DraftForm | None:
    return _forms.get(view_name)


def place_of(path: str) -> Place:
    """Where a path leads. Raises ValueError unless it is the path of a form that keeps drafts."""
    try:
        match = resolve(path)
    except Resolver404:
        raise ValueError(path) from None
    form = _forms.get(match.view_name)
    if form is None:
        raise ValueError(path)
    return Place(match.view_name, match.kwargs.get("patient_id"), form)

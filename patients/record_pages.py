"""The pages of a record in words, for those who read who saw it. Each app names its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

_names: dict[str, Any] = {
    "patients:page": _("patient page"),
    "patients:change": _("person's details"),
    "patients:visits": _("list of visits"),
    "patients:laboratory": _("laboratory results"),
    "patients:drugs": _("drug list"),
    "patients:statements": _("answers and classification"),
    "patients:new_visit": _("form of a new visit"),
    "patients:visit": _("form of a visit"),
    "patients:amend_visit": _("amendment of a visit"),
    "patients:new_laboratory": _("form of laboratory results"),
    "patients:new_episode": _("form of a drug"),
    "patients:change_episode": _("form of a dose change"),
    "patients:new_administration": _("form of an infusion or pulse"),
    "patients:new_prior_use": _("form of a drug used before"),
    "patients:confirm_history": _("confirmation of the drug list"),
    "patients:new_statement": _("form of an answer"),
    "patients:new_classification": _("form of a classification"),
    "patients:new_classification_items": _("form of a classification, item by item"),
    "patients:fact": _("one fact with its history"),
    "patients:void_fact": _("marking a fact as entered in error"),
    "patients:history": _("history"),
    "patients:viewers": _("who viewed the record"),
}


def register(names: Mapping[str, Any]) -> None:
    """Add the pages of another app: words by the name of the URL."""
    _names.update(names)


def page_in_words(name: str) -> str:
    """What the page shows; a page that nobody named is still said to be one of the record."""
    return str(_names[name]) if name in _names else gettext("another page of the record")


def is_named(name: str) -> bool:
    return name in _names

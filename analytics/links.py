"""From a gap of a report to the form where it can be filled in."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from analytics.gaps import EVENT, RENAL, VISIT


def item_name(item: str) -> str:
    """What is missing, in words."""
    names = {
        VISIT: _("visit"),
        RENAL: _("renal involvement, yes or no"),
        EVENT: _("grade or seriousness of an adverse event"),
        "prednisolone": _("prednisolone dose"),
        "sledai": _("SLEDAI-2K"),
        "c3": "C3",
        "dsdna": _("anti-dsDNA"),
        "upcr": _("urine protein/creatinine"),
        "creatinine": _("creatinine"),
    }
    return names[item]


def way(gap: dict[str, Any]) -> str:
    """The address of the form."""
    patient, item, fact = gap["patient"], gap["item"], gap["fact"]
    if item == VISIT:
        return reverse("patients:new_visit", args=[patient])
    if item == RENAL:
        return reverse("patients:change", args=[patient])
    if item == EVENT:
        return reverse("dosing:change_adverse_event", args=[patient, fact])
    if item == "prednisolone":
        return reverse("patients:new_episode", args=[patient])
    if item == "sledai" and fact is not None:
        return reverse("patients:fact", args=[patient, "visit", fact])
    return reverse("patients:new_laboratory", args=[patient])

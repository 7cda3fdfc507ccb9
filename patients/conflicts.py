"""Two editors: what stands now, and what the second one typed, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.forms import Form

from patients.models import Fact, Patient


@dataclass(frozen=True)
class Difference:
    """One field with both values as people read them."""

    label: str
    theirs: Any
    yours: Any


def differences(current: Fact | Patient, form: Form) -> list[Difference]:
    """Fields whose stored value is not the one that was typed."""
    found = []
    for name, field in form.fields.items():
        if name in ("version", "submission") or not hasattr(current, name):
            continue
        theirs, yours = getattr(current, name), form.cleaned_data.get(name)
        if theirs != yours and not (theirs in (None, "") and yours in (None, "")):
            found.append(Difference(str(field.label), theirs, yours))
    return found

"""The choices of a model's field or a form's, made from an enumeration of the rules and its marked labels."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def choices_of(labels: Mapping[Any, str]) -> list[tuple[Any, StrOrPromise]]:
    """Value and label in the reader's language of each member, in the order of the mapping.

    labels: a member of an enumeration to its label, marked for translation, as the rules declare both.
    """
    return [
        (value.value if isinstance(value, enum.Enum) else value, _(text)) for value, text in labels.items()
    ]

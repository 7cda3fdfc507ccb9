"""Drafts: saved while one types, finished when the form is saved, discarded by their writer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patients.models import Draft, Patient

if TYPE_CHECKING:
    from accounts.models import User

MOST_FIELDS = 2000
MOST_CHARACTERS = 200_000
NEVER_KEPT = frozenset({"csrfmiddlewaretoken"})

Typed = Mapping[str, list[str]]


@dataclass(frozen=True)
class FormPage:
    """The form that is being typed in: its URL name, its path, and whom it is about (None: a new person)."""

    view_name: str
    path: str
    patient: Patient | None


@transaction.atomic
def keep_draft(*, key: UUID, page: FormPage, typed: Typed, typed_at_ms: int, by: User) -> Draft:
    """Store what was typed, unless something typed later is stored already or the form was saved.

    Two messages that arrive in the wrong order do no harm. Raises ValidationError for what no form sends.
    """
    _check(typed)
    draft, made = Draft.objects.select_for_update().get_or_create(
        user=by,
        key=key,
        defaults={
            "patient": page.patient,
            "view_name": page.view_name,
            "path": page.path,
            "fields": _storable(typed),
            "typed_at_ms": typed_at_ms,
        },
    )
    if made or draft.finished_at is not None or typed_at_ms < draft.typed_at_ms:
        return draft
    if draft.path != page.path:
        raise ValidationError(_("This draft belongs to another form."))
    draft.fields = _storable(typed)
    draft.typed_at_ms = typed_at_ms
    draft.save()
    return draft


def finish_draft(*, key: UUID | None, page: FormPage, by: User) -> None:
    """The form is saved: forget what was typed, and remember that its key is used."""
    if key is None:
        return
    Draft.objects.update_or_create(
        user=by,
        key=key,
        defaults={"fields": {}, "finished_at": timezone.now()},
        create_defaults={
            "patient": page.patient,
            "view_name": page.view_name,
            "path": page.path,
            "finished_at": timezone.now(),
        },
    )


def discard_draft(*, draft: Draft, by: User) -> None:
    """Its writer throws a draft away. Raises ValidationError for anybody else."""
    if draft.user_id != by.pk:
        raise ValidationError(_("Only who typed a draft may discard it."))
    draft.fields = {}
    draft.finished_at = timezone.now()
    draft.save()


def _storable(typed: Typed) -> dict[str, list[str]]:
    return {name: list(values) for name, values in typed.items() if name not in NEVER_KEPT}


def _check(typed: Typed) -> None:
    sound = all(
        isinstance(values, list) and all(isinstance(value, str) and "\0" not in value for value in values)
        for values in typed.values()
    )
    size = sum(len(value) for values in typed.values() for value in values) if sound else 0
    if not sound or len(typed) > MOST_FIELDS or size > MOST_CHARACTERS:
        raise ValidationError(_("No form of this product sends this."))

"""A form's page and its draft: found by its key, put into the form, finished when the form is saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.models import User
from patients.draft_forms import form_named
from patients.forms.base import FactForm
from patients.models import Draft, Patient
from patients.services.drafts import FormPage, finish_draft

PARAMETER = "draft"


@dataclass
class OpenDraft:
    """The draft side of one request for a form's page."""

    user: User
    page: FormPage
    key: UUID
    stored: Draft | None
    is_post: bool

    @property
    def was_saved(self) -> bool:
        """Whether the form with this key led to a saved fact, or was discarded."""
        return self.stored is not None and self.stored.finished_at is not None

    @property
    def typed_at_ms(self) -> int:
        """The browser's clock at the last stored key; 0 when nothing is stored."""
        return self.stored.typed_at_ms if self.stored else 0

    def into(self, form: FactForm) -> None:
        """Give the form its key, and what was typed into it before."""
        form.initial["submission"] = self.key
        if self.stored is not None and not form.is_bound:
            form.resume(self.stored.fields)

    def finish(self, form: FactForm) -> None:
        """The form is saved: its draft is done with."""
        finish_draft(key=form.cleaned_data.get("submission"), page=self.page, by=self.user)


def keeps_drafts(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a form's view `request.draft`; a form that was saved already is not opened a second time."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        patient = args[0] if args and isinstance(args[0], Patient) else None
        opened = _open(request, patient)
        if opened.was_saved and not opened.is_post:
            messages.info(request, _("That form was saved or discarded already. This is what stands now."))
            return redirect("patients:page", patient.pk) if patient else redirect("patients:list")
        request.draft = opened  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return wrapped


def draft_of(request: HttpRequest) -> OpenDraft:
    """The draft side of the request, as `keeps_drafts` left it."""
    opened: OpenDraft = request.draft  # type: ignore[attr-defined]
    return opened


def label_of(draft: Draft) -> str:
    """What the draft's form is called."""
    form = form_named(draft.view_name)
    return str(form.label) if form else ""


def _open(request: HttpRequest, patient: Patient | None) -> OpenDraft:
    user: User = request.user  # type: ignore[assignment]
    key = _key(request)
    stored = Draft.objects.filter(user=user, key=key, path=request.path).first() if key else None
    match = request.resolver_match
    page = FormPage(match.view_name if match else "", request.path, patient)
    return OpenDraft(user, page, key or uuid4(), stored, request.method == "POST")


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get(PARAMETER, ""))
    except ValueError:
        return None

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
from accounts.requests import ClinicRequest
from patients.forms.base import FactForm
from patients.models import Draft, Patient
from patients.pages import form_named
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
    def patient(self) -> Patient | None:
        """Whom the form is about; None for a form about no patient, or a new one."""
        return self.page.patient

    @property
    def label(self) -> str:
        """What the form is called."""
        return label_of(self.page.view_name)

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


class DraftRequest(ClinicRequest):
    """A request for a form's page."""

    draft: OpenDraft


def keeps_drafts(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a form's view `request.draft`; a form that was saved already is not opened a second time."""

    @wraps(view)
    def wrapped(request: DraftRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        patient = args[0] if args and isinstance(args[0], Patient) else None
        opened = _open(request, patient)
        if opened.was_saved and not opened.is_post:
            messages.info(request, _("That form was saved or discarded already. This is what stands now."))
            return back_to(patient)
        request.draft = opened
        return view(request, *args, **kwargs)

    return wrapped


def back_to(patient: Patient | None) -> HttpResponse:
    """Leave a form: for the page of the patient it is about, else for the list."""
    return redirect("patients:page", patient.pk) if patient else redirect("patients:list")


def label_of(view_name: str) -> str:
    """What the form of a page is called; "" for a page that is no longer there."""
    form = form_named(view_name)
    return str(form.label) if form else ""


def _open(request: ClinicRequest, patient: Patient | None) -> OpenDraft:
    key = _key(request)
    stored = Draft.objects.filter(user=request.user, key=key, path=request.path).first() if key else None
    match = request.resolver_match
    page = FormPage(match.view_name if match else "", request.path, patient)
    return OpenDraft(request.user, page, key or uuid4(), stored, request.method == "POST")


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get(PARAMETER, ""))
    except ValueError:
        return None

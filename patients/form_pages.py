"""A page with a form: declared once by a decorator, and shown, saved and left by one function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access import FORM_METHODS
from accounts.rights import Right, require
from patients.access import patient_view
from patients.banner import banner_of
from patients.conflicts import Difference
from patients.drafts import DraftRequest, back_to, keeps_drafts
from patients.forms.base import FactForm
from patients.models import Patient
from patients.pages import DraftForm, Page, declare
from patients.services.writing import StaleFactError

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

P = ParamSpec("P")
F = TypeVar("F", bound=FactForm)
T = TypeVar("T")
View = Callable[Concatenate[DraftRequest, P], HttpResponse]
PatientView = Callable[Concatenate[DraftRequest, Patient, P], HttpResponse]
Compare = Callable[[F, StaleFactError], list[Difference]]


def patient_form(
    label: StrOrPromise, right: Right, *, page: StrOrPromise
) -> Callable[[PatientView[P]], Callable[..., HttpResponse]]:
    """Turn a view of (request, patient, …) into the page of a form about one patient.

    It has the access check of `patient_view`, and what is typed into it is kept as a draft. label is what
    people call the form; page is how those who read who viewed the record see it.
    """

    def decorate(view: PatientView[P]) -> Callable[..., HttpResponse]:
        gated = patient_view(right, FORM_METHODS)(keeps_drafts(view))
        return declare(gated, Page(page, DraftForm(label, right)))

    return decorate


def form_without_patient(
    label: StrOrPromise, right: Right
) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Turn a view of (request, …) into the page of a form about nobody yet, or about several patients."""

    def decorate(view: View[P]) -> Callable[..., HttpResponse]:
        kept = keeps_drafts(view)

        @wraps(view)
        def gated(request: DraftRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            require(request.user, right)
            return kept(request, *args, **kwargs)

        return declare(require_http_methods(FORM_METHODS)(gated), Page(form=DraftForm(label, right)))

    return decorate


def save_form(
    request: DraftRequest,
    form: F,
    save: Callable[[], T | None],
    *,
    template: str,
    done: Callable[[T], StrOrPromise] | StrOrPromise,
    then: Callable[[T], HttpResponse] | None = None,
    context: Callable[[], Mapping[str, Any]] = dict,
    compare: Compare[F] | None = None,
) -> HttpResponse:
    """Show a form with its draft; once it is sent and valid, save it, say so, and leave for the patient.

    save calls a service and returns what it saved. A ValidationError that it raises is shown in the form,
    with status 409 where what the form was opened on has changed since; compare then tells both versions
    field by field. It returns None to have the form shown again without an error.
    done is the message, then where to go, each of what was saved; context adds to what the template is given,
    and is called only when it is rendered.
    """
    request.draft.into(form)
    saved, conflict = None, None
    if request.method == "POST" and form.is_valid():
        try:
            saved = save()
        except ValidationError as error:
            conflict = _take(form, error, compare)
    if saved is None:
        return _show(request, form, template, {"conflict": conflict, **context()})
    request.draft.finish(form)
    messages.success(request, done(saved) if callable(done) else done)
    return then(saved) if then else back_to(request.draft.patient)


def _take(form: F, error: ValidationError, compare: Compare[F] | None) -> list[Difference] | None:
    if compare is not None and isinstance(error, StaleFactError):
        return compare(form, error)
    form.take_errors(error)
    return None


def _show(request: DraftRequest, form: FactForm, template: str, context: Mapping[str, Any]) -> HttpResponse:
    patient = request.draft.patient
    about = {} if patient is None else {"patient": patient, "banner": banner_of(patient)}
    whole = {**about, "title": request.draft.label, "form": form, **context}
    return render(request, template, whole, status=409 if form.is_outdated else 200)

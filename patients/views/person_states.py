"""Recording what became of a person."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from accounts.rights import Right
from patients.conflicts import compare
from patients.drafts import DraftRequest
from patients.form_pages import patient_form, save_form
from patients.forms.person_states import AcceptTransferForm, PersonStateForm
from patients.models import Patient, PersonState
from patients.rules.person_states import StateKind
from patients.services.person_states import accept_transfer, record_state


@patient_form(_("What became of the person"), Right.DECIDE, page=_("form of what became of the person"))
def new_state(request: DraftRequest, patient: Patient) -> HttpResponse:
    """Died, moved, transferred, lost, back again, or no research."""
    form = PersonStateForm(request.POST or None)

    def save() -> PersonState:
        state = PersonState(patient=patient, **form.values())
        return record_state(state=state, by=request.user, submission=form.cleaned_data["submission"])

    done = _("It is recorded; lists, alerts and tasks follow.")
    return save_form(request, form, save, template="patients/fact_form.html", done=done)


@patient_form(_("A transfer is accepted"), Right.DECIDE, page=_("form of an accepted transfer"))
def accept(request: DraftRequest, patient: Patient, state_id: int) -> HttpResponse:
    """The receiver took over."""
    rows = PersonState.objects.active().filter(kind=StateKind.TRANSFERRED).select_related("patient__clinic")
    state = get_object_or_404(rows, pk=state_id, patient=patient)
    form = AcceptTransferForm(request.POST or None, initial={"version": state.version})

    def save() -> PersonState:
        return accept_transfer(
            state=state,
            accepted_on=form.cleaned_data["accepted_on"],
            by=request.user,
            expected_version=form.cleaned_data["version"] or 0,
        )

    done = _("The transfer is recorded as accepted.")
    return save_form(request, form, save, template="patients/fact_form.html", done=done, compare=compare)

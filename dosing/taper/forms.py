"""The forms of the taper: the plan, the decision on a step, the end of a plan. No reason is preselected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import offer_choices
from dosing.models import StepKind, TaperPlan, TaperReason
from dosing.rules.taper.plan import LIMITS, METHOD_LABELS
from dosing.rules.taper.thresholds import TAPER
from dosing.taper.queries import TaperStatus
from dosing.taper.services import Why
from dosing.taper.step_services import StepOrder
from patients.choices import choices_of
from patients.forms.base import FactForm, NumberField, PlainDateField
from patients.messages import format_value
from patients.models import Patient

BANDS = {
    "above_20": _("Above 20 mg"),
    "above_10": _("Above 10 to 20 mg"),
    "above_5": _("Above 5 to 10 mg"),
    "up_to_5": _("5 mg or less"),
}
TICKS = ("clamp_to_band", "below_5_agreed", "early_start")
REASONS_OF_AN_END = (
    TaperReason.GOAL, TaperReason.FLARE, TaperReason.ADVERSE_EVENT, TaperReason.TACROLIMUS,
    TaperReason.PATIENT, TaperReason.DOCTOR, TaperReason.OTHER,
)  # fmt: skip
REASONS_OF_A_STEP = (
    TaperReason.FLARE, TaperReason.ADVERSE_EVENT, TaperReason.LABORATORY_MISSING, TaperReason.INFECTION,
    TaperReason.TACROLIMUS, TaperReason.PATIENT, TaperReason.DOCTOR, TaperReason.OTHER,
)  # fmt: skip


class TaperPlanForm(FactForm):
    """A plan; its steps and times begin with the table of the specification."""

    start_on = PlainDateField(label=_("From"))
    goal_mg = NumberField(label=_("Goal, mg a day"), low=0, high=int(TAPER.highest_goal_mg))
    method = forms.ChoiceField(label=_("Size of a step"), choices=choices_of(METHOD_LABELS))
    clamp_to_band = forms.BooleanField(label=_("Stop on 20 and 10 mg (always on 5)"), required=False)
    early_start = forms.BooleanField(
        label=format_lazy(
            _("The first step may come before day {day} of tacrolimus"), day=TAPER.first_step_day
        ),
        required=False,
    )
    below_5_agreed = forms.BooleanField(
        label=format_lazy(
            _("Below {mg} mg is meant: after {months} months of low disease activity, never to 0 by itself"),
            mg=format_value(TAPER.low_dose_mg),
            months=TAPER.low_dose_lldas_months,
        ),
        required=False,
    )
    reason = forms.CharField(label=_("Comment"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["version"]
        standard = TaperPlan()
        self.initial.setdefault("clamp_to_band", standard.clamp_to_band)
        self.initial.setdefault("goal_mg", _plain(standard.goal_mg))
        for band, limits in LIMITS.items():
            step, days = f"{band}_step_mg", f"{band}_days"
            self.fields[step] = NumberField(label=_("Step, mg"), low=0, high=float(limits.largest_step_mg))
            self.fields[days] = forms.IntegerField(label=_("Least days"), min_value=1, max_value=84)
            self.initial.setdefault(step, _plain(getattr(standard, step)))
            self.initial.setdefault(days, getattr(standard, days))

    @property
    def bands(self) -> Iterator[tuple[Any, Any, Any]]:
        """Each band with its two fields."""
        for band, name in BANDS.items():
            yield name, self[f"{band}_step_mg"], self[f"{band}_days"]

    @property
    def ticks(self) -> Iterator[Any]:
        return (self[name] for name in TICKS)

    def plan(self, patient: Patient) -> TaperPlan:
        """What was typed as an unsaved plan."""
        names = [name for name in self.fields if name != "submission"]
        return TaperPlan(patient=patient, **{name: self.cleaned_data[name] for name in names})


class StepForm(FactForm):
    """The decision on the next step, as the page shows it."""

    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)
    kind = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    dose_mg = NumberField(label=_("Another dose, mg a day"), low=0, high=100, required=False)
    start = PlainDateField(label=_("First day at the new dose"), required=False)
    reason_code = forms.ChoiceField(label=_("Reason"), required=False)
    reason_text = forms.CharField(label=_("Reason in words"), max_length=300, required=False)
    increase_confirmed = forms.BooleanField(
        label=_("A dose above that before tacrolimus is meant"), required=False
    )

    def __init__(self, now: TaperStatus, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["version"]
        self.now = now
        offer_choices(self, "kind", list(self._kinds()))
        codes = [("", "—"), *((code.value, code.label) for code in REASONS_OF_A_STEP)]
        offer_choices(self, "reason_code", codes)
        self.initial.setdefault("fingerprint", now.fingerprint())

    def _kinds(self) -> Iterator[tuple[str, Any]]:
        step = self.now.step
        if step is not None and step.to_mg is not None:
            mg = _plain(step.to_mg)
            yield StepKind.DOWN.value, _("Take the next step: %(mg)s mg a day") % {"mg": mg}
        yield StepKind.HOLD.value, StepKind.HOLD.label
        yield StepKind.OTHER.value, StepKind.OTHER.label

    def show_fingerprint(self) -> None:
        """Let the page be sent again after it was looked at again."""
        self.initial["fingerprint"] = self.now.fingerprint()
        if self.is_bound:
            self.data = self.data.copy()
            self.data["fingerprint"] = self.now.fingerprint()

    def order(self) -> StepOrder:
        given = self.cleaned_data
        return StepOrder(
            kind=StepKind(given["kind"]),
            start=given["start"],
            dose_mg=given["dose_mg"],
            why=Why(given["reason_code"], given["reason_text"]),
            increase_confirmed=given["increase_confirmed"],
        )


class EndTaperForm(FactForm):
    """The last day of a plan, and why."""

    ended_on = PlainDateField(label=_("Ended on"))
    reason_code = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", "—"), *((code.value, code.label) for code in REASONS_OF_AN_END)],
        error_messages={"required": _("Choose a reason.")},
    )
    reason_text = forms.CharField(label=_("Reason in words"), max_length=300, required=False)

    def why(self) -> Why:
        return Why(self.cleaned_data["reason_code"], self.cleaned_data["reason_text"])


def _plain(number: Any) -> str:
    return f"{number.normalize():f}"

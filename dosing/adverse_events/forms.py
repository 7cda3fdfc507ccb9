"""The form of an adverse event. Causality is asked of those who may confirm the event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rights import Right, may
from dosing.models import WHO_UMC_CATEGORIES, ActionTaken, AdverseEvent, EventOutcome, SeriousCriterion
from dosing.rules.adverse_events import GRADES, TERMS
from dosing.rules.naranjo import QUESTIONS, Reply
from dosing.rules.who_umc import CATEGORIES
from patients.forms.base import FactForm, PartialDateFormField, YesNoUnknownField

PREFIX = "naranjo_"
NOT_SAID = _("not said")
REPLIES = (
    (Reply.YES.value, _("yes")),
    (Reply.NO.value, _("no")),
    (Reply.UNKNOWN.value, pgettext_lazy("reply to a question about causality", "unknown or not done")),
)


def _grades() -> list[tuple[str, str]]:
    said = [(str(grade), f"{grade}: {gettext(words)}") for grade, words in GRADES.items()]
    return [("", str(_("not graded"))), *said]


def _terms() -> list[tuple[str, str]]:
    return [("", str(_("choose, or write below"))), *((key, gettext(words)) for key, words in TERMS.items())]


def _choice(label: Any, choices: Any, empty: Any = NOT_SAID) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", empty), *choices], required=False)


class AdverseEventForm(FactForm):
    """Nothing is preselected; what is not said stays unsaid."""

    help_topic = "adverse_event"
    WHAT = ("term", "term_text", "onset")
    SEVERITY = ("grade", "serious", "serious_criterion")
    COURSE = ("action", "outcome", "resolved")

    term = forms.ChoiceField(label=_("What happened"), choices=_terms, required=False)
    term_text = forms.CharField(label=_("In words, if it is not in the list"), max_length=120, required=False)
    onset = PartialDateFormField(label=_("Began"))
    grade = forms.TypedChoiceField(
        label=_("CTCAE grade"), choices=_grades, coerce=int, empty_value=None, required=False
    )
    serious = YesNoUnknownField(label=_("Serious"), help_text=_("Apart from the grade."))
    serious_criterion = _choice(_("Serious because of"), SeriousCriterion.choices)
    action = _choice(_("Action on tacrolimus"), ActionTaken.choices)
    outcome = _choice(_("Outcome"), EventOutcome.choices)
    resolved = PartialDateFormField(label=_("Over since"), required=False)
    comment = forms.CharField(
        label=_("Comment"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    who_umc = _choice(_("Causality by WHO-UMC"), WHO_UMC_CATEGORIES, _("not judged"))

    def __init__(self, by: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.judges = may(by, Right.CONFIRM_ADVERSE_EVENT)
        self.replies: list[str] = []
        if self.judges:
            self._ask_naranjo()
        else:
            del self.fields["who_umc"]

    def _ask_naranjo(self) -> None:
        for question in QUESTIONS:
            name = PREFIX + question.code
            self.replies.append(name)
            self.fields[name] = forms.ChoiceField(
                label=gettext(question.text), choices=REPLIES, widget=forms.RadioSelect, required=False
            )

    def questions(self) -> Iterator[BoundField]:
        """The ten questions, none for those who may not assess causality."""
        return (self[name] for name in self.replies)

    def parts(self) -> Iterator[tuple[str, list[BoundField]]]:
        """The fields by heading."""
        for title, names in (
            (gettext("What happened"), self.WHAT),
            (gettext("How severe"), self.SEVERITY),
            (gettext("What became of it"), self.COURSE),
        ):
            yield title, [self[name] for name in names]

    @property
    def categories(self) -> Any:
        """The WHO-UMC categories with their criteria, shown next to the choice."""
        return CATEGORIES if self.judges else ()

    def values(self) -> dict[str, Any]:
        """What goes into the event; causality only from those who may assess it."""
        names = (*self.WHAT, *self.SEVERITY, *self.COURSE, "comment")
        found = {name: self.cleaned_data[name] for name in names}
        if self.judges:
            replies = {name.removeprefix(PREFIX): self.cleaned_data[name] for name in self.replies}
            found["naranjo"] = {code: reply for code, reply in replies.items() if reply}
            found["who_umc"] = self.cleaned_data["who_umc"]
        return found


def initial_of(event: AdverseEvent) -> dict[str, Any]:
    """A stored event as the form shows it, under its version."""
    names = ("term", "term_text", "onset", "grade", "serious", "serious_criterion", "action", "outcome")
    more = ("resolved", "comment", "who_umc", "version")
    replies = {PREFIX + code: reply for code, reply in event.naranjo.items()}
    return {**{name: getattr(event, name) for name in (*names, *more)}, **replies}

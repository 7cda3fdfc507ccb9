"""Who responded by the study's three criteria, and how far the answer depends on who can be assessed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from analytics.outcomes import PatientOutcome
from analytics.report.contents.cohort import Cohort, responded, why_not_assessable
from analytics.report.contents.shares import Share, share_of, shares
from analytics.report.document import Section, Table
from patients.rules.answers import Answer
from patients.rules.verdict import Verdict


def response(cohort: Cohort) -> Section:
    return Section("response", _("Response at week 52"), tables=(criteria(cohort), sensitivity(cohort)))


def criteria(cohort: Cohort) -> Table:
    """Responders and not, and each criterion by itself."""
    answers = [responded(one) for one in cohort.outcomes]
    yes = share_of("responders", _("Responders, all three criteria"), answers)
    no = Share(
        "non_responders", _("Non-responders"), sum(answer is False for answer in answers), yes.n, yes.unknown
    )
    rows = [yes, no]
    for key, label, name in (
        ("e1", _("SLEDAI lower than at week 0"), "less_active"),
        ("e2", _("tacrolimus goes on"), "continued"),
        ("e3", _("no increase of steroid, nothing added"), "no_increase"),
    ):
        rows.append(
            share_of(
                key,
                label,
                [_answer_or_reason(one, getattr(one.efficacy, name)) for one in cohort.outcomes],
                1,
            )
        )
    rows.append(
        share_of(
            "e3b",
            _("Beside it: no increase for SLE after any reduction"),
            [_answer_or_reason(one, one.efficacy.never_raised_again) for one in cohort.outcomes],
        )
    )
    return shares("response", _("Responders by the study's criteria"), rows, (_denominator(),))


def _denominator() -> str:
    return _(
        "Shares are of those who can be judged. What the patient has lost before week 52 counts at once:"
        " who stopped tacrolimus is a non-responder although there is no visit of week 52."
    )


def _answer_or_reason(one: PatientOutcome, verdict: Verdict) -> bool | str:
    return why_not_assessable(one) if verdict.answer is Answer.CANNOT_TELL else verdict.answer is Answer.MET


def sensitivity(cohort: Cohort) -> Table:
    """The same share where patients who cannot be assessed, or did not come to week 52, count as failures."""
    due = [one for one in cohort.outcomes if one.observed_52 or one.staying.stopped]
    answers = [responded(one) for one in due]
    failures = [answer is True for answer in answers]
    completers = [responded(one) for one in due if one.efficacy.visit is not None]
    return shares(
        "response_sensitivity",
        _("Sensitivity: who counts"),
        (
            share_of("assessable", _("All who can be judged (as above)"), answers),
            share_of("as_failures", _("Not assessable counted as failures"), failures),
            share_of("completers", _("Only those with a visit of week 52"), completers),
        ),
        (_("Patients whose week 52 lies after the cut-off count in none of these lines."),),
    )

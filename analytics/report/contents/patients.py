"""Who the patients are: their flow through the study period, and table 1."""

from __future__ import annotations

from django.utils.translation import gettext as _

from analytics.outcomes import PatientOutcome
from analytics.outcomes.entry import BaselineCharacteristics
from analytics.report.cells import small
from analytics.report.contents.cohort import Cohort, Starters, tally
from analytics.report.contents.described import BaselineQuantity, Trait, described
from analytics.report.contents.flow import flow
from analytics.report.document import Flow, FlowStep, Section, Table
from dosing.models import ReasonCode


def patients(cohort: Cohort) -> Section:
    """The first section of a report."""
    return Section("patients", _("Patients"), flow=flow_of(cohort), tables=(table_1(cohort),))


def flow_of(cohort: Cohort) -> Flow:
    started = len(cohort.outcomes) + sum(number for _reason, number in cohort.left_out)
    screened = started + sum(number for _reason, number in cohort.not_started)
    lost = tally([reason for one in cohort.outcomes if (reason := why_not_completed(one))])
    completed = len(cohort.outcomes) - sum(number for _reason, number in lost)
    return flow(
        (
            FlowStep("screened", _("Seen in the clinic"), screened, cohort.not_started),
            FlowStep("started_any", _("Ever started tacrolimus"), started, cohort.left_out),
            FlowStep("started", _("Started tacrolimus, in this cohort"), len(cohort.outcomes), lost),
            FlowStep("completed", _("On tacrolimus at the visit of week 52"), completed),
        )
    )


def why_not_completed(one: PatientOutcome) -> str:
    """Why a patient did not come to week 52 on tacrolimus; "" where they did."""
    stopped = one.staying.stopped and one.staying.days < (one.efficacy.judged_on - one.first).days
    if stopped:
        return _("stopped: %(reason)s") % {"reason": reason_name(one.staying.reason)}
    if one.efficacy.visit is not None:
        return ""
    if not one.observed_52:
        return _("week 52 lies after the cut-off")
    return _("went on elsewhere") if one.staying.left else _("no visit in the time of week 52")


def reason_name(code: str) -> str:
    """The coded reason of a stop in words."""
    known = {str(value): str(label) for value, label in ReasonCode.choices}
    return small(known.get(code, _("no reason recorded")))


def table_1(cohort: Starters) -> Table:
    entries = [one.entry for one in cohort.outcomes]
    return described(
        "table_1",
        _("Table 1. The patients when tacrolimus began"),
        (*_persons(entries), *_treatments(cohort, entries), *_activity(cohort)),
        (
            _(
                "Serological activity only: SLEDAI counts low complement or anti-dsDNA and nothing else."
                " Shares are of those in whom the answer is known."
            ),
        ),
    )


def _persons(entries: list[BaselineCharacteristics]) -> tuple[BaselineQuantity | Trait, ...]:
    """Age and sex, kidney involvement, earlier and other drugs, serological activity."""
    return (
        BaselineQuantity("age_years", _("Age"), _("years"), 1, [entry.age_years for entry in entries]),
        Trait("female", _("Female"), [entry.sex == "F" for entry in entries]),
        Trait(
            "renal_involvement",
            _("Renal involvement, now or past"),
            [entry.renal_involvement for entry in entries],
        ),
        Trait(
            "prior_immunosuppressants",
            _("Immunosuppressant before, ended"),
            [entry.prior_immunosuppressant for entry in entries],
        ),
        Trait("statin", _("Statin"), [entry.statin for entry in entries]),
        Trait(
            "arb_or_ace_inhibitor",
            _("ARB or ACE inhibitor"),
            [entry.arb_or_ace_inhibitor for entry in entries],
        ),
        Trait(
            "serological_activity_only",
            _("Serological activity only"),
            [entry.serology_only for entry in entries],
        ),
    )


def _treatments(
    cohort: Starters, entries: list[BaselineCharacteristics]
) -> tuple[BaselineQuantity | Trait, ...]:
    """The first dose of tacrolimus, and prednisolone in week 0."""
    return (
        BaselineQuantity(
            "tacrolimus_mg_per_day",
            _("Tacrolimus, first dose"),
            "mg/day",
            2,
            [entry.tacrolimus_mg for entry in entries],
        ),
        BaselineQuantity(
            "prednisolone", _("Prednisolone"), "mg/day", 1, cohort.numbers("week_0", "prednisolone")
        ),
        Trait(
            "psl_20_mg_or_more",
            _("Prednisolone 20 mg/day or more"),
            [entry.high_prednisolone for entry in entries],
        ),
    )


def _activity(cohort: Starters) -> tuple[BaselineQuantity, ...]:
    """Disease activity and kidney function in week 0."""
    return (
        BaselineQuantity("sledai", "SLEDAI-2K", "", 1, cohort.numbers("week_0", "sledai")),
        BaselineQuantity("c3", "C3", "mg/dl", 1, cohort.numbers("week_0", "c3")),
        BaselineQuantity("dsdna", _("Anti-dsDNA"), "IU/ml", 1, cohort.numbers("week_0", "dsdna")),
        BaselineQuantity(
            "egfr", _("eGFR, Japanese equation"), "ml/min/1.73 m²", 1, cohort.numbers("week_0", "egfr")
        ),
    )

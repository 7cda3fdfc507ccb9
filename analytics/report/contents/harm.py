"""Adverse events of the cohort: table 3."""

from __future__ import annotations

from django.utils.translation import gettext as _

from analytics.report.cells import small
from analytics.report.contents.adverse import ReportedEvent, by_term, listed
from analytics.report.contents.cohort import Cohort
from analytics.report.document import Section
from dosing.models import ActionTaken, EventOutcome
from dosing.rules.adverse_events import term_name
from dosing.rules.treatment import AdverseEvent
from patients import messages

DAYS_A_YEAR = 365.25


def harm(cohort: Cohort) -> Section:
    found = [(name, event) for name, one in cohort.named() for event in one.events]
    events = [_reported_event(name, event.fact, event.day, event.level_ng_ml) for name, event in found]
    years = sum(one.staying.days for one in cohort.outcomes) / DAYS_A_YEAR
    reported = sum(not event.fact.is_confirmed for _name, event in found)
    text = _("Events from the first dose to the cut-off. Reported and not yet confirmed by a doctor: %(n)s.")
    paragraphs = (text % {"n": reported},)
    return Section(
        "adverse_events",
        _("Adverse events"),
        paragraphs,
        tables=(by_term(events, len(cohort.outcomes), years), listed(events)),
    )


def event_name(fact: AdverseEvent) -> str:
    """The term for use inside a sentence, without its capital letter."""
    return small(messages.sentence(term_name(fact.term, fact.term_text)))


def _reported_event(name: str, fact: AdverseEvent, day: int, level: object) -> ReportedEvent:
    return ReportedEvent(
        patient=name,
        day=day,
        term=event_name(fact),
        grade=fact.grade,
        serious=fact.serious,
        level_ng_ml=None if level is None else float(str(level)),
        action=str(dict(ActionTaken.choices).get(fact.action, "")),
        outcome=str(dict(EventOutcome.choices).get(fact.outcome, "")),
    )

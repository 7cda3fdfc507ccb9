"""Alerts for reported adverse events that no doctor has confirmed."""

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType

from dosing.rules.adverse_events.terms import term_name
from dosing.rules.case import Case
from dosing.rules.findings import AlertFinding, Severity
from dosing.rules.treatment import AdverseEvent
from patients.rules.answers import Answer
from patients.rules.verdict import Evidence, FactReference, Source, Verdict, gettext_noop, say

RULE = "adverse_event"
SOURCE = Source("Adverse events are reported by anybody and confirmed by a doctor", published=False)
# [D] CTCAE 3 is "severe or medically significant".
SEVERE_GRADE = 3
UNCONFIRMED = gettext_noop("%(term)s since %(onset)s, %(facts)s: reported, not yet confirmed by a doctor")
GRADE_WORDS: Mapping[int | None, str] = MappingProxyType(
    {
        None: gettext_noop("not graded"),
        1: gettext_noop("grade 1"),
        2: gettext_noop("grade 2"),
        3: gettext_noop("grade 3"),
        4: gettext_noop("grade 4"),
        5: gettext_noop("grade 5"),
    }
)
SERIOUS_WORDS: Mapping[bool | None, str] = MappingProxyType(
    {
        True: gettext_noop("serious"),
        False: gettext_noop("not serious"),
        None: gettext_noop("serious or not was not said"),
    }
)


def raised(case: Case) -> Iterator[AlertFinding]:
    """One finding for each event that no doctor has confirmed; whether tacrolimus is taken does not count."""
    for event in case.treatment.adverse_events:
        if not event.is_confirmed:
            yield AlertFinding(RULE, _severity(event), _verdict(event), subject=str(event.id))


def onset_in_words(event: AdverseEvent) -> date | str:
    """The day, or the month or year as far as it is known."""
    return event.onset.earliest if event.onset.is_exact else str(event.onset)


def facts_in_words(event: AdverseEvent) -> tuple[str, str]:
    """Its grade, and whether it is serious."""
    return GRADE_WORDS[event.grade], SERIOUS_WORDS[event.serious]


def _severity(event: AdverseEvent) -> Severity:
    severe = event.grade is not None and event.grade >= SEVERE_GRADE
    return Severity.ACT_NOW if event.serious or severe else Severity.THIS_VISIT


def _verdict(event: AdverseEvent) -> Verdict:
    name = term_name(event.term, event.term_text)
    term = str(name.values.get("term", name.text))
    sentence = say(UNCONFIRMED, term=term, onset=onset_in_words(event), facts=facts_in_words(event))
    reference = FactReference("adverse_event", event.id)
    return Verdict(Answer.MET, sentence, SOURCE, (Evidence(name, on=event.on, fact=reference),))

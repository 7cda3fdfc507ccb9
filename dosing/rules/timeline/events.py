"""Visits and events on the time axis: decisions, infusions and pulses, illness, adverse events, answers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from dosing.rules.adverse_events import facts_in_words, onset_in_words, term_name
from dosing.rules.case import Case
from dosing.rules.timeline.lanes import Lane, LaneShape, Symbol, TimelineMark, TimelineSeries
from dosing.rules.treatment import AdverseEvent
from patients.rules.evidence import drug_name
from patients.rules.findings import OBSERVATIONS
from patients.rules.record import Administration, Record, Statement
from patients.rules.statements import KINDS
from patients.rules.verdict import FactReference, Message, gettext_noop, say

SIGNED_VISIT = say(gettext_noop("signed visit"))
ILLNESS = ("infection", "serious_infection", "hospital_stay")
# What bears on the plan; what is merely ruled out at entry would crowd the row.
ANSWERS = ("pregnant", "breastfeeding", "malignancy", "live_vaccine")
ROWS: Mapping[Symbol, str] = MappingProxyType(
    {
        Symbol.VISIT: gettext_noop("visits"),
        Symbol.DECISION: gettext_noop("decisions"),
        Symbol.GIVEN: gettext_noop("infusions, pulses"),
        Symbol.ILLNESS: gettext_noop("illness"),
        Symbol.ADVERSE_EVENT: gettext_noop("adverse events"),
        Symbol.ANSWER: gettext_noop("pregnancy and other"),
    }
)
DECISIONS: Mapping[str, str] = MappingProxyType(
    {
        "start": gettext_noop("decision: start tacrolimus"),
        "not_now": gettext_noop("decision: tacrolimus not now"),
        "not_suitable": gettext_noop("decision: tacrolimus not suitable"),
        "change_dose": gettext_noop("decision: change the dose of tacrolimus"),
        "pause": gettext_noop("decision: pause tacrolimus"),
        "resume": gettext_noop("decision: resume tacrolimus"),
        "stop": gettext_noop("decision: stop tacrolimus"),
    }
)


@dataclass(frozen=True)
class Decided:
    """A decision about tacrolimus: kind is a key of DECISIONS, by whom is shown as the source."""

    id: int
    on: date
    kind: str
    by: str


def events(case: Case, decisions: Iterable[Decided]) -> Lane:
    """One row for each kind of mark that there is, each mark on its day."""
    marks = sorted(_marks(case, decisions), key=lambda mark: (mark.on, mark.symbol, mark.said.text))
    known = [mark for mark in marks if mark.on <= case.on]
    rows = (
        TimelineSeries(say(name), marks=tuple(mark for mark in known if mark.symbol is symbol))
        for symbol, name in ROWS.items()
    )
    series = tuple(row for row in rows if row.marks)
    return Lane("events", say(gettext_noop("Visits and events")), series, shape=LaneShape.ROWS)


def _marks(case: Case, decisions: Iterable[Decided]) -> Iterator[TimelineMark]:
    record = case.record
    yield from _visits(record)
    yield from (_adverse_event(row) for row in case.treatment.adverse_events)
    for row in decisions:
        by = say("%(person)s", person=row.by)
        yield TimelineMark(
            row.on, Symbol.DECISION, say(DECISIONS[row.kind]), by, FactReference("decision", row.id)
        )
    for given in record.administrations:
        reference = FactReference("administration", given.id)
        yield TimelineMark(given.on, Symbol.GIVEN, _given(given), say(gettext_noop("drug list")), reference)
    yield from _answers(record)


def _visits(record: Record) -> Iterator[TimelineMark]:
    for visit in record.visits:
        reference = FactReference("visit", visit.id)
        yield TimelineMark(visit.on, Symbol.VISIT, say(gettext_noop("visit")), SIGNED_VISIT, reference)
        for code in ILLNESS:
            if visit.observations.get(code):
                yield TimelineMark(visit.on, Symbol.ILLNESS, say(OBSERVATIONS[code]), SIGNED_VISIT, reference)


def _answers(record: Record) -> Iterator[TimelineMark]:
    """Each yes, and each answer that differs from the one before: a pregnancy begins and ends."""
    for kind in ANSWERS:
        before: bool | None = False
        for row in record.statements_in_order.get(kind, ()):
            if row.answer != before:
                yield _answer(row)
            before = row.answer


def _answer(row: Statement) -> TimelineMark:
    answer = {True: gettext_noop("yes"), False: gettext_noop("no"), None: gettext_noop("unknown")}[row.answer]
    said = say("%(question)s %(answer)s", question=KINDS[row.kind].question, answer=answer)
    source = say(gettext_noop("answer given"))
    return TimelineMark(row.stated_on, Symbol.ANSWER, said, source, FactReference("statement", row.id))


def _adverse_event(row: AdverseEvent) -> TimelineMark:
    """An onset known in part is marked on its first possible day, and said as it is known."""
    name = term_name(row.term, row.term_text)
    words = {
        "term": name.values.get("term", name.text),
        "facts": facts_in_words(row),
        "onset": onset_in_words(row),
    }
    state = gettext_noop("confirmed by a doctor") if row.is_confirmed else gettext_noop("reported")
    said = say(gettext_noop("%(term)s, %(facts)s, since %(onset)s"), **words)
    return TimelineMark(
        row.on, Symbol.ADVERSE_EVENT, said, say(state), FactReference("adverse_event", row.id)
    )


def _given(row: Administration) -> Message:
    name = drug_name(row.drug, row.drug_text)
    drug = name.values.get("drug", name.text)
    if row.dose_mg is None:
        return say(gettext_noop("%(drug)s, dose unknown"), drug=drug)
    return say(gettext_noop("%(drug)s %(mg)s mg"), drug=drug, mg=row.dose_mg)

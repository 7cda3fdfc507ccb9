"""What forbids tacrolimus: allergy, a second calcineurin inhibitor, bosentan, potassium-sparing drugs."""

from collections.abc import Iterable
from datetime import date, timedelta

from dosing.rules.safety.finding import Gate, Overridable, SafetyFinding
from dosing.rules.safety.thresholds import SafetyThresholds
from patients.rules.drugs import (
    CALCINEURIN_INHIBITOR,
    CONTRAINDICATED_ENDOTHELIN_ANTAGONIST,
    DRUGS,
    MTOR_INHIBITOR,
    POTASSIUM_SPARING,
    members,
)
from patients.rules.evidence import episode_evidence, statement_evidence
from patients.rules.reading import active_episodes, episodes_of, latest_statement
from patients.rules.record import Episode, Record, Statement
from patients.rules.verdict import Message, Source, gettext_noop, say

LABEL = Source("Japanese label of tacrolimus")
SPECIFICATION = Source("Specification 4.2, general knowledge [M]", published=False)


def contraindications(record: Record, on: date, thresholds: SafetyThresholds) -> Iterable[SafetyFinding]:
    """Findings that refuse the start, and the hold while ciclosporin washes out."""
    yield from _statements(record, on)
    yield from _second_inhibitor(record, on)
    yield from _ciclosporin(record, on)
    yield from _forbidden_drugs(record, on)
    yield from _live_vaccine(record, on, thresholds)


def _statements(record: Record, on: date) -> Iterable[SafetyFinding]:
    allergy = latest_statement(record, "tacrolimus_hypersensitivity", on)
    if allergy is not None and allergy.answer:
        sentence = say(gettext_noop("Hypersensitive to tacrolimus"))
        yield _stated("hypersensitivity", sentence, allergy, Overridable.NOBODY)
    reaction = latest_statement(record, "calcineurin_inhibitor_serious_reaction", on)
    if reaction is not None and reaction.answer:
        sentence = say(gettext_noop("Earlier serious reaction to a calcineurin inhibitor"))
        yield _stated("serious_reaction", sentence, reaction, Overridable.SPECIALIST)


def _second_inhibitor(record: Record, on: date) -> Iterable[SafetyFinding]:
    """Any calcineurin or mTOR inhibitor taken today; tacrolimus that starts today is this course."""
    watched = members(CALCINEURIN_INHIBITOR, MTOR_INHIBITOR) - {"ciclosporin"}
    for row in active_episodes(record, watched, on):
        if row.drug != "tacrolimus" or row.start < on:
            yield _drug("second_inhibitor", row, gettext_noop("%(drug)s is taken: never together"))


def _ciclosporin(record: Record, on: date) -> Iterable[SafetyFinding]:
    """Contraindicated while taken; on hold with a recorded last day until 24 hours have surely passed.

    Days are known, hours are not, so the day after the last dose is still on hold.
    """
    for row in episodes_of(record, ["ciclosporin"], on):
        if row.dose_mg == 0 or (row.last_day is not None and row.last_day < on - timedelta(days=1)):
            continue
        if row.last_day is None:
            yield _drug("ciclosporin", row, gettext_noop("%(drug)s is taken and no stop is recorded"))
        else:
            sentence = say(
                gettext_noop("Ciclosporin until %(day)s: start no earlier than 24 hours after the last dose"),
                day=row.last_day,
            )
            yield SafetyFinding(Gate.HOLD, "ciclosporin_washout", sentence, LABEL, (episode_evidence(row),))


def _forbidden_drugs(record: Record, on: date) -> Iterable[SafetyFinding]:
    for row in active_episodes(record, members(CONTRAINDICATED_ENDOTHELIN_ANTAGONIST), on):
        yield _drug("bosentan", row, gettext_noop("%(drug)s is taken: contraindicated with tacrolimus"))
    for row in active_episodes(record, members(POTASSIUM_SPARING), on):
        text = gettext_noop("%(drug)s is taken: potassium-sparing diuretics are contraindicated")
        yield _drug("potassium_sparing", row, text)


def _live_vaccine(record: Record, on: date, thresholds: SafetyThresholds) -> Iterable[SafetyFinding]:
    """Planned, or given recently; a yes without a date counts as now."""
    stated = latest_statement(record, "live_vaccine", on)
    if stated is None or not stated.answer:
        return
    if stated.event is None or stated.event.latest > on - timedelta(days=thresholds.live_vaccine_days):
        text = gettext_noop("A live vaccine is planned or was given within %(days)s days")
        sentence = say(text, days=thresholds.live_vaccine_days)
        yield SafetyFinding(
            Gate.CONTRAINDICATED,
            "live_vaccine",
            sentence,
            SPECIFICATION,
            (statement_evidence(stated),),
            overridable=Overridable.NOBODY,
        )


def _stated(code: str, sentence: Message, row: Statement, overridable: Overridable) -> SafetyFinding:
    return SafetyFinding(
        Gate.CONTRAINDICATED, code, sentence, LABEL, (statement_evidence(row),), overridable=overridable
    )


def _drug(code: str, row: Episode, text: str) -> SafetyFinding:
    return SafetyFinding(
        Gate.CONTRAINDICATED,
        f"{code}:{row.drug}",
        say(text, drug=DRUGS[row.drug].label),
        LABEL,
        (episode_evidence(row),),
        overridable=Overridable.NOBODY,
    )

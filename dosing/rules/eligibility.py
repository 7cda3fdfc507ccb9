"""C0, SLE is classified, and C1, the maintenance phase has begun. Clinical specification 2.2."""

from datetime import date, timedelta
from operator import attrgetter

from dosing.rules.thresholds import Thresholds
from patients.rules.answers import Answer
from patients.rules.classification_criteria import ACR_1997, EULAR_ACR_2019, NAMES
from patients.rules.dates import add_years
from patients.rules.record import Classification, Record
from patients.rules.verdict import (
    Evidence,
    FactReference,
    Message,
    Missing,
    Shown,
    Source,
    Verdict,
    gettext_noop,
    say,
)

CLASSIFICATION_SOURCE = Source("Study: ACR 1997 revised criteria; EULAR/ACR 2019 as an alternative [D]")
MAINTENANCE_SOURCE = Source("Study: passed from initial treatment more than one year")
FIRST_TREATMENT = say(gettext_noop("first treatment"))


def classified(record: Record, on: date, thresholds: Thresholds) -> Verdict:
    """C0: met by either set of criteria; not met only when both are complete and unmet."""
    known = sorted([row for row in record.classifications if row.on <= on], key=attrgetter("on", "id"))

    def evidence() -> tuple[Evidence, ...]:
        return tuple([_evidence(row) for row in known])

    fulfilled = [row for row in known if _fulfilled(row, thresholds)]
    if fulfilled:
        sentence = say(
            gettext_noop("SLE classified by %(system)s criteria (%(score)s)"),
            system=NAMES[fulfilled[-1].system],
            score=fulfilled[-1].score if fulfilled[-1].score is not None else "–",
        )
        return Verdict(Answer.MET, sentence, CLASSIFICATION_SOURCE, evidence)
    unmet = {row.system for row in known if row.complete and _unmet(row, thresholds)}
    if unmet == {ACR_1997, EULAR_ACR_2019}:
        sentence = say(gettext_noop("Neither set of classification criteria for SLE is fulfilled"))
        return Verdict(Answer.NOT_MET, sentence, CLASSIFICATION_SOURCE, evidence)
    sentence = say(gettext_noop("The classification of SLE is not recorded or not complete"))
    return _cannot_tell(sentence, "classification", "classification", CLASSIFICATION_SOURCE, evidence)


def maintenance_phase(record: Record, on: date, thresholds: Thresholds) -> Verdict:
    """C1: more than one calendar year since the first treatment; the anniversary itself is not enough."""
    first = record.person.first_treatment
    if first is None:
        sentence = say(gettext_noop("The date of the first treatment is not recorded"))
        return _cannot_tell(sentence, "first_treatment", "patient", MAINTENANCE_SOURCE)

    def evidence() -> tuple[Evidence, ...]:
        day = first.earliest if first.is_exact else None
        return (
            Evidence(FIRST_TREATMENT, str(first), on=day, fact=FactReference("patient", record.person.id)),
        )

    earliest = add_years(first.earliest, thresholds.maintenance_years) < on
    latest = add_years(first.latest, thresholds.maintenance_years) < on
    if latest:
        sentence = say(gettext_noop("Maintenance phase: first treatment %(first)s"), first=str(first))
        return Verdict(Answer.MET, sentence, MAINTENANCE_SOURCE, evidence)
    if earliest:
        sentence = say(
            gettext_noop("First treatment %(first)s: whether a year has passed depends on the day"),
            first=str(first),
        )
        return _cannot_tell(sentence, "first_treatment", "patient", MAINTENANCE_SOURCE, evidence)
    passes = add_years(first.latest, thresholds.maintenance_years) + timedelta(days=1)
    sentence = say(
        gettext_noop("Less than a year since the first treatment (%(first)s); met from %(passes)s"),
        first=str(first),
        passes=passes,
    )
    return Verdict(Answer.NOT_MET, sentence, MAINTENANCE_SOURCE, evidence)


def _fulfilled(row: Classification, thresholds: Thresholds) -> bool:
    enough = row.system == ACR_1997 and row.score is not None and row.score >= thresholds.acr_1997_criteria
    return row.met is True or enough


def _unmet(row: Classification, thresholds: Thresholds) -> bool:
    """Stated so, or too few points; enough points of 2019 still need a clinical criterion."""
    least = {ACR_1997: thresholds.acr_1997_criteria, EULAR_ACR_2019: thresholds.eular_acr_2019_points}
    return row.met is False or (row.met is None and row.score is not None and row.score < least[row.system])


def _evidence(row: Classification) -> Evidence:
    return Evidence(
        say("%(system)s", system=NAMES[row.system]),
        row.score,
        on=row.on,
        fact=FactReference("classification", row.id),
    )


def _cannot_tell(
    sentence: Message, item: str, fill: str, source: Source, evidence: Shown[Evidence] = ()
) -> Verdict:
    return Verdict(Answer.CANNOT_TELL, sentence, source, evidence, missing=(Missing(item, sentence, fill),))

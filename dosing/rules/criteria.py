"""The criteria for adding tacrolimus, C0 to C7, and what they say together.

Clinical specification 2.2, after the study's inclusion and exclusion criteria.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dosing.rules.c3_samples import samples
from dosing.rules.cautions import cautions
from dosing.rules.complement import complement_trigger, reach_days
from dosing.rules.eligibility import classified, maintenance_phase
from dosing.rules.immunosuppressants import mizoribine_constant, none_added, stopped_at_entry, washed_out
from dosing.rules.organ_disease import no_major_organ_disease
from dosing.rules.steroid_stability import steroid_stable
from dosing.rules.thresholds import Thresholds
from dosing.rules.worsening import worsening
from patients.rules.answers import Answer, all_of, any_of
from patients.rules.reading import episodes_of
from patients.rules.record import Record
from patients.rules.verdict import (
    Message,
    Missing,
    Source,
    Verdict,
    decisive_missing,
    disjunction,
    gettext_noop,
    say,
)

TITLES: Mapping[str, str] = {
    "C0": gettext_noop("SLE classified"),
    "C1": gettext_noop("Maintenance phase"),
    "C2": gettext_noop("Prednisolone stable"),
    "C3": gettext_noop("No added immunosuppressant"),
    "C4a": gettext_noop("Cyclophosphamide washed out"),
    "C4b": gettext_noop("Rituximab washed out"),
    "C4c": gettext_noop("Other immunosuppressants stopped"),
    "C5": gettext_noop("Mizoribine constant"),
    "C6": gettext_noop("Symptoms worse or C3 falling"),
    "C7": gettext_noop("No major organ disease"),
}
TACROLIMUS = "tacrolimus"
TRIGGER_SOURCE = Source("Study: clinical symptoms worsened and/or decreasing serum complement")


@dataclass(frozen=True)
class Assessment:
    """The answer of all criteria for one patient on one day.

    applicable is False when tacrolimus started before that day. missing holds what could change the
    answer. criteria keeps the order C0 to C7.
    """

    on: date
    applicable: bool
    answer: Answer
    criteria: Mapping[str, Verdict]
    missing: tuple[Missing, ...]
    obligations: tuple[Message, ...]
    cautions: tuple[Message, ...]


def assess(record: Record, on: date, thresholds: Thresholds) -> Assessment:
    """Assess the facts known up to `on` by the thresholds; never raises on a record of valid facts."""
    known = record.as_of(on)
    criteria = _criteria(known, on, thresholds)
    verdicts = tuple(criteria.values())
    answer = all_of([verdict.answer for verdict in verdicts])
    return Assessment(
        on=on,
        applicable=not _started_before(known, on),
        answer=answer,
        criteria=criteria,
        missing=decisive_missing(verdicts, answer),
        obligations=tuple([item for verdict in verdicts for item in verdict.obligations]),
        cautions=(
            *[item for verdict in verdicts for item in verdict.cautions],
            *cautions(known, on, thresholds),
        ),
    )


def trigger(record: Record, on: date, thresholds: Thresholds) -> Verdict:
    """C6: symptoms became worse, or C3 is falling; each reason that is met is given."""
    symptoms = worsening(record, on, thresholds)
    taken = samples(record, on, reach_days(thresholds))
    complement = complement_trigger(taken, on, thresholds)
    return disjunction([symptoms, complement], _trigger_sentence(symptoms, complement), TRIGGER_SOURCE)


def _criteria(record: Record, on: date, thresholds: Thresholds) -> dict[str, Verdict]:
    return {
        "C0": classified(record, on, thresholds),
        "C1": maintenance_phase(record, on, thresholds),
        "C2": steroid_stable(record, on, thresholds),
        "C3": none_added(record, on, thresholds),
        "C4a": washed_out("cyclophosphamide", record, on, thresholds),
        "C4b": washed_out("rituximab", record, on, thresholds),
        "C4c": stopped_at_entry(record, on, thresholds),
        "C5": mizoribine_constant(record, on, thresholds),
        "C6": trigger(record, on, thresholds),
        "C7": no_major_organ_disease(record, on, thresholds),
    }


def _trigger_sentence(symptoms: Verdict, complement: Verdict) -> Message:
    """Both reasons where both are met; else the part that decides; else that there is none."""
    if symptoms.answer is complement.answer is Answer.MET:
        return say(gettext_noop("Symptoms became worse, and C3 is falling"))
    if symptoms.answer is complement.answer is Answer.NOT_MET:
        return say(gettext_noop("No symptom became worse, and C3 is not falling"))
    answer = any_of((symptoms.answer, complement.answer))
    return symptoms.sentence if symptoms.answer is answer else complement.sentence


def _started_before(record: Record, on: date) -> bool:
    return any(row.start < on and row.dose_mg != 0 for row in episodes_of(record, [TACROLIMUS], on))

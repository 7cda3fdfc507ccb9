"""Flares by treatment: the clauses of the SELENA-SLEDAI flare index about what was given.

Clinical specification 3.2. Shown apart: of 52 flares called severe for their treatment 46 were mild or
moderate by everything else (S13). Tacrolimus added by the criteria is no flare [D].
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from patients.rules.activity.drugs import started_or_raised
from patients.rules.activity.flares import NO_SIGN, Flare, join_verdicts
from patients.rules.activity.thresholds import ACTIVITY, ActivityThresholds
from patients.rules.activity.visits import comparator_of, no_comparator, unknown, verdict_from
from patients.rules.answers import Answer
from patients.rules.drugs import ANTIMALARIAL, NSAID, members
from patients.rules.evidence import administration_evidence
from patients.rules.glucocorticoids import DoseChange, Stability, stability
from patients.rules.record import Purpose, Record, Visit
from patients.rules.verdict import Message, Missing, Source, Verdict, gettext_noop, say

SOURCE = Source("SELENA-SLEDAI flare index, by treatment (specification 3.2)")
ADDED_SEVERE = frozenset({"cyclophosphamide", "azathioprine", "methotrexate", "mycophenolate_mofetil"})
ADDED_MILD = members(NSAID, ANTIMALARIAL)


def flare_by_treatment(
    record: Record, visit: Visit, on: date, thresholds: ActivityThresholds = ACTIVITY
) -> Flare:
    """What was given for SLE up to `on` since the visit that this one is compared with."""
    before = comparator_of(record, visit, thresholds)
    if before is None:
        incomparable = unknown(no_comparator(thresholds), SOURCE)
        return Flare(incomparable, incomparable)
    found = stability(record, on, (on - before.on).days)
    severe = join_verdicts(tuple(_severe(record, before, visit, on, found, thresholds)), before, SOURCE)
    mild = join_verdicts(tuple(_mild(record, before, visit, on, found, thresholds)), before, SOURCE)
    return Flare(mild, severe)


def for_sle(record: Record, change: DoseChange) -> bool:
    """Whether a change of the steroid dose was for SLE: unless all that began was for something else."""
    begun = [row for row in record.episodes if row.start == change.on]
    return not begun or any(row.purpose is Purpose.SLE for row in begun)


def _mild(
    record: Record, before: Visit, now: Visit, on: date, found: Stability, thresholds: ActivityThresholds
) -> Iterator[Verdict]:
    for change in _increases(record, found):
        high = _is_high(change.new_mg, now, thresholds)
        yield _steroid_clause(change, now, None if high is None else not high)
    yield _unknown_steroid(found) or _none_known(before)
    yield _added(record, ADDED_MILD, before, on)


def _severe(
    record: Record, before: Visit, now: Visit, on: date, found: Stability, thresholds: ActivityThresholds
) -> Iterator[Verdict]:
    for change in _increases(record, found):
        yield _steroid_clause(change, now, _is_high(change.new_mg, now, thresholds))
    yield _unknown_steroid(found) or _none_known(before)
    for pulse in found.pulses:
        sentence = say(gettext_noop("Steroid pulse on %(day)s"), day=pulse.on)
        yield Verdict(Answer.MET, sentence, SOURCE, (administration_evidence(pulse),))
    yield _added(record, ADDED_SEVERE, before, on)
    yield _hospital(now)


def _increases(record: Record, found: Stability) -> list[DoseChange]:
    return [row for row in found.changes if row.new_mg > row.old_mg and for_sle(record, row)]


def _is_high(mg: Decimal, visit: Visit, thresholds: ActivityThresholds) -> bool | None:
    """More than 0.5 mg a kilogram; None without a weight."""
    if not visit.weight_kg:
        return None
    return mg / visit.weight_kg > thresholds.severe_prednisolone_mg_per_kg


def _steroid_clause(change: DoseChange, visit: Visit, known: bool | None) -> Verdict:
    text = gettext_noop("Prednisolone was raised from %(old)s to %(new)s mg on %(day)s")
    sentence = say(text, old=change.old_mg.normalize(), new=change.new_mg.normalize(), day=change.on)
    weight = say(gettext_noop("The weight at the visit of %(day)s is not recorded"), day=visit.on)
    missing = Missing("weight", weight, "visit")
    return verdict_from(known, (sentence, sentence), SOURCE, (), missing)


def _unknown_steroid(found: Stability) -> Verdict | None:
    if not found.unknown_days and not found.unidentified:
        return None
    sentence = say(gettext_noop("The prednisolone dose since then is not known on every day"))
    return unknown(Missing("steroid_history", sentence, "drug"), SOURCE)


def _none_known(before: Visit) -> Verdict:
    return Verdict(Answer.NOT_MET, say(NO_SIGN, day=before.on), SOURCE)


def _added(record: Record, drugs: frozenset[str], before: Visit, on: date) -> Verdict:
    begun = started_or_raised(record, drugs, before.on, on)
    first: Message = begun[0].label if begun else say("")
    return verdict_from(
        bool(begun),
        (
            say(gettext_noop("Added: %(drug)s"), drug=first.values.get("drug") or first.text),
            say(NO_SIGN, day=before.on),
        ),
        SOURCE,
        begun,
    )


def _hospital(now: Visit) -> Verdict:
    """A stay is known, its cause is not: the form has no field for it."""
    stay = now.observations.get("hospital_stay")
    sentence = say(gettext_noop("Whether there was a hospital stay for SLE is not known"))
    return verdict_from(
        None if stay or stay is None else False,
        (say(""), say(gettext_noop("No hospital stay"))),
        SOURCE,
        (),
        Missing("hospital_stay", sentence, "visit"),
    )

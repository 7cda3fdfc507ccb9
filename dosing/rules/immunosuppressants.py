"""C3, C4 and C5: nothing added, washed out, stopped, or constant. Clinical specification 2.2."""

from datetime import date, timedelta

from dosing.rules.drug_changes import (
    STATED,
    additions,
    administrations_of,
    dose_events,
    last_dose_missing,
    possible_additions,
    prior_use_evidence,
    unknown_dose_missing,
    unknown_doses,
)
from dosing.rules.drug_history import complete_history, history_missing
from dosing.rules.thresholds import Thresholds
from patients.rules.answers import Answer
from patients.rules.dates import PartialDate, add_months
from patients.rules.drugs import DRUGS
from patients.rules.evidence import administration_evidence, episode_evidence
from patients.rules.reading import active_episodes, episodes_of
from patients.rules.record import DrugHistory, Episode, Record
from patients.rules.unidentified_drugs import unidentified_drugs, unidentified_missing
from patients.rules.verdict import Evidence, FactReference, Message, Source, Verdict, gettext_noop, say

NONE_ADDED_SOURCE = Source("Study, inclusion 1: no additional usage of immunosuppressive drugs")
WASHOUT_SOURCE = Source("Study, inclusion 2: stopped at least 1 month before entry")
STOPPED_SOURCE = Source("Study, inclusion 3: discontinued at the time of entry")
MIZORIBINE_SOURCE = Source("Study, inclusions 4 and 5: mizoribine constant throughout")
STOPPED_AT_ENTRY = frozenset({"ciclosporin", "methotrexate", "mycophenolate_mofetil", "azathioprine"})
MIZORIBINE = "mizoribine"
NO_MIZORIBINE = say(gettext_noop("No mizoribine is taken"))
NONE_TAKEN = say(gettext_noop("No ciclosporin, methotrexate, mycophenolate mofetil or azathioprine is taken"))
ONE_DAY = timedelta(days=1)
LIST_COMPLETE = say(gettext_noop("drug list complete"))


def none_added(record: Record, on: date, thresholds: Thresholds) -> Verdict:
    """C3: no immunosuppressant started, increased or given as an infusion in the window."""
    added = additions(record, on, thresholds)
    if added:
        drug, day, _item = added[-1]
        sentence = say(
            gettext_noop("%(drug)s was started, increased or given on %(day)s; met from %(passes)s"),
            drug=DRUGS[drug].label,
            day=day,
            passes=day + timedelta(days=thresholds.stable_days),
        )
        return Verdict(Answer.NOT_MET, sentence, NONE_ADDED_SOURCE, tuple(row[2] for row in added))
    missing = possible_additions(record, on, thresholds)
    if missing:
        return Verdict(Answer.CANNOT_TELL, missing[0].sentence, NONE_ADDED_SOURCE, missing=missing)
    sentence = say(
        gettext_noop("No immunosuppressant started or increased in %(days)s days"),
        days=thresholds.stable_days,
    )
    return _met_with_history(record, on, thresholds, sentence, NONE_ADDED_SOURCE)


def washed_out(drug: str, record: Record, on: date, thresholds: Thresholds) -> Verdict:
    """C4a and C4b: cyclophosphamide or rituximab never used, or last given a calendar month ago."""
    uses = _last_uses(drug, record, on)
    name = DRUGS[drug].label
    limit = add_months(on, -thresholds.washout_months)
    if not uses:
        unused = say(gettext_noop("%(drug)s: no use recorded"), drug=name)
        verdict = _met_with_history(record, on, thresholds, unused, WASHOUT_SOURCE)
        return _unless_unidentified(verdict, record, limit + ONE_DAY, on)
    evidence = tuple(item for _day, item in uses)
    known = [day for day, _item in uses if day is not None]
    too_late = [day for day in known if day.earliest > limit]
    if too_late:
        last_use = max(too_late, key=lambda day: day.latest)
        sentence = say(
            gettext_noop("%(drug)s was last taken on %(day)s; washed out from %(passes)s"),
            drug=name,
            day=last_use.latest if last_use.is_exact else str(last_use),
            passes=_release_day(last_use.latest, thresholds.washout_months),
        )
        return Verdict(Answer.NOT_MET, sentence, WASHOUT_SOURCE, evidence)
    if len(known) < len(uses) or any(day.latest > limit for day in known):
        missing = last_dose_missing(drug)
        return Verdict(Answer.CANNOT_TELL, missing.sentence, WASHOUT_SOURCE, evidence, missing=(missing,))
    last = max(day.latest for day in known)
    sentence = say(gettext_noop("%(drug)s: last dose %(day)s, washed out"), drug=name, day=last)
    verdict = Verdict(
        Answer.MET, sentence, WASHOUT_SOURCE, evidence, cautions=_b_cells(drug, last, on, thresholds)
    )
    return _unless_unidentified(verdict, record, limit + ONE_DAY, on)


def stopped_at_entry(record: Record, on: date, thresholds: Thresholds) -> Verdict:
    """C4c: ciclosporin, methotrexate, mycophenolate and azathioprine are not taken, or a stop is recorded."""
    active = active_episodes(record, STOPPED_AT_ENTRY, on)
    evidence = tuple(episode_evidence(row) for row in active)
    continued = [row for row in active if row.last_day is None]
    if continued:
        sentence = say(
            gettext_noop("%(drug)s is taken and no stop is recorded"), drug=DRUGS[continued[0].drug].label
        )
        return Verdict(Answer.NOT_MET, sentence, STOPPED_SOURCE, evidence)
    if active:
        sentence = say(gettext_noop("A stop of %(drug)s is recorded"), drug=DRUGS[active[0].drug].label)
        obligations = tuple(_stop(row) for row in active)
        verdict = Verdict(Answer.MET, sentence, STOPPED_SOURCE, evidence, obligations=obligations)
    else:
        verdict = _met_with_history(record, on, thresholds, NONE_TAKEN, STOPPED_SOURCE)
    return _unless_unidentified(verdict, record, on, on)


def mizoribine_constant(record: Record, on: date, thresholds: Thresholds) -> Verdict:
    """C5: not on mizoribine, or on the same dose over the window."""
    verdict = _mizoribine(record, on, thresholds)
    return _unless_unidentified(verdict, record, on - timedelta(days=thresholds.stable_days - 1), on)


def _mizoribine(record: Record, on: date, thresholds: Thresholds) -> Verdict:
    if MIZORIBINE not in record.drugs:
        return _met_with_history(record, on, thresholds, NO_MIZORIBINE, MIZORIBINE_SOURCE)
    changes = [item for item in dose_events(record, on, thresholds) if item[0] == MIZORIBINE]
    evidence = tuple(episode_evidence(row) for row in active_episodes(record, [MIZORIBINE], on))
    if changes:
        _drug, day, item = changes[-1]
        sentence = say(gettext_noop("The mizoribine dose changed on %(day)s"), day=day)
        return Verdict(Answer.NOT_MET, sentence, MIZORIBINE_SOURCE, (*evidence, item))
    unknown = [item for item in unknown_doses(record, on, thresholds) if item.drug == MIZORIBINE]
    if unknown:
        missing = unknown_dose_missing(unknown[0])
        return Verdict(Answer.CANNOT_TELL, missing.sentence, MIZORIBINE_SOURCE, evidence, missing=(missing,))
    if not evidence:
        return _met_with_history(record, on, thresholds, NO_MIZORIBINE, MIZORIBINE_SOURCE)
    verdict = _met_with_history(
        record, on, thresholds, say(gettext_noop("The mizoribine dose is constant")), MIZORIBINE_SOURCE
    )
    if verdict.answer is not Answer.MET:
        return verdict
    keep = say(gettext_noop("Keep the mizoribine dose constant"))
    return Verdict(Answer.MET, verdict.sentence, MIZORIBINE_SOURCE, evidence, obligations=(keep,))


def _unless_unidentified(verdict: Verdict, record: Record, first: date, on: date) -> Verdict:
    """A drug in free text, active from `first` on, could be any: what was met is then open; NOT MET stays."""
    if verdict.answer is not Answer.MET:
        return verdict
    missing = tuple(unidentified_missing(row) for row in unidentified_drugs(record, first, on)[:1])
    if not missing:
        return verdict
    return Verdict(Answer.CANNOT_TELL, missing[0].sentence, verdict.source, verdict.evidence, missing=missing)


def _met_with_history(
    record: Record, on: date, thresholds: Thresholds, sentence: Message, source: Source
) -> Verdict:
    """MET when the drug list is confirmed complete for the window; else CANNOT_TELL."""
    history = complete_history(record, on, thresholds)
    if history is None:
        missing = history_missing(thresholds)
        return Verdict(Answer.CANNOT_TELL, missing.sentence, source, missing=(missing,))
    return Verdict(Answer.MET, sentence, source, lambda: (_confirmed(history),))


def _confirmed(history: DrugHistory) -> Evidence:
    reference = FactReference("drug_history", history.id)
    return Evidence(LIST_COMPLETE, history.complete_days, "d", history.stated_on, reference)


def _last_uses(drug: str, record: Record, on: date) -> list[tuple[PartialDate | None, Evidence]]:
    """The last days of every recorded use; None where a use has no date."""
    taken = [
        (PartialDate.on(min(row.last_day or on, on)), episode_evidence(row))
        for row in episodes_of(record, [drug], on)
        if row.dose_mg != 0
    ]
    given = [
        (PartialDate.on(row.on), administration_evidence(row))
        for row in administrations_of(record, {drug}, on)
    ]
    stated = [
        (row.last_dose, prior_use_evidence(row))
        for row in sorted([row for row in record.prior_uses if row.drug == drug], key=STATED)
        if row.stated_on <= on
    ]
    return [*taken, *given, *stated]


def _release_day(last: date, months: int) -> date:
    """The smallest day on which the last dose is a calendar month ago."""
    day = add_months(last, months)
    while add_months(day, -months) < last:
        day += timedelta(days=1)
    return day


def _b_cells(drug: str, last: date, on: date, thresholds: Thresholds) -> tuple[Message, ...]:
    recent = drug == "rituximab" and last > add_months(on, -thresholds.rituximab_caution_months)
    text = gettext_noop("rituximab less than %(months)s months ago: B cells still depleted")
    return (say(text, months=thresholds.rituximab_caution_months),) if recent else ()


def _stop(row: Episode) -> Message:
    return say(
        gettext_noop("Stop %(drug)s on or before the first tacrolimus dose (recorded last day %(day)s)"),
        drug=DRUGS[row.drug].label,
        day=row.last_day,
    )

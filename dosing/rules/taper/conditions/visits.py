"""What a visit answers about a taper step."""

from collections.abc import Iterator
from dataclasses import dataclass

from dosing.rules.case import Case
from dosing.rules.taper.conditions.shared import SOURCE, inverse
from dosing.rules.taper.thresholds import TAPER
from dosing.rules.worsening import worsening
from patients.rules.activity import Flare, clinical_change, comparator_of, flare_by_activity
from patients.rules.activity.thresholds import ACTIVITY
from patients.rules.activity.visits import (
    global_evidence,
    no_comparator,
    sledai_evidence,
    unanswered_sledai,
    unknown,
    unrated_global,
    verdict_from,
)
from patients.rules.evidence import visit_evidence
from patients.rules.findings import OBSERVATIONS
from patients.rules.record import Visit
from patients.rules.verdict import Missing, Value, Verdict, gettext_noop, say

ADHERENCE = say(gettext_noop("Adherence"))
INFECTIONS = ("serious_infection", "infection")


@dataclass(frozen=True)
class Seen:
    """The visit that decides on a step, the one before it, and what its flare index says."""

    visit: Visit
    before: Visit | None
    flare: Flare


def seen_at(case: Case, visit: Visit) -> Seen:
    return Seen(visit, comparator_of(case.record, visit, ACTIVITY), flare_by_activity(case.record, visit))


def of_the_visit(case: Case, seen: Seen) -> Iterator[Verdict]:
    """The conditions that a visit answers."""
    yield inverse(worsening(case.record, case.on, case.thresholds))
    yield _clinical_sledai(seen)
    yield inverse(seen.flare.mild_or_moderate, gettext_noop("No mild or moderate flare"))
    yield inverse(seen.flare.severe, gettext_noop("No severe flare"))
    yield _physicians_global(seen)
    yield _adrenal(seen.visit)
    yield _infection(seen.visit)
    yield _adherence(case, seen.visit)


def _clinical_sledai(seen: Seen) -> Verdict:
    if seen.before is None:
        return unknown(no_comparator(ACTIVITY), SOURCE)
    low, high = clinical_change(seen.before, seen.visit)
    return verdict_from(
        False if low > 0 else True if high <= 0 else None,
        (
            say(gettext_noop("Clinical SLEDAI did not rise")),
            say(gettext_noop("Clinical SLEDAI rose since %(day)s"), day=seen.before.on),
        ),
        SOURCE,
        sledai_evidence(seen.before, seen.visit),
        unanswered_sledai(seen.visit),
    )


def _physicians_global(seen: Seen) -> Verdict:
    if seen.before is None:
        return unknown(no_comparator(ACTIVITY), SOURCE)
    first, now = seen.before.physician_global, seen.visit.physician_global
    values: dict[str, Value] = {"before": first, "now": now, "limit": TAPER.physician_global_rise}
    return verdict_from(
        None if first is None or now is None else now - first <= TAPER.physician_global_rise,
        (
            say(gettext_noop("Physician's global did not rise by more than %(limit)s"), **values),
            say(gettext_noop("Physician's global rose from %(before)s to %(now)s"), **values),
        ),
        SOURCE,
        global_evidence(seen.before, seen.visit),
        unrated_global(seen.visit if now is None else seen.before),
    )


def _adrenal(visit: Visit) -> Verdict:
    return _observed(visit, "adrenal_symptoms", gettext_noop("No symptoms of adrenal insufficiency"))


def _infection(visit: Visit) -> Verdict:
    found = next((code for code in INFECTIONS if visit.observations.get(code)), INFECTIONS[-1])
    return _observed(visit, found, gettext_noop("No infection"))


def _observed(visit: Visit, code: str, fine: str) -> Verdict:
    """Something that must not be there; not asked is not known."""
    present, what = visit.observations.get(code), OBSERVATIONS[code]
    shown = () if present is None else (visit_evidence(visit, say(what), "yes" if present else "no"),)
    return verdict_from(
        None if present is None else not present,
        (say(fine), say(gettext_noop("%(what)s: no step now"), what=what)),
        SOURCE,
        shown,
        Missing(code, say(gettext_noop("%(what)s was not asked about"), what=what), "visit"),
    )


def _adherence(case: Case, visit: Visit) -> Verdict:
    percent, limit = visit.adherence_percent, case.thresholds.adherence_percent
    values: dict[str, Value] = {"percent": percent, "limit": limit}
    return verdict_from(
        None if percent is None else percent >= limit,
        (
            say(gettext_noop("%(percent)s %% of the doses were taken"), **values),
            say(gettext_noop("%(percent)s %% of the doses were taken, less than %(limit)s"), **values),
        ),
        SOURCE,
        (visit_evidence(visit, ADHERENCE, percent, "%"),),
        Missing("adherence", say(gettext_noop("Adherence was not asked at the visit")), "visit"),
    )

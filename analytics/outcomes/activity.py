"""States and flares of a patient under treatment, as the rules say, one answer a visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from patients.rules.activity import Flare, doris_at, flare_by_activity, flare_by_treatment, lldas_at
from patients.rules.answers import Answer
from patients.rules.record import Record, Visit


@dataclass(frozen=True)
class Activity:
    """lldas_52, doris_52: at the visit of week 52, None without one. ever: at any visit after the first dose.

    Flares are visits after the first dose up to week 52 at which one was found; unknown: at which that cannot
    be decided.
    """

    lldas_52: Answer | None
    doris_52: Answer | None
    lldas_ever: bool
    doris_ever: bool
    visits: int
    flares_mild: int
    flares_severe: int
    flares_unknown: int
    treatment_mild: int
    treatment_severe: int


def activity(record: Record, first: date, until: date, visit_52: Visit | None) -> Activity:
    """until: the last day that counts."""
    visits = [visit for visit in record.visits_in_order if first < visit.on <= until]
    known = [(record.as_of(visit.on), visit) for visit in visits]
    lldas = {visit.id: lldas_at(then, visit, visit.on).answer for then, visit in known}
    doris = {visit.id: doris_at(then, visit, visit.on).answer for then, visit in known}
    by_activity = [_answers(flare_by_activity(then, visit)) for then, visit in known]
    by_treatment = [_answers(flare_by_treatment(then, visit, visit.on)) for then, visit in known]
    return Activity(
        lldas_52=lldas.get(visit_52.id) if visit_52 else None,
        doris_52=doris.get(visit_52.id) if visit_52 else None,
        lldas_ever=Answer.MET in lldas.values(),
        doris_ever=Answer.MET in doris.values(),
        visits=len(visits),
        flares_mild=sum(mild is Answer.MET for mild, _severe in by_activity),
        flares_severe=sum(severe is Answer.MET for _mild, severe in by_activity),
        flares_unknown=sum(Answer.MET not in found and Answer.CANNOT_TELL in found for found in by_activity),
        treatment_mild=sum(mild is Answer.MET for mild, _severe in by_treatment),
        treatment_severe=sum(severe is Answer.MET for _mild, severe in by_treatment),
    )


def _answers(flare: Flare) -> tuple[Answer, Answer]:
    return flare.mild_or_moderate.answer, flare.severe.answer

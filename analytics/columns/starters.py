"""Everybody of a clinic who started tacrolimus, put together from the columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import repeat
from types import MappingProxyType

import numpy as np

from accounts.models import Clinic
from analytics.columns.doses import DoseColumns, read_doses, starters_of
from analytics.columns.people import StarterPerson, Starters, courses_of, last_seen, people_of
from analytics.columns.reading import Numbers, day_of, number_of
from analytics.columns.results import Results
from analytics.columns.visits import NEVER, Visits, VisitValues
from analytics.one_moment import one_moment
from analytics.outcomes.entry import (
    ARB_OR_ACE_INHIBITORS,
    STATINS,
    BaselineCharacteristics,
    is_high,
    serology_only,
)
from analytics.outcomes.retention import Staying, retention_from_doses
from analytics.outcomes.started import Started, is_observed
from analytics.outcomes.values import NO_VISIT, NOT_KNOWN, Value, none
from analytics.outcomes.weeks import ANALYTES, WeekFindings, egfr, sledai
from dosing.rules.thresholds import STUDY, Thresholds
from patients.rules.dates import age_years
from patients.rules.findings import SYMPTOMS

NOT_ASSESSED: Mapping[str, bool | None] = MappingProxyType(dict.fromkeys(SYMPTOMS))


def everybody_started(clinic: Clinic, cut_off: date, thresholds: Thresholds = STUDY) -> list[Started]:
    """The clinic's patients who took tacrolimus up to the cut-off, in the order of their rows.

    Each equals analytics.outcomes.started of their facts.
    """
    with one_moment():
        return _everybody(clinic, cut_off, thresholds)


def _everybody(clinic: Clinic, cut_off: date, thresholds: Thresholds) -> list[Started]:
    rows = read_doses(clinic, cut_off)
    starters = starters_of(clinic, cut_off, rows)
    if not len(starters.keys):
        return []
    people, doses = people_of(starters), DoseColumns(starters, rows)
    visits, results = Visits(starters, thresholds.visit_max_age_days), Results(starters, people)
    stays = _stays(starters, doses)
    first = _first(stays)
    before, at_52 = visits.before(first), visits.at_week_52(first)
    found = visits.found(before)
    weeks_0 = _weeks_0(people, stays, results, doses, _Seen(visits, before, found))
    weeks_52 = _weeks_52(people, results, doses, first, _Seen(visits, at_52, visits.found(at_52)))
    entries = _entries(people, stays, weeks_0, found, doses)
    return [
        Started(
            key, stay.first, entry, begun, ended,
            is_observed(stay.first, ended.visit is not None, cut_off), stay,
        )
        for key, stay, entry, begun, ended in zip(
            starters.keys.tolist(), stays, entries, weeks_0, weeks_52, strict=True
        )
    ]  # fmt: skip


class _Seen:
    """The visits of a week, one a patient: their rows, days and what was found; None: there was none."""

    def __init__(self, visits: Visits, chosen: Numbers, found: Sequence[VisitValues | None]) -> None:
        self.numbers = visits.days(chosen)
        self.days = [None if day == NEVER else day_of(day) for day in self.numbers.tolist()]
        self.rows = visits.keys(chosen)
        self.found = found


def _stays(starters: Starters, doses: DoseColumns) -> list[Staying]:
    found = map(
        retention_from_doses,
        doses.spans(),
        courses_of(starters),
        last_seen(starters),
        repeat(starters.cut_off),
    )
    return [stay for stay in found if stay is not None]


def _first(stays: Sequence[Staying]) -> Numbers:
    return np.array([number_of(stay.first) for stay in stays], dtype=np.int64)


def _weeks_0(
    people: Sequence[StarterPerson],
    stays: Sequence[Staying],
    results: Results,
    doses: DoseColumns,
    seen: _Seen,
) -> list[WeekFindings]:
    first = _first(stays)
    prednisolone = [
        none(NOT_KNOWN) if dose is None else Value(dose, stay.first)
        for dose, stay in zip(doses.prednisolone_before(first), stays, strict=True)
    ]
    return _weeks(people, seen, results.values_before(results.before(first)), prednisolone)


def _weeks_52(
    people: Sequence[StarterPerson], results: Results, doses: DoseColumns, first: Numbers, seen: _Seen
) -> list[WeekFindings]:
    prednisolone = [
        none(NO_VISIT) if day is None else none(NOT_KNOWN) if dose is None else Value(dose, day)
        for dose, day in zip(doses.prednisolone_on(seen.numbers), seen.days, strict=True)
    ]
    nearest, others = results.around(seen.numbers, results.before(first))
    return _weeks(people, seen, results.values_around(seen.numbers, nearest, others), prednisolone)


def _weeks(
    people: Sequence[StarterPerson],
    seen: _Seen,
    measured: Iterable[list[Value]],
    prednisolone: Sequence[Value],
) -> list[WeekFindings]:
    """measured: for each analyte one value a patient."""
    rows = zip(people, seen.rows, seen.days, seen.found, prednisolone, *measured, strict=True)
    return [
        _week(person, visit, day, found, dose, values) for person, visit, day, found, dose, *values in rows
    ]


def _week(
    person: StarterPerson,
    visit: int | None,
    day: date | None,
    found: VisitValues | None,
    dose: Value,
    measured: list[Value],
) -> WeekFindings:
    values = dict(zip(ANALYTES, measured, strict=True))
    values["prednisolone"] = dose
    values["egfr"] = egfr(person.birth, person.sex, values["creatinine"])
    if found is None or day is None:
        values["sledai"] = none(NO_VISIT)
        return WeekFindings(None, None, values, NOT_ASSESSED)
    values["sledai"] = sledai(found.score.total, day)
    return WeekFindings(visit, day, values, found.symptoms)


def _entries(
    people: Sequence[StarterPerson],
    stays: Sequence[Staying],
    weeks: Sequence[WeekFindings],
    found: Sequence[VisitValues | None],
    doses: DoseColumns,
) -> list[BaselineCharacteristics]:
    first = _first(stays)
    prior = doses.immunosuppressed_before(first).tolist()
    statin = doses.active(STATINS, first).tolist()
    arb = doses.active(ARB_OR_ACE_INHIBITORS, first).tolist()
    rows = zip(people, stays, weeks, found, prior, statin, arb, strict=True)
    return [
        BaselineCharacteristics(
            age_years=age_years(person.birth, stay.first),
            sex=person.sex,
            renal_involvement=person.renal_involvement,
            tacrolimus_mg=stay.first_mg,
            prior_immunosuppressant=had,
            statin=takes_statin,
            arb_or_ace_inhibitor=takes_arb,
            serology_only=None if seen is None else serology_only(seen.score),
            high_prednisolone=is_high(week.values["prednisolone"].number),
        )
        for person, stay, week, seen, had, takes_statin, takes_arb in rows
    ]

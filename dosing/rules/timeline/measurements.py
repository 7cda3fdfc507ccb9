"""Measurements on the time axis: levels, SLEDAI, C3, anti-dsDNA by method, creatinine and eGFR."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from dosing.rules.c3_samples import samples
from dosing.rules.case import Case
from dosing.rules.levels import TIMING_LABELS, Timing, morning_band, timing
from dosing.rules.timeline.lanes import Lane, TimelinePoint, TimelineSeries
from dosing.rules.treatment import Level
from patients.rules.analytes import ANALYTES
from patients.rules.dates import age_years
from patients.rules.reading import laboratory_values
from patients.rules.record import LaboratoryValue, Record, Visit
from patients.rules.renal import ADULT_YEARS, JAPAN, egfr_japan
from patients.rules.sledai import ITEMS, score
from patients.rules.units import readable
from patients.rules.verdict import FactReference, Message, gettext_noop, say

ONE_DECIMAL = Decimal("0.1")
SIGNED_VISIT = say(gettext_noop("signed visit"))
NOT_STATED = gettext_noop("method not stated")
ITEMS_OPEN = gettext_noop("%(count)s items not assessed: the total lies between these two")


def levels(case: Case) -> Lane:
    """Tacrolimus levels with the present range of morning levels; every other kind is set apart."""
    known = case.treatment.levels_in_order
    target = max(case.treatment.targets, key=lambda row: (row.set_on, row.id), default=None)
    band = morning_band(target, case.thresholds)
    return Lane(
        "levels",
        say(gettext_noop("Tacrolimus level")),
        _one(say(gettext_noop("tacrolimus level")), tuple(_level(row) for row in known)),
        unit="ng/mL",
        note=say(
            gettext_noop("shaded: %(low)s–%(high)s, for morning levels"),
            low=band.low_ng_ml,
            high=band.high_ng_ml,
        ),
        band=band,
    )


def sledai(record: Record, on: date) -> Lane:
    """The total of each signed visit at which any item was assessed; an interval while items are open."""
    assessed = [visit for visit in record.visits_in_order if visit.on <= on and _answers(visit)]
    points = tuple(_sledai(visit) for visit in assessed)
    return Lane("sledai", say(gettext_noop("SLEDAI-2K")), _one(say("SLEDAI-2K"), points))


def c3(record: Record, on: date) -> Lane:
    """C3 by laboratory and method, each result with its own lower limit; those of infection set apart."""
    excluded = {sample.fact for sample in samples(record, on) if sample.excluded}
    found: dict[tuple[str, str], list[TimelinePoint]] = defaultdict(list)
    for row in laboratory_values(record, "c3", on):
        found[row.laboratory, row.method].extend(
            replace(point, upper_limit=None, notes=_c3_notes(row, excluded), set_apart=row.id in excluded)
            for point in _points([row])
        )
    series = (
        TimelineSeries(_named(ANALYTES["c3"].label, place if len(found) > 1 else ()), points=tuple(points))
        for place, points in found.items()
    )
    note = say(gettext_noop("dashed: lower limit"))
    return Lane("c3", say(ANALYTES["c3"].label), tuple(series), unit="mg/dL", note=note)


def dsdna(record: Record, on: date) -> Iterator[Lane]:
    """Anti-dsDNA, one lane for each method: values of two methods never share a scale."""
    rows: dict[str, list[LaboratoryValue]] = defaultdict(list)
    for row in laboratory_values(record, "dsdna", on):
        rows[row.method].append(row)
    label, unit = ANALYTES["dsdna"].label, ANALYTES["dsdna"].unit
    for number, (method, values) in enumerate(rows.items()):
        name = say("%(name)s, %(method)s", name=label, method=method or NOT_STATED)
        note = say(gettext_noop("dashed: upper limit"))
        points = tuple(replace(point, lower_limit=None) for point in _points(values))
        yield Lane(f"dsdna_{number}", name, _one(name, points), unit=unit, note=note)


def creatinine(record: Record, on: date) -> Lane:
    analyte = ANALYTES["creatinine"]
    points = tuple(_points(laboratory_values(record, "creatinine", on)))
    return Lane("creatinine", say(analyte.label), _one(say(analyte.label), points), unit=analyte.unit)


def egfr(record: Record, on: date) -> Lane:
    """eGFR by one equation, the Japanese, from each exact creatinine of an adult."""
    rows = laboratory_values(record, "creatinine", on)
    points = tuple(point for row in rows for point in _egfr(row, record))
    note = say(gettext_noop("by %(equation)s"), equation=JAPAN)
    return Lane("egfr", say("eGFR"), _one(say("eGFR"), points), unit="mL/min/{1.73_m2}", note=note)


def _level(row: Level) -> TimelinePoint:
    kind = timing(row.hours_after_dose)
    hours = None if row.hours_after_dose is None else row.hours_after_dose.quantize(ONE_DECIMAL)
    return TimelinePoint(
        row.on,
        row.ng_ml,
        row.ng_ml,
        _place(row.laboratory, row.assay),
        comparator=row.comparator,
        notes=(say(TIMING_LABELS[kind], hours=hours),),
        set_apart=kind is not Timing.MORNING,
        fact=FactReference("level", row.id),
    )


def _answers(visit: Visit) -> list[bool]:
    return [answer for answer in visit.sledai.values() if answer is not None]


def _sledai(visit: Visit) -> TimelinePoint:
    total = score(visit.sledai)
    open_items = len(ITEMS) - len(_answers(visit))
    notes = (say(ITEMS_OPEN, count=open_items),) if total.total is None else ()
    low, high = Decimal(total.low), Decimal(total.high)
    return TimelinePoint(
        visit.on, low, high, SIGNED_VISIT, notes=notes, fact=FactReference("visit", visit.id)
    )


def _c3_notes(row: LaboratoryValue, excluded: set[int | None]) -> tuple[Message, ...]:
    if row.during_infection:
        return (say(gettext_noop("taken during an infection: no rule counts it")),)
    return (say(gettext_noop("taken during pregnancy: no rule counts it")),) if row.id in excluded else ()


def _points(rows: Iterable[LaboratoryValue]) -> Iterator[TimelinePoint]:
    """The results with a number; the limits are each result's own."""
    for row in rows:
        if row.value is not None:
            yield TimelinePoint(
                row.on,
                readable(row.value),
                readable(row.value if row.value_high is None else row.value_high),
                _place(row.laboratory, row.method),
                comparator=row.comparator,
                lower_limit=row.lower_limit,
                upper_limit=row.upper_limit,
                fact=FactReference("laboratory", row.id),
            )


def _egfr(row: LaboratoryValue, record: Record) -> Iterator[TimelinePoint]:
    """An interval where only the month or year of birth is known; nothing for a child."""
    birth, sex = record.person.birth, record.person.sex
    youngest, oldest = age_years(birth.latest, row.on), age_years(birth.earliest, row.on)
    if not row.value or not row.is_exact or youngest < ADULT_YEARS:
        return
    low, high = (
        Decimal(str(egfr_japan(float(row.value), age, sex))).quantize(ONE_DECIMAL)
        for age in (oldest, youngest)
    )
    source = say(
        gettext_noop("creatinine %(value)s mg/dl, %(place)s"), value=readable(row.value), place=row.laboratory
    )
    yield TimelinePoint(row.on, low, high, source, fact=FactReference("laboratory", row.id))


def _named(label: str, place: Sequence[str]) -> Message:
    words = ", ".join(word for word in place if word)
    return say("%(name)s, %(place)s", name=label, place=words) if words else say(label)


def _place(laboratory: str, method: str) -> Message:
    words = ", ".join(word for word in (laboratory, method) if word)
    return say("%(place)s", place=words) if words else say(gettext_noop("laboratory not stated"))


def _one(name: Message, points: tuple[TimelinePoint, ...]) -> tuple[TimelineSeries, ...]:
    return (TimelineSeries(name, points=points),) if points else ()

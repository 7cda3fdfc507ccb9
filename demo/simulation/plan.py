"""The events of a year for each patient, drawn once from a seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from dosing.rules.levels.thresholds import LEVELS

CONTROLS = (7, 28, 56, 84, 140, 196, 252, 308, 364)
REPEAT_AFTER, SETTLED_AFTER = 7, 21
CENT = Decimal("0.01")
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Rates:
    """How often what happens; the first six are those that the rules were asked to bear."""

    level_missed: float = 0.10
    level_above: float = 0.05
    creatinine_rise: float = 0.10
    flare: float = 0.30
    interacting_drug: float = 0.10
    high_potassium: float = 0.02
    muscle: float = 0.03
    new_statin: float = 0.05
    diarrhoea: float = 0.05


@dataclass
class Day:
    """What is recorded of one patient on one day.

    results: analyte to value. danger: the rule that must say "act now" on this day, "" for none.
    """

    results: dict[str, Decimal] = field(default_factory=dict)
    level_ng_ml: Decimal | None = None
    visit: bool = False
    observed: tuple[str, ...] = ()
    rash: int = 0
    dose_mg: Decimal | None = None
    starts: str = ""
    ends: str = ""
    dangers: tuple[str, ...] = ()


Course = dict[int, Day]


def course(random: Random, rates: Rates) -> Course:
    """The year of one patient: their controls, each a few days early or late, and what goes wrong."""
    days: Course = {}
    controls = [day + random.randint(-3, 3) for day in CONTROLS]
    for number, day in enumerate(controls):
        days[day] = _control(random, rates, first=number == 0, quarterly=number in (3, 5, 7))
    later = controls[1:-1]
    for rate, event in (
        (rates.creatinine_rise, _creatinine),
        (rates.flare, _flare),
        (rates.high_potassium, _potassium),
        (rates.muscle, _muscle),
        (rates.diarrhoea, _diarrhoea),
    ):
        if random.random() < rate:
            event(random, days, random.choice(later))
    if random.random() < rates.interacting_drug:
        _interacting_drug(random, days, random.randint(30, 330))
    if random.random() < rates.new_statin:
        _statin(days, random.randint(30, 300))
    return {day: found for day, found in sorted(days.items()) if 0 <= day <= CONTROLS[-1]}


def dangers(found: Course) -> Iterator[tuple[int, str]]:
    """Each day on which a rule must say "act now"."""
    for day, happens in found.items():
        yield from ((day, rule) for rule in happens.dangers)


def _control(random: Random, rates: Rates, *, first: bool, quarterly: bool) -> Day:
    results = {
        "creatinine": _number(random, 0.61, 0.03, CENT),
        "potassium": _number(random, 4.2, 0.2, TENTH),
        "glucose": _number(random, 91, 5, Decimal(1)),
        "ck": _number(random, 88, 18, Decimal(1)),
        "haemoglobin": _number(random, 12.9, 0.4, TENTH),
        "alt": _number(random, 17, 2, Decimal(1)),
        "magnesium": _number(random, 2.1, 0.1, TENTH),
    }
    if not first:
        results |= {
            "upcr": _number(random, 0.12, 0.02, CENT),
            "c3": _number(random, 96, 4, Decimal(1)),
        }
    if quarterly:
        results["hba1c"] = _number(random, 5.5, 0.08, TENTH)
    happens = Day(results=results, visit=True)
    if random.random() >= rates.level_missed:
        above = random.random() < rates.level_above
        ng_ml = random.uniform(10.5, 14) if above else min(random.lognormvariate(1.6, 0.22), 9.9)
        happens.level_ng_ml = Decimal(str(ng_ml)).quantize(TENTH)
    return happens


def _creatinine(random: Random, days: Course, day: int) -> None:
    """A rise of a third, confirmed after a week; a lower dose; it settles."""
    days[day].results["creatinine"] = Decimal("0.84")
    days[day].dangers += ("kidney",)
    days[day + REPEAT_AFTER] = Day(
        results={"creatinine": Decimal("0.83")}, dose_mg=Decimal(2), dangers=("kidney",)
    )
    days[day + SETTLED_AFTER] = Day(
        results={"creatinine": Decimal("0.63"), "potassium": Decimal("4.1")}, level_ng_ml=Decimal("4.4")
    )


def _flare(random: Random, days: Course, day: int) -> None:
    days[day].rash = random.choice((1, 2))


def _potassium(random: Random, days: Course, day: int) -> None:
    days[day].results["potassium"] = _number(random, 5.7, 0.1, TENTH)
    days[day].dangers += ("potassium",)
    days[day + 2] = Day(results={"potassium": Decimal("4.6")})


def _muscle(random: Random, days: Course, day: int) -> None:
    """As in the study's first case: pain, a high CK, better after a lower dose."""
    days[day].observed += ("muscle_pain",)
    days[day].results["ck"] = Decimal(1240)
    days[day].dangers += ("muscle",)
    days[day + REPEAT_AFTER] = Day(results={"ck": Decimal(130)}, visit=True, dose_mg=Decimal("1.5"))


def _diarrhoea(random: Random, days: Course, day: int) -> None:
    days[day].observed += ("gastrointestinal_symptoms",)


def _interacting_drug(random: Random, days: Course, day: int) -> None:
    """A week of clarithromycin: the level doubles in three days, and is back two weeks later."""
    known = days[day].dangers if day in days else ()
    days[day] = _over(days.get(day), starts="clarithromycin", dangers=(*known, "interaction"))
    high = Decimal(str(random.uniform(11, 22))).quantize(TENTH)
    urgent = ("level_high",) if high >= LEVELS.urgent_ng_ml else ()
    days[day + 3] = _over(days.get(day + 3), level_ng_ml=high, dangers=urgent)
    days[day + 7] = _over(days.get(day + 7), ends="clarithromycin")
    days[day + SETTLED_AFTER] = _over(days.get(day + SETTLED_AFTER), level_ng_ml=Decimal("6.1"), dangers=())


def _statin(days: Course, day: int) -> None:
    days[day] = _over(days.get(day), starts="rosuvastatin")


def _over(there: Day | None, **changes: object) -> Day:
    happens = there or Day()
    for name, value in changes.items():
        setattr(happens, name, value)
    return happens


def _number(random: Random, mean: float, deviation: float, step: Decimal) -> Decimal:
    return Decimal(str(random.gauss(mean, deviation))).quantize(step)

"""A patient on 3 mg after supper for 100 days, and ways to change them, for tests of what is forecast."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from dosing.rules.case import Case, case_of
from dosing.rules.treatment import Level, Target, Treatment
from patients.rules.record import Administration, Episode, LaboratoryValue, Record, Statement
from tests.rules.records import ON, before, eligible_record, laboratory

NINE = time(9)


def dose(days: int = 100, mg: str | None = "3", last: int | None = None, **changes: object) -> Episode:
    """From so many days ago; last: its last day, days ago."""
    values = {"usual_time": time(20), "formulation": "capsule", **changes}
    end = None if last is None else before(ON, last)
    amount = None if mg is None else Decimal(mg)
    return Episode(900 + days, "tacrolimus", before(ON, days), amount, end, **values)  # type: ignore[arg-type]


def prednisolone(days: int, mg: str, last: int | None = None) -> Episode:
    end = None if last is None else before(ON, last)
    return Episode(700 + days, "prednisolone", before(ON, days), Decimal(mg), end)


def other(drug: str, days: int = 50, last: int | None = None, text: str = "") -> Episode:
    end = None if last is None else before(ON, last)
    return Episode(800 + days, drug, before(ON, days), Decimal(1), end, drug_text=text)


def level(days: int, ng_ml: str, hours: str | None = "13", at: time = NINE, **changes: object) -> Level:
    """Drawn so many days ago, at nine, thirteen hours after the dose of the evening before."""
    moment = datetime.combine(before(ON, days), at)
    values = {"dose_mg": Decimal(3), **changes}
    return Level(
        1000 + days,
        moment.date(),
        Decimal(ng_ml),
        hours_after_dose=None if hours is None else Decimal(hours),
        time=moment.isoformat(),
        **values,  # type: ignore[arg-type]
    )


LEVELS = tuple(level(days, ng_ml) for days, ng_ml in ((80, "6.1"), (52, "5.4"), (24, "6.6"), (3, "5.8")))
DOSES = (dose(),)


def patient(
    *rows: Episode | LaboratoryValue | Statement | Administration,
    doses: tuple[Episode, ...] = DOSES,
    levels: tuple[Level, ...] = LEVELS,
    targets: tuple[Target, ...] = (),
    steroid: tuple[Episode, ...] = (prednisolone(400, "10"),),
) -> Case:
    """Their facts, with whatever is added; no laboratory value and no other drug beside."""
    plain = eligible_record(ON)

    def of(kind: type) -> tuple[object, ...]:
        return tuple(row for row in rows if isinstance(row, kind))

    record: Record = replace(
        plain,
        episodes=(*steroid, *doses, *of(Episode)),  # type: ignore[arg-type]
        laboratory=of(LaboratoryValue),  # type: ignore[arg-type]
        statements=(*plain.statements, *of(Statement)),  # type: ignore[arg-type]
        administrations=of(Administration),  # type: ignore[arg-type]
    )
    return case_of(record, Treatment(levels=levels, targets=targets), ON)


def haematocrit(percent: str, days: int = 3) -> LaboratoryValue:
    return laboratory(2000 + days, "haematocrit", before(ON, days), percent)


def creatinine(mg_dl: str, days: int) -> LaboratoryValue:
    return laboratory(3000 + days, "creatinine", before(ON, days), mg_dl)


def moment(days: int, at: time) -> datetime:
    return datetime.combine(before(ON, days), at)


def tonight() -> datetime:
    return datetime.combine(ON, time(20))


def day_after(day: date, days: int) -> date:
    return day + timedelta(days=days)

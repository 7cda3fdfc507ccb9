"""A patient whose course of tacrolimus began 40 days ago, and the decisions about it, for tests."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from demo.samples import base
from dosing.decisions.course_orders import DoseOrder, Reason
from dosing.decisions.course_services import change_dose, pause, resume, stop_tacrolimus
from dosing.decisions.services import StartOrder, start_tacrolimus
from dosing.levels.services import record_level
from dosing.models import Decision, TacrolimusLevel
from patients.models import DoseEpisode
from patients.services.laboratory import laboratory_named
from tests.hazards import Place, make_place

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=TOKYO)
TODAY = NOW.date()
START = TODAY - timedelta(days=40)
BECAUSE = Reason("side_effect", "tremor")
NO_EFFECT = Reason("no_effect")


def day(before: int) -> date:
    return TODAY - timedelta(days=before)


def on_3_mg(name: str = "Minato") -> Place:
    """A patient whose course at 3 mg began on START. To be called at NOW."""
    made = make_place(name, base.with_rash(base.base_record(START)))
    order = StartOrder(first_dose_on=START, dose_mg=Decimal(3), formulation="capsule", usual_time=time(20))
    start_tacrolimus(patient=made.patient, order=order, by=made.doctor, fingerprint=None)
    return made


def level(place: Place, ng_ml: str, before: int = 1, hours: int = 12) -> None:
    drawn = datetime.combine(day(before), time(8, 30), tzinfo=TOKYO)
    row = TacrolimusLevel(
        patient=place.patient,
        drawn_at=drawn,
        last_dose_at=drawn - timedelta(hours=hours),
        dose_mg=Decimal(3),
        value_ng_ml=Decimal(ng_ml),
        entered=ng_ml,
        laboratory=laboratory_named(clinic=place.clinic, name="Central", by=place.doctor),
    )
    record_level(level=row, by=place.nurse, confirmed=True)


def change(place: Place, mg: str = "2", start: date = TODAY, **changed: Any) -> Decision:
    keys = {name: changed.pop(name) for name in ("fingerprint", "submission") if name in changed}
    values: dict[str, Any] = {"formulation": "capsule", "usual_time": time(20), "reason": BECAUSE, **changed}
    order = DoseOrder(dose_mg=Decimal(mg), start=start, **values)
    return change_dose(patient=place.patient, order=order, by=place.doctor, **keys)


def paused(place: Place, last: date, reason: Reason = BECAUSE) -> Decision:
    return pause(patient=place.patient, last_dose_on=last, reason=reason, by=place.doctor)


def resumed(place: Place, start: date = TODAY, mg: str = "3", **changed: Any) -> Decision:
    values: dict[str, Any] = {"formulation": "capsule", "reason": Reason("pause_over"), **changed}
    order = DoseOrder(dose_mg=Decimal(mg), start=start, **values)
    return resume(patient=place.patient, order=order, by=place.doctor)


def stopped(place: Place, last: date | None, reason: Reason = NO_EFFECT) -> Decision:
    return stop_tacrolimus(patient=place.patient, last_dose_on=last, reason=reason, by=place.doctor)


def doses(place: Place) -> list[tuple[str, date, date | None]]:
    rows = DoseEpisode.objects.active().filter(patient=place.patient, drug="tacrolimus").order_by("start")
    return [(f"{float(row.dose_mg or 0):g}", row.start, row.last_day) for row in rows]

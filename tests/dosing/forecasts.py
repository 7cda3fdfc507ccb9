"""A patient on 3 mg with levels, and their forecast. To be called at NOW of tests.dosing.courses."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from dosing.forecast.patient_forecast import PatientForecast, forecast_patient
from dosing.forecast.serialization import display_fingerprint
from dosing.forecast.services import DoseChoice, keep_choice
from dosing.models import StoredForecast
from patients import changes
from tests.dosing.courses import level, on_3_mg
from tests.hazards import Place

LEVELS = ((34, "7.1"), (27, "6.4"), (20, "7.4"), (6, "6.8"))


def with_levels(*levels: tuple[int, str], name: str = "Minato") -> Place:
    """On 3 mg for forty days; levels: days ago and ng/ml, twelve hours after the dose."""
    with changes.held():
        place = on_3_mg(name)
        for before, ng_ml in levels or LEVELS:
            level(place, ng_ml, before=before)
    return place


def now_of(place: Place) -> PatientForecast:
    return forecast_patient(place.patient)


def seen(now: PatientForecast) -> str:
    """The fingerprint of what a page shows."""
    return display_fingerprint(now)


def kept(place: Place, mg: str = "3", **changed: Any) -> StoredForecast:
    """Kept with a choice; with a reason in case it is not the marked dose."""
    choice = DoseChoice(Decimal(mg), "clinical_judgement")
    values = {"choice": choice, "by": place.doctor, **changed}
    if "fingerprint" not in values:
        values["fingerprint"] = seen(now_of(place))
    return keep_choice(patient=place.patient, **values)

"""The table's one level of each patient. That it is in range is the study's; its day and hours are not.

The paper gives 6.7 and 7.4 ng/ml for the two adverse events and a target of 5-10 for everybody; it prints
neither the days nor the hours of draws, nor the assay. Doses were taken once daily in the evening.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import User
from demo.study.course import LABORATORY, first_dose_day
from demo.study.rows import StudyRow
from dosing.levels.services import record_level
from dosing.models import TacrolimusLevel
from patients.models import Patient
from patients.services.laboratory import laboratory_named

EVENING, MORNING = time(20), time(8, 30)
REPRESENTATIVE_DAY = 28


def add_level(row: StudyRow, patient: Patient, by: User) -> TacrolimusLevel:
    """The morning level on the day of the adverse event; for everybody else at the visit of week 4."""
    zone = ZoneInfo(patient.clinic.time_zone)
    after = REPRESENTATIVE_DAY if row.adverse_event_day is None else row.adverse_event_day
    day = first_dose_day(row) + timedelta(days=after)
    level = TacrolimusLevel(
        patient=patient,
        drawn_at=datetime.combine(day, MORNING, tzinfo=zone),
        last_dose_at=datetime.combine(day - timedelta(days=1), EVENING, tzinfo=zone),
        dose_mg=row.tac_start_mg,
        value_ng_ml=row.level_ng_ml,
        entered=str(row.level_ng_ml),
        laboratory=laboratory_named(clinic=patient.clinic, name=LABORATORY, by=by),
    )
    return record_level(level=level, by=by)

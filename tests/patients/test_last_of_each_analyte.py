"""The last result beside each field of the sheet."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patients.last_of_each_analyte import last_of_each_analyte
from patients.models import Laboratory, LaboratoryResult
from patients.services.laboratory import record_result
from patients.services.writing import void
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOON = datetime(2026, 1, 5, 12, tzinfo=ZoneInfo("Asia/Tokyo"))


@made_once
def place() -> Place:
    place = make_place()
    for row in LaboratoryResult.objects.all():
        void(row, by=place.doctor, reason="not of this test")
    return place


def result(place: Place, analyte: str, value: str, days: int, laboratory: str = "A") -> LaboratoryResult:
    where, _ = Laboratory.objects.get_or_create(clinic=place.clinic, name=laboratory)
    row = LaboratoryResult(
        patient=place.patient,
        analyte=analyte,
        value=Decimal(value),
        entered=value,
        collected_at=NOON + timedelta(days=days),
        laboratory=where,
    )
    return record_result(result=row, by=place.doctor)


def values(place: Place) -> dict[str, Decimal | None]:
    return {analyte: row.value for analyte, row in last_of_each_analyte(place.patient).items()}


def test_nothing_where_nothing_was_measured(place: Place) -> None:
    assert last_of_each_analyte(place.patient) == {}


def test_the_newest_by_collection_not_by_entry(place: Place) -> None:
    result(place, "c3", "80", days=9)
    result(place, "c3", "90", days=2)
    result(place, "c4", "20", days=1)
    assert values(place) == {"c3": 80, "c4": 20}


def test_what_was_entered_in_error_does_not_count(place: Place) -> None:
    result(place, "c3", "90", days=2)
    void(result(place, "c3", "8", days=9), by=place.doctor, reason="another patient's")
    assert values(place) == {"c3": 90}


def test_in_a_constant_number_of_queries(place: Place) -> None:
    result(place, "c3", "90", days=2)
    with CaptureQueriesContext(connection) as few:
        last_of_each_analyte(place.patient)
    for number, analyte in enumerate(("c4", "platelets", "wbc", "creatinine")):
        result(place, analyte, "1", days=number)
    with CaptureQueriesContext(connection) as many:
        assert len(last_of_each_analyte(place.patient)) == 5
    assert len(few) == len(many) == 2

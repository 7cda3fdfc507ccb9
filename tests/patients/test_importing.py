"""Records that know days only, written as rows with moments."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from demo.samples import base
from patients.models import LaboratoryResult
from tests.hazards import make_place

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
TOKYO = ZoneInfo("Asia/Tokyo")
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("hour", "collected"), [(0, 0), (8, 0), (9, 9), (15, 9)], ids=["midnight", "8:07", "9:07", "afternoon"]
)
def test_a_result_of_today_lies_in_the_past_at_any_hour(hour: int, collected: int) -> None:
    with time_machine.travel(datetime(2026, 11, 24, hour, 7, tzinfo=TOKYO), tick=False):
        place = make_place("Early", base.with_results(base.base_record(TODAY), "ck", (TODAY, "90")))
        found = LaboratoryResult.objects.get(patient=place.patient, analyte="ck").collected_at
    assert found.astimezone(TOKYO) == datetime(2026, 11, 24, collected, tzinfo=TOKYO)

"""What the patient page and its print tell: the latest of all, with unit, date, limit and laboratory."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.clock import local_today
from patients.models import Assay, DoseEpisode, Laboratory, LaboratoryResult, Visit
from patients.services import drugs, laboratory, visits, writing
from patients.summary import Latest, findings_of, latest_results
from tests.hazards import Place, make_place
from tests.markup import on_one_line
from tests.sharing import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@made_once
def place() -> Place:
    return make_place()


@pytest.fixture
def today(place: Place) -> date:
    return local_today(place.clinic)


@pytest.fixture
def doctor(place: Place) -> Client:
    return place.client(place.doctor)


def panel(client: Client, place: Place, name: str) -> str:
    answer = on_one_line(client.get(reverse(f"patients:{name}", args=[place.patient.pk])).content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer)).replace("&lt;", "<")


def measure(place: Place, days_ago: float, value: str, **fields: object) -> LaboratoryResult:
    """A C3 that many days after the newest one on record (negative: before it)."""
    newest = LaboratoryResult.objects.filter(patient=place.patient, analyte="c3").latest("collected_at")
    row = LaboratoryResult(
        **{
            "patient": place.patient,
            "analyte": "c3",
            "value": Decimal(value),
            "entered": value,
            "collected_at": newest.collected_at - timedelta(days=days_ago),
            "laboratory": newest.laboratory,
            **fields,
        }
    )
    return laboratory.record_result(result=row, by=place.nurse)


def latest(place: Place, analyte: str, method: str = "") -> Latest:
    (found,) = (
        item
        for item in latest_results(place.patient)
        if item.row.analyte == analyte and item.row.method == method
    )
    return found


class TestLatestResults:
    def test_the_newest_by_day_of_collection_not_of_entry(self, place: Place) -> None:
        measure(place, 10, "50")
        assert latest(place, "c3").row.value == 96
        measure(place, -1, "71")
        assert latest(place, "c3").row.value == 71

    def test_entered_in_error_is_not_shown(self, place: Place) -> None:
        writing.void(measure(place, -1, "71"), by=place.doctor, reason="wrong patient")
        assert latest(place, "c3").row.value == 96

    def test_methods_are_kept_apart(self, place: Place) -> None:
        for method, value in (("CLEIA", "13"), ("RIA", "4")):
            measure(place, 0, value, analyte="dsdna", method=method)
        assert latest(place, "dsdna", "CLEIA").row.value == 13
        assert latest(place, "dsdna", "RIA").row.value == 4

    def test_limits_of_the_result_then_of_the_assay_then_of_the_catalogue(self, place: Place) -> None:
        """The study's C3 range is 86 to 160 mg/dl."""
        assert (latest(place, "c3").limits, latest(place, "c3").side) == ("86–160 mg/dl", "within")
        city = Laboratory.objects.get(clinic=place.clinic)
        Assay.objects.create(laboratory=city, analyte="c3", lower_limit=Decimal("97"))
        assert (latest(place, "c3").limits, latest(place, "c3").side) == ("97–160 mg/dl", "below")
        measure(place, -1, "96", lower_limit=Decimal("70"), upper_limit=Decimal("95"))
        assert (latest(place, "c3").limits, latest(place, "c3").side) == ("70–95 mg/dl", "above")

    def test_the_catalogues_order(self, place: Place) -> None:
        keys = [item.row.analyte for item in latest_results(place.patient)]
        assert keys[:2] == ["c3", "c4"] and len(keys) == len(set(keys))

    def test_a_finding_has_no_limits(self, place: Place) -> None:
        assert (latest(place, "hcv").limits, latest(place, "hcv").side) == ("", "unknown")

    def test_the_panel_says_low_in_words(self, doctor: Client, place: Place) -> None:
        measure(place, -1, "71", comparator="<", during_infection=True)
        text = panel(doctor, place, "laboratory")
        assert "<71 mg/dl low during an infection 86–160 mg/dl" in text
        assert "City laboratory (invented)" in text


class TestLastVisit:
    def visit(self, place: Place, today: date, **values: object) -> Visit:
        return visits.open_visit(patient=place.patient, on=today, values=values, by=place.doctor)

    def test_sledai_with_its_items_and_what_is_open(self, place: Place, today: date) -> None:
        """Weights of SLEDAI-2K: arthritis 4, rash 2, fever 1 (Gladman 2002)."""
        answers = {f"sledai_{item}": False for item in self.codes()}
        answers |= {"sledai_arthritis": True, "sledai_rash": True, "sledai_fever": None}
        found = findings_of(self.visit(place, today, **answers))
        assert (found.score.low, found.score.high) == (6, 7)
        assert found.present == ("Arthritis 4", "Rash 2") and found.unanswered == ("Fever",)

    def test_findings_and_measurements_in_words(self, place: Place, today: date) -> None:
        found = findings_of(
            self.visit(
                place,
                today,
                observed_tremor=True,
                observed_infection=False,
                organ_myocarditis=True,
                systolic_mm_hg=118,
                diastolic_mm_hg=72,
                weight_kg=Decimal("55.0"),
                physician_global=Decimal("0.7"),
                adherence_percent=95,
            )
        )
        assert found.others == ("myocarditis", "tremor")
        assert found.measured == ("118/72 mmHg", "55 kg", "physician's global 0.7 of 3", "doses taken 95 %")

    def test_the_panel_tells_the_last_signed_one(self, doctor: Client, place: Place, today: date) -> None:
        signed = Visit.objects.signed().filter(patient=place.patient).latest("on")
        self.visit(place, today, note="still being written")
        text = panel(doctor, place, "visits")
        assert f"Last signed visit, {signed.on.day} {signed.on:%b %Y} : SLEDAI-2K 2 (Rash 2)" in text
        assert "still being written" not in text and "SLEDAI-2K 0–105" in text

    def test_earlier_visits_are_found_in_the_history(self, doctor: Client, place: Place, today: date) -> None:
        """Two years of monthly visits stay on the panel."""
        assert "Earlier visits" not in panel(doctor, place, "visits")
        for number in range(200, 224):
            self.visit(place, today - timedelta(days=number))
        text = panel(doctor, place, "visits")
        assert "Earlier visits, in the history" in text and text.count("not signed: no rule counts it") == 19

    def codes(self) -> list[str]:
        names = [column.name for column in Visit._meta.concrete_fields]
        return [name[7:] for name in names if name.startswith("sledai_") and name != "sledai_window_days"]


class TestDrugs:
    def test_what_is_taken_now_is_apart_from_what_was(
        self, doctor: Client, place: Place, today: date
    ) -> None:
        row = DoseEpisode.objects.get(patient=place.patient, drug="prednisolone")
        drugs.change_dose(
            episode=row, dose_mg=Decimal(9), start=today, reason="taper", by=place.doctor, expected_version=1
        )
        text = panel(doctor, place, "drugs")
        now, earlier = text.index(f"9 mg every day {today.day} {today:%b %Y}"), text.index("1 earlier dose")
        assert now < earlier < text.index("10 mg every day")

    def test_a_planned_stop_is_still_taken(self, doctor: Client, place: Place, today: date) -> None:
        row = DoseEpisode.objects.get(patient=place.patient, drug="prednisolone")
        stop = today + timedelta(days=5)
        drugs.end_episode(episode=row, last_day=stop, reason="plan", by=place.doctor, expected_version=1)
        text = panel(doctor, place, "drugs")
        assert f"{stop.day} {stop:%b %Y}" in text and "earlier dose" not in text

    def test_nothing_now(self, doctor: Client, place: Place, today: date) -> None:
        for row in DoseEpisode.objects.filter(patient=place.patient):
            drugs.end_episode(
                episode=row,
                last_day=today - timedelta(days=1),
                reason="x",
                by=place.doctor,
                expected_version=1,
            )
        assert "Nothing is taken now, as far as recorded." in panel(doctor, place, "drugs")


def test_the_print_says_who_printed_it_and_as_of_when(doctor: Client, place: Place) -> None:
    page = on_one_line(doctor.get(reverse("patients:page", args=[place.patient.pk])).content.decode())
    foot = re.search(r'<p class="print-only print-foot">(.*?)</p>', page, re.DOTALL)
    assert foot is not None
    assert f"Printed by {place.doctor.username}, {place.clinic}, from TACSLE. Data as of " in foot[1]
    assert "(Asia/Tokyo)" in foot[1] and "Decision support, not a medical device." in foot[1]

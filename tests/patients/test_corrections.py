"""Correcting a laboratory result: what is shown, saved, refused, and what two editors see."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.clock import local_today
from accounts.models import Clinic
from demo.samples import base
from dosing.assessment.nightly import differences
from dosing.models import Alert
from patients.history import entries
from patients.models import Draft, Laboratory, LaboratoryResult
from patients.rules.record import Episode
from patients.services import laboratory, writing
from tests.hazards import Place, make_place

pytestmark = pytest.mark.django_db
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def place() -> Place:
    return make_place()


@pytest.fixture
def nurse(place: Place) -> Client:
    return place.client(place.nurse)


@pytest.fixture
def central(place: Place) -> Laboratory:
    return laboratory.laboratory_named(clinic=place.clinic, name="Central", by=place.nurse)


def record(place: Place, central: Laboratory, value: str = "6.4", **changes: object) -> LaboratoryResult:
    """A potassium of yesterday morning, to the second."""
    yesterday = local_today(place.clinic) - timedelta(days=1)
    values: dict[str, object] = {
        "patient": place.patient, "analyte": "potassium", "value": Decimal(value) if value else None,
        "entered": f"{value} mmol/L", "laboratory": central,
        "collected_at": datetime(*yesterday.timetuple()[:3], 8, 30, 15, tzinfo=TOKYO),
        **changes,
    }  # fmt: skip
    return laboratory.record_result(result=LaboratoryResult(**values), by=place.nurse)


@pytest.fixture
def potassium(place: Place, central: Laboratory) -> LaboratoryResult:
    return record(place, central)


def address_of(result: LaboratoryResult) -> str:
    return reverse("patients:correct_result", args=[result.patient_id, result.pk])


def as_shown(client: Client, result: LaboratoryResult) -> dict[str, str]:
    """The form as it is opened: what a browser would send back untouched."""
    form = client.get(address_of(result)).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    return {name: str(value) for name, value in sent.items() if value not in (None, "", False)}


def correct(client: Client, result: LaboratoryResult, **changes: str) -> HttpResponse:
    sent = {**as_shown(client, result), "reason": "misread", **changes}
    return client.post(address_of(result), sent)


def errors(answer: HttpResponse) -> dict[str, list[str]]:
    return dict(answer.context["form"].errors)


class TestPage:
    def test_what_is_stored_stands_beside_the_form(self, nurse: Client, potassium: LaboratoryResult) -> None:
        answer = nurse.get(address_of(potassium))
        lines = answer.context["lines"]
        assert (lines["Result"], lines["Laboratory"], lines["Method"]) == ("6.4 mmol/l", "Central", None)
        assert lines["Collected"].endswith(", 08:30")
        assert potassium.created_by.username in answer.content.decode()
        shown = as_shown(nurse, potassium)
        assert shown.pop("submission")
        assert shown == {
            "version": "1", "laboratory": "Central", "potassium_value": "6.4", "potassium_unit": "mmol/L",
            "collected_on": f"{potassium.collected_at.astimezone(TOKYO):%Y-%m-%d}", "collected_time": "08:30",
        }  # fmt: skip

    def test_the_record_and_the_list_of_results_lead_to_it(
        self, nurse: Client, potassium: LaboratoryResult
    ) -> None:
        for name, arguments in (("fact", ["laboratory", potassium.pk]), ("laboratory", [])):
            page = nurse.get(reverse(f"patients:{name}", args=[potassium.patient_id, *arguments]))
            assert address_of(potassium) in page.content.decode()

    def test_an_unknown_time_stays_unknown(self, nurse: Client, place: Place, central: Laboratory) -> None:
        day = local_today(place.clinic) - timedelta(days=3)
        midnight = datetime(*day.timetuple()[:3], tzinfo=TOKYO)
        row = record(place, central, "4.1", collected_at=midnight)
        assert "collected_time" not in as_shown(nurse, row)
        assert nurse.get(address_of(row)).context["lines"]["Collected"].endswith("time not given")
        assert correct(nurse, row, potassium_value="4.2").status_code == 302
        row.refresh_from_db()
        assert row.collected_at == midnight


class TestSaving:
    def test_old_and_new_with_who_when_and_why(
        self, nurse: Client, place: Place, potassium: LaboratoryResult
    ) -> None:
        answer = correct(nurse, potassium, potassium_value="4.6", reason="digits swapped")
        assert answer["Location"] == reverse(
            "patients:fact", args=[potassium.patient_id, "laboratory", potassium.pk]
        )
        potassium.refresh_from_db()
        assert (potassium.value, potassium.entered, potassium.version) == (Decimal("4.6"), "4.6 mmol/L", 2)
        newest, first = entries(potassium)
        assert (newest.by, newest.reason) == (place.nurse.username, "digits swapped")
        assert ("result", "6.4 mmol/l", "4.6 mmol/l") in [(c.label, c.old, c.new) for c in newest.changes]
        assert first.by == place.nurse.username
        page = nurse.get(answer["Location"]).content.decode()
        assert "6.4 mmol/l → <strong>4.6 mmol/l</strong>" in page and "digits swapped" in page

    def test_what_was_not_typed_stays_to_the_second(self, nurse: Client, potassium: LaboratoryResult) -> None:
        before = potassium.collected_at
        assert correct(nurse, potassium, laboratory="Elsewhere").status_code == 302
        potassium.refresh_from_db()
        assert (potassium.laboratory.name, potassium.collected_at, potassium.entered, potassium.value) == (
            "Elsewhere", before, "6.4 mmol/L", Decimal("6.4"),
        )  # fmt: skip

    def test_everything_at_once(self, nurse: Client, place: Place, central: Laboratory) -> None:
        crp = record(place, central, "5", analyte="crp", upper_limit=Decimal(3), entered="5 mg/L")
        day = local_today(place.clinic) - timedelta(days=2)
        answer = correct(
            nurse, crp, crp_value="<0.5", crp_unit="mg/dL", crp_high="0.4", collected_on=day.isoformat(),
            collected_time="07:05", during_infection="on",
        )  # fmt: skip
        assert answer.status_code == 302
        crp.refresh_from_db()
        assert (crp.comparator, crp.value, crp.upper_limit, crp.entered) == ("<", 5, 4, "<0.5 mg/dL")
        assert crp.collected_at.astimezone(TOKYO) == datetime(*day.timetuple()[:3], 7, 5, tzinfo=TOKYO)
        assert crp.during_infection

    def test_a_finding(self, nurse: Client, place: Place, central: Laboratory) -> None:
        row = record(place, central, "", analyte="hbsag", finding="negative", entered="negative")
        assert correct(nurse, row, hbsag_value="positive").status_code == 302
        row.refresh_from_db()
        assert (row.finding, row.value, row.entered) == ("positive", None, "positive")

    def test_a_method_that_the_entry_form_does_not_ask_for_is_kept(
        self, nurse: Client, place: Place, central: Laboratory
    ) -> None:
        row = record(place, central, "90", analyte="c3", method="turbidimetry", entered="90 mg/dL")
        assert correct(nurse, row, c3_value="91").status_code == 302
        row.refresh_from_db()
        assert (row.value, row.method) == (91, "turbidimetry")


class TestRefusals:
    @pytest.mark.parametrize(
        ("changes", "field", "words"),
        [
            ({"potassium_value": "64"}, "potassium_value", "Not possible: between 1 and 12 mmol/l"),
            ({"potassium_value": "6,4"}, "potassium_value", "Write the decimal with a point: 6.4"),
            ({"potassium_value": "6.6"}, "potassium_value", "Unusual value"),
            ({"potassium_value": "4.6", "potassium_unit": "mg/dL"}, "potassium_value", "does not fit"),
            ({"potassium_value": "4.6", "collected_on": "2199-01-01"}, "collected_on", "in the future"),
            ({"potassium_value": "4.6", "collected_on": "1900-01-01"}, "collected_on", "birth"),
            ({"potassium_value": "4.6", "reason": ""}, "reason", "required"),
            ({"potassium_value": "4.6", "reason": "   "}, "reason", "required"),
            ({"potassium_value": "4.6", "laboratory": ""}, "laboratory", "required"),
            ({"potassium_low": "5", "potassium_high": "3"}, "potassium_high", "below the lower limit"),
            ({}, "__all__", "Nothing differs"),
        ],
    )  # fmt: skip
    def test_beside_the_field_and_nothing_is_saved(
        self, nurse: Client, potassium: LaboratoryResult, changes: dict[str, str], field: str, words: str
    ) -> None:
        answer = correct(nurse, potassium, **changes)
        assert answer.status_code == 200
        assert words in " ".join(errors(answer)[field])
        potassium.refresh_from_db()
        assert (potassium.version, potassium.history.count()) == (1, 1)
        assert not Laboratory.objects.filter(name="").exists()

    def test_a_value_that_stays_is_not_asked_about_again(
        self, nurse: Client, potassium: LaboratoryResult
    ) -> None:
        assert correct(nurse, potassium, laboratory="Elsewhere").status_code == 302
        asked = correct(nurse, potassium, potassium_value="6.6")
        assert asked.context["entry"].confirm is not None
        assert correct(nurse, potassium, potassium_value="6.6", potassium_confirm="on").status_code == 302

    def test_a_limit_is_not_read_in_another_unit_unasked(
        self, nurse: Client, place: Place, central: Laboratory
    ) -> None:
        crp = record(place, central, "5", analyte="crp", upper_limit=Decimal(3), entered="5 mg/L")
        assert "unit is another one" in errors(correct(nurse, crp, crp_unit="mg/dL"))["crp_high"][0]
        assert correct(nurse, crp, crp_unit="mg/dL", crp_high="0.3").status_code == 302
        crp.refresh_from_db()
        assert (crp.value, crp.upper_limit) == (50, 3)

    def test_another_result_of_the_same_collection(
        self, nurse: Client, place: Place, central: Laboratory, potassium: LaboratoryResult
    ) -> None:
        earlier = potassium.collected_at.replace(second=0) - timedelta(hours=2)
        other = record(place, central, "4.4", collected_at=earlier)
        answer = correct(nurse, potassium, collected_time="06:30")
        assert "Another result of this analyte" in errors(answer)["collected_on"][0]
        writing.void(other, by=place.doctor, reason="wrong tube")
        assert correct(nurse, potassium, collected_time="06:30").status_code == 302

    def test_entered_in_error_is_said_and_not_corrected(
        self, nurse: Client, place: Place, potassium: LaboratoryResult
    ) -> None:
        sent = as_shown(nurse, potassium)
        writing.void(potassium, by=place.doctor, reason="wrong tube")
        page = nurse.get(address_of(potassium)).content.decode()
        assert "entered in error by" in page and "wrong tube" in page and "Save the correction" not in page
        answer = nurse.post(address_of(potassium), {**sent, "potassium_value": "4.6", "reason": "misread"})
        assert answer.status_code == 409
        assert [(row.theirs, row.yours) for row in answer.context["conflict"]] == [
            ("6.4 mmol/l", "4.6 mmol/l")
        ]
        assert "can no longer be corrected" in answer.content.decode()
        potassium.refresh_from_db()
        assert (potassium.value, potassium.version) == (Decimal("6.4"), 2)
        fact = reverse("patients:fact", args=[potassium.patient_id, "laboratory", potassium.pk])
        assert address_of(potassium) not in nurse.get(fact).content.decode()

    def test_a_level_is_no_laboratory_row(self, nurse: Client, place: Place, central: Laboratory) -> None:
        with pytest.raises(Exception, match="not a laboratory row"):
            record(place, central, "7", analyte="tacrolimus_trough")
        assert (
            nurse.get(reverse("patients:correct_result", args=[place.patient.pk, 10**9])).status_code == 404
        )

    def test_of_another_patient(self, nurse: Client, potassium: LaboratoryResult) -> None:
        other = make_place("Other")
        wrong = reverse("patients:correct_result", args=[other.patient.pk, potassium.pk])
        theirs = other.client(other.nurse)
        assert [theirs.get(wrong).status_code, theirs.post(wrong).status_code] == [404, 404]
        assert theirs.get(address_of(potassium)).status_code == 404


class TestTwoEditors:
    def test_the_second_sees_both_versions_and_may_save(
        self, nurse: Client, place: Place, potassium: LaboratoryResult
    ) -> None:
        sent = {**as_shown(nurse, potassium), "potassium_value": "4.6", "reason": "misread"}
        laboratory.correct_result(
            result=potassium, values={"value": Decimal("5.1"), "entered": "5.1 mmol/L"}, reason="x",
            by=place.doctor, expected_version=1,
        )  # fmt: skip
        answer = nurse.post(address_of(potassium), sent)
        assert answer.status_code == 409
        assert [(row.label, row.theirs, row.yours) for row in answer.context["conflict"]] == [
            ("Result", "5.1 mmol/l", "4.6 mmol/l")
        ]
        potassium.refresh_from_db()
        assert potassium.value == Decimal("5.1")
        again = nurse.post(
            address_of(potassium), {**sent, "version": answer.context["form"]["version"].value()}
        )
        assert again.status_code == 302
        potassium.refresh_from_db()
        assert (potassium.value, potassium.version) == (Decimal("4.6"), 3)

    def test_a_double_click_corrects_once(self, nurse: Client, potassium: LaboratoryResult) -> None:
        sent = {**as_shown(nurse, potassium), "potassium_value": "4.6", "reason": "misread"}
        assert [nurse.post(address_of(potassium), sent).status_code for _ in range(2)] == [302, 302]
        potassium.refresh_from_db()
        assert potassium.version == 2


def test_a_draft_is_found_again_and_finished(
    nurse: Client, place: Place, potassium: LaboratoryResult
) -> None:
    key, address = uuid4(), address_of(potassium)
    kept = {
        "path": address, "fields": {"potassium_value": ["4.6"], "reason": ["mis"], "version": ["1"]},
        "typed_at_ms": 1, "user": str(place.nurse.pk),
    }  # fmt: skip
    keep = reverse("patients:keep_draft", args=[key])
    assert nurse.post(keep, kept, content_type="application/json").json()["kept"]
    assert "Correction of a result" in nurse.get(reverse("patients:drafts")).content.decode()
    form = nurse.get(f"{address}?draft={key}").context["form"]
    assert (form["potassium_value"].value(), form["reason"].value()) == ("4.6", "mis")
    sent = {
        **as_shown(nurse, potassium),
        "potassium_value": "4.6",
        "reason": "misread",
        "submission": str(key),
    }
    assert nurse.post(address, sent).status_code == 302
    assert Draft.objects.get(key=key).finished_at is not None


class TestAlert:
    """A correction is judged as any new fact."""

    @pytest.fixture
    def place(self) -> Place:
        today = local_today(Clinic(time_zone="Asia/Tokyo"))
        started = Episode(0, "tacrolimus", today - timedelta(days=60), Decimal(3))
        return make_place("Alerts", base.with_episodes(base.base_record(today - timedelta(days=1)), started))

    def unresolved(self, place: Place) -> list[Alert]:
        return list(Alert.objects.unresolved().filter(patient=place.patient, rule="potassium"))

    def test_there_and_back(self, nurse: Client, place: Place, potassium: LaboratoryResult) -> None:
        (raised,) = self.unresolved(place)
        assert raised.severity == 3
        raised.state, raised.handled_by, raised.handled_at = "acknowledged", place.doctor, timezone.now()
        raised.save()
        assert correct(nurse, potassium, potassium_value="4.6").status_code == 302
        assert self.unresolved(place) == []
        raised.refresh_from_db()
        assert raised.state == "resolved"
        back = correct(nurse, potassium, potassium_value="6.4", potassium_confirm="on", reason="it was right")
        assert back.status_code == 302
        (again,) = self.unresolved(place)
        assert (again.severity, again.state) == (3, "open") and again.pk != raised.pk
        assert differences() == []
        assert [entry.reason for entry in entries(LaboratoryResult.objects.get(pk=potassium.pk))] == [
            "it was right", "misread", "",
        ]  # fmt: skip

    def test_what_is_refused_touches_no_alert(
        self, nurse: Client, place: Place, potassium: LaboratoryResult
    ) -> None:
        (raised,) = self.unresolved(place)
        assert correct(nurse, potassium, potassium_value="64").status_code == 200
        assert [(row.pk, row.state) for row in self.unresolved(place)] == [(raised.pk, raised.state)]

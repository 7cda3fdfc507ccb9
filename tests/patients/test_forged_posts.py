"""No way around the gate: ids of others in the address, forged fields, a locked visit, a nurse's limits."""

from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.clock import local_today
from demo.samples import base
from patients.models import DoseEpisode, Fact, LaboratoryResult, Visit
from patients.services.importing import Identity, import_record
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = pytest.mark.django_db


@made_once
def place() -> Place:
    return make_place()


@pytest.fixture
def today(place: Place) -> date:
    return local_today(place.clinic)


@pytest.fixture
def doctor(place: Place) -> Client:
    return place.client(place.doctor)


def open_new(client: Client, place: Place, day: date, **changed: str) -> HttpResponse:
    form = {"on": day.isoformat(), "weight_kg": "55.5", "note": "well", **changed}
    return client.post(reverse("patients:new_visit", args=[place.patient.pk]), form)


class TestAddresses:
    """An id in the address that belongs to another patient is not there, also within one clinic."""

    @pytest.fixture
    def second(self, place: Place) -> Place:
        patient = import_record(
            record=base.base_record(local_today(place.clinic)),
            identity=Identity("2", "Second", "Person"),
            clinic=place.clinic,
            by=place.doctor,
        )
        return Place(place.clinic, place.doctor, place.nurse, place.administrator, patient)

    def test_forms(self, doctor: Client, place: Place, second: Place) -> None:
        visit = Visit.objects.filter(patient=second.patient).latest("on")
        episode = DoseEpisode.objects.filter(patient=second.patient).latest("pk")
        for name, fact in (("visit", visit), ("amend_visit", visit), ("change_episode", episode)):
            wrong = reverse(f"patients:{name}", args=[place.patient.pk, fact.pk])
            assert [doctor.get(wrong).status_code, doctor.post(wrong).status_code] == [404, 404]
            right = reverse(f"patients:{name}", args=[second.patient.pk, fact.pk])
            assert doctor.get(right).status_code in (200, 302)

    @pytest.mark.parametrize(
        ("kind", "model"), [("visit", Visit), ("laboratory", LaboratoryResult), ("episode", DoseEpisode)]
    )
    def test_facts(self, doctor: Client, place: Place, second: Place, kind: str, model: type[Fact]) -> None:
        fact = model.objects.filter(patient=second.patient).latest("pk")
        arguments = [place.patient.pk, kind, fact.pk]
        assert doctor.get(reverse("patients:fact", args=arguments)).status_code == 404
        voiding = reverse("patients:void_fact", args=arguments)
        assert doctor.post(voiding, {"reason": "x"}).status_code == 404
        fact.refresh_from_db()
        assert not fact.is_voided

    @pytest.mark.parametrize("kind", ["patient", "user", "Visit", "nonsense"])
    def test_a_kind_that_does_not_exist(self, doctor: Client, place: Place, kind: str) -> None:
        assert doctor.get(reverse("patients:fact", args=[place.patient.pk, kind, 1])).status_code == 404

    def test_a_number_beyond_any_database(self, doctor: Client) -> None:
        assert doctor.get(f"/patients/{10**30}/").status_code == 404


class TestForgedPosts:
    @pytest.fixture
    def signed(self, place: Place) -> Visit:
        return Visit.objects.filter(patient=place.patient).latest("on")

    @pytest.mark.parametrize("extra", [{}, {"sign": "yes"}, {"reason": "x"}, {"signed_at": ""}])
    def test_a_signed_visit(self, doctor: Client, place: Place, signed: Visit, extra: dict[str, str]) -> None:
        before = Visit.objects.filter(pk=signed.pk).values().get()
        writes = signed.history.count()
        form = {
            "on": signed.on.isoformat(), "weight_kg": "99", "version": str(signed.version),
            "confirm_contradictions": "on", **extra,
        }  # fmt: skip
        answer = doctor.post(reverse("patients:visit", args=[place.patient.pk, signed.pk]), form)
        assert "This visit is signed" in answer.content.decode()
        assert Visit.objects.filter(pk=signed.pk).values().get() == before
        assert signed.history.count() == writes

    def test_fields_that_a_form_does_not_have_are_not_written(
        self, doctor: Client, place: Place, today: date
    ) -> None:
        other = make_place("Other")
        forged = {
            "patient": str(other.patient.pk), "signed_at": "2020-01-01", "signed_by": str(place.doctor.pk),
            "created_by": str(other.doctor.pk), "voided_at": "2020-01-01",
        }  # fmt: skip
        open_new(doctor, place, today, **forged)
        row = Visit.objects.latest("pk")
        assert (row.patient, row.created_by) == (place.patient, place.doctor)
        assert not row.is_signed and not row.is_voided

    def test_a_nurse_writes_only_her_fields(self, place: Place, today: date) -> None:
        doctors = {"sledai_rash": "yes", "rash_attribution": "yes", "physician_global": "2"}
        assert open_new(place.client(place.nurse), place, today, **doctors).status_code == 302
        row = Visit.objects.latest("pk")
        assert (row.weight_kg, row.created_by) == (55.5, place.nurse)
        assert (row.sledai_rash, row.rash_attribution, row.physician_global, row.note) == (None, "", None, "")

    def test_a_nurse_keeps_what_the_doctor_wrote(self, doctor: Client, place: Place, today: date) -> None:
        open_new(doctor, place, today, sledai_rash="yes")
        row = Visit.objects.latest("pk")
        address = reverse("patients:visit", args=[place.patient.pk, row.pk])
        sent = {"on": today.isoformat(), "weight_kg": "56", "version": "1"}
        assert place.client(place.nurse).post(address, sent).status_code == 302
        row.refresh_from_db()
        assert (row.weight_kg, row.sledai_rash, row.note) == (56, True, "well")

    def test_a_nurse_neither_signs_nor_amends_nor_voids(self, place: Place, signed: Visit) -> None:
        nurse = place.client(place.nurse)
        arguments = [place.patient.pk, signed.pk]
        form = {"on": signed.on.isoformat(), "version": "1", "reason": "x", "sign": "yes"}
        for name in ("visit", "amend_visit"):
            assert nurse.post(reverse(f"patients:{name}", args=arguments), form).status_code == 403
        voiding = reverse("patients:void_fact", args=[place.patient.pk, "visit", signed.pk])
        assert nurse.post(voiding, {"reason": "x"}).status_code == 403
        assert Visit.objects.get(pk=signed.pk).version == signed.version

    def test_what_was_entered_in_error_is_no_form_any_more(
        self, doctor: Client, place: Place, signed: Visit
    ) -> None:
        arguments = [place.patient.pk, signed.pk]
        voiding = reverse("patients:void_fact", args=[place.patient.pk, "visit", signed.pk])
        assert doctor.post(voiding, {"reason": "wrong patient"}).status_code == 302
        for name in ("visit", "amend_visit"):
            assert doctor.post(reverse(f"patients:{name}", args=arguments), {}).status_code == 404


class TestSigning:
    def test_signing_saves_and_locks(self, doctor: Client, place: Place, today: date) -> None:
        assert open_new(doctor, place, today, sign="yes").status_code == 302
        row = Visit.objects.latest("pk")
        assert (row.signed_by, row.note) == (place.doctor, "well")

    def test_a_bad_entry_saves_and_signs_nothing(self, doctor: Client, place: Place, today: date) -> None:
        open_new(doctor, place, today, sign="yes", weight_kg="abc")
        assert not Visit.objects.filter(patient=place.patient, on=today).exists()

    def test_an_amendment_needs_its_reason(self, doctor: Client, place: Place) -> None:
        signed = Visit.objects.filter(patient=place.patient).latest("on")
        address = reverse("patients:amend_visit", args=[place.patient.pk, signed.pk])
        form = {
            "on": signed.on.isoformat(),
            "weight_kg": "57",
            "version": "1",
            "confirm_contradictions": "on",
        }
        answer = doctor.post(address, form)
        assert set(answer.context["form"].errors) == {"reason"}
        assert 'value="57"' in answer.content.decode()
        assert doctor.post(address, {**form, "reason": "misread"}).status_code == 302
        signed.refresh_from_db()
        assert (signed.weight_kg, signed.is_signed) == (57, True)


def test_yesterdays_visit_is_not_todays(doctor: Client, place: Place, today: date) -> None:
    for days in (0, 1):
        assert open_new(doctor, place, today - timedelta(days=days)).status_code == 302
    assert Visit.objects.filter(patient=place.patient, signed_at=None).count() == 2

"""The writers of facts: refusals beside their fields, history, locks, one row a click, announcements."""

import inspect
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts import upward
from accounts.clock import local_today
from demo.samples import base
from patients.history import entries
from patients.loading import load_record
from patients.models import (
    Administration,
    Classification,
    DoseEpisode,
    DrugHistory,
    LaboratoryResult,
    Patient,
    PriorUse,
    RecordView,
    Statement,
    Visit,
)
from patients.models.patient import PatientQuerySet
from patients.rules.dates import PartialDate
from patients.services import drugs, laboratory, registration, statements, visits, writing
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
TOKYO = ZoneInfo("Asia/Tokyo")


@made_once
def place() -> Place:
    return make_place()


@pytest.fixture
def today(place: Place) -> date:
    return local_today(place.clinic)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The patients that were announced, by id."""
    heard: list[int] = []
    monkeypatch.setattr(upward, "reassess", lambda patient: heard.append(patient.pk))
    return heard


def result(place: Place, **changed: object) -> LaboratoryResult:
    values = {
        "patient": place.patient,
        "analyte": "c3",
        "value": Decimal(85),
        "entered": "85 mg/dL",
        "collected_at": datetime.now(TOKYO) - timedelta(hours=3),
        "laboratory": laboratory.laboratory_named(clinic=place.clinic, name="A", by=place.doctor),
    }
    return LaboratoryResult(**{**values, **changed})


def episode(place: Place, today: date, **changed: object) -> DoseEpisode:
    values = {"drug": "losartan", "dose_mg": 25, "start": today - timedelta(days=30)}
    return DoseEpisode(patient=place.patient, **{**values, **changed})


def refused(action) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as error:
        action()
    return error.value.message_dict if hasattr(error.value, "error_dict") else {"": error.value.messages}


def test_a_patient_is_locked_while_somebody_writes(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite has one writer at a time; on PostgreSQL this row is what two nurses wait for."""
    locked: list[bool] = []
    real = PatientQuerySet.select_for_update
    monkeypatch.setattr(
        PatientQuerySet, "select_for_update", lambda rows, *args, **kw: locked.append(True) or real(rows)
    )
    writing.lock(place.patient)
    assert locked == [True]


class TestRegistration:
    def register(self, place: Place, **changed: object) -> Patient:
        values = {
            "number": "77", "family_name": "Abe", "given_name": "Jun", "sex": "M",
            "birth": PartialDate.parse("1980"),
        }  # fmt: skip
        return registration.register_patient(clinic=place.clinic, by=place.nurse, **{**values, **changed})

    def test_a_number_is_used_once_in_a_clinic(self, place: Place) -> None:
        self.register(place)
        assert refused(lambda: self.register(place, given_name="Ken"))

    def test_the_same_form_twice_is_one_patient(self, place: Place) -> None:
        key = uuid4()
        assert self.register(place, submission=key) == self.register(place, submission=key)

    def test_a_birth_in_the_future(self, place: Place) -> None:
        assert "birth" in refused(lambda: self.register(place, birth=PartialDate.parse("2190")))

    def test_first_treatment_before_birth(self, place: Place) -> None:
        early = PartialDate.parse("1979-12")
        assert "first_treatment" in refused(lambda: self.register(place, first_treatment=early))

    def test_possible_duplicates(self, place: Place) -> None:
        person = self.register(place)
        for number, family, given, birth in (
            ("77", "X", "Y", "1990"),
            ("78", "abe", "JUN", "1990"),
            ("78", "Abe", "Other", "1980"),
        ):
            typed = Patient(
                clinic=place.clinic, number=number, family_name=family, given_name=given,
                birth=PartialDate.parse(birth),
            )  # fmt: skip
            found = registration.possible_duplicates(typed, by=place.nurse)
            assert [row.patient for row in found] == [person]

    def test_nobody_of_another_clinic_is_shown_as_a_duplicate(self, place: Place) -> None:
        elsewhere = make_place("Elsewhere")
        person = self.register(place)
        typed = Patient(
            clinic=elsewhere.clinic, number="9", family_name="Abe", given_name="Jun", birth=person.birth
        )
        assert registration.possible_duplicates(typed, by=elsewhere.nurse) == []
        place.nurse.clinics.add(elsewhere.clinic)
        assert len(registration.possible_duplicates(typed, by=place.nurse)) == 1

    def test_a_number_that_only_its_spelling_tells_apart_is_taken(self, place: Place) -> None:
        self.register(place, number="T77")
        assert "number" in refused(lambda: self.register(place, number="ｔ 77"))

    def test_a_birth_after_facts_on_file(self, place: Place) -> None:
        seen = datetime(2020, 3, 4, 8, tzinfo=TOKYO)
        laboratory.record_results(results=[result(place, collected_at=seen)], by=place.doctor)
        change = {"birth": PartialDate.parse("2024-05-05")}
        refusal = refused(
            lambda: registration.change_patient(
                patient=place.patient, values=change, by=place.nurse, expected_version=1, reason="typed"
            )
        )
        assert "4 Mar 2020" in refusal["birth"][0]

    def test_a_change_keeps_old_new_who_and_why(self, place: Place) -> None:
        person = self.register(place)
        registration.change_patient(
            patient=person,
            values={"family_name": "Ueda"},
            by=place.doctor,
            expected_version=1,
            reason="married",
        )
        newest, oldest = person.history.order_by("-history_id")
        assert (oldest.family_name, newest.family_name) == ("Abe", "Ueda")
        assert (newest.history_user, newest.history_change_reason) == (place.doctor, "married")


class TestVisits:
    def test_a_future_day_and_a_day_before_birth(self, place: Place, today: date) -> None:
        for day in (today + timedelta(days=1), date(1900, 1, 1)):
            found = refused(
                lambda day=day: visits.open_visit(patient=place.patient, on=day, values={}, by=place.nurse)
            )
            assert "on" in found

    def test_one_visit_a_day(self, place: Place, today: date) -> None:
        visits.open_visit(patient=place.patient, on=today, values={}, by=place.nurse)
        assert refused(lambda: visits.open_visit(patient=place.patient, on=today, values={}, by=place.nurse))

    def test_amending_needs_a_reason_and_keeps_it(self, place: Place, today: date) -> None:
        visit = visits.open_visit(
            patient=place.patient, on=today, values={"weight_kg": Decimal(50)}, by=place.doctor
        )
        signed = visits.sign_visit(visit=visit, by=place.doctor, expected_version=visit.version)
        change = {"visit": signed, "values": {"weight_kg": Decimal(52)}, "by": place.doctor}
        assert "reason" in refused(
            lambda: visits.amend_visit(reason=" ", expected_version=signed.version, **change)
        )
        visits.amend_visit(reason="misread scale", expected_version=signed.version, **change)
        newest = entries(Visit.objects.get(pk=visit.pk))[0]
        assert newest.reason == "misread scale"
        assert [(item.old, item.new) for item in newest.changes] == [("50 kg", "52 kg")]

    def test_signing_twice(self, place: Place, today: date) -> None:
        visit = visits.open_visit(patient=place.patient, on=today, values={}, by=place.doctor)
        signed = visits.sign_visit(visit=visit, by=place.doctor, expected_version=visit.version)
        with pytest.raises(visits.SignedVisitError):
            visits.sign_visit(visit=signed, by=place.doctor, expected_version=signed.version)

    def test_a_stale_version(self, place: Place, today: date) -> None:
        visit = visits.open_visit(patient=place.patient, on=today, values={}, by=place.doctor)
        with pytest.raises(writing.StaleFactError):
            visits.sign_visit(visit=visit, by=place.doctor, expected_version=visit.version + 1)


class TestLaboratory:
    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"value": Decimal(8600)}, "value"),
            ({"value": Decimal(-1)}, "value"),
            ({"analyte": "nonsense"}, "analyte"),
            ({"analyte": "tacrolimus_trough"}, "analyte"),
            ({"collected_at": datetime.now(TOKYO) + timedelta(hours=2)}, "collected_at"),
        ],
    )
    def test_refusals(self, place: Place, changed: dict, field: str) -> None:
        action = result(place, **changed)
        assert field in refused(lambda: laboratory.record_result(result=action, by=place.nurse))

    def test_one_result_a_collection_and_method(self, place: Place) -> None:
        moment = datetime.now(TOKYO) - timedelta(hours=5)
        laboratory.record_result(result=result(place, collected_at=moment), by=place.nurse)
        again = result(place, collected_at=moment, value=Decimal(70))
        assert refused(lambda: laboratory.record_result(result=again, by=place.nurse))

    def test_a_sheet_is_saved_whole_or_not_at_all(self, place: Place) -> None:
        before = LaboratoryResult.objects.count()
        rows = [result(place), result(place, analyte="c4", value=Decimal(9999))]
        refused(lambda: laboratory.record_results(results=rows, by=place.nurse))
        assert LaboratoryResult.objects.count() == before

    def test_a_correction_needs_a_reason(self, place: Place) -> None:
        saved = laboratory.record_result(result=result(place), by=place.nurse)
        change = {"result": saved, "values": {"value": Decimal(58)}, "by": place.nurse, "expected_version": 1}
        assert "reason" in refused(lambda: laboratory.correct_result(reason="", **change))
        assert laboratory.correct_result(reason="digits swapped", **change).value == 58


class TestDrugs:
    def test_a_second_open_episode_names_the_first(self, place: Place, today: date) -> None:
        drugs.start_episode(episode=episode(place, today), by=place.nurse)
        second = episode(place, today, start=today)
        assert (
            "already being taken"
            in refused(lambda: drugs.start_episode(episode=second, by=place.nurse))["start"][0]
        )

    @pytest.mark.parametrize(("start", "last", "fits"), [(40, 31, True), (40, 30, False), (20, None, False)])
    def test_overlaps(self, place: Place, today: date, start: int, last: int | None, fits: bool) -> None:
        first = episode(place, today, last_day=today - timedelta(days=10))
        drugs.start_episode(episode=first, by=place.nurse)
        other = episode(
            place,
            today,
            start=today - timedelta(days=start),
            last_day=None if last is None else today - timedelta(days=last),
        )
        if fits:
            assert drugs.start_episode(episode=other, by=place.nurse).pk
        else:
            assert "start" in refused(lambda: drugs.start_episode(episode=other, by=place.nurse))

    def test_another_dose_ends_the_first_the_day_before(self, place: Place, today: date) -> None:
        first = drugs.start_episode(episode=episode(place, today), by=place.nurse)
        second = drugs.change_dose(
            episode=first, dose_mg=50, start=today, reason="pressure", by=place.nurse, expected_version=1
        )
        first.refresh_from_db()
        assert (first.last_day, second.start) == (today - timedelta(days=1), today)

    def test_a_stop_may_be_planned(self, place: Place, today: date) -> None:
        first = drugs.start_episode(episode=episode(place, today), by=place.nurse)
        ahead = today + timedelta(days=3)
        ended = drugs.end_episode(
            episode=first, last_day=ahead, reason="planned", by=place.nurse, expected_version=1
        )
        assert ended.last_day == ahead

    def test_an_end_before_the_start(self, place: Place, today: date) -> None:
        wrong = episode(place, today, last_day=today - timedelta(days=31))
        assert refused(lambda: drugs.start_episode(episode=wrong, by=place.nurse))


class TestVoiding:
    def test_it_needs_a_reason_happens_once_and_hides_the_fact(self, place: Place) -> None:
        saved = laboratory.record_result(result=result(place), by=place.nurse)
        assert "reason" in refused(lambda: writing.void(saved, by=place.doctor, reason=" "))
        writing.void(saved, by=place.doctor, reason="wrong tube")
        assert refused(lambda: writing.void(saved, by=place.doctor, reason="again"))
        assert all(row.id != saved.pk for row in load_record(place.patient).laboratory)
        newest = entries(LaboratoryResult.objects.get(pk=saved.pk))[0]
        assert (newest.by, newest.reason) == (place.doctor.username, "wrong tube")


def write_calls(place: Place, today: date) -> dict[str, object]:
    """One call of every service that writes a fact."""
    by = place.doctor
    patient = place.patient
    visit = Visit.objects.filter(patient=patient).latest("on")
    saved = LaboratoryResult.objects.filter(patient=patient, analyte="c3").latest("pk")
    psl = DoseEpisode.objects.get(patient=patient, drug="prednisolone")
    hcq = DoseEpisode.objects.get(patient=patient, drug="hydroxychloroquine")
    opened = visits.open_visit(patient=patient, on=today, values={}, by=by)
    unnamed = PriorUse.objects.create(patient=patient, drug_text="XYZ", stated_on=today, created_by=by)
    return {
        "register_patient": lambda: registration.register_patient(
            clinic=place.clinic, by=by, number="9", family_name="A", given_name="B", sex="F",
            birth=PartialDate.parse("1990"),
        ),
        "change_patient": lambda: registration.change_patient(
            patient=patient, values={}, by=by, expected_version=1
        ),
        "open_visit": lambda: visits.open_visit(
            patient=patient, on=today - timedelta(days=1), values={}, by=by
        ),
        "save_visit": lambda: visits.save_visit(visit=opened, values={}, by=by, expected_version=1),
        "sign_visit": lambda: visits.sign_visit(visit=opened, by=by, expected_version=2),
        "amend_visit": lambda: visits.amend_visit(
            visit=visit, values={}, reason="x", by=by, expected_version=1
        ),
        "record_result": lambda: laboratory.record_result(result=result(place), by=by),
        "record_results": lambda: laboratory.record_results(
            results=[result(place, analyte="c4", value=Decimal(20))], by=by
        ),
        "record_many_results": lambda: laboratory.record_many_results(
            results=[result(place, analyte="ck", value=Decimal(80))], by=by
        ),
        "correct_result": lambda: laboratory.correct_result(
            result=saved, values={}, reason="x", by=by, expected_version=1
        ),
        "start_episode": lambda: drugs.start_episode(episode=episode(place, today), by=by),
        "end_episode": lambda: drugs.end_episode(
            episode=hcq, last_day=today, reason="x", by=by, expected_version=1
        ),
        "correct_episode": lambda: drugs.correct_episode(
            episode=hcq, values={}, reason="x", by=by, expected_version=2
        ),
        "change_dose": lambda: drugs.change_dose(
            episode=psl, dose_mg=9, start=today, reason="x", by=by, expected_version=1
        ),
        "identify_drug": lambda: drugs.identify_drug(
            fact=unnamed, drug="mizoribine", reason="x", by=by, expected_version=1
        ),
        "record_administration": lambda: drugs.record_administration(
            administration=Administration(patient=patient, drug="rituximab", on=today), by=by
        ),
        "record_prior_use": lambda: drugs.record_prior_use(
            use=PriorUse(patient=patient, drug="rituximab", stated_on=today), by=by
        ),
        "confirm_drug_history": lambda: drugs.confirm_drug_history(
            confirmation=DrugHistory(patient=patient, stated_on=today, complete_days=90, informant="she"),
            by=by,
        ),
        "state": lambda: statements.state(
            statement=Statement(patient=patient, kind="diabetes", stated_on=today, answer=False), by=by
        ),
        "classify": lambda: statements.classify(
            classification=Classification(patient=patient, system="acr_1997", on=today, score=4), by=by
        ),
        "classify_items": lambda: statements.classify_items(
            patient=patient, system="acr_1997", on=today, answers={"ana": True}, note="", by=by
        ),
        "void": lambda: writing.void(saved, by=by, reason="x"),
    }  # fmt: skip


READS = {"possible_duplicates", "current_episodes", "laboratory_named", "open_drugs"}


def test_every_service_announces_the_patient_it_wrote(place: Place, today: date, told: list[int]) -> None:
    for name, call in write_calls(place, today).items():
        told.clear()
        call()  # type: ignore[operator]
        assert told, f"{name} announced nobody"


def test_no_service_is_left_out_of_that_test(place: Place, today: date) -> None:
    public = {
        name
        for module in (registration, visits, laboratory, drugs, statements)
        for name, member in inspect.getmembers(module, inspect.isfunction)
        if member.__module__ == module.__name__ and not name.startswith("_")
    }
    assert public - READS == set(write_calls(place, today)) - {"void"}


def test_a_view_of_a_record_is_logged_and_its_panels_are_not(place: Place) -> None:
    client = place.client(place.nurse)
    client.get(reverse("patients:page", args=[place.patient.pk]))
    client.get(reverse("patients:visits", args=[place.patient.pk]), headers={"HX-Request": "true"})
    stranger = make_place("Other", base.base_record(local_today(place.clinic)))
    stranger.client(stranger.nurse).get(reverse("patients:page", args=[place.patient.pk]))
    (view,) = RecordView.objects.all()
    assert (view.patient, view.user, view.page) == (place.patient, place.nurse, "patients:page")


@pytest.mark.parametrize("name", ["Central", "Ｃentral", " central ", "CENTRAL", "cen\u200btral"])
def test_a_laboratory_is_one_however_it_is_spelled(place: Place, name: str) -> None:
    first = laboratory.laboratory_named(clinic=place.clinic, name="Central", by=place.nurse)
    assert laboratory.laboratory_named(clinic=place.clinic, name=name, by=place.nurse) == first


def test_the_end_of_a_dose_moved_into_the_next_is_refused_in_words(place: Place, today: date) -> None:
    """On both databases; PostgreSQL's own constraint has none."""
    first = DoseEpisode.objects.get(patient=place.patient, drug="prednisolone")
    drugs.change_dose(
        episode=first, dose_mg=9, start=today, reason="x", by=place.doctor, expected_version=first.version
    )
    first.refresh_from_db()
    messages = refused(
        lambda: drugs.end_episode(
            episode=first, last_day=today, reason="x", by=place.doctor, expected_version=first.version
        )
    )
    assert "already being taken" in str(messages["start"])

"""The history of a patient in words: all that was written, the newest first, found again by filters."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.clock import local_today
from accounts.models import Role
from patients.history import KINDS, HistoryEntry, Wanted, entries, history_page, lines
from patients.models import (
    Administration,
    Classification,
    DoseEpisode,
    Fact,
    LaboratoryResult,
    Patient,
    PersonState,
    PriorUse,
    Statement,
    Visit,
)
from patients.rules.dates import PartialDate
from patients.services import drugs, laboratory, registration, statements, visits, writing
from patients.services.person_states import record_state
from tests.factories_accounts import UserFactory
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


def newest(fact: Fact | Patient) -> HistoryEntry:
    return entries(fact)[0]


def told(entry: HistoryEntry) -> dict[str, tuple[str, str]]:
    return {change.label: (change.old, change.new) for change in entry.changes}


def stood(fact: Fact) -> dict[str, str]:
    return {line.label: line.value for line in lines(fact)}


def c3(place: Place) -> LaboratoryResult:
    return LaboratoryResult.objects.filter(patient=place.patient, analyte="c3").latest("collected_at")


def text(html: bytes) -> str:
    """What a reader sees of the page, on one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.decode())).replace("&lt;", "<")


def day(value: date) -> str:
    return f"{value.day} {value:%b %Y}"


class TestWords:
    """Each kind of field, old and new, as a person would say it."""

    def test_a_result_with_comparator_unit_and_limits(self, place: Place) -> None:
        values = {"comparator": "<", "value": Decimal("69.50"), "lower_limit": Decimal(86)}
        laboratory.correct_result(
            result=c3(place), values=values, reason="misread", by=place.nurse, expected_version=1
        )
        assert told(newest(c3(place))) == {
            "result": ("96 mg/dl", "<69.5 mg/dl"),
            "lower limit": ("not given", "86 mg/dl"),
        }

    def test_a_finding(self, place: Place) -> None:
        row = LaboratoryResult.objects.filter(patient=place.patient, analyte="hcv").latest("pk")
        laboratory.correct_result(
            result=row, values={"finding": "positive"}, reason="typo", by=place.nurse, expected_version=1
        )
        row.refresh_from_db()
        assert told(newest(row)) == {"result": ("negative", "positive")}

    def test_a_zero_that_gains_decimals_is_no_change(self, place: Place) -> None:
        laboratory.correct_result(
            result=c3(place),
            values={"value": Decimal("96.00")},
            reason="x",
            by=place.nurse,
            expected_version=1,
        )
        assert newest(c3(place)).changes == ()

    def test_a_visit_keeps_not_assessed_no_and_zero_apart(self, place: Place, today: date) -> None:
        visit = visits.open_visit(patient=place.patient, on=today, values={}, by=place.nurse)
        values = {
            "sledai_rash": False,
            "observed_tremor": True,
            "rash_severity": 0,
            "fever_severity": 2,
            "rash_attribution": "uncertain",
            "weight_kg": Decimal("55.0"),
            "swollen_joints": 0,
        }
        visits.save_visit(visit=visit, values=values, by=place.doctor, expected_version=1)
        visit.refresh_from_db()
        assert told(newest(visit)) == {
            "SLEDAI: rash": ("not assessed", "no"),
            "tremor": ("not assessed", "yes"),
            "rash, how severe": ("not assessed", "0 none"),
            "fever, how severe": ("not assessed", "2 moderate"),
            "rash: due to SLE?": ("not judged", "uncertain"),
            "weight": ("not recorded", "55 kg"),
            "swollen joints": ("not recorded", "0"),
        }

    def test_an_episode(self, place: Place, today: date) -> None:
        row = DoseEpisode.objects.get(patient=place.patient, drug="prednisolone")
        stop = today + timedelta(days=7)
        values = {"dose_mg": None, "last_day": stop, "schedule": "alternate_days", "purpose": "other"}
        drugs.correct_episode(
            episode=row, values=values, reason="as told", by=place.nurse, expected_version=1
        )
        row.refresh_from_db()
        assert told(newest(row)) == {
            "dose": ("10 mg", "unknown"),
            "last day taken": ("still taken", day(stop)),
            "taken": ("every day", "every other day"),
            "given": ("for SLE", "for something else"),
        }

    def test_a_drug_of_the_catalogue_becomes_free_text(self, place: Place, today: date) -> None:
        row = Administration(patient=place.patient, drug="rituximab", dose_mg=500, on=today)
        drugs.record_administration(administration=row, by=place.doctor)
        writing.change(row, {"drug": "", "drug_text": "tea"}, by=place.doctor, expected_version=1)
        row.refresh_from_db()
        assert told(newest(row)) == {"drug": ("rituximab", "tea")}

    def test_an_answer(self, place: Place, today: date) -> None:
        row = Statement(patient=place.patient, kind="diabetes", stated_on=today, answer=None)
        statements.state(statement=row, by=place.nurse)
        values = {"answer": True, "event": PartialDate.parse("2019-04"), "note": "type 2"}
        writing.change(row, values, by=place.nurse, expected_version=1)
        row.refresh_from_db()
        entry = newest(row)
        assert entry.subject == f"“Diabetes?”, as known on {day(today)}"
        assert told(entry) == {
            "answer": ("unknown", "yes"),
            "date of the event": ("not recorded", "2019-04"),
            "note": ("not recorded", "type 2"),
        }

    def test_the_person(self, place: Place) -> None:
        registration.change_patient(
            patient=place.patient,
            values={"renal_involvement": True, "biopsy_class": "IV+V", "sex": "M"},
            by=place.nurse,
            expected_version=place.patient.version,
            reason="letter of 2019",
        )
        (entry, *_rest) = history_page(place.patient, [KINDS["patient"]], Wanted(), None).object_list
        assert entry.sentence == f"{place.nurse.username} changed the person's details"
        assert told(entry)["renal biopsy class"] == ("no biopsy recorded", "IV + V")
        assert told(entry)["sex"] == ("female", "male")

    def test_a_time_is_the_clinics(self, doctor: Client, place: Place) -> None:
        """What was corrected at 03:00 in Greenwich is read as noon in Tokyo, and as evening in New York."""
        moment = datetime(2126, 11, 23, 3, 0, tzinfo=UTC)
        with time_machine.travel(moment, tick=False):
            laboratory.correct_result(
                result=c3(place), values={"value": 90}, reason="x", by=place.nurse, expected_version=1
            )
        address = reverse("patients:history", args=[place.patient.pk])
        assert "23 Nov 2126, 12:00" in text(doctor.get(address).content)
        place.clinic.time_zone = "America/New_York"
        place.clinic.save()
        page = text(doctor.get(address).content)
        assert "22 Nov 2126, 22:00" in page and "Times of America/New_York" in page

    def test_a_full_name_is_preferred_to_the_sign_in_name(self, place: Place) -> None:
        nurse = UserFactory(role=Role.NURSE, clinics=[place.clinic], first_name="Hana", last_name="Ito")
        laboratory.correct_result(
            result=c3(place), values={"value": 90}, reason="x", by=nurse, expected_version=1
        )
        assert newest(c3(place)).by == "Hana Ito"


class TestSentences:
    """Which sentence each write is told in."""

    def test_a_visit_from_beginning_to_error(self, place: Place, today: date) -> None:
        visit = visits.open_visit(patient=place.patient, on=today, values={}, by=place.nurse)
        visits.save_visit(visit=visit, values={"note": "x"}, by=place.nurse, expected_version=1)
        visits.sign_visit(visit=visit, by=place.doctor, expected_version=2)
        visits.amend_visit(
            visit=visit, values={"note": "y"}, reason="typo", by=place.doctor, expected_version=3
        )
        writing.void(visit, by=place.doctor, reason="wrong patient")
        visit.refresh_from_db()
        nurse, who, what = place.nurse.username, place.doctor.username, f"the visit of {day(today)}"
        assert [(entry.sentence, entry.reason) for entry in entries(visit)] == [
            (f"{who} marked {what} as entered in error", "wrong patient"),
            (f"{who} amended {what}, which was signed", "typo"),
            (f"{who} signed {what}", ""),
            (f"{nurse} changed {what}", ""),
            (f"{nurse} entered {what}", ""),
        ]

    SUBJECTS = (
        (LaboratoryResult, {"analyte": "c3"}, r"C3 collected \d+ \w+ \d{4}, 09:00"),
        (DoseEpisode, {"drug": "prednisolone"}, r"prednisolone from \d+ \w+ \d{4}"),
        (Statement, {"kind": "pregnant"}, r"“Pregnant\?”, as known on \d+ \w+ \d{4}"),
        (Classification, {}, r"ACR 1997 revised criteria judged on \d+ \w+ \d{4}"),
    )

    @pytest.mark.parametrize(("model", "which", "pattern"), SUBJECTS)
    def test_each_fact_names_itself(
        self, place: Place, model: type[Fact], which: dict[str, str], pattern: str
    ) -> None:
        row = model.objects.filter(patient=place.patient, **which).latest("pk")
        assert re.fullmatch(pattern, newest(row).subject)

    def test_the_first_version_tells_its_content_once(self, place: Place, today: date) -> None:
        use = PriorUse(patient=place.patient, drug="mizoribine", stated_on=today, reason="rash")
        drugs.record_prior_use(use=use, by=place.doctor)
        (first,) = entries(use)
        assert first.subject == "the earlier use of mizoribine"
        assert {line.label: line.value for line in first.first} == {
            "stated on": day(today),
            "why it was stopped": "rash",
        }

    def test_what_is_voided_is_said_at_its_earlier_entries(self, doctor: Client, place: Place) -> None:
        writing.void(c3(place), by=place.doctor, reason="wrong patient")
        voided, first = entries(c3(place))
        assert (voided.voided_because, first.voided_because) == ("", "wrong patient")
        page = text(doctor.get(reverse("patients:history", args=[place.patient.pk])).content)
        assert "entered in error, because: wrong patient" in page

    def test_a_name_with_markup_is_shown_as_text(self, place: Place) -> None:
        nurse = UserFactory(role=Role.NURSE, clinics=[place.clinic], first_name="<b>{what}</b>")
        laboratory.correct_result(
            result=c3(place), values={"value": 90}, reason="x", by=nurse, expected_version=1
        )
        assert "<strong>&lt;b&gt;{what}&lt;/b&gt;</strong> changed" in newest(c3(place)).linked

    def test_the_present_fact_is_told_in_the_same_words(self, place: Place) -> None:
        said = stood(c3(place))
        assert said["analyte"] == "C3" and said["result"] == "96 mg/dl"
        assert said["laboratory"] == "City laboratory (invented)" and said["during an infection"] == "no"
        assert "lower limit" not in said


class TestPage:
    def page(self, client: Client, place: Place, **asked: object) -> str:
        address = reverse("patients:history", args=[place.patient.pk])
        return text(client.get(address, {key: str(value) for key, value in asked.items()}).content)

    def test_the_newest_comes_first_over_all_kinds(self, doctor: Client, place: Place, today: date) -> None:
        laboratory.correct_result(
            result=c3(place), values={"value": 69}, reason="swapped", by=place.nurse, expected_version=1
        )
        visits.open_visit(patient=place.patient, on=today, values={}, by=place.doctor)
        page = self.page(doctor, place)
        opened, corrected = page.index(f"the visit of {day(today)}"), page.index("96 mg/dl → 69 mg/dl")
        assert opened < corrected < page.index("Why: swapped") < page.index("prednisolone from")

    def test_by_kind(self, doctor: Client, place: Place) -> None:
        page = self.page(doctor, place, kind="episode")
        assert "2 entries" in page and "prednisolone from" in page and "collected" not in page

    def test_by_person(self, doctor: Client, place: Place) -> None:
        laboratory.correct_result(
            result=c3(place), values={"value": 69}, reason="swapped", by=place.nurse, expected_version=1
        )
        page = self.page(doctor, place, person=place.nurse.pk)
        assert "1 entry" in page and "96 mg/dl → 69 mg/dl" in page

    def test_by_period_in_whole_days_of_the_clinic(self, doctor: Client, place: Place, today: date) -> None:
        """23:59 of the last day counts, midnight after it does not."""
        for hour, value in ((14, 60), (15, 61)):  # 23:59 and 00:59 in Tokyo
            with time_machine.travel(datetime(2126, 3, 10, hour, 59, tzinfo=UTC), tick=False):
                row = c3(place)
                laboratory.correct_result(
                    result=row,
                    values={"value": value},
                    reason="x",
                    by=place.nurse,
                    expected_version=row.version,
                )
        page = self.page(doctor, place, since="2126-03-10", until="2126-03-10")
        assert "1 entry" in page and "→ 60 mg/dl" in page

    def test_a_filter_that_finds_nothing_says_so(self, doctor: Client, place: Place) -> None:
        assert "Nothing was written that matches" in self.page(doctor, place, until="1990-01-01")

    def test_a_filter_that_cannot_be_is_said_and_filters_nothing(self, doctor: Client, place: Place) -> None:
        page = self.page(doctor, place, kind="nonsense", person="x", since="soon")
        assert "nonsense is not one of the available choices" in page
        assert "prednisolone from" in page
        assert "lies before the first" in self.page(doctor, place, since="2026-02-01", until="2026-01-01")

    def test_a_long_history_has_pages_that_keep_the_filter(self, doctor: Client, place: Place) -> None:
        for number in range(1, 60):
            laboratory.correct_result(
                result=c3(place),
                values={"value": number},
                reason=f"reason {number}.",
                by=place.nurse,
                expected_version=number,
            )
        asked = {"kind": "laboratory", "person": place.nurse.pk}
        answer = doctor.get(reverse("patients:history", args=[place.patient.pk]), asked)
        assert "Page 1 of 2" in text(answer.content) and "reason 59." in text(answer.content)
        assert f"?kind=laboratory&amp;person={place.nurse.pk}&amp;page=2" in answer.content.decode()
        last = self.page(doctor, place, page=2, **asked)
        assert "reason 1." in last and "reason 59." not in last

    def test_nobody_elses_facts_are_told(self, doctor: Client, place: Place, today: date) -> None:
        other = registration.register_patient(
            clinic=place.clinic, by=place.nurse, number="2", family_name="Other", given_name="Person",
            sex="F", birth=PartialDate.parse("1980"),
        )  # fmt: skip
        visits.open_visit(patient=other, on=today, values={}, by=place.doctor)
        assert f"the visit of {day(today)}" not in self.page(doctor, place)

    def test_it_costs_no_more_queries_when_it_is_long(
        self, doctor: Client, place: Place, today: date
    ) -> None:
        """A page in which all kinds occur asks once a kind; longer is not more."""
        self.one_of_each(place, today)
        address = reverse("patients:history", args=[place.patient.pk])

        def count() -> int:
            doctor.get(address)
            with CaptureQueriesContext(connection) as seen:
                assert doctor.get(address).status_code == 200
            return len(seen)

        few = count()
        for _time in range(10):
            self.one_of_each(place, today)
        assert count() <= few <= 30

    def one_of_each(self, place: Place, today: date) -> None:
        """One more write of every kind."""
        patient = Patient.objects.get(pk=place.patient.pk)
        registration.change_patient(
            patient=patient, values={}, by=place.nurse, expected_version=patient.version
        )
        for name, kind in KINDS.items():
            if name == "patient":
                continue
            row = kind.model.objects.filter(patient=patient).last()  # type: ignore[attr-defined]
            if row is None:
                row = self.missing(name, place, today)
            writing.change(row, {}, by=place.nurse, expected_version=row.version)

    def missing(self, name: str, place: Place, today: date) -> Fact:
        if name == "administration":
            row = Administration(patient=place.patient, drug="rituximab", dose_mg=500, on=today)
            return drugs.record_administration(administration=row, by=place.doctor)
        if name == "person_state":
            state = PersonState(patient=place.patient, kind="lost", since=today, source="three letters")
            return record_state(state=state, by=place.doctor)
        assert name == "prior_use"
        return drugs.record_prior_use(
            use=PriorUse(patient=place.patient, drug="mizoribine", stated_on=today), by=place.doctor
        )

    def test_every_field_of_every_fact_has_words(self, place: Place, today: date) -> None:
        """No table may keep something that the history cannot tell."""
        self.one_of_each(place, today)
        for kind in KINDS.values():
            row = kind.model.objects.latest("pk")  # type: ignore[attr-defined]
            assert all(line.label and line.value for line in lines(row)), kind.name


def test_the_page_leads_on(doctor: Client, place: Place) -> None:
    shell = doctor.get(reverse("patients:page", args=[place.patient.pk])).content.decode()
    assert reverse("patients:history", args=[place.patient.pk]) in shell
    page = doctor.get(reverse("patients:history", args=[place.patient.pk])).content.decode()
    assert reverse("patients:viewers", args=[place.patient.pk]) in page
    assert reverse("patients:fact", args=[place.patient.pk, "laboratory", c3(place).pk]) in page
    assert f'hx-get="{reverse("dosing:history", args=[place.patient.pk])}?"' in page


def test_visit_history_of_a_visit_without_changes_is_not_empty(place: Place) -> None:
    (first,) = entries(Visit.objects.filter(patient=place.patient).latest("on"))
    assert first.is_long and "SLEDAI: rash" in {line.label for line in first.first}

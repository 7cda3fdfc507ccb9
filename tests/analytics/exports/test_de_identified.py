"""A de-identified export names nobody, cannot be joined with another, and keeps the intervals."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, models
from django.db.models import Value
from django.db.models.functions import Cast, Concat
from django.test.utils import CaptureQueriesContext

from accounts.models import Clinic
from analytics.exports.population import Population
from analytics.exports.subjects import (
    DeIdentified,
    Identified,
    Subject,
    age_band,
    middle_of_band,
    precision,
    years_between,
)  # fmt: skip
from analytics.exports.tables import TABLES
from dosing.models import AdverseEvent, Decision
from patients.fields import PartialDateField
from patients.models import DoseEpisode, Laboratory, LaboratoryResult, Patient, Visit
from patients.rules.dates import PartialDate
from tests.analytics.exports.reading import day, export_of

TOKYO = ZoneInfo("Asia/Tokyo")
SECRET = "Xylograph"


def subject(*, shift: int = 0, identified: bool = False, **changes: object) -> Subject:
    facts: dict[str, object] = {
        "name": "n",
        "shift": shift,
        "disguise": Identified() if identified else DeIdentified(),
        "zone": TOKYO,
        "birth": PartialDate.parse("1980-06-15"), "first_dose": date(2020, 3, 1), "entry": date(2020, 3, 1),
        "goes_on": True,
    }  # fmt: skip
    return Subject(**{**facts, **changes})  # type: ignore[arg-type]


class TestSubject:
    """How one patient's dates and age are told."""

    # Sources: the brief of this export; HHS Safe Harbor has "90 or over", this project's 85.
    @pytest.mark.parametrize(
        ("age", "band"),
        [(0, "0-4"), (4, "0-4"), (5, "5-9"), (44, "40-44"), (45, "45-49"), (84, "80-84"), (85, "85+"),
         (103, "85+"), (None, "")],
    )  # fmt: skip
    def test_age_bands(self, age: int | None, band: str) -> None:
        assert age_band(age) == band

    @pytest.mark.parametrize(("age", "middle"), [(40, 42), (44, 42), (45, 47), (84, 82), (85, 85), (101, 85)])
    def test_the_middle_of_a_band(self, age: int, middle: int) -> None:
        assert middle_of_band(age) == middle

    @pytest.mark.parametrize(
        ("birth", "entry", "age"),
        [("1980-03-01", date(2020, 3, 1), 40), ("1980-03-02", date(2020, 3, 1), 39),
         # Known by the year: as old as can be, as in the report.
         ("1981", date(2020, 1, 1), 39), ("1981-07", date(2020, 6, 30), 38)],
    )  # fmt: skip
    def test_age_at_entry(self, birth: str, entry: date, age: int) -> None:
        assert subject(birth=PartialDate.parse(birth), entry=entry).age == age

    @pytest.mark.parametrize(
        ("known", "told"),
        [("2019-04-30", "2019-05-10"), ("2019-04", ""), ("2019", "")],
    )
    def test_a_date_known_in_part_would_betray_the_shift(self, known: str, told: str) -> None:
        assert subject(shift=10).partial(PartialDate.parse(known)) == told

    @pytest.mark.parametrize("known", ["2019-04-30", "2019-04", "2019"])
    def test_identified_it_stands_as_it_is(self, known: str) -> None:
        assert subject(identified=True).partial(PartialDate.parse(known)) == known

    @pytest.mark.parametrize(
        ("known", "how_much"), [("2019-04-30", "day"), ("2019-04", "month"), ("2019", "year"), (None, "")]
    )
    def test_how_much_of_a_date_is_known(self, known: str | None, how_much: str) -> None:
        assert precision(PartialDate.parse(known) if known else None) == how_much

    @pytest.mark.parametrize(
        ("first", "on", "years"),
        [("2015-03-01", date(2020, 2, 29), 4), ("2015-03-01", date(2020, 3, 1), 5),
         ("2021-01-01", date(2020, 3, 1), None), (None, date(2020, 3, 1), None), ("2015", None, None)],
    )  # fmt: skip
    def test_years_of_disease(self, first: str | None, on: date | None, years: int | None) -> None:
        assert years_between(PartialDate.parse(first) if first else None, on) == years

    def test_a_day_is_the_clinics_own(self) -> None:
        """16:00 of 31 December in Greenwich is New Year in Tokyo."""
        assert subject().local(datetime(2019, 12, 31, 16, tzinfo=UTC)) == date(2020, 1, 1)

    @pytest.mark.parametrize(
        ("on", "days"), [(date(2020, 3, 1), 0), (date(2020, 2, 29), -1), (date(2021, 2, 28), 364)]
    )
    def test_days_of_tacrolimus_are_not_shifted(self, on: date, days: int) -> None:
        assert subject(shift=99).day_of_tacrolimus(on) == days

    def test_the_end_of_the_calendar_is_no_crash(self) -> None:
        assert subject(shift=300).day(date(9999, 12, 31)) == date(9999, 12, 31)
        assert subject(shift=-300).day(date(1, 1, 1)) == date(1, 1, 1)

    def test_shifts_are_within_a_year_and_differ(self) -> None:
        shifts = [DeIdentified().shift_days() for _ in range(2000)]
        assert min(shifts) >= -365 and max(shifts) <= 365
        assert len(set(shifts)) > 500

    def test_a_series_has_one_name_in_an_export_and_another_in_the_next(self) -> None:
        first, second = DeIdentified(), DeIdentified()
        assert first.series("A", "RIA") == first.series("A", "RIA") != first.series("A", "ELISA")
        assert first.series("A", "RIA") != second.series("A", "RIA")
        assert Identified().series("A", "") == "A" and Identified().series("A", "RIA") == "A · RIA"


def with_secrets(model: type[models.Model]) -> None:
    """Write a recognisable word into everything that has no list of choices."""
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
        if (
            is_text
            and not isinstance(field, PartialDateField)
            and field.name not in ("comparator", "finding", "weekdays")
        ):
            word = Concat(Value(SECRET), Cast("pk", models.CharField()))
            model._base_manager.update(**{field.name: word})


def identifying(people: list[Patient]) -> Iterator[str]:
    for person in people:
        yield person.number
        yield person.family_name
        yield str(person.birth)
    yield from ("Zephyrine", "North", "loader", "City laboratory", SECRET)


class TestNobodyIsNamed:
    def test_no_name_number_laboratory_or_birth_date(self, clinic: Clinic, people: list[Patient]) -> None:
        text = export_of(clinic, identified=False).text
        assert [word for word in identifying(people) if word in text] == []
        assert "Zephyrine" in export_of(clinic, identified=True).text

    def test_whatever_was_typed_as_text(self, clinic: Clinic, people: list[Patient]) -> None:
        for model in {table.model for table in TABLES} - {Patient} | {Laboratory}:
            with_secrets(model)
        Patient.objects.filter(pk=people[0].pk).update(number=SECRET, family_name=SECRET, given_name=SECRET)
        assert SECRET not in export_of(clinic, identified=False, wide=False).text
        assert SECRET in export_of(clinic, identified=True, wide=False).text

    def test_a_choice_that_is_on_no_list(self, clinic: Clinic, people: list[Patient]) -> None:
        """Forms refuse it; a script that writes past them could not bring it out."""
        DoseEpisode.objects.update(route=SECRET)
        Decision.objects.update(reason_code=SECRET)
        export = export_of(clinic, identified=False)
        assert SECRET not in export.text
        assert {row["route"] for row in export.rows("drug_episodes")} == {"other"}

    def test_names_are_not_even_read(self, clinic: Clinic, people: list[Patient]) -> None:
        with CaptureQueriesContext(connection) as seen:
            export_of(clinic, identified=False, wide=False)
        asked = " ".join(query["sql"] for query in seen)
        assert "family_name" not in asked and "drug_text" not in asked and '"note"' not in asked
        assert '"patients_visit"."on"' in asked

    def test_no_time_of_day(self, clinic: Clinic, people: list[Patient]) -> None:
        export = export_of(clinic, identified=False)
        assert "+09:00" not in export.text and "T09:00" not in export.text
        assert {row["hours_after_dose"] for row in export.rows("levels")} == {"12.5"}

    def test_a_catalogue_does_not_know_it(self, clinic: Clinic, people: list[Patient]) -> None:
        DoseEpisode.objects.filter(patient=people[0]).update(drug="", drug_text="Xylograph tea")
        rows = export_of(clinic, identified=False).rows("drug_episodes")
        assert "other" in {row["drug"] for row in rows}

    def test_age_is_a_band_and_cannot_be_computed_from_kidney_function(
        self, clinic: Clinic, people: list[Patient]
    ) -> None:
        """eGFR = 194 · Cr^-1.094 · age^-0.287 (· 0.739): creatinine and eGFR would give the age away."""
        for row in export_of(clinic, identified=False, long=False).rows("wide"):
            assert "age_years" not in row and "birth_date" not in row
            if row["egfr_japan_w0"]:
                factor = 194 * (0.739 if row["sex"] == "F" else 1)
                part = float(row["egfr_japan_w0"]) / factor / float(row["creatinine_w0"]) ** -1.094
                middle = int(row["age_band"].split("-")[0]) + 2
                assert part ** (-1 / 0.287) == pytest.approx(middle, abs=0.5)


class TestUnlinkable:
    def test_no_name_occurs_in_two_exports(self, clinic: Clinic, people: list[Patient]) -> None:
        first, second = (export_of(clinic, identified=False) for _ in range(2))
        names = [{row["patient"] for row in export.rows("patients")} for export in (first, second)]
        assert len(names[0]) == len(names[1]) == len(people)
        assert not names[0] & names[1]
        series = [{row["series"] for row in export.rows("laboratory")} for export in (first, second)]
        assert not series[0] & series[1]

    def test_the_order_is_drawn_anew(self, clinic: Clinic) -> None:
        Patient.objects.bulk_create(
            Patient(clinic=clinic, number=str(n), family_name="A", given_name="B", sex="F", birth="1980")
            for n in range(40)
        )
        population = Population(clinic, date(2026, 11, 1), DeIdentified())
        assert population.keys() != population.keys()
        assert sorted(population.keys()) == sorted(Population(clinic, date(2026, 11, 1), Identified()).keys())

    def test_one_name_joins_the_files_of_one_export(self, clinic: Clinic, people: list[Patient]) -> None:
        export = export_of(clinic, identified=False)
        known = {row["patient"] for row in export.rows("patients")}
        for table in (*(table.name for table in TABLES), "wide"):
            assert {row["patient"] for row in export.rows(table)} <= known
        assert {row["patient"] for row in export.rows("wide")} == known


class TestIntervals:
    def test_all_dates_of_a_patient_are_shifted_alike(
        self, clinic: Clinic, people: list[Patient], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Told from the true dates of the database: each table's days, by patient in order of the draw."""
        shifts = iter([-365, 7, 365])
        monkeypatch.setattr(DeIdentified, "shift_days", lambda _self: next(shifts))
        monkeypatch.setattr(DeIdentified, "name", lambda _self, number: f"of {number}")
        export = export_of(clinic, identified=False)
        found = {row["patient"]: set() for row in export.rows("patients")}
        for person in people:
            name = f"of {person.number}"
            visits = [row for row in export.rows("visits") if row["patient"] == name]
            true = Visit.objects.filter(patient=person).order_by("on").values_list("on", flat=True)
            found[name] |= {(day(row["visit_date"]) - on).days for row, on in zip(visits, true, strict=True)}
            results = [row for row in export.rows("laboratory") if row["patient"] == name]
            rows = LaboratoryResult.objects.filter(patient=person).order_by("collected_at", "analyte", "pk")
            for row, result in zip(results, rows, strict=True):
                collected = result.collected_at.astimezone(TOKYO).date()
                found[name].add((day(row["collected_date"]) - collected).days)
            doses = [row for row in export.rows("drug_episodes") if row["patient"] == name]
            starts = DoseEpisode.objects.filter(patient=person).order_by("start", "drug", "pk")
            for row, episode in zip(doses, starts, strict=True):
                found[name].add((day(row["start_date"]) - episode.start).days)
        assert all(len(shift) == 1 for shift in found.values()), found
        assert {shift for each in found.values() for shift in each} == {-365, 7, 365}

    def test_days_of_tacrolimus_are_those_of_the_study(self, clinic: Clinic, people: list[Patient]) -> None:
        """Rhabdomyolysis on day 7; cramps in month 11 (the study's results section)."""
        export = export_of(clinic, identified=False)
        rows = {row["term"]: row for row in export.rows("adverse_events")}
        assert rows["rhabdomyolysis"]["onset_day"] == "7"
        assert 300 < int(rows["muscle_cramps"]["onset_day"]) <= 335

        first = {row["patient"]: row["first_tacrolimus_date"] for row in export.rows("patients")}
        for row in export.rows("visits"):
            if first[row["patient"]]:
                since = (day(row["visit_date"]) - day(first[row["patient"]])).days
                assert since == int(row["visit_day"])

    def test_an_onset_known_by_its_month_is_left_out(self, clinic: Clinic, people: list[Patient]) -> None:
        AdverseEvent.objects.filter(term="muscle_cramps").update(onset="2010-05")
        rows = {row["term"]: row for row in export_of(clinic, identified=False).rows("adverse_events")}
        cramps = rows["muscle_cramps"]
        assert (cramps["onset_date"], cramps["onset_date_known"], cramps["onset_day"]) == ("", "month", "")

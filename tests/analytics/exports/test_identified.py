"""An identified export, read again, says what the database says."""

from decimal import Decimal
from zoneinfo import ZoneInfo

from accounts.models import Clinic, User
from dosing.models import AdverseEvent, Decision, TacrolimusCourse, TacrolimusLevel
from patients.models import Administration, DoseEpisode, LaboratoryResult, Patient, Visit
from patients.rules.analytes import ANALYTES
from patients.rules.sledai import ITEMS, score
from patients.services.visits import open_visit
from patients.services.writing import void
from tests.analytics.exports.reading import Export, export_of

TOKYO = ZoneInfo("Asia/Tokyo")
ANSWER = {True: "yes", False: "no", None: "not_assessed"}


def text(value: object) -> str:
    return "" if value is None else str(value)


def number(value: str) -> Decimal | None:
    return Decimal(value) if value else None


def check_patients(export: Export, people: list[Patient]) -> None:
    rows = {row["patient"]: row for row in export.rows("patients")}
    assert set(rows) == {person.number for person in people}
    for person in people:
        row = rows[person.number]
        assert (row["family_name"], row["given_name"]) == (person.family_name, person.given_name)
        assert (row["sex"], row["birth_date"]) == (person.sex, str(person.birth))
        assert row["renal_involvement"] == ANSWER[person.renal_involvement]
        assert row["diagnosis_date"] == text(person.diagnosis)
        assert row["biopsy_class"] == person.biopsy_class


def check_visits(export: Export) -> None:
    rows = {(row["patient"], row["visit_date"]): row for row in export.rows("visits")}
    visits = Visit.objects.select_related("patient")
    assert len(rows) == len(visits) > 8
    for visit in visits:
        row = rows[visit.patient.number, visit.on.isoformat()]
        answers = {item.code: getattr(visit, f"sledai_{item.code}") for item in ITEMS}
        assert {code: row[f"sledai_{code}"] for code in answers} == {
            code: ANSWER[answer] for code, answer in answers.items()
        }
        found = score(answers)
        assert (row["sledai_low"], row["sledai_high"]) == (str(found.low), str(found.high))
        assert row["sledai_total"] == text(found.total)
        assert row["rash_severity"] == text(visit.rash_severity)
        assert row["observed_tremor"] == ANSWER[visit.observed_tremor]
        assert row["systolic_mm_hg"] == text(visit.systolic_mm_hg)
        assert number(row["weight_kg"]) == visit.weight_kg


def check_laboratory(export: Export) -> None:
    rows = export.rows("laboratory")
    results = LaboratoryResult.objects.select_related("patient", "laboratory")
    results = results.order_by("patient__number", "collected_at", "analyte", "pk")
    assert len(rows) == len(results) > 50
    for row, result in zip(rows, results, strict=True):
        collected = result.collected_at.astimezone(TOKYO)
        assert row["patient"] == result.patient.number
        assert (row["analyte"], row["unit"]) == (result.analyte, ANALYTES[result.analyte].unit)
        assert (number(row["value"]), row["finding"]) == (result.value, result.finding)
        assert row["collected_at"] == collected.isoformat(timespec="minutes")
        assert row["collected_date"] == collected.date().isoformat()
        assert row["series"].startswith(result.laboratory.name)
        assert row["method"] == result.method


def check_doses(export: Export) -> None:
    rows = export.rows("drug_episodes")
    episodes = DoseEpisode.objects.select_related("patient")
    episodes = episodes.order_by("patient__number", "start", "drug", "pk")
    assert len(rows) == len(episodes) > 10
    for row, episode in zip(rows, episodes, strict=True):
        assert (row["patient"], row["drug"]) == (episode.patient.number, episode.drug)
        assert number(row["dose_mg"]) == episode.dose_mg
        assert (row["start_date"], row["last_date"]) == (str(episode.start), text(episode.last_day))
    (given,) = export.rows("administrations")
    row = Administration.objects.get()
    assert (given["drug"], number(given["dose_mg"])) == ("rituximab", row.dose_mg)
    assert given["given_date"] == str(row.on)


def check_levels_courses_events_and_decisions(export: Export) -> None:
    levels = TacrolimusLevel.objects.order_by("patient__number", "drawn_at")
    told = export.rows("levels")
    assert [number(row["level_ng_ml"]) for row in told] == [row.value_ng_ml for row in levels]
    hours = [(row.drawn_at - row.last_dose_at).total_seconds() / 3600 for row in levels if row.last_dose_at]
    assert [float(row["hours_after_dose"]) for row in told] == hours
    courses = TacrolimusCourse.objects.order_by("patient__number", "started_on")
    assert [(row["start_date"], row["last_date"]) for row in export.rows("courses")] == [
        (str(row.started_on), text(row.ended_on)) for row in courses
    ]
    events = AdverseEvent.objects.order_by("patient__number", "onset")
    assert [(row["term"], row["onset_date"], row["grade"]) for row in export.rows("adverse_events")] == [
        (row.term, str(row.onset), text(row.grade)) for row in events
    ]
    decisions = Decision.objects.order_by("patient__number", "on", "pk")
    assert [(row["kind"], row["decision_date"], row["answer"], number(row["dose_mg"]))
            for row in export.rows("decisions")] == [
        (row.kind, str(row.on), row.answer, row.dose_mg) for row in decisions
    ]  # fmt: skip
    assert len(courses) == 2 and len(events) == 2


def test_each_table_says_what_the_database_says(clinic: Clinic, people: list[Patient]) -> None:
    export = export_of(clinic, identified=True)
    check_patients(export, people)
    check_visits(export)
    check_laboratory(export)
    check_doses(export)
    check_levels_courses_events_and_decisions(export)


def test_entered_in_error_and_unsigned_are_left_out(
    clinic: Clinic, people: list[Patient], doctor: User
) -> None:
    before = export_of(clinic, identified=True, wide=False)
    result = LaboratoryResult.objects.filter(patient=people[0]).latest("pk")
    void(result, by=doctor, reason="wrong tube")
    newest = Visit.objects.filter(patient=people[1]).latest("on").on
    open_visit(patient=people[1], on=newest.replace(year=newest.year + 1), values={}, by=doctor)
    after = export_of(clinic, identified=True, wide=False)
    assert len(after.rows("laboratory")) == len(before.rows("laboratory")) - 1
    assert len(after.rows("visits")) == len(before.rows("visits"))


def test_another_clinics_patients_are_not_in_it(clinic: Clinic, people: list[Patient]) -> None:
    other = Clinic.objects.create(name="Elsewhere")
    Patient.objects.filter(pk=people[0].pk).update(clinic=other)
    export = export_of(clinic, identified=True)
    for table in ("patients", "visits", "laboratory", "drug_episodes", "wide"):
        assert people[0].number not in {row["patient"] for row in export.rows(table)}


def test_a_formula_is_shown_and_not_computed(clinic: Clinic, people: list[Patient]) -> None:
    """Each of the beginnings that a spreadsheet takes for a formula; a negative number stays one."""
    for start in ("=", "+", "-", "@", "\t", "\r"):
        Patient.objects.filter(pk=people[0].pk).update(family_name=f"{start}cmd|' /C calc'!A0")
        export = export_of(clinic, identified=True, wide=False)
        rows = {row["patient"]: row for row in export.rows("patients")}
        assert rows[people[0].number]["family_name"] == f"'{start}cmd|' /C calc'!A0"
    days = {row["visit_day"] for row in export.rows("visits")}
    assert any(found.startswith("-") for found in days)

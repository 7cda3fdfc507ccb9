"""The sheet of levels: what is kept, what is refused in which words, undo, and the patient's own target."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from demo.samples import base
from dosing.assessment.assess import assess_patient
from dosing.assessment.nightly import differences
from dosing.levels.services import record_level, set_target, undo_level
from dosing.models import Alert, TacrolimusLevel, TargetRange
from patients.models import Draft, Laboratory
from patients.rules.record import Episode
from patients.services.importing import Identity, import_record
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=TOKYO)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def morning() -> Any:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@made_once
@time_machine.travel(NOW, tick=False)
def place() -> Place:
    """A patient on 3 mg of tacrolimus for two months; another who takes none."""
    taken = base.with_episodes(
        base.base_record(TODAY), Episode(0, "tacrolimus", TODAY - timedelta(days=60), Decimal(3))
    )
    made = make_place("Levels", taken)
    Laboratory.objects.create(clinic=made.clinic, name="Central")
    return made


@pytest.fixture
def nurse(place: Place) -> Client:
    return place.client(place.nurse)


def sent(number: int = 0, **changes: str) -> dict[str, str]:
    """One row as the browser sends it: 3 mg at 20:00, drawn at 8:30, 7.4 ng/ml."""
    values = {
        "patient": "1",
        "dose_mg": "3",
        "last_dose_at": "2026-11-19T20:00",
        "drawn_at": "2026-11-20T08:30",
        "value": "7.4",
        "submission": str(uuid4()),
    }
    return {f"row-{number}-{name}": value for name, value in {**values, **changes}.items()}


def save(client: Client, **changes: str) -> Any:
    sheet = {"laboratory": "Central", "assay": "CLIA", "submission": str(uuid4())}
    return client.post(reverse("dosing:level_row"), {**sheet, **sent(**changes)})


def told(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


class TestRow:
    def test_a_level_keeps_draw_dose_assay_and_laboratory(self, nurse: Client, place: Place) -> None:
        answer = save(nurse)
        level = TacrolimusLevel.objects.get()
        assert answer.status_code == 200
        assert level.drawn_at == datetime(2026, 11, 20, 8, 30, tzinfo=TOKYO)
        assert level.last_dose_at == datetime(2026, 11, 19, 20, 0, tzinfo=TOKYO)
        assert (level.dose_mg, level.value_ng_ml, level.comparator) == (3, Decimal("7.4"), "")
        assert (level.assay, level.laboratory.name, level.created_by) == ("CLIA", "Central", place.nurse)

    def test_it_says_at_once_what_it_means(self, nurse: Client) -> None:
        assert "7.4 ng/ml, in range 5–10" in told(save(nurse))

    def test_an_urgent_level_is_an_alert_in_the_same_moment(self, nurse: Client, place: Place) -> None:
        """Issue: "25 ng/ml with an unknown dose time is act now"."""
        assert "Act now" in told(save(nurse, value="25", last_dose_at=""))
        alert = Alert.objects.unresolved().get(patient=place.patient, rule="level_high")
        assert (alert.severity, alert.state) == (3, "open")

    def test_the_clock_of_the_browser_may_be_five_minutes_fast(self, nurse: Client) -> None:
        assert save(nurse, drawn_at="2026-11-20T09:35").status_code == 200
        assert TacrolimusLevel.objects.count() == 1

    def test_twice_the_same_row_is_one_level(self, nurse: Client) -> None:
        key = str(uuid4())
        assert [save(nurse, submission=key).status_code for _ in range(2)] == [200, 200]
        assert TacrolimusLevel.objects.count() == 1

    @pytest.mark.parametrize(
        ("typed", "value", "comparator"),
        [
            ("<1.5", "1.5", "<"),
            (">30.0", "30", ">"),
            ("7.4 ng/ml", "7.4", ""),
            ("7.4 ug/L", "7.4", ""),
            ("７．４", "7.4", ""),
            ("6.2 nmol/l", "4.98", ""),  # molar mass 804.02
        ],
    )
    def test_what_may_be_typed(self, nurse: Client, typed: str, value: str, comparator: str) -> None:
        assert save(nurse, value=typed, confirmed="on").status_code == 200
        level = TacrolimusLevel.objects.get()
        assert (level.value_ng_ml, level.comparator, level.entered) == (Decimal(value), comparator, typed)

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"last_dose_at": "2026-11-20T08:30"}, "must lie before the draw"),
            ({"last_dose_at": "2026-11-20T12:00"}, "must lie before the draw"),
            ({"drawn_at": "2026-11-20T09:36"}, "in the future; here it is 09:30"),
            ({"drawn_at": "2027-01-01T08:00"}, "in the future"),
            ({"drawn_at": ""}, "required"),
            ({"drawn_at": "20.11."}, "no such day"),
            ({"value": "0"}, "above 0"),
            ({"value": "-3"}, "below zero"),
            ({"value": "7,4"}, "7.4"),
            ({"value": "7.4 ug/mL"}, "write the level in ng/ml"),
            ({"value": "7.4 mg"}, "write the level in ng/ml"),
            ({"value": "high"}, "not a number"),
            ({"value": "201"}, "between 0.1 and 200"),
            ({"value": ""}, "required"),
            ({"dose_mg": "30"}, "between 0 and 20"),
            ({"dose_mg": "3 mg"}, "not a number"),
            ({"patient": "99"}, "No patient has this number"),
            ({"patient": ""}, "required"),
        ],
    )
    def test_bad_input_stays_in_its_row_with_its_reason(
        self, nurse: Client, changes: dict[str, str], said: str
    ) -> None:
        answer = save(nurse, **changes)
        assert answer.status_code == 422
        assert said in told(answer)
        for value in {**sent(), **{f"row-0-{name}": text for name, text in changes.items()}}.values():
            if value and "-" not in value[8:]:
                assert f'value="{value}"' in told(answer)
        assert not TacrolimusLevel.objects.exists()

    def test_two_levels_at_one_time(self, nurse: Client) -> None:
        save(nurse)
        answer = save(nurse, value="8")
        assert answer.status_code == 422
        assert "recorded already" in told(answer)
        assert TacrolimusLevel.objects.count() == 1

    def test_a_laboratory_is_needed(self, nurse: Client) -> None:
        answer = nurse.post(reverse("dosing:level_row"), sent())
        assert answer.status_code == 422
        assert "Laboratory" in told(answer)

    def test_an_unknown_last_dose_stays_unknown(self, nurse: Client) -> None:
        """Nothing is filled in by itself: without the dose's time no range is applied."""
        assert "Not judged" in told(save(nurse, last_dose_at=""))
        assert TacrolimusLevel.objects.get().last_dose_at is None


class TestUnusual:
    def test_a_very_high_level_is_asked_twice(self, nurse: Client) -> None:
        answer = save(nurse, value="74")
        assert answer.status_code == 422
        assert "it is right" in told(answer)
        assert save(nurse, value="74", confirmed="on").status_code == 200

    def test_a_patient_who_takes_none_is_asked_twice(self, nurse: Client, place: Place) -> None:
        import_record(
            record=base.base_record(TODAY),
            identity=Identity("2", "Other", "Person"),
            clinic=place.clinic,
            by=place.doctor,
        )
        answer = save(nurse, patient="2")
        assert "took no tacrolimus" in told(answer)
        assert save(nurse, patient="2", confirmed="on").status_code == 200
        assert "no tacrolimus was taken" in told(
            save(nurse, patient="2", drawn_at="2026-11-20T08:40", confirmed="on")
        )


class TestPatient:
    @pytest.mark.parametrize("text", ["1", "#1", "1 · Test Person", " 1 "])
    def test_is_named_by_the_number(self, nurse: Client, text: str) -> None:
        assert save(nurse, patient=text).status_code == 200

    def test_of_another_clinic_is_nobody(self, nurse: Client, place: Place) -> None:
        other = make_place("Elsewhere")
        other.patient.number = "777"
        other.patient.save()
        assert "No patient has this number" in told(save(nurse, patient="777"))
        assert "777" not in told(nurse.get(reverse("dosing:level_choices"), {"q": "777"}))

    def test_is_offered_with_the_dose_of_today(self, nurse: Client) -> None:
        found = told(nurse.get(reverse("dosing:level_choices"), {"q": "tes"}))
        assert 'data-text="1 · Test Person"' in found
        assert 'data-dose="3"' in found

    def test_nothing_typed_offers_nobody(self, nurse: Client) -> None:
        assert "Nobody found" in told(nurse.get(reverse("dosing:level_choices"), {"q": " "}))


class TestSheetWithoutScripts:
    def test_saved_rows_leave_and_wrong_ones_stay(self, nurse: Client) -> None:
        rows = {
            **sent(0),
            **sent(1, value="0"),
            **sent(2, patient="", dose_mg="", last_dose_at="", drawn_at="", value=""),
        }
        sheet = {"laboratory": "Central", "submission": str(uuid4())}
        answer = nurse.post(reverse("dosing:levels"), {**sheet, **rows})
        assert TacrolimusLevel.objects.count() == 1
        assert "in range 5–10" in told(answer)
        assert "above 0" in told(answer)
        assert [row.number for row in answer.context["form"].rows] == [1]

    def test_the_last_laboratory_and_assay_are_offered_again(self, nurse: Client) -> None:
        save(nurse)
        form = nurse.get(reverse("dosing:levels")).context["form"]
        assert (form["laboratory"].value(), form["assay"].value()) == ("Central", "CLIA")

    def test_a_link_names_the_patient(self, nurse: Client) -> None:
        assert 'value="1"' in told(nurse.get(reverse("dosing:levels"), {"patient": "1"}))


def kept(place: Place, key: UUID, typed: dict[str, list[str]]) -> Draft:
    path = reverse("dosing:levels")
    return Draft.objects.create(
        user=place.nurse, key=key, view_name="dosing:levels", path=path, fields=typed, typed_at_ms=1
    )


class TestDraft:
    def test_rows_come_back(self, nurse: Client, place: Place) -> None:
        key = uuid4()
        typed = {name: [value] for name, value in {**sent(3, value="7,4"), "laboratory": "Central"}.items()}
        Draft.objects.create(
            user=place.nurse,
            key=key,
            view_name="dosing:levels",
            path=reverse("dosing:levels"),
            fields=typed,
            typed_at_ms=1,
        )
        form = nurse.get(reverse("dosing:levels"), {"draft": str(key)}).context["form"]
        (row,) = form.rows
        assert (row.number, row["value"].value(), row["patient"].value()) == (3, "7,4", "1")
        assert row["submission"].value() == typed["row-3-submission"][0]

    def test_the_last_row_ends_the_draft(self, nurse: Client, place: Place) -> None:
        key = uuid4()
        draft = Draft.objects.create(
            user=place.nurse,
            key=key,
            view_name="dosing:levels",
            path=reverse("dosing:levels"),
            fields={"x": ["y"]},
            typed_at_ms=1,
        )
        sheet = {"laboratory": "Central", "submission": str(key), "last": "yes"}
        nurse.post(reverse("dosing:level_row"), {**sheet, **sent()})
        draft.refresh_from_db()
        assert draft.finished_at is not None
        assert draft.fields == {}


class TestUndo:
    def level(self, nurse: Client) -> TacrolimusLevel:
        save(nurse, value="16")
        return TacrolimusLevel.objects.get()

    def address(self, level: TacrolimusLevel) -> str:
        return reverse("dosing:undo_level", args=[level.patient_id, level.pk])

    def test_within_a_minute_it_is_entered_in_error_and_its_alert_gone(
        self, nurse: Client, place: Place, morning: Any
    ) -> None:
        level = self.level(nurse)
        assert Alert.objects.unresolved().filter(rule="level_high").exists()
        morning.shift(59)
        assert "Taken back" in told(nurse.post(self.address(level), headers={"X-Sheet-Row": "yes"}))
        level.refresh_from_db()
        assert (level.voided_by, bool(level.void_reason)) == (place.nurse, True)
        assert not Alert.objects.unresolved().filter(rule="level_high").exists()

    def test_later_it_is_refused(self, nurse: Client, morning: Any) -> None:
        level = self.level(nurse)
        morning.shift(66)
        answer = nurse.post(self.address(level), headers={"X-Sheet-Row": "yes"})
        assert answer.status_code == 422
        assert "for a minute" in told(answer)

    def test_a_colleague_cannot(self, nurse: Client, place: Place) -> None:
        level = self.level(nurse)
        with pytest.raises(ValidationError, match="Only who recorded it"):
            undo_level(level=level, by=place.doctor)

    def test_the_same_draw_can_be_entered_again(self, nurse: Client) -> None:
        level = self.level(nurse)
        nurse.post(self.address(level))
        assert save(nurse, value="6.1").status_code == 200


def target(place: Place, **changes: Any) -> TargetRange:
    values: dict[str, Any] = {
        "set_on": TODAY,
        "low_ng_ml": Decimal(4),
        "high_ng_ml": Decimal(6),
        "reason": "eGFR falling",
        "source": "KDIGO 2024",
    }
    return TargetRange(patient=place.patient, **{**values, **changes})


class TestTarget:
    def test_her_levels_are_judged_by_it_from_its_day_on(self, nurse: Client, place: Place) -> None:
        save(nurse)
        assert not Alert.objects.unresolved().filter(rule="level_high").exists()
        set_target(target=target(place), by=place.doctor)
        alert = Alert.objects.unresolved().get(rule="level_high")
        assert alert.severity == 2
        assert "6" in str(alert.current_verdict["sentence"]["values"]["high"])

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"high_ng_ml": Decimal(4)}, "high_ng_ml"),
            ({"high_ng_ml": Decimal(21)}, "high_ng_ml"),
            ({"reason": " "}, "reason"),
            ({"source": ""}, "source"),
            ({"set_on": date(2026, 11, 21)}, "set_on"),
        ],
    )
    def test_what_is_refused(self, place: Place, changes: dict[str, Any], field: str) -> None:
        with pytest.raises(ValidationError) as refused:
            set_target(target=target(place, **changes), by=place.doctor)
        assert field in refused.value.message_dict

    def test_a_doctor_sets_it_by_the_form(self, place: Place) -> None:
        values = {"set_on": "2026-11-20", "low_ng_ml": "4", "high_ng_ml": "8", "reason": "x", "source": "y"}
        doctor = place.client(place.doctor)
        doctor.post(reverse("dosing:target", args=[place.patient.pk]), values)
        assert TargetRange.objects.get().high_ng_ml == 8
        assert "4–8" in told(doctor.get(reverse("dosing:levels_panel", args=[place.patient.pk])))


def test_the_panel_shows_levels_with_unit_time_and_meaning(nurse: Client, place: Place) -> None:
    save(nurse)
    save(nurse, drawn_at="2026-10-20T08:00", last_dose_at="2026-10-19T20:00", value="5")
    shown = told(nurse.get(reverse("dosing:levels_panel", args=[place.patient.pk])))
    assert "100 % of 31 days in range" in shown
    assert shown.count("in range 5–10") == 2
    assert "12.5" in shown


def test_a_level_has_a_page_of_its_own(nurse: Client, place: Place) -> None:
    save(nurse)
    level = TacrolimusLevel.objects.get()
    page = nurse.get(reverse("patients:fact", args=[place.patient.pk, "level", level.pk]))
    assert "7.4 ng/ml" in told(page)


def test_what_is_stored_is_what_the_rules_say(nurse: Client, place: Place) -> None:
    save(nurse, value="16")
    assert differences() == []
    assert any(row.rule == "level_high" for row in assess_patient(place.patient).raised)


def test_a_level_of_yesterdays_last_day_needs_no_tick(place: Place) -> None:
    """The dose before the draw was the last one: the level still is of this treatment."""
    episode = place.patient.doseepisode_set.get(drug="tacrolimus")
    episode.last_day = TODAY - timedelta(days=1)
    episode.save()
    level = TacrolimusLevel(
        patient=place.patient,
        drawn_at=NOW,
        last_dose_at=NOW - timedelta(hours=13),
        value_ng_ml=Decimal(6),
        entered="6",
        laboratory=Laboratory.objects.get(name="Central"),
    )
    assert record_level(level=level, by=place.nurse).pk

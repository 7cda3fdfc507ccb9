"""A laboratory's assays: who keeps them, what is refused, what their limits and variation do to verdicts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.clock import local_today
from accounts.models import User
from accounts.services.checks import StaleError, version_of
from dosing.assessment import tasks
from dosing.assessment.assess import assess_patient
from dosing.assessment.nightly import differences, run_clinic_reassessment
from dosing.models import Alert, ReassessmentRun, RunState, RunTrigger
from dosing.rules.complement import falling_c3, samples
from dosing.rules.thresholds import STUDY
from patients.assays import use_of
from patients.loading import load_record
from patients.models import Assay, Laboratory, LaboratoryResult
from patients.reference_limits import ReferenceLimits
from patients.rules.answers import Answer
from patients.services.assays import AssayNumbers, add_assay, change_assay, withdraw_assay
from patients.services.laboratory import laboratory_named, record_result
from tests.hazards import Place, make_place

pytestmark = pytest.mark.django_db
TOKYO = ZoneInfo("Asia/Tokyo")
LIST = "patients:laboratories"


@pytest.fixture
def place() -> Place:
    return make_place()


@pytest.fixture
def doctor(place: Place) -> Client:
    return place.client(place.doctor)


@pytest.fixture
def central(place: Place) -> Laboratory:
    return laboratory_named(clinic=place.clinic, name="Central", by=place.nurse)


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What the worker was asked for, by key."""
    keys: list[int] = []
    monkeypatch.setattr(tasks.reassess_clinic, "delay", keys.append)
    return keys


def numbers(low: str | None = "70", high: str | None = "150", variation: str | None = "4") -> AssayNumbers:
    return AssayNumbers(*(None if text is None else Decimal(text) for text in (low, high, variation)))


def add(place: Place, central: Laboratory, **changes: Any) -> Assay:
    values: dict[str, Any] = {
        "laboratory": central, "analyte": "c3", "method": "", "numbers": numbers(), "reason": "leaflet",
        "by": place.doctor,
    }  # fmt: skip
    return add_assay(**{**values, **changes})


def c3(place: Place, central: Laboratory, value: str, days_ago: int, **changes: Any) -> LaboratoryResult:
    moment = datetime.now(TOKYO).replace(hour=0, minute=1) - timedelta(days=days_ago)
    row = LaboratoryResult(
        patient=place.patient, analyte="c3", value=Decimal(value), entered=value, collected_at=moment,
        laboratory=central, **changes,
    )  # fmt: skip
    return record_result(result=row, by=place.nurse)


def refused(call: Callable[[], object]) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as found:
        call()
    return found.value.message_dict if hasattr(found.value, "error_dict") else {"": found.value.messages}


class TestKeeping:
    def test_added_changed_withdrawn_with_who_and_why(self, place: Place, central: Laboratory) -> None:
        kept = add(place, central)
        change_assay(
            assay=kept, numbers=numbers("75"), reason="new lot", by=place.doctor,
            expected_version=version_of(kept),
        )  # fmt: skip
        withdraw_assay(assay=kept, reason="closed", by=place.doctor, expected_version=version_of(kept))
        assert not Assay.objects.exists()
        told = [
            (row.history_type, row.lower_limit, row.history_user, row.history_change_reason)
            for row in Assay.history.order_by("history_id")
        ]
        assert told == [
            ("+", 70, place.doctor, "leaflet"), ("~", 75, place.doctor, "new lot"),
            ("-", 75, place.doctor, "closed"),
        ]  # fmt: skip

    def test_twice_the_same_is_one(self, place: Place, central: Laboratory) -> None:
        assert add(place, central) == add(place, central)
        assert (Assay.objects.count(), Assay.history.count()) == (1, 1)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"analyte": "nonsense"}, "analyte"),
            ({"analyte": "hbsag"}, "analyte"),
            ({"analyte": "tacrolimus_trough"}, "analyte"),
            ({"numbers": numbers("150", "70")}, "upper_limit"),
            ({"numbers": numbers("70", "70")}, "upper_limit"),
            ({"numbers": numbers("0.5")}, "lower_limit"),
            ({"numbers": numbers(high="600")}, "upper_limit"),
            ({"numbers": numbers(variation="0")}, "analytical_variation_percent"),
            ({"numbers": numbers(variation="50.5")}, "analytical_variation_percent"),
            ({"numbers": numbers(None, None, None)}, ""),
            ({"reason": " "}, "reason"),
        ],
    )  # fmt: skip
    def test_refusals(self, place: Place, central: Laboratory, changes: dict[str, Any], field: str) -> None:
        assert field in refused(lambda: add(place, central, **changes))
        assert not Assay.objects.exists()

    def test_another_of_the_same_method(self, place: Place, central: Laboratory) -> None:
        add(place, central)
        assert "is kept already" in refused(lambda: add(place, central, numbers=numbers("80")))["method"][0]
        assert add(place, central, method="turbidimetry", numbers=numbers("80")).pk

    def test_the_second_editor_is_stale(self, place: Place, central: Laboratory) -> None:
        kept = add(place, central)
        opened = version_of(kept)
        first = {"assay": kept, "reason": "x", "by": place.doctor, "expected_version": opened}
        change_assay(numbers=numbers("75"), **first)
        with pytest.raises(StaleError):
            change_assay(numbers=numbers("76"), **first)
        with pytest.raises(StaleError):
            withdraw_assay(**first)
        assert Assay.objects.get().lower_limit == 75

    @pytest.mark.parametrize("who", ["nurse", "administrator"])
    def test_by_no_one_else(self, place: Place, central: Laboratory, who: str) -> None:
        by: User = getattr(place, who)
        kept = add(place, central)
        version = version_of(kept)
        with pytest.raises(PermissionDenied):
            add(place, central, analyte="c4", by=by)
        with pytest.raises(PermissionDenied):
            change_assay(assay=kept, numbers=numbers("75"), reason="x", by=by, expected_version=version)
        with pytest.raises(PermissionDenied):
            withdraw_assay(assay=kept, reason="x", by=by, expected_version=version)

    def test_not_of_another_clinic(self, place: Place, central: Laboratory) -> None:
        stranger = make_place("Stranger")
        assert "Only a rheumatologist" in str(refused(lambda: add(place, central, by=stranger.doctor)))


class TestWhatItDoes:
    def test_limits_hold_for_results_that_state_none(self, place: Place, central: Laboratory) -> None:
        add(place, central)
        limits = ReferenceLimits(place.clinic.pk)
        assert limits.of(c3(place, central, "90", 30), "F") == (70, 150)
        own = c3(place, central, "90", 31, lower_limit=Decimal(88))
        assert limits.of(own, "F") == (88, 150)
        named = c3(place, central, "90", 32, method="turbidimetry")
        assert limits.of(named, "F") == (86, 160)

    def test_each_write_has_the_clinic_judged_anew(
        self, place: Place, central: Laboratory, asked: list[int], django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            kept = add(place, central)
            change_assay(
                assay=kept, numbers=numbers("75"), reason="x", by=place.doctor,
                expected_version=version_of(kept),
            )  # fmt: skip
            withdraw_assay(assay=kept, reason="x", by=place.doctor, expected_version=version_of(kept))
        rows = list(ReassessmentRun.objects.order_by("pk"))
        assert [row.state for row in rows] == ["replaced", "replaced", RunState.WAITING]
        assert {(row.trigger, row.clinic, row.asked_by) for row in rows} == {
            (RunTrigger.ASSAY, place.clinic, place.doctor)
        }
        assert asked == [row.pk for row in rows]

    def test_nothing_new_asks_for_nothing(self, place: Place, central: Laboratory) -> None:
        kept = add(place, central)
        ReassessmentRun.objects.all().delete()
        change_assay(assay=kept, numbers=numbers(), reason="x", by=place.doctor, expected_version=None)
        assert not ReassessmentRun.objects.exists() and Assay.history.count() == 1

    def test_the_job_brings_stored_verdicts_in_line(self, place: Place, central: Laboratory) -> None:
        """Without the assay C3 89, 88, 71 crosses below 86; with a lower limit of 70 it does not."""
        for value, days in (("89", 60), ("88", 30), ("71", 1)):
            c3(place, central, value, days)
        before = Alert.objects.unresolved().get().current_verdict
        add(place, central, numbers=numbers("70", None, None))
        assert differences() != []
        run_clinic_reassessment(ReassessmentRun.objects.get().pk)
        assert differences() == []
        assert Alert.objects.unresolved().get().current_verdict != before

    def test_a_coarse_assay_makes_a_fall_uncertain(self, place: Place, central: Laboratory) -> None:
        """From 88 to 75 (−14.8 %) is beyond −13.0 % with a CVA of 3 %, not with one of 8 %."""
        today = local_today(place.clinic)
        LaboratoryResult.objects.filter(patient=place.patient, analyte="c3").delete()
        for value, days in (("88", 40), ("75", 1)):
            c3(place, central, value, days)

        def fall() -> Answer:
            return falling_c3(samples(load_record(place.patient), today), today, STUDY).answer

        assert fall() is Answer.MET
        kept = add(place, central, numbers=numbers(None, None, "8"))
        assert fall() is Answer.CANNOT_TELL
        withdraw_assay(assay=kept, reason="x", by=place.doctor, expected_version=version_of(kept))
        assert fall() is Answer.MET
        assert assess_patient(place.patient).thresholds == STUDY


class TestPages:
    def form(self, **changes: str) -> dict[str, str]:
        return {
            "laboratory": "Central", "analyte": "c3", "method": "", "lower_limit": "70", "upper_limit": "",
            "analytical_variation_percent": "4", "reason": "leaflet", **changes,
        }  # fmt: skip

    def send(self, doctor: Client, place: Place, **changes: str) -> HttpResponse:
        return doctor.post(reverse("patients:new_assay", args=[place.clinic.pk]), self.form(**changes))

    def test_add_see_change_withdraw(self, doctor: Client, place: Place, central: Laboratory) -> None:
        c3(place, central, "90", 3)
        answer = self.send(doctor, place)
        kept = Assay.objects.get()
        assert answer["Location"] == reverse("patients:assay", args=[kept.pk])
        page = doctor.get(answer["Location"]).content.decode()
        assert "1 result." in page and f"#{place.patient.number}," in page and "leaflet" in page
        change = reverse("patients:change_assay", args=[kept.pk])
        version = doctor.get(change).context["form"]["version"].value()
        sent = {"lower_limit": "72", "upper_limit": "150", "reason": "new lot", "version": version}
        assert doctor.post(change, sent).status_code == 302
        kept.refresh_from_db()
        assert (kept.lower_limit, kept.upper_limit, kept.analytical_variation_percent) == (72, 150, None)
        gone = {"reason": "closed", "version": str(version_of(kept))}
        assert doctor.post(reverse("patients:withdraw_assay", args=[kept.pk]), gone).status_code == 302
        assert not Assay.objects.exists()
        listed = doctor.get(reverse(LIST)).content.decode()
        assert "Withdrawn" in listed and "closed" in listed
        old = doctor.get(reverse("patients:assay", args=[kept.pk]))
        assert old.status_code == 200 and "withdrew this assay" in old.content.decode()

    @pytest.mark.parametrize(
        ("changes", "field", "words"),
        [
            ({"lower_limit": "7,4"}, "lower_limit", "Write the decimal with a point"),
            ({"lower_limit": "<70"}, "lower_limit", "without &lt; or &gt;"),
            ({"lower_limit": "70", "upper_limit": "60"}, "upper_limit", "must be above the lower limit"),
            ({"analytical_variation_percent": "51"}, "analytical_variation_percent", "between 0 and 50"),
            ({"analytical_variation_percent": "0"}, "analytical_variation_percent", "above 0"),
            ({"reason": ""}, "reason", "required"),
            ({"analyte": "tacrolimus_trough"}, "analyte", "valid choice"),
            ({"analyte": "haemoglobin", "lower_limit": "11"}, "both_sexes", "differ between women and men"),
        ],
    )  # fmt: skip
    def test_refused_beside_the_field(
        self, doctor: Client, place: Place, changes: dict[str, str], field: str, words: str
    ) -> None:
        answer = self.send(doctor, place, **changes)
        assert answer.status_code == 200 and field in answer.context["form"].errors
        assert words in answer.content.decode()
        assert not Assay.objects.exists() and not Laboratory.objects.filter(name="Central").exists()

    def test_the_unit_of_the_limits_is_shown(self, doctor: Client, place: Place, central: Laboratory) -> None:
        page = doctor.get(reverse("patients:new_assay", args=[place.clinic.pk])).content.decode()
        assert '<option value="c3">C3, mg/dl</option>' in page and "Tacrolimus level" not in page
        kept = add(place, central, analyte="platelets", numbers=numbers("150", "350", None))
        form = doctor.get(reverse("patients:change_assay", args=[kept.pk])).context["form"]
        assert str(form.fields["lower_limit"].label) == "Lower limit, ×10³/µl"

    def test_limits_that_differ_by_sex_are_confirmed(self, doctor: Client, place: Place) -> None:
        typed = {"analyte": "haemoglobin", "lower_limit": "11"}
        assert self.send(doctor, place, **typed, both_sexes="on").status_code == 302
        assert self.send(doctor, place, **{**typed, "analyte": "ck", "lower_limit": ""}).status_code == 302

    def test_the_second_editor_sees_both_versions(
        self, doctor: Client, place: Place, central: Laboratory
    ) -> None:
        kept = add(place, central)
        sent = {**self.form(lower_limit="72", upper_limit="150"), "version": str(version_of(kept))}
        change_assay(
            assay=kept, numbers=numbers("75"), reason="x", by=place.doctor, expected_version=version_of(kept)
        )
        address = reverse("patients:change_assay", args=[kept.pk])
        answer = doctor.post(address, sent)
        assert answer.status_code == 409
        assert [(row.theirs, row.yours) for row in answer.context["conflict"]] == [(75, 72)]
        kept.refresh_from_db()
        assert kept.lower_limit == 75
        again = doctor.post(address, {**sent, "version": answer.context["form"]["version"].value()})
        assert again.status_code == 302

    def test_withdrawn_meanwhile_is_said(self, doctor: Client, place: Place, central: Laboratory) -> None:
        kept = add(place, central)
        version = version_of(kept)
        withdraw_assay(assay=kept, reason="closed", by=place.doctor, expected_version=version)
        sent = {**self.form(), "version": str(version)}
        for name in ("change_assay", "withdraw_assay"):
            answer = doctor.post(reverse(f"patients:{name}", args=[kept.pk]), sent)
            assert answer.status_code == 409 and "was not saved" in answer.content.decode()

    def test_no_reader_but_a_rheumatologist_is_offered_to_write(
        self, place: Place, central: Laboratory
    ) -> None:
        kept = add(place, central)
        for user in (place.nurse, place.administrator):
            client = place.client(user)
            for address in (reverse(LIST), reverse("patients:assay", args=[kept.pk])):
                page = client.get(address).content.decode()
                assert "assays/new" not in page and "/change/" not in page and "/withdraw/" not in page

    def test_an_administrator_sees_how_many_and_not_whose(self, place: Place, central: Laboratory) -> None:
        c3(place, central, "90", 3)
        kept = add(place, central)
        page = place.client(place.administrator).get(reverse("patients:assay", args=[kept.pk]))
        assert "1 result." in page.content.decode()
        assert f"#{place.patient.number}," not in page.content.decode()

    def test_a_method_that_no_result_names_is_seen(self, place: Place, central: Laboratory) -> None:
        c3(place, central, "90", 3)
        use = use_of(add(place, central, method="turbidimetry"))
        assert (use.count, use.own, use.newest, use.other_methods) == (0, 0, [], [""])

    def test_the_laboratory_form_leads_there(self, place: Place) -> None:
        page = place.client(place.nurse).get(reverse("patients:new_laboratory", args=[place.patient.pk]))
        assert reverse(LIST) in page.content.decode()


def test_as_many_queries_for_many_assays_as_for_one(
    doctor: Client, place: Place, central: Laboratory
) -> None:
    kept = add(place, central)
    addresses = [reverse(LIST), reverse("patients:assay", args=[kept.pk])]

    def counts() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as seen:
                assert doctor.get(address).status_code == 200
            found.append(len(seen))
        return found

    little = counts()
    for number in range(9):
        other = laboratory_named(clinic=place.clinic, name=f"L{number}", by=place.doctor)
        withdrawn = add(place, other, analyte="c4", numbers=numbers("10", "40"))
        withdraw_assay(assay=withdrawn, reason="x", by=place.doctor, expected_version=version_of(withdrawn))
        add(place, other)
        c3(place, central, "90", number + 10)
    assert counts() == little

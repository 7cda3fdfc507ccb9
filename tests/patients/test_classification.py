"""Classifying item by item: what is saved, what is proposed, and what the rule for C0 makes of it."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.clock import local_today
from demo.samples import base
from dosing.assessment.assess import assess_patient
from patients.models import Classification
from patients.rules.answers import Answer
from patients.rules.classification_criteria import ACR_1997, EULAR_ACR_2019, ITEMS
from patients.rules.classification_proposals import propose
from patients.rules.dates import PartialDate
from patients.rules.record import LaboratoryValue, Person, Record, Visit
from patients.services.statements import classify_items
from patients.services.writing import void
from tests.hazards import Place, make_place

ON = date(2026, 11, 1)


class TestProposals:
    """Only yes is proposed, with its evidence; the doctor accepts each."""

    def record(
        self, *rows: LaboratoryValue, sledai: dict[str, bool | None] | None = None, biopsy: str = ""
    ) -> Record:
        person = Person(1, "F", PartialDate.parse("1980"), biopsy_class=biopsy)
        visits = (Visit(1, date(2020, 1, 1), sledai=sledai or {}),)
        return Record(person=person, visits=visits, laboratory=rows)

    def row(self, analyte: str, value: str = "", comparator: str = "", **more: object) -> LaboratoryValue:
        number = Decimal(value) if value else None
        return LaboratoryValue(1, analyte, date(2021, 5, 5), number, comparator=comparator, **more)  # type: ignore[arg-type]

    def test_nothing_speaks_for_nothing(self) -> None:
        assert propose(ACR_1997, self.record(), ON) == propose(EULAR_ACR_2019, self.record(), ON) == {}

    @pytest.mark.parametrize(
        ("analyte", "value", "comparator", "proposed"),
        [
            ("upcr", "0.51", "", {"proteinuria"}),
            ("upcr", "0.5", "", set()),  # "above 0.5 g"
            ("upcr", "0.6", "<", set()),
            ("upcr", "0.5", ">", set()),
            ("wbc", "3.9", "", {"leukopenia"}),
            ("wbc", "4.0", "", set()),  # "below 4 000"
            ("wbc", "4.0", "<", {"leukopenia"}),
            ("platelets", "99", "", {"thrombocytopenia"}),
            ("platelets", "100", "", set()),
            ("platelets", "90", ">", set()),
        ],
    )
    def test_limits_of_2019(self, analyte: str, value: str, comparator: str, proposed: set[str]) -> None:
        record = self.record(self.row(analyte, value, comparator))
        assert set(propose(EULAR_ACR_2019, record, ON)) == proposed

    def test_acr_wants_low_white_cells_twice(self) -> None:
        once = self.row("wbc", "3.5")
        again = LaboratoryValue(2, "wbc", date(2022, 1, 1), Decimal("3.9"))
        assert "haematologic" not in propose(ACR_1997, self.record(once), ON)
        found = propose(ACR_1997, self.record(once, again), ON)["haematologic"]
        assert [item.value for item in found] == [Decimal("3.5"), Decimal("3.9")]

    def test_complement_by_the_results_own_limits(self) -> None:
        low = self.row("c3", "70", lower_limit=Decimal(73))
        normal = self.row("c4", "20", lower_limit=Decimal(11))
        low_c4 = self.row("c4", "8", lower_limit=Decimal(11))
        assert set(propose(EULAR_ACR_2019, self.record(low, normal), ON)) == {"low_c3_or_c4"}
        assert set(propose(EULAR_ACR_2019, self.record(low, low_c4), ON)) == {"low_c3_or_c4", "low_c3_and_c4"}

    @pytest.mark.parametrize(("value", "is_raised"), [("11", False), ("12", True), ("13", True)])
    def test_antibodies_by_the_methods_limit(self, value: str, is_raised: bool) -> None:
        record = self.record(self.row("dsdna", value, upper_limit=Decimal(12), method="ELISA"))
        assert ("dsdna_or_sm" in propose(EULAR_ACR_2019, record, ON)) is is_raised
        assert ("immunologic" in propose(ACR_1997, record, ON)) is is_raised

    def test_findings_answers_and_biopsy(self) -> None:
        record = self.record(
            self.row("ana", finding="positive"),
            self.row("antiphospholipid", finding="negative"),
            sledai={"seizure": True, "psychosis": False, "mucosal_ulcers": None, "arthritis": True},
            biopsy="III+V",
        )
        assert set(propose(EULAR_ACR_2019, record, ON)) == {"ana", "seizure", "joints", "nephritis_iii_iv"}
        assert set(propose(ACR_1997, record, ON)) == {"ana", "neurologic", "arthritis"}

    def test_what_is_dated_later_is_not_known(self) -> None:
        record = self.record(self.row("upcr", "2"))
        assert propose(EULAR_ACR_2019, record, date(2021, 5, 4)) == {}
        assert set(propose(EULAR_ACR_2019, record, date(2021, 5, 5))) == {"proteinuria"}

    def test_each_proposal_is_of_an_item(self) -> None:
        everything = {item.code for system in ITEMS.values() for item in system}
        record = self.record(sledai={"pericarditis": True, "alopecia": True, "casts": True})
        for system in ITEMS:
            assert set(propose(system, record, ON)) <= everything


@pytest.mark.django_db
class TestSaved:
    @pytest.fixture
    def place(self) -> Place:
        place = make_place(record=base.base_record(date.today()))
        for row in Classification.objects.all():
            void(row, by=place.doctor, reason="not of this test")
        return place

    @pytest.fixture
    def doctor(self, place: Place) -> Client:
        return place.client(place.doctor)

    def address(self, place: Place, system: str = ACR_1997) -> str:
        return reverse("patients:new_classification_items", args=[place.patient.pk, system])

    def sent(self, place: Place, **answers: str) -> dict[str, str]:
        items = {f"item_{code}": answer for code, answer in answers.items()}
        return {"on": local_today(place.clinic).isoformat(), "submission": str(uuid4()), **items}

    def c0(self, place: Place) -> Answer:
        return assess_patient(place.patient).assessment.criteria["C0"].answer

    def test_four_of_eleven_settle_c0(self, doctor: Client, place: Place) -> None:
        assert self.c0(place) is Answer.CANNOT_TELL
        form = self.sent(place, malar_rash="yes", arthritis="yes", renal="yes", ana="yes", discoid_rash="no")
        assert doctor.post(self.address(place), form).status_code == 302
        row = Classification.objects.active().get()
        assert (row.system, row.score, row.met, row.complete) == (ACR_1997, 4, True, False)
        assert row.items == {
            "malar_rash": True, "arthritis": True, "renal": True, "ana": True, "discoid_rash": False,
        }  # fmt: skip
        assert self.c0(place) is Answer.MET

    def test_ten_points_without_a_clinical_item_do_not(self, doctor: Client, place: Place) -> None:
        answers = {item.code: "no" for item in ITEMS[EULAR_ACR_2019]}
        yes = dict.fromkeys(("ana", "low_c3_and_c4", "dsdna_or_sm"), "yes")
        doctor.post(self.address(place, EULAR_ACR_2019), self.sent(place, **{**answers, **yes}))
        row = Classification.objects.active().get()
        assert (row.score, row.met, row.complete) == (10, False, True)
        assert self.c0(place) is Answer.CANNOT_TELL  # ACR 1997 is not judged
        doctor.post(self.address(place), self.sent(place, **{item.code: "no" for item in ITEMS[ACR_1997]}))
        assert self.c0(place) is Answer.NOT_MET

    def test_an_open_result_is_kept_as_open(self, doctor: Client, place: Place) -> None:
        answer = doctor.post(self.address(place), self.sent(place, ana="yes"), follow=True)
        row = Classification.objects.active().get()
        assert (row.score, row.met, row.complete) == (1, None, False)
        assert "still open" in answer.content.decode()
        assert self.c0(place) is Answer.CANNOT_TELL

    def test_nothing_is_preselected_and_nothing_judged_is_refused(self, doctor: Client, place: Place) -> None:
        page = doctor.get(self.address(place))
        assert all(
            option.checked == (option.value == "")
            for _, rows in page.context["form"].groups()
            for row in rows
            for option in row.options
        )
        answer = doctor.post(self.address(place), self.sent(place))
        assert "Judge at least one item" in answer.content.decode()
        assert not Classification.objects.active().exists()

    def test_a_double_click_saves_once(self, doctor: Client, place: Place) -> None:
        form = self.sent(place, ana="yes")
        doctor.post(self.address(place), form)
        doctor.post(self.address(place), form)
        assert Classification.objects.active().count() == 1

    def test_another_set_of_criteria_does_not_exist(self, doctor: Client, place: Place) -> None:
        assert doctor.get(self.address(place, "slicc_2012")).status_code == 404

    def test_a_day_to_come_is_refused_beside_its_field(self, doctor: Client, place: Place) -> None:
        form = {**self.sent(place, ana="yes"), "on": "2099-01-01"}
        answer = doctor.post(self.address(place), form)
        assert "on" in answer.context["form"].errors

    def test_the_service_refuses_an_item_that_does_not_exist(self, place: Place) -> None:
        with pytest.raises(ValueError, match="fever"):
            classify_items(
                patient=place.patient,
                system=ACR_1997,
                on=ON,
                answers={"fever": True},
                note="",
                by=place.doctor,
            )

    def test_without_any_answer_it_is_refused_by_the_service(self, place: Place) -> None:
        with pytest.raises(ValidationError):
            classify_items(
                patient=place.patient, system=ACR_1997, on=ON, answers={"ana": None}, note="", by=place.doctor
            )

    def test_its_page_and_its_history_name_the_items(self, doctor: Client, place: Place) -> None:
        doctor.post(self.address(place), self.sent(place, malar_rash="yes", ana="no"))
        row = Classification.objects.active().get()
        for address in (
            reverse("patients:fact", args=[place.patient.pk, "classification", row.pk]),
            reverse("patients:history", args=[place.patient.pk]),
        ):
            page = doctor.get(address).content.decode()
            assert "Malar rash: yes, Antinuclear antibody: no" in page
            assert "{" not in page.partition("<main")[2].partition("</main>")[0]

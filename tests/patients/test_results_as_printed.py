"""Results go in as a laboratory printed them and are shown so: SI, American and Japanese units."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.clock import local_today
from patients.last_of_each_analyte import units_last_used
from patients.loading import load_record
from patients.models import Laboratory, LaboratoryResult
from patients.services.laboratory import laboratory_named, record_result
from tests.hazards import Place, make_place

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

# What a Swiss, a Scandinavian or a British laboratory prints, and the usual number of Tokyo or Boston for it.
SI_SHEET = {
    "c3": ("0.92 g/L", "92"),
    "c4": ("0.18 g/L", "18"),
    "upcr": ("28 mg/mmol", "0.24752"),
    "urine_protein": ("0.15 g/L", "15"),
    "urine_creatinine": ("8.84 mmol/L", "100"),
    "creatinine": ("62 µmol/L", "0.701357"),
    "potassium": ("4.2 mmol/L", "4.2"),
    "sodium": ("140 mmol/L", "140"),
    "magnesium": ("0.85 mmol/L", "2.065925"),
    "glucose": ("5.4 mmol/L", "97.279769"),
    "hba1c": ("38 mmol/mol", "5.62824"),
    "ck": ("1.5 µkat/L", "90"),
    "ast": ("0.4 µkat/l", "24"),
    "alt": ("0.35 µkat/l", "21"),
    "albumin": ("43 g/L", "4.3"),
    "urate": ("290 µmol/L", "4.875190"),
    "wbc": ("5.2 10⁹/L", "5.2"),
    "haemoglobin": ("128 g/L", "12.8"),
    "platelets": ("213 G/L", "213"),
    "lymphocytes": ("1.4 ×10^9/l", "1.4"),
    "haematocrit": ("0.38 L/L", "38"),
    "neutrophils": ("3.4 G/L", "3.4"),
    "calcium": ("2.35 mmol/L", "9.418330"),
    "phosphate": ("1.1 mmol/L", "3.407140"),
    "bilirubin": ("12 µmol/L", "0.701604"),
    "alp": ("1.2 µkat/L", "72"),
    "ggt": ("0.4 µkat/L", "24"),
    "ldh": ("3.1 µkat/L", "186"),
    "haptoglobin": ("1.1 g/L", "110"),
    "igg": ("12.4 g/L", "1240"),
    "ldl": ("3.0 mmol/L", "115.998000"),
    "triglycerides": ("1.1 mmol/L", "97.399500"),
    "acr": ("2.0 mg/mmol", "17.68"),
    "urine_protein_24h": ("120 mg/24h", "0.12"),
    "hbv_dna": ("3.0 log IU/mL", "1000"),
}
JAPANESE_SHEET = {
    "platelets": ("21.3 ×10⁴/µl", "213"),
    "wbc": ("5200 /µL", "5.2"),
    "lymphocytes": ("1400/μｌ", "1.4"),
    "crp": ("0.02未満 mg/dL", "0.2"),
    "upcr": ("0.25 g/gCr", "0.25"),
    "ast": ("24 Ｕ／Ｌ", "24"),
    "c3": ("９２ mg／dl", "92"),
}


@pytest.fixture
def place() -> Place:
    return make_place()


@pytest.fixture
def nurse(place: Place) -> Client:
    return place.client(place.nurse)


def sheet(place: Place, days_ago: int = 0, **fields: Any) -> dict[str, str]:
    day = local_today(place.clinic) - timedelta(days=days_ago)
    return {"collected_on": day.isoformat(), "collected_time": "00:01", "laboratory": "Zürich", **fields}


def post(client: Client, place: Place, **fields: Any) -> Any:
    return client.post(reverse("patients:new_laboratory", args=[place.patient.pk]), sheet(place, **fields))


def form(client: Client, place: Place) -> Any:
    return client.get(reverse("patients:new_laboratory", args=[place.patient.pk])).context["form"]


def saved(place: Place, analyte: str) -> LaboratoryResult:
    return LaboratoryResult.objects.filter(patient=place.patient, analyte=analyte).latest("pk")


def panel(client: Client, place: Place) -> str:
    text = client.get(reverse("patients:laboratory", args=[place.patient.pk])).content.decode()
    return " ".join(text.split())


@pytest.mark.parametrize("printed", [SI_SHEET, JAPANESE_SHEET], ids=["SI", "Japan"])
def test_a_sheet_goes_in_as_printed(
    place: Place, nurse: Client, printed: Mapping[str, tuple[str, str]]
) -> None:
    answer = post(nurse, place, **{f"{key}_value": typed for key, (typed, _) in printed.items()})
    assert answer.status_code == 302, answer.context["form"].errors
    found = {key: saved(place, key).value for key in printed}
    assert found == {key: Decimal(expected) for key, (_, expected) in printed.items()}


@pytest.mark.parametrize("unit_first", [False, True])
def test_the_page_shows_the_printed_digits_and_the_usual_unit(
    place: Place, nurse: Client, unit_first: bool
) -> None:
    fields = {"creatinine_value": "62.0", "creatinine_unit": "umol/L"}
    post(nurse, place, **(fields if unit_first else {"creatinine_value": "62.0 µmol/L"}))
    shown = panel(nurse, place)
    assert ">62.0</a>" in shown
    assert '<span class="unit">µmol/l</span> <small>(0.7014 mg/dl)</small>' in shown


def test_digits_of_the_usual_unit_are_kept_too(place: Place, nurse: Client) -> None:
    post(nurse, place, creatinine_value="0.70")
    assert ">0.70</a>" in panel(nurse, place)


@pytest.mark.parametrize(
    ("field", "typed", "named"),
    [
        ("magnesium_value", "0.85 g/dL", "This unit does not fit: g/dL. Use mg/dl, mmol/l, mEq/l."),
        ("haemoglobin_value", "128 mg", "This unit does not fit: mg. Use g/dl, g/l, mmol/l."),
        ("wbc_value", "5.2×10³", "This unit does not fit: ×10³. Use ×10³/µl, ×10⁴/µl, ×10²/µl, /µl, ×10⁹/l."),
    ],
)
def test_an_unknown_unit_is_refused_beside_its_field(
    place: Place, nurse: Client, field: str, typed: str, named: str
) -> None:
    answer = post(nurse, place, **{field: typed})
    assert answer.context["form"].errors[field] == [named]
    assert f'value="{typed}"' in answer.content.decode()


def test_a_typed_unit_goes_before_one_that_merely_stood_in_the_list(place: Place, nurse: Client) -> None:
    post(nurse, place, platelets_value="21.3 万/µL", platelets_unit="10*3/uL")
    assert (saved(place, "platelets").value, saved(place, "platelets").entered) == (213, "21.3 10*4/uL")


def test_two_units_are_refused(place: Place, nurse: Client) -> None:
    answer = post(nurse, place, platelets_value="21.3 ×10⁴/µl", platelets_unit="10*9/L")
    said = answer.context["form"].errors["platelets_value"][0]
    assert "×10⁴/µl" in said
    assert "×10⁹/l" in said


def test_a_number_without_its_unit_is_asked_about_where_it_would_be_unusual(
    place: Place, nurse: Client
) -> None:
    """21.3 of a Japanese print-out among ×10³/µl would be a danger to life."""
    assert "Unusual value" in post(nurse, place, platelets_value="21.3").content.decode()


def test_limits_are_read_in_the_unit_of_the_number(place: Place, nurse: Client) -> None:
    post(nurse, place, creatinine_value="88.4 µmol/L", creatinine_high="88.4")
    row = saved(place, "creatinine")
    assert row.value == row.upper_limit == 1


class TestLastUsed:
    def test_the_form_opens_with_the_units_of_its_laboratory(self, place: Place, nurse: Client) -> None:
        post(nurse, place, platelets_value="21.3 ×10⁴/µl", haemoglobin_value="128", haemoglobin_unit="g/L")
        opened = form(nurse, place)
        assert opened["platelets_unit"].value() == "10*4/uL"
        assert opened["haemoglobin_unit"].value() == "g/L"
        assert opened["creatinine_unit"].value() == "mg/dL"

    def test_the_number_alone_is_then_in_that_unit(self, place: Place, nurse: Client) -> None:
        post(nurse, place, days_ago=1, platelets_value="21.3 ×10⁴/µl")
        post(nurse, place, platelets_value="20.1", platelets_unit="10*4/uL")
        assert saved(place, "platelets").value == 201

    def test_another_laboratory_has_units_of_its_own(self, place: Place, nurse: Client) -> None:
        post(nurse, place, platelets_value="21.3 ×10⁴/µl")
        post(nurse, place, laboratory="Boston", haemoglobin_value="12.8 g/dL")
        assert form(nurse, place)["platelets_unit"].value() == "10*3/uL"

    def test_a_list_left_at_the_unit_of_another_laboratory_is_asked_about(
        self, place: Place, nurse: Client
    ) -> None:
        """CRP of 0.3: mg/dl of one laboratory, mg/l of the other; both numbers are usual."""
        post(nurse, place, days_ago=1, crp_value="0.3 mg/dL")
        sent = {"laboratory": "Boston", "crp_value": "4", "crp_unit": "mg/dL"}
        assert "another laboratory" in post(nurse, place, **sent).context["form"].errors["crp_value"][0]
        assert post(nurse, place, **{**sent, "crp_value": "4 mg/l"}).status_code == 302
        assert saved(place, "crp").value == 4

    def test_it_is_not_asked_where_the_other_uses_the_same_unit(self, place: Place, nurse: Client) -> None:
        post(nurse, place, days_ago=2, laboratory="Boston", crp_value="0.4 mg/dL")
        post(nurse, place, days_ago=1, crp_value="0.3 mg/dL")
        sent = {"laboratory": "Ｂoston", "crp_value": "0.5", "crp_unit": "mg/dL"}
        assert post(nurse, place, **sent).status_code == 302

    def test_it_is_not_asked_where_the_number_is_the_same(self, place: Place, nurse: Client) -> None:
        post(nurse, place, days_ago=1, potassium_value="4.2 mEq/L")
        sent = {"laboratory": "Boston", "potassium_value": "4.3", "potassium_unit": "meq/L"}
        assert post(nurse, place, **sent).status_code == 302

    def test_one_query_however_many_results(
        self, place: Place, nurse: Client, django_assert_num_queries: Any
    ) -> None:
        post(nurse, place, **{f"{key}_value": typed for key, (typed, _) in SI_SHEET.items()})
        laboratory = Laboratory.objects.get(name="Zürich")
        with django_assert_num_queries(1):
            assert units_last_used(laboratory)["ck"] == "ukat/L"


class TestWords:
    def test_a_virus_is_a_number_or_a_word(self, place: Place, nurse: Client) -> None:
        sent = {"hbv_dna_value": "検出せず", "hcv_rna_value": "<15", "urine_protein_dipstick_value": "2+"}
        assert post(nurse, place, **sent).status_code == 302
        found = {key: (saved(place, key).value, saved(place, key).finding) for key in ("hbv_dna", "hcv_rna")}
        assert found == {"hbv_dna": (None, "negative"), "hcv_rna": (15, "")}
        shown = panel(nurse, place)
        for text in (">not detected</a>", ">&lt;15</a>", ">2+</a>"):
            assert text in shown

    def test_an_antibody_with_a_number_needs_its_method_and_limit(self, place: Place, nurse: Client) -> None:
        asked = post(nurse, place, anticardiolipin_igg_value="23 U/mL").context["form"].errors
        assert set(asked) == {"anticardiolipin_igg_method", "anticardiolipin_igg_high"}
        assert post(nurse, place, anticardiolipin_igg_value="positive").status_code == 302

    def test_a_word_is_corrected_to_a_number(self, place: Place, nurse: Client) -> None:
        post(nurse, place, hbv_dna_value="positive")
        row = saved(place, "hbv_dna")
        address = reverse("patients:correct_result", args=[row.patient_id, row.pk])
        assert nurse.get(address).context["form"]["hbv_dna_value"].value() == "positive"
        fields = sheet(place, version="1", reason="amount told", hbv_dna_value="350", hbv_dna_unit="[IU]/mL")
        assert nurse.post(address, fields).status_code == 302
        row.refresh_from_db()
        assert (row.value, row.finding) == (350, "")


class TestSample:
    def test_fasting_and_haemolysed_are_kept_where_they_matter(self, place: Place, nurse: Client) -> None:
        sent = {"glucose_value": "92", "potassium_value": "4.2", "albumin_value": "4.3"}
        assert post(nurse, place, **sent, fasting="yes", haemolysed="on").status_code == 302
        found = {key: saved(place, key) for key in ("glucose", "potassium", "albumin")}
        flags = {key: (row.fasting, row.haemolysed) for key, row in found.items()}
        assert flags == {"glucose": (True, False), "potassium": (None, True), "albumin": (None, False)}
        shown = panel(nurse, place)
        assert "<small>fasting</small>" in shown
        assert "<small>haemolysed</small>" in shown

    @pytest.mark.parametrize(("said", "kept"), [("", None), ("no", False)])
    def test_unknown_is_not_no(self, place: Place, nurse: Client, said: str, kept: bool | None) -> None:
        post(nurse, place, triglycerides_value="120", fasting=said)
        assert saved(place, "triglycerides").fasting is kept

    def test_they_are_corrected(self, place: Place, nurse: Client) -> None:
        post(nurse, place, potassium_value="4.2", haemolysed="on")
        row = saved(place, "potassium")
        address = reverse("patients:correct_result", args=[row.patient_id, row.pk])
        form = nurse.get(address).context["form"]
        assert form["haemolysed"].value() is True
        assert "fasting" not in form.fields
        fields = {"potassium_value": "4.2", "potassium_unit": "mmol/L"}
        answer = nurse.post(address, sheet(place, version="1", reason="another tube", **fields))
        assert answer.status_code == 302
        row.refresh_from_db()
        assert row.haemolysed is False


class TestBoundsAndRanges:
    def test_cells_of_a_field_are_kept_as_printed(self, place: Place, nurse: Client) -> None:
        sent = {"urine_rbc_value": "5-9 /HPF", "urine_wbc_value": "numerous", "c3_value": "≥200"}
        assert post(nurse, place, **sent).status_code == 302
        rows = {key: saved(place, key) for key in ("urine_rbc", "urine_wbc", "c3")}
        found = {key: (row.comparator, row.value, row.value_high) for key, row in rows.items()}
        assert found == {"urine_rbc": ("", 5, 9), "urine_wbc": (">", 50, None), "c3": ("≥", 200, None)}
        shown = panel(nurse, place)
        for text in (">5–9</a>", ">numerous</a>", ">≥200</a>"):
            assert text in shown

    def test_a_range_is_shown_and_corrected_as_a_range(self, place: Place, nurse: Client) -> None:
        post(nurse, place, urine_rbc_value="5-9")
        row = saved(place, "urine_rbc")
        address = reverse("patients:correct_result", args=[row.patient_id, row.pk])
        assert nurse.get(address).context["form"]["urine_rbc_value"].value() == "5–9"
        fields = sheet(place, version="1", reason="misread", urine_rbc_value="10-19", urine_rbc_unit="/[HPF]")
        assert nurse.post(address, fields).status_code == 302
        row.refresh_from_db()
        assert (row.value, row.value_high, row.entered) == (10, 19, "10–19 /[HPF]")

    def test_no_service_takes_a_range_where_rules_read_one_number(self, place: Place) -> None:
        laboratory = laboratory_named(clinic=place.clinic, name="A", by=place.nurse)
        row = LaboratoryResult(
            patient=place.patient, analyte="potassium", value=Decimal(4), value_high=Decimal(6),
            entered="4–6 mmol/L", laboratory=laboratory, collected_at=timezone.now(),
        )  # fmt: skip
        with pytest.raises(ValidationError):
            record_result(result=row, by=place.nurse)

    def test_the_record_of_the_rules_has_both_ends(self, place: Place, nurse: Client) -> None:
        post(nurse, place, urine_rbc_value="5-9")
        row = load_record(place.patient).laboratory_in_order["urine_rbc"][-1]
        assert (row.lowest, row.highest, row.is_exact) == (5, 9, False)


class TestCorrection:
    def address(self, row: LaboratoryResult) -> str:
        return reverse("patients:correct_result", args=[row.patient_id, row.pk])

    def test_the_form_shows_what_was_printed(self, place: Place, nurse: Client) -> None:
        post(nurse, place, creatinine_value="62.0 µmol/L", creatinine_high="104")
        shown = nurse.get(self.address(saved(place, "creatinine"))).context["form"]
        found = [shown[f"creatinine_{part}"].value() for part in ("value", "unit", "high")]
        assert found == ["62.0", "umol/L", "104"]

    def test_another_number_of_the_same_unit(self, place: Place, nurse: Client) -> None:
        post(nurse, place, creatinine_value="62 µmol/L", creatinine_high="104")
        row = saved(place, "creatinine")
        fields = {"creatinine_value": "88.4", "creatinine_unit": "umol/L", "creatinine_high": "104"}
        answer = nurse.post(self.address(row), sheet(place, version="1", reason="misread", **fields))
        assert answer.status_code == 302
        row.refresh_from_db()
        assert (row.value, row.entered) == (1, "88.4 umol/L")
        assert row.upper_limit == Decimal("1.176471")

    def test_a_unit_typed_with_the_number_asks_for_the_limit_again(self, place: Place, nurse: Client) -> None:
        post(nurse, place, creatinine_value="62 µmol/L", creatinine_high="104")
        fields = {"creatinine_value": "0.7 mg/dl", "creatinine_unit": "umol/L", "creatinine_high": "104"}
        row = saved(place, "creatinine")
        answer = nurse.post(self.address(row), sheet(place, version="1", reason="misread", **fields))
        assert "creatinine_high" in answer.context["form"].errors

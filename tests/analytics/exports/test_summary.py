"""Tables of counts: who counts where, and that nobody can compute a hidden count."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Clinic
from analytics.exports.subjects import DeIdentified, Subject
from analytics.exports.summary import CROSSTABS, ExportSummary, wide_band
from patients.models import Patient
from patients.rules.dates import PartialDate
from tests.analytics.exports.reading import export_of


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (0, "0-19"),
        (19, "0-19"),
        (20, "20-39"),
        (59, "40-59"),
        (79, "60-79"),
        (80, "80+"),
        (None, "not_stated"),
    ],
)
def test_bands(age: int | None, band: str) -> None:
    assert wide_band(age) == band


def counted(clinic: Clinic, groups: dict[tuple[str, int, bool | None, bool | None], int]) -> dict[str, str]:
    """The lines of a clinic with so many patients by sex, age, renal involvement and treatment."""
    summary = ExportSummary()
    for (sex, age, renal, goes_on), count in groups.items():
        start = Patient.objects.count()
        people = Patient.objects.bulk_create(
            Patient(clinic=clinic, number=f"{start + n}", family_name="A", given_name="B", sex=sex,
                    birth=str(2020 - age), renal_involvement=renal)
            for n in range(count)
        )  # fmt: skip
        first = None if goes_on is None else date(2020, 12, 1)
        summary.add(
            {
                person.pk: Subject("n", 0, DeIdentified(), ZoneInfo("Asia/Tokyo"),
                                   PartialDate.parse(str(2020 - age)), first, date(2020, 12, 1), goes_on)
                for person in people
            }
        )  # fmt: skip
    return {" ".join(line[:3]): line[3] for line in summary.lines()}


def test_counts(clinic: Clinic) -> None:
    lines = counted(clinic, {("F", 30, True, True): 12, ("M", 30, False, False): 9, ("F", 50, True, None): 7,
                             ("M", 50, False, True): 8})  # fmt: skip
    assert lines["patients_by_age_and_sex 20-39 F"] == "12"
    assert lines["patients_by_age_and_sex total F"] == "19"
    assert lines["patients_by_age_and_sex total total"] == "36"
    assert lines["patients_by_age_and_sex 80+ F"] == "<5"
    table = "patients_by_renal_involvement_and_treatment"
    assert lines[f"{table} yes on_tacrolimus"] == "12"
    assert lines[f"{table} total on_tacrolimus"] == "20"
    assert lines[f"{table} yes ended"] == "<5"


def test_one_small_count_takes_others_with_it(clinic: Clinic) -> None:
    """Two men under 40 beside 12 women: of the 12 and the 14 of the row one at least is withheld."""
    lines = counted(clinic, {("F", 30, True, True): 12, ("M", 30, True, True): 2, ("F", 50, True, True): 20,
                             ("M", 50, True, True): 9})  # fmt: skip
    assert lines["patients_by_age_and_sex 20-39 M"] == "<5"
    row = {lines["patients_by_age_and_sex 20-39 F"], lines["patients_by_age_and_sex 20-39 total"]}
    assert "withheld" in row and row <= {"withheld", "12", "14"}


def test_when_the_number_of_all_is_hidden_no_table_tells_it(clinic: Clinic) -> None:
    lines = counted(clinic, {("F", 30, True, True): 4})
    assert set(lines.values()) == {"withheld"}


def test_no_two_tables_share_a_category() -> None:
    names = [name for table in CROSSTABS for name in (*table.rows, *table.columns) if name != "not_stated"]
    assert len(names) == len(set(names))


def test_an_identified_export_has_none(clinic: Clinic, never: Patient) -> None:
    assert "summary.csv" not in export_of(clinic, identified=True).files
    rows = export_of(clinic, identified=False).rows("summary")
    assert len(rows) == sum((len(table.rows) + 1) * (len(table.columns) + 1) for table in CROSSTABS)

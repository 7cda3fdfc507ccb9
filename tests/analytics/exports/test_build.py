"""The zip: its manifest, its codebook, batches with a constant number of queries, nothing left behind."""

import gc
import hashlib
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.clock import local_today
from accounts.models import Clinic, User
from analytics.exports import build as making
from analytics.exports import files
from analytics.exports.columns import CellType, ColumnScope, ExportColumn
from analytics.exports.files import CsvFile
from analytics.exports.tables import TABLES
from analytics.exports.wide import WIDE
from analytics.one_moment import one_moment
from demo.samples import base
from patients.models import Patient
from patients.rules.analytes import ANALYTES
from patients.services.importing import Identity, import_record
from tests.analytics.exports.reading import export_of, made_for

pytestmark = pytest.mark.sqlite


def open_files() -> int:
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir()))


class TestFiles:
    @pytest.mark.parametrize("identified", [True, False])
    def test_the_manifest_names_each_file_with_its_digest(
        self, clinic: Clinic, people: list[Patient], identified: bool
    ) -> None:
        export = export_of(clinic, identified=identified)
        entries = {entry["name"]: entry for entry in export.manifest["files"]}
        assert set(entries) == set(export.files) - {"manifest.json"}
        for name, entry in entries.items():
            content = export.files[name]
            assert (entry["sha256"], entry["bytes"]) == (hashlib.sha256(content).hexdigest(), len(content))
            if name.endswith(".csv"):
                assert entry["rows"] == len(export.rows(name.removesuffix(".csv")))

    def test_a_spreadsheet_knows_the_encoding(self, clinic: Clinic, never: Patient) -> None:
        Patient.objects.filter(pk=never.pk).update(family_name="佐藤")
        export = export_of(clinic, identified=True, wide=False)
        content = export.files["patients.csv"]
        assert content.startswith(b"\xef\xbb\xbf") and content.endswith(b"\r\n")
        assert export.rows("patients")[0]["family_name"] == "佐藤"

    def test_the_readme_names_every_file(self, clinic: Clinic, people: list[Patient]) -> None:
        for identified in (True, False):
            export = export_of(clinic, identified=identified)
            readme = export.files["README.txt"].decode()
            assert set(re.findall(r"^(\w+\.\w+) ", readme, re.M)) == set(export.files) - {"README.txt"}
            assert ("365" in readme) is not identified
            assert max(len(line) for line in readme.splitlines()) <= 130

    def test_nothing_stays_open_or_on_disk(
        self, clinic: Clinic, never: Patient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        export_of(clinic, identified=True)
        before = open_files()
        made = made_for(clinic, identified=True)
        assert not list(tmp_path.iterdir())
        assert open_files() == before + 1
        made.file.close()
        assert open_files() == before

    def test_a_full_disk_leaves_nothing_open(
        self, clinic: Clinic, never: Patient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_args: object) -> None:
            raise OSError(28, "No space left on device")

        export_of(clinic, identified=True)
        before = open_files()
        with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
            patch.setattr(files, "_add", full)
            made_for(clinic, identified=True)
        with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
            patch.setattr(CsvFile, "add", full)
            made_for(clinic, identified=True)
        assert open_files() == before


class TestCodebook:
    @pytest.mark.parametrize("identified", [True, False])
    def test_every_column_of_every_file_is_in_it(
        self, clinic: Clinic, never: Patient, identified: bool
    ) -> None:
        export = export_of(clinic, identified=identified)
        lines = export.rows("codebook")
        told = [(line["file"], line["column"]) for line in lines]
        names = [*(table.name for table in TABLES), WIDE.name]
        assert told == [(f"{name}.csv", column) for name in names for column in export.heading(name)]
        for line in lines:
            assert line["meaning"] and line["type"] in set(CellType)
            if line["type"] in ("integer", "decimal"):
                assert line["unit"], line
            if line["type"] == "code":
                free = {"patient", "first_tacrolimus_date"}
                assert line["allowed"] or line["column"] in free or "series" in line["column"], line

    def test_units_of_laboratory_values_are_those_of_the_catalogue(
        self, clinic: Clinic, never: Patient
    ) -> None:
        export = export_of(clinic, identified=False)
        units = {
            line["column"]: line["unit"] for line in export.rows("codebook") if line["file"] == "wide.csv"
        }
        assert units["c3_w0"] == units["c3_w52"] == "mg/dL"
        assert units["dsdna_w0"] == "[IU]/mL" and units["upcr_w12"] == "g/g{creat}"
        assert units["creatinine_w24"] == "mg/dL" and units["prednisolone_mg_per_day_w0"] == "mg/d"
        assert units["level_ng_ml_w12"] == "ng/mL"
        for row in export.rows("laboratory"):
            assert row["unit"] == ANALYTES[row["analyte"]].unit
        told = {row["key"]: row["unit"] for row in export.rows("catalogue") if row["catalogue"] == "analyte"}
        assert told == {key: analyte.unit for key, analyte in ANALYTES.items()}

    def test_it_is_the_same_in_every_language(self, clinic: Clinic, never: Patient) -> None:
        with translation.override("ja"):
            first = export_of(clinic, identified=True).files["codebook.csv"]
        assert first == export_of(clinic, identified=True).files["codebook.csv"]


class TestCells:
    @pytest.mark.parametrize(
        ("value", "kind", "expected"),
        [(None, CellType.DECIMAL, ""), (None, CellType.ASSESSED, "not_assessed"), (None, CellType.YES_NO, ""),
         (1.23456789, CellType.DECIMAL, "1.23457"), (date(2020, 2, 29), CellType.DATE, "2020-02-29"),
         (True, CellType.ASSESSED, "yes"), (False, CellType.YES_NO, "no"), (0, CellType.INTEGER, "0"),
         (Decimal("7.500"), CellType.DECIMAL, "7.5"), (Decimal("100.000"), CellType.DECIMAL, "100"),
         (Decimal("0.000"), CellType.DECIMAL, "0"), (Decimal("0.000001"), CellType.DECIMAL, "0.000001"),
         (-12, CellType.INTEGER, "-12"), ("-12", CellType.CODE, "'-12"), ("=1+1", CellType.TEXT, "'=1+1")],
    )  # fmt: skip
    def test_written(self, value: object, kind: CellType, expected: str) -> None:
        column = ExportColumn("x", kind, "x", (), lambda _row, _who: value, kept=ColumnScope.IDENTIFIED)
        assert column.cell({}, None) == expected  # type: ignore[arg-type]


def queries(clinic: Clinic, identified: bool) -> int:
    with CaptureQueriesContext(connection) as seen:
        made_for(clinic, identified=identified).file.close()
    return len(seen)


@pytest.mark.parametrize("identified", [True, False])
def test_queries_grow_with_batches_and_not_with_patients(
    clinic: Clinic, people: list[Patient], doctor: User, identified: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = queries(clinic, identified)
    for number in range(4):
        identity = Identity(f"more {number}", "P", "Q")
        import_record(
            record=base.base_record(local_today(clinic)), identity=identity, clinic=clinic, by=doctor
        )
    assert queries(clinic, identified) == few <= 35
    monkeypatch.setattr(making, "BATCH", 2)
    # One query tells who they are; seven patients are four batches.
    assert queries(clinic, identified) == 1 + 4 * (few - 1)


@pytest.mark.django_db(transaction=True)
def test_all_is_of_one_moment_and_nobody_waits() -> None:
    """PostgreSQL shows one moment to all batches; on SQLite no transaction keeps writers out meanwhile."""
    with one_moment():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SHOW transaction_isolation")
                assert cursor.fetchone() == ("repeatable read",)
                cursor.execute("SHOW transaction_read_only")
                assert cursor.fetchone() == ("on",)
        else:
            assert not connection.in_atomic_block
    assert not connection.in_atomic_block

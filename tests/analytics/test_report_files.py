"""The files of a report, read again as somebody else's program would read them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import openpyxl
import pypdf
import pytest

from analytics.report.document import Cell, Document, Table
from analytics.report.files import ReportFormat, Written, write_files
from analytics.report.files.pictures import picture
from analytics.report.files.workbook import LONGEST_SHEET_NAME, sheet_names
from tests.analytics.documents import document, figure, forest, table


@pytest.fixture(scope="module")
def files() -> dict[ReportFormat, Written]:
    return {file.kind: file for file in write_files(document(), lambda _name: None)}


def unpacked(file: Written) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(file.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def as_number(cell: Cell) -> float | int | None:
    return float(cell.value) if isinstance(cell.value, Decimal | int) else None


@pytest.fixture(scope="module")
def book(files: dict[ReportFormat, Written]) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(files[ReportFormat.XLSX].content))


class TestWorkbook:
    def test_one_sheet_a_table_after_the_contents(self, book: openpyxl.Workbook) -> None:
        assert book.sheetnames == ["Report", *[one.key for one in document().tables()]]
        first = [[cell.value for cell in row] for row in book["Report"].iter_rows()]
        assert first[0][0] == "Cohort report"
        assert ["Version", "0.5"] in first

    @pytest.mark.parametrize("one", list(document().tables()), ids=lambda one: one.key)
    def test_the_numbers_are_numbers(self, book: openpyxl.Workbook, one: Table) -> None:
        sheet = book[one.key]
        assert [cell.value for cell in sheet[1]] == [
            f"{column.title}, {column.unit}" if column.unit else column.title for column in one.columns
        ]
        for line, row in enumerate(one.rows, start=2):
            for cell, found in zip(row.cells, sheet[line], strict=True):
                if as_number(cell) is not None:
                    assert found.value == as_number(cell) and found.data_type == "n"
                elif isinstance(cell.value, date):
                    assert found.value == datetime(cell.value.year, cell.value.month, cell.value.day)
                else:
                    assert (found.value or "") == cell.text

    def test_a_number_shows_the_decimals_that_the_page_shows(self, book: openpyxl.Workbook) -> None:
        assert book["table_2"]["B3"].number_format == "0.0"

    def test_text_that_looks_like_a_formula_is_text(self, book: openpyxl.Workbook) -> None:
        cell = book["table_2"]["A4"]
        assert (cell.value, cell.data_type) == ("=SUM(A1)", "s")

    def test_headings_stay_and_notes_stand_below(self, book: openpyxl.Workbook) -> None:
        sheet = book["table_2"]
        assert sheet.freeze_panes == "B2"
        assert "37 pairs." in [cell.value for cell in sheet["A"]]

    def test_long_names_are_told_apart(self) -> None:
        names = sheet_names([table("a" * 40), table("a" * 50), table("a" * 31)])
        assert len(set(names)) == 3 and all(len(name) <= LONGEST_SHEET_NAME for name in names)


@pytest.fixture(scope="module")
def tables(files: dict[ReportFormat, Written]) -> dict[str, list[list[str]]]:
    contents = unpacked(files[ReportFormat.CSV])
    return {
        name: list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        for name, content in contents.items()
        if name.endswith(".csv")
    }


class TestCsv:
    @pytest.mark.parametrize("one", list(document().tables()), ids=lambda one: one.key)
    def test_the_values_are_those_of_the_report(self, tables: dict[str, list[list[str]]], one: Table) -> None:
        heading, *lines = tables[f"{one.key}.csv"]
        assert heading[1::2] == [column.key for column in one.columns]
        for row, line in zip(one.rows, lines, strict=True):
            for cell, value in zip(row.cells, line[1::2], strict=True):
                if as_number(cell) is not None:
                    assert Decimal(value) == cell.value
                elif isinstance(cell.value, date):
                    assert date.fromisoformat(value) == cell.value

    def test_a_formula_is_disarmed(self, tables: dict[str, list[list[str]]]) -> None:
        assert tables["table_2.csv"][3][1:3] == ["'=SUM(A1)", "'=SUM(A1)"]

    def test_every_column_is_in_the_codebook(self, tables: dict[str, list[list[str]]]) -> None:
        told = {(line[0], line[2]): line[4] for line in tables["codebook.csv"][1:]}
        for one in document().tables():
            for column in one.columns:
                assert told[one.key, column.key] == column.unit


@pytest.fixture(scope="module")
def reader(files: dict[ReportFormat, Written]) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(files[ReportFormat.PDF].content))


def titles(outline: list[Any]) -> Iterator[str]:
    for entry in outline:
        if isinstance(entry, list):
            yield from titles(entry)
        else:
            yield str(entry.title)


def objects(reader: pypdf.PdfReader) -> Iterator[Any]:
    """The dictionaries of the file."""
    for number in range(1, len(reader.xref[0]) + len(reader.xref_objStm) + 1):
        found = reader.get_object(number)
        if isinstance(found, pypdf.generic.DictionaryObject):
            yield found


class TestPdf:
    def test_tagged_titled_and_in_a_language(self, reader: pypdf.PdfReader) -> None:
        root = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"] is True or bool(root["/MarkInfo"]["/Marked"])
        assert "/StructTreeRoot" in root
        assert root["/Lang"].startswith("en")
        assert reader.metadata is not None and reader.metadata.title == "Cohort report"

    def test_pages_are_numbered(self, reader: pypdf.PdfReader) -> None:
        total = len(reader.pages)
        for number, page in enumerate(reader.pages, start=1):
            assert f"{number} / {total}" in page.extract_text()

    def test_what_the_tables_say_is_on_paper(self, reader: pypdf.PdfReader) -> None:
        text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
        for one in document().tables():
            for row in one.rows:
                for cell in row.cells:
                    assert cell.text in text

    def test_figures_are_vectors_with_a_text_for_who_cannot_see_them(self, reader: pypdf.PdfReader) -> None:
        assert all(not page.images for page in reader.pages)
        told = [str(one["/Alt"]) for one in objects(reader) if "/Alt" in one]
        assert [f"{one.title}. {one.caption}" for one in (figure(), forest())] == told

    def test_bookmarks_lead_to_the_sections(self, reader: pypdf.PdfReader) -> None:
        titles = [str(entry.title) for entry in reader.outline if not isinstance(entry, list)]
        nested = [
            str(one.title)
            for entry in reader.outline
            if isinstance(entry, list)
            for one in entry
            if not isinstance(one, list)
        ]
        assert {"Patients", "Before and after"} <= {*titles, *nested}


class TestArchive:
    def test_the_manifest_tells_each_file(self, files: dict[ReportFormat, Written]) -> None:
        for kind in (ReportFormat.CSV, ReportFormat.ALL):
            contents = unpacked(files[kind])
            manifest = json.loads(contents.pop("manifest.json"))
            told = {one["name"]: (one["sha256"], one["bytes"]) for one in manifest["files"]}
            assert told == {
                name: (hashlib.sha256(content).hexdigest(), len(content))
                for name, content in contents.items()
            }

    def test_all_holds_all(self, files: dict[ReportFormat, Written]) -> None:
        contents = unpacked(files[ReportFormat.ALL])
        assert contents["report.pdf"] == files[ReportFormat.PDF].content
        assert contents["report.xlsx"] == files[ReportFormat.XLSX].content
        tables = {name for name in unpacked(files[ReportFormat.CSV]) if name.endswith(".csv")}
        assert {f"tables/{name}" for name in tables} <= set(contents)

    def test_the_same_report_is_the_same_bytes(self, files: dict[ReportFormat, Written]) -> None:
        again = {file.kind: file for file in write_files(document(), lambda _name: None)}
        assert {kind: file.sha256 for kind, file in again.items()} == {
            kind: file.sha256 for kind, file in files.items()
        }


class TestPictures:
    def test_vectors_only_and_always_the_same(self) -> None:
        for one in (figure(), forest()):
            drawn = picture(one)
            assert drawn.startswith("<svg") and "<image" not in drawn
            assert not re.search(r"20\d\d-\d\d-\d\dT", drawn)
            assert drawn == picture(one)

    def test_a_figure_without_a_point_is_drawn_too(self) -> None:
        assert picture(replace(figure(), series=(), bands=())).startswith("<svg")


def test_an_empty_document_has_all_its_files() -> None:
    empty = Document("Cohort report", "nobody", (), ())
    assert [file.kind for file in write_files(empty, lambda _name: None)] == list(ReportFormat)

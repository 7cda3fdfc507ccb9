"""All files of a report, and the zip that holds them with the sha256 of each."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from analytics.exports.files import CsvFile
from analytics.report.document import Document
from analytics.report.document_json import to_json
from analytics.report.files.pdf import pdf
from analytics.report.files.tables import csv_files
from analytics.report.files.workbook import workbook

Progress = Callable[[str], None]
# The same in all: nothing of the clock may differ between two files of one report.
LONG_AGO = (1980, 1, 1, 0, 0, 0)
MANIFEST = "manifest.json"


class ReportFormat(StrEnum):
    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"
    ALL = "all"


NAMES = {
    ReportFormat.PDF: "report.pdf",
    ReportFormat.XLSX: "report.xlsx",
    ReportFormat.CSV: "tables.zip",
    ReportFormat.ALL: "report.zip",
}
CONTENT_TYPES = {
    ReportFormat.PDF: "application/pdf",
    ReportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ReportFormat.CSV: "application/zip",
    ReportFormat.ALL: "application/zip",
}


@dataclass(frozen=True)
class Written:
    """A file of a report."""

    kind: ReportFormat
    content: bytes

    @property
    def name(self) -> str:
        return NAMES[self.kind]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def write_files(document: Document, progress: Progress) -> list[Written]:
    """Every file; progress gets the name of each before it is made. Equal documents give equal bytes."""
    progress(NAMES[ReportFormat.PDF])
    paper = pdf(document)
    progress(NAMES[ReportFormat.XLSX])
    sheets = workbook(document)
    progress(NAMES[ReportFormat.CSV])
    tables = _csv(document)
    csv_zip = _zip(tables, document)
    progress(NAMES[ReportFormat.ALL])
    everything = {
        NAMES[ReportFormat.PDF]: paper,
        NAMES[ReportFormat.XLSX]: sheets,
        **{f"tables/{name}": content for name, content in tables.items()},
        "report.json": to_json(document).encode(),
    }
    return [
        Written(ReportFormat.PDF, paper),
        Written(ReportFormat.XLSX, sheets),
        Written(ReportFormat.CSV, csv_zip),
        Written(ReportFormat.ALL, _zip(everything, document)),
    ]


def _csv(document: Document) -> dict[str, bytes]:
    files = csv_files(document)
    try:
        return {f"{file.name}.csv": file.read().read() for file in files}
    finally:
        _close(files)


def _close(files: list[CsvFile]) -> None:
    for file in files:
        file.close()


def _zip(contents: dict[str, bytes], document: Document) -> bytes:
    target = io.BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, content in (*contents.items(), (MANIFEST, _manifest(contents, document))):
            info = ZipInfo(name, LONG_AGO)
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, content)
    return target.getvalue()


def _manifest(contents: dict[str, bytes], document: Document) -> bytes:
    files = [
        {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        for name, content in contents.items()
    ]
    said = {"title": document.title, "subtitle": document.subtitle, "facts": document.facts, "files": files}
    return json.dumps(said, indent=1, ensure_ascii=False).encode()

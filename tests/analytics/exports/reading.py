"""Reads an export as a data manager would: the zip, its CSV files, its manifest."""

import csv
import io
import json
from datetime import date
from typing import Any
from zipfile import ZipFile

from accounts.clock import local_today
from accounts.models import Clinic
from analytics.exports.build import ExportRequest, ExportResult, make

Rows = list[dict[str, str]]


class Export:
    """The files of a zip by name."""

    def __init__(self, file: Any) -> None:
        with ZipFile(file) as archive:
            assert archive.testzip() is None
            self.files = {name: archive.read(name) for name in archive.namelist()}

    def rows(self, name: str) -> Rows:
        text = self.files[f"{name}.csv"].decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def heading(self, name: str) -> list[str]:
        return next(csv.reader(io.StringIO(self.files[f"{name}.csv"].decode("utf-8-sig"))))

    @property
    def manifest(self) -> dict[str, Any]:
        return json.loads(self.files["manifest.json"])

    @property
    def text(self) -> str:
        """Everything in it."""
        return "\n".join(content.decode() for content in self.files.values())


def made_for(clinic: Clinic, *, identified: bool, long: bool = True, wide: bool = True) -> ExportResult:
    return make(ExportRequest(clinic, local_today(clinic), identified, long, wide))


def export_of(clinic: Clinic, *, identified: bool, long: bool = True, wide: bool = True) -> Export:
    made = made_for(clinic, identified=identified, long=long, wide=wide)
    with made.file as file:
        return Export(file)


def day(text: str) -> date:
    return date.fromisoformat(text)

"""Puts an export together: patients in batches, every file at once, then the zip.

What is held in memory is a batch of patients, the keys of all, and counts. The number of queries of a batch
is always the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from django.utils import translation

from accounts.models import Clinic
from analytics.exports import catalogue, codebook, summary
from analytics.exports.columns import ExportColumn
from analytics.exports.files import CsvFile, digest, packed
from analytics.exports.population import Population
from analytics.exports.readme import readme
from analytics.exports.subjects import DeIdentified, Identified, Subject
from analytics.exports.tables import TABLES
from analytics.exports.wide import WIDE
from analytics.one_moment import one_moment

BATCH = 250
CODEBOOK, CATALOGUE, SUMMARY = "codebook", "catalogue", "summary"


@dataclass(frozen=True)
class ExportRequest:
    """What is to be exported: of which clinic, as known on which day."""

    clinic: Clinic
    on: date
    identified: bool
    long: bool
    wide: bool


@dataclass(frozen=True)
class ExportResult:
    """A finished export. file is without a name, at its beginning, and belongs to the caller."""

    file: IO[bytes]
    sha256: str
    size: int
    patients: int
    rows: int
    columns: Mapping[str, list[str]]


def make(asked: ExportRequest) -> ExportResult:
    """The zip. Raises OSError when the disk refuses it; nothing is left behind."""
    with ExitStack() as open_files, translation.override("en-gb"), one_moment():
        files = {
            name: open_files.enter_context(closing(CsvFile(name, heading)))
            for name, heading in _headings(asked).items()
        }
        patients = _write(asked, files)
        zipped = packed(files.values(), _readme(asked), _facts(asked, patients))
        sha256, size = digest(zipped)
        tables = {name: [column.name for column in columns] for name, columns in _columns(asked).items()}
        rows = sum(files[name].rows for name in tables)
        return ExportResult(zipped, sha256, size, patients, rows, tables)


def _columns(asked: ExportRequest) -> dict[str, tuple[ExportColumn, ...]]:
    """The columns of each file of patients."""
    told = {table.name: table.chosen(asked.identified) for table in TABLES} if asked.long else {}
    return told | ({WIDE.name: WIDE.chosen(asked.identified)} if asked.wide else {})


def _headings(asked: ExportRequest) -> dict[str, Sequence[str]]:
    return {
        **{name: [column.name for column in columns] for name, columns in _columns(asked).items()},
        **({} if asked.identified else {SUMMARY: summary.HEADING}),
        CODEBOOK: codebook.HEADING,
        CATALOGUE: catalogue.HEADING,
    }


def _write(asked: ExportRequest, files: Mapping[str, CsvFile]) -> int:
    """Fill the files; the number of patients."""
    population = Population(asked.clinic, asked.on, Identified() if asked.identified else DeIdentified())
    counts = summary.ExportSummary()
    keys = population.keys()
    for start in range(0, len(keys), BATCH):
        subjects = population.subjects(keys[start : start + BATCH])
        for name, lines in _lines(asked, subjects):
            files[name].add(lines)
        if not asked.identified:
            counts.add(subjects)
    if not asked.identified:
        files[SUMMARY].add(counts.lines())
    for name, columns in _columns(asked).items():
        files[CODEBOOK].add(codebook.codebook_lines(name, name, columns))
    files[CATALOGUE].add(catalogue.catalogue_lines())
    return len(keys)


def _lines(
    asked: ExportRequest, subjects: Mapping[int, Subject]
) -> Iterator[tuple[str, Iterator[list[str]]]]:
    if asked.long:
        for table in TABLES:
            yield table.name, table.cells(subjects, asked.identified)
    if asked.wide:
        yield WIDE.name, WIDE.cells(subjects, asked.identified, asked.on)


def _readme(asked: ExportRequest) -> str:
    meanings = {table.name: str(table.meaning) for table in TABLES} if asked.long else {}
    meanings |= {WIDE.name: WIDE.meaning} if asked.wide else {}
    meanings |= {} if asked.identified else {SUMMARY: "counts that may be shown, small ones hidden"}
    return readme(asked.identified, asked.wide, meanings, asked.clinic.name)


def _facts(asked: ExportRequest, patients: int) -> dict[str, Any]:
    return {
        "kind": "identified" if asked.identified else "de-identified",
        "data_until": asked.on.isoformat(),
        "patients": patients,
    }

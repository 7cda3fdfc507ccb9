"""CSV files without a name on disk, and the zip that holds them with its manifest.

A temporary file has no name from the moment it is opened: only this process can read it, and nothing of it is
left when the process is killed.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from accounts.audit.export import BYTE_ORDER_MARK

CHUNK_BYTES = 1 << 20
MANIFEST, README = "manifest.json", "README.txt"
# The same in all: the true one is in the manifest.
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass
class CsvFile:
    """One CSV file being written: UTF-8 with a byte order mark, commas, CRLF."""

    name: str
    heading: Sequence[str]
    rows: int = 0
    raw: IO[bytes] = field(default_factory=tempfile.TemporaryFile)

    def __post_init__(self) -> None:
        self._text = io.TextIOWrapper(self.raw, encoding="utf-8", newline="", write_through=False)
        self._text.write(BYTE_ORDER_MARK)
        self._writer = csv.writer(self._text)
        self._writer.writerow(self.heading)

    def add(self, lines: Iterable[Sequence[str]]) -> None:
        """Write lines, one at a time."""
        for line in lines:
            self._writer.writerow(line)
            self.rows += 1

    def read(self) -> IO[bytes]:
        """What was written, from its beginning."""
        self._text.flush()
        self.raw.seek(0)
        return self.raw

    def close(self) -> None:
        self._text.close()


def packed(files: Iterable[CsvFile], readme: str, facts: Mapping[str, Any]) -> IO[bytes]:
    """The zip of the files, the README and the manifest, as a file without a name. Raises OSError."""
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    try:
        with ZipFile(target, "w", ZIP_DEFLATED) as archive:
            entries = [_add(archive, f"{file.name}.csv", file.read()) | {"rows": file.rows} for file in files]
            entries.append(_add(archive, README, io.BytesIO(readme.encode())))
            manifest = json.dumps({**facts, "files": entries}, indent=1)
            archive.writestr(_info(MANIFEST), manifest)
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return target


def digest(file: IO[bytes]) -> tuple[str, int]:
    """The sha256 of a file and its bytes; it is read from its beginning and left there."""
    found, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(CHUNK_BYTES):
        found.update(chunk)
        size += len(chunk)
    file.seek(0)
    return found.hexdigest(), size


def _add(archive: ZipFile, name: str, source: IO[bytes]) -> dict[str, Any]:
    sha256, size = digest(source)
    info = _info(name)
    info.file_size = size
    with archive.open(info, "w") as entry:
        while chunk := source.read(CHUNK_BYTES):
            entry.write(chunk)
    return {"name": name, "sha256": sha256, "bytes": size}


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name, _LONG_AGO)
    info.compress_type = ZIP_DEFLATED
    return info

"""A fingerprint of the facts that a report was made from: other facts, another fingerprint."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from typing import Any

from analytics.outcomes import Facts


class Snapshot:
    """Takes one patient's facts after the other: patients in their order, the facts of each in any order."""

    def __init__(self) -> None:
        self._found = hashlib.sha256()

    def add(self, facts: Facts) -> None:
        for part in (facts.record, facts.treatment):
            for field in fields(part):
                self._found.update(_of(getattr(part, field.name)).encode())
        self._found.update(b"\n")

    def hexdigest(self) -> str:
        return self._found.hexdigest()


def _of(value: Any) -> str:
    if isinstance(value, tuple):
        return "\n".join(sorted(map(repr, value)))
    return repr(value)

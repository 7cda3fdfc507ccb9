"""The tables whose writes administrators may see as such: who, when and of which kind, never what.

Other apps add theirs.
"""

from __future__ import annotations

from collections.abc import Iterable

from patients.history import KINDS, Kind

_kinds: dict[str, Kind] = dict(KINDS)


def register(kinds: Iterable[Kind]) -> None:
    """Add tables of another app."""
    _kinds.update({kind.name: kind for kind in kinds})


def audited() -> dict[str, Kind]:
    """The tables by name."""
    return dict(_kinds)

"""Which kinds of facts have a page of their own. Other apps register theirs when they are ready."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from patients.history.kinds import FACTS, PERSON, Kind

if TYPE_CHECKING:
    from patients.models import Fact

_kinds: dict[str, Kind] = dict(FACTS)


def register(kinds: Iterable[Kind]) -> None:
    """Add kinds of another app; each shows, explains and voids its facts at patients:fact."""
    _kinds.update({kind.name: kind for kind in kinds})


def fact_kind(name: str) -> Kind | None:
    return _kinds.get(name)


def kind_of(fact: Fact) -> Kind:
    """The kind of a row. Raises StopIteration for a table that no app registered."""
    return next(kind for kind in (*_kinds.values(), PERSON) if isinstance(fact, kind.model))

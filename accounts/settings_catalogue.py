"""Which settings a clinic may have: other apps register a check of the values."""

from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[Mapping[str, Any]], object]

_checks: list[Check] = []


def register(check: Check) -> None:
    """Add a callable that raises ValueError, naming the key, for values it refuses."""
    if check not in _checks:
        _checks.append(check)


def validate(values: Mapping[str, Any]) -> None:
    """Raise ValueError unless every registered check accepts the values."""
    for check in _checks:
        check(values)

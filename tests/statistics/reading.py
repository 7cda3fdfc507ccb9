"""What the tests of the statistics share: the vectors of R, and results with their types made sure."""

import json
import math
from pathlib import Path
from typing import Any, TypeVar

import pytest

from analytics.statistics.results import NotEstimable

CASES: dict[str, Any] = json.loads((Path(__file__).parent / "vectors" / "statistics.json").read_text())[
    "cases"
]
TO_TEN_DIGITS: dict[str, float] = {"abs": 1e-10, "rel": 1e-10}

Result = TypeVar("Result")


def found(result: Result | NotEstimable) -> Result:
    """A result that must be there."""
    assert not isinstance(result, NotEstimable), result
    return result


def close(value: Any) -> Any:
    return pytest.approx(value, **TO_TEN_DIGITS)


def cases(test: str) -> list[str]:
    return [name for name, case in CASES.items() if case["test"] == test]


def column(value: Any) -> list[Any]:
    """R writes a vector of one as a scalar, and missing or infinite numbers as strings."""
    listed = value if isinstance(value, list) else [value]
    named = {"NA": None, "NaN": math.nan, "Inf": math.inf, "-Inf": -math.inf}
    return [named[item] if isinstance(item, str) and item in named else item for item in listed]


def says(result: object, text: str) -> None:
    """The result is a sentence that begins as all of them do and gives this reason."""
    assert isinstance(result, NotEstimable)
    sentence = result.sentence.text % dict(result.sentence.values)
    assert sentence.startswith("Not estimable, because ")
    assert text in sentence

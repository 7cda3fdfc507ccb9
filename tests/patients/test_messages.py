"""Values as people read them."""

from datetime import date
from decimal import Decimal

import pytest

from patients.messages import format_value
from patients.rules.dates import PartialDate
from patients.rules.verdict import Value
from patients.templatetags.facts import signed


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "–"),
        (date(2026, 11, 4), "4 Nov 2026"),
        (PartialDate.parse("1988-09-24"), "24 Sep 1988"),
        (PartialDate.parse("1988-09"), "Sep 1988"),
        (PartialDate.parse("1988"), "1988"),
        (Decimal("0.20"), "0.2"),
        (("mild", "severe"), "mild, severe"),
        ("", ""),
    ],
)
def test_as_written(value: Value | PartialDate, words: str) -> None:
    """As much of a date as is known, the same way everywhere."""
    assert format_value(value) == words


@pytest.mark.parametrize(
    ("value", "digits", "words"),
    [(0.5, 1, "+0.5"), (-1.0, 1, "−1.0"), (0, 1, "0.0"), (-0.04, 1, "0.0"), (12.5, 0, "+13"), (-0.4, 0, "0")],
)
def test_a_change_has_its_sign(value: float, digits: int, words: str) -> None:
    assert signed(value, digits) == words

"""Values as people read them."""

from datetime import date
from decimal import Decimal

import pytest

from patients.messages import written
from patients.rules.dates import PartialDate
from patients.rules.verdict import Value


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
    assert written(value) == words

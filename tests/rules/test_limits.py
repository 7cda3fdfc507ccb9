"""Where a result lies against its limits; a bound like "<5" only where it is certain."""

from decimal import Decimal

import pytest

from patients.rules.limits import Side, side

# value, comparator, lower limit, upper limit, side. C3 86–160 mg/dl is the study's range.
CASES = (
    ("85.9", "", "86", "160", Side.BELOW),
    ("86", "", "86", "160", Side.WITHIN),
    ("160", "", "86", "160", Side.WITHIN),
    ("160.1", "", "86", "160", Side.ABOVE),
    ("0", "", "86", None, Side.BELOW),
    ("999", "", "86", None, Side.WITHIN),
    ("0", "", None, "12", Side.WITHIN),
    ("13", "", None, "12", Side.ABOVE),
    ("13", "", None, None, Side.UNKNOWN),
    # "<" : anything below the number is possible, the number itself is not.
    ("86", "<", "86", "160", Side.BELOW),
    ("87", "<", "86", "160", Side.UNKNOWN),
    ("2", "<", None, "12", Side.WITHIN),
    ("13", "<", None, "12", Side.UNKNOWN),
    ("2", "<", None, None, Side.UNKNOWN),
    # ">" : anything above it is.
    ("200", ">", None, "12", Side.ABOVE),
    ("12", ">", None, "12", Side.ABOVE),
    ("11", ">", None, "12", Side.UNKNOWN),
    ("90", ">", "86", None, Side.WITHIN),
    ("80", ">", "86", None, Side.UNKNOWN),
    ("90", ">", "86", "160", Side.UNKNOWN),
)


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.parametrize(("value", "comparator", "low", "high", "expected"), CASES)
def test_side(value: str, comparator: str, low: str | None, high: str | None, expected: Side) -> None:
    assert side(Decimal(value), comparator, number(low), number(high)) is expected

"""The class of a tacrolimus level by the hours after the dose; clinical specification 4.1, "Timing"."""

from decimal import Decimal

import pytest

from dosing.rules.levels import TIMING_LABELS, Timing, timing

# "h <10 early; 10 ≤ h <16 morning level; 16 ≤ h <20 intermediate; 20 ≤ h ≤26 C24; >26 'missed dose?'"
TABLE = (
    ("0.5", Timing.EARLY),
    ("9.99", Timing.EARLY),
    ("10", Timing.MORNING),
    ("12.5", Timing.MORNING),
    ("15.99", Timing.MORNING),
    ("16", Timing.INTERMEDIATE),
    ("19.99", Timing.INTERMEDIATE),
    ("20", Timing.TWENTY_FOUR_HOURS),
    ("26", Timing.TWENTY_FOUR_HOURS),
    ("26.01", Timing.DOSE_MISSED),
    ("400", Timing.DOSE_MISSED),
)


@pytest.mark.parametrize(("hours", "expected"), TABLE)
def test_the_class_of_a_level(hours: str, expected: Timing) -> None:
    assert timing(Decimal(hours)) is expected


def test_an_unknown_time_is_never_taken_for_a_morning() -> None:
    assert timing(None) is Timing.UNKNOWN


def test_each_class_has_words() -> None:
    assert set(TIMING_LABELS) == set(Timing)

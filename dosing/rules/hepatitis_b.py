"""What an HBV-DNA says: second clinical specification, section 1, row HBV-DNA.

From 20 IU/ml on it is high. Found below that, it is low: never negative. "<20" alone says neither that it was
found nor that it was not, so it is low too. A bound above 20 says nothing.
"""

import enum
from decimal import Decimal

from patients.rules.record import LaboratoryValue

# 20 IU/ml is printed as 1.3 log IU/ml, which is 19.95: that counts as well.
HIGH_FROM_IU_ML = Decimal("19.95")
LOW_UP_TO_IU_ML = Decimal(20)


class HbvDna(enum.Enum):
    """How much of the virus a result says there is."""

    NOT_DETECTED = "not_detected"
    LOW = "low"
    HIGH = "high"
    UNKNOWN = "unknown"


OF_A_FINDING = {"negative": HbvDna.NOT_DETECTED, "positive": HbvDna.HIGH}


def hbv_dna(row: LaboratoryValue) -> HbvDna:
    """A quantity in IU/ml, or a finding: "positive", amount unknown, counts as high."""
    if row.lowest is None:
        return OF_A_FINDING.get(row.finding, HbvDna.UNKNOWN)
    if row.lowest >= HIGH_FROM_IU_ML or row.highest is None:
        return HbvDna.HIGH
    return HbvDna.LOW if row.highest <= LOW_UP_TO_IU_ML else HbvDna.UNKNOWN

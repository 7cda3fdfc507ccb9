"""Haemolysed samples: what leaks from broken cells raises the result, so it opens and never closes.

Second clinical specification, section 1: a haemolysed potassium counts where it is high; one that is not, or
that is lower than what stands, takes the place of no earlier result and answers no question.
"""

from collections.abc import Sequence
from decimal import Decimal

from patients.rules.analytes import ANALYTES
from patients.rules.record import LaboratoryValue

RAISED = frozenset(key for key, analyte in ANALYTES.items() if analyte.asks_haemolysis)


def without_harmless(in_order: Sequence[LaboratoryValue]) -> Sequence[LaboratoryValue]:
    """Results of one analyte, oldest first, without the haemolysed ones that open nothing."""
    if not any(row.haemolysed for row in in_order):
        return in_order
    kept: list[LaboratoryValue] = []
    for row in in_order:
        if not row.haemolysed or _opens(row, kept[-1] if kept else None):
            kept.append(row)
    return kept


def _opens(row: LaboratoryValue, standing: LaboratoryValue | None) -> bool:
    limit = ANALYTES[row.analyte].reference_high
    if row.value is None or limit is None:
        return True
    return row.highest is None or (row.highest > limit and row.highest >= _level(standing))


def _level(standing: LaboratoryValue | None) -> Decimal:
    return Decimal(0) if standing is None or standing.value is None else standing.value

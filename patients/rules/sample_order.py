"""Which of a day's results counts as the last where the hour of one is not known, or two have one hour.

Second clinical specification, section 4: a sample without an hour may have been taken at any moment of its
day. A dangerous value of a day counts whatever the order, so the worst of those that may be the last is taken
for it. One with a later hour, or of a later day, takes the place of an earlier one as usual.
"""

from collections.abc import Sequence
from decimal import Decimal

from patients.rules.bounds import AT_LEAST, AT_MOST
from patients.rules.record import LaboratoryValue

# Of these a low value is the dangerous one; of all others that rules ask about a high one.
LOW_IS_DANGEROUS = frozenset(
    {
        "c3",
        "c4",
        "ch50",
        "magnesium",
        "albumin",
        "wbc",
        "lymphocytes",
        "haemoglobin",
        "platelets",
        "haematocrit",
    }
)
# From the harmless to the dangerous one; what a dipstick says stands between.
FINDINGS = (
    "negative", "absent", "normal", "±", "1+", "2+", "3+", "4+", "indeterminate", "abnormal", "present",
    "positive",
)  # fmt: skip


def with_worst_last(in_order: Sequence[LaboratoryValue]) -> list[LaboratoryValue]:
    """Results of one analyte, oldest first, the worst of those that may be the last at the end."""
    rows = list(in_order)
    worst = worst_last(rows)
    if worst is None or worst is rows[-1]:
        return rows
    return [*(row for row in rows if row is not worst), worst]


def worst_last(in_order: Sequence[LaboratoryValue]) -> LaboratoryValue | None:
    """The last result of one analyte, given oldest first; the worst of several that may be it."""
    if not in_order:
        return None
    last = in_order[-1]
    return max((row for row in _of_day(in_order, last) if row.time in ("", last.time)), key=_danger)


def _of_day(in_order: Sequence[LaboratoryValue], last: LaboratoryValue) -> list[LaboratoryValue]:
    found = []
    for row in reversed(in_order):
        if row.on != last.on:
            break
        found.append(row)
    return found


def _danger(row: LaboratoryValue) -> tuple[Decimal, bool, int]:
    """Larger is worse. A comparator counts by the bound that is sure: "<5" may be 0, ">5" is more than 5.

    A range counts by its dangerous end. Of equal ones the one that was entered last.
    """
    if row.value is None:
        # Below any number: of an HBV-DNA "<20" is worse than "not detected".
        place = FINDINGS.index(row.finding) if row.finding in FINDINGS else -1
        return Decimal(place - 1), False, row.id
    if row.analyte in LOW_IS_DANGEROUS:
        return -row.value, row.comparator in AT_MOST, row.id
    worst = row.value if row.value_high is None else row.value_high
    return Decimal(0) if row.comparator in AT_MOST else worst, row.comparator in AT_LEAST, row.id

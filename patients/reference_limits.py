"""Which limits hold for a result: its own, else those of its laboratory's assay, else the catalogue's.

And the analytical variation (CVA, %) of the assay, where the laboratory states it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from patients.models import Assay
from patients.rules.analytes import ANALYTES

Limits = tuple[Decimal | None, Decimal | None]


class Measured(Protocol):
    """What of a result its limits depend on."""

    @property
    def laboratory_id(self) -> int: ...
    @property
    def analyte(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def lower_limit(self) -> Decimal | None: ...
    @property
    def upper_limit(self) -> Decimal | None: ...


class ReferenceLimits:
    """The limits of assays and catalogue, looked up once for each kind of result.

    clinic: only of its laboratories; None: of all.
    """

    def __init__(self, clinic: int | None = None) -> None:
        rows = Assay.objects.all() if clinic is None else Assay.objects.filter(laboratory__clinic=clinic)
        columns = (
            "laboratory_id", "analyte", "method", "lower_limit", "upper_limit",
            "analytical_variation_percent",
        )  # fmt: skip
        self._assays: dict[tuple[int, str, str], Limits] = {}
        self._variations: dict[tuple[int, str, str], Decimal] = {}
        for laboratory, analyte, method, low, high, variation in rows.values_list(*columns):
            self._assays[laboratory, analyte, method] = (low, high)
            if variation is not None:
                self._variations[laboratory, analyte, method] = variation
        self._known: dict[tuple[int, str, str, str], Limits] = {}

    def of(self, row: Measured, sex: str) -> Limits:
        """The lower and the upper limit of a result of a woman ("F") or a man ("M"), each side by itself."""
        low, high = row.lower_limit, row.upper_limit
        if low is not None and high is not None:
            return low, high
        usual_low, usual_high = self.usual(row.laboratory_id, row.analyte, row.method, sex)
        return usual_low if low is None else low, usual_high if high is None else high

    def variation(self, row: Measured) -> Decimal | None:
        """The analytical variation of a result's assay in percent; None where the laboratory states none."""
        return self._variations.get((row.laboratory_id, row.analyte, row.method))

    def usual(self, laboratory: int, analyte: str, method: str, sex: str) -> Limits:
        """The limits of a result that states none."""
        kind = (laboratory, analyte, method, sex)
        known = self._known.get(kind)
        if known is None:
            low, high = self._assays.get(kind[:3], (None, None))
            catalogue_low, catalogue_high = ANALYTES[analyte].reference(sex)
            known = (catalogue_low if low is None else low, catalogue_high if high is None else high)
            self._known[kind] = known
        return known

"""What the laboratory catalogue says of an analyte, and how a row of it is written."""

from dataclasses import dataclass, field
from decimal import Decimal

from patients.rules.conversions import NONE, Units

NEGATIVE_POSITIVE = ("negative", "positive", "indeterminate")
ABSENT_PRESENT = ("absent", "present")
NORMAL_ABNORMAL = ("normal", "abnormal")

STUDY = "the study's normal range (methods section)"
GENERAL = "general adult range [M], to be confirmed by the clinic"


@dataclass(frozen=True)
class Analyte:
    """A measurable thing. conversions turn an accepted unit into `unit`; findings make it qualitative."""

    key: str
    label: str
    group: str
    unit: str = ""
    loinc: str = ""
    accepted_loinc: tuple[str, ...] = ()
    conversions: Units = field(default_factory=lambda: NONE)
    reference_low: Decimal | None = None
    reference_high: Decimal | None = None
    reference_source: str = ""
    male_reference: tuple[Decimal | None, Decimal | None] | None = None
    impossible_below: Decimal | None = None
    impossible_above: Decimal | None = None
    concerning_below: Decimal | None = None
    concerning_above: Decimal | None = None
    findings: tuple[str, ...] = ()
    decimals: int = 1
    method_required: bool = False
    goes_to_levels: bool = False
    is_counted_in_ranges: bool = False

    @property
    def is_quantity(self) -> bool:
        return not self.findings

    def reference(self, sex: str) -> tuple[Decimal | None, Decimal | None]:
        """The lower and upper limit for a woman ("F") or a man ("M")."""
        if sex == "M" and self.male_reference is not None:
            return self.male_reference
        return self.reference_low, self.reference_high

    @property
    def units(self) -> tuple[str, ...]:
        """Every unit that can be entered, the canonical one first."""
        return (self.unit, *self.conversions)


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def quantity(
    key: str,
    label: str,
    group: str,
    unit: str,
    loinc: str,
    *,
    possible: tuple[str, str],
    reference: tuple[str | None, str | None] = (None, None),
    concerning: tuple[str | None, str | None] = (None, None),
    male: tuple[str | None, str | None] | None = None,
    source: str = GENERAL,
    conversions: Units = NONE,
    decimals: int = 1,
    method_required: bool = False,
    goes_to_levels: bool = False,
    is_counted_in_ranges: bool = False,
    accepted_loinc: tuple[str, ...] = (),
) -> Analyte:
    return Analyte(
        key=key,
        label=label,
        group=group,
        unit=unit,
        loinc=loinc,
        accepted_loinc=accepted_loinc,
        conversions=conversions,
        reference_low=_number(reference[0]),
        reference_high=_number(reference[1]),
        reference_source=source if any(reference) else "",
        male_reference=None if male is None else (_number(male[0]), _number(male[1])),
        impossible_below=_number(possible[0]),
        impossible_above=_number(possible[1]),
        concerning_below=_number(concerning[0]),
        concerning_above=_number(concerning[1]),
        decimals=decimals,
        method_required=method_required,
        goes_to_levels=goes_to_levels,
        is_counted_in_ranges=is_counted_in_ranges,
    )


def finding(key: str, label: str, group: str, findings: tuple[str, ...] = NEGATIVE_POSITIVE) -> Analyte:
    return Analyte(key=key, label=label, group=group, findings=findings)

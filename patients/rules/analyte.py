"""What the laboratory catalogue says of an analyte, and how a row of it is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from patients.rules.conversions import NONE, Units
from patients.rules.verdict import gettext_noop

NEGATIVE_POSITIVE = ("negative", "positive", "indeterminate")
ABSENT_PRESENT = ("absent", "present")
NORMAL_ABNORMAL = ("normal", "abnormal")
DIPSTICK = ("negative", "±", "1+", "2+", "3+", "4+")
AS_IT_IS: Mapping[str, str] = MappingProxyType({})
# Of a virus in blood, whose amount is a number where it was measured.
DETECTED: Mapping[str, str] = MappingProxyType(
    {"negative": gettext_noop("not detected"), "positive": gettext_noop("detected, amount unknown")}
)

STUDY = "the study's normal range (methods section)"
GENERAL = "general adult range [M], to be confirmed by the clinic"


@dataclass(frozen=True)
class Analyte:
    """A measurable thing. conversions turn an accepted unit into `unit`.

    findings: the words that a result can be, where it is no number, or need not be one. wording: how such a
    word is shown where not as it is. asks_fasting, asks_haemolysis: what of the sample matters.
    """

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
    wording: Mapping[str, str] = field(default_factory=lambda: AS_IT_IS)
    asks_fasting: bool = False
    asks_haemolysis: bool = False

    @property
    def is_quantity(self) -> bool:
        """Whether it is measured as a number; some of these may also be said in words."""
        return bool(self.unit)

    def in_words(self, finding: str) -> str:
        """A finding as it is shown, untranslated."""
        return self.wording.get(finding, finding)

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
    findings: tuple[str, ...] = (),
    wording: Mapping[str, str] = AS_IT_IS,
    asks_fasting: bool = False,
    asks_haemolysis: bool = False,
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
        findings=findings,
        wording=wording,
        asks_fasting=asks_fasting,
        asks_haemolysis=asks_haemolysis,
    )


def finding(key: str, label: str, group: str, findings: tuple[str, ...] = NEGATIVE_POSITIVE) -> Analyte:
    return Analyte(key=key, label=label, group=group, findings=findings)

"""What matters of a record now: the latest result of each analyte, and what a visit found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext

from patients.messages import number, sentence, unit
from patients.models import LaboratoryResult, Patient, Visit
from patients.reference_limits import ReferenceLimits
from patients.rules.analytes import ANALYTES
from patients.rules.findings import OBSERVATIONS, ORGAN_FINDINGS
from patients.rules.limits import Side, side
from patients.rules.sledai import ITEMS, NEW_OR_RECURRENT, Item, Score, score, score_original
from patients.rules.verdict import say

ORDER = {key: place for place, key in enumerate(ANALYTES)}


@dataclass(frozen=True)
class Latest:
    """The latest result of an analyte by one method, with the limits that hold for it."""

    row: LaboratoryResult
    limits: str
    side: str


@dataclass(frozen=True)
class Findings:
    """What a visit found, in words: SLEDAI with its items, other findings, measurements with units."""

    visit: Visit
    score: Score
    original: Score | None
    present: tuple[str, ...]
    unanswered: tuple[str, ...]
    others: tuple[str, ...]
    measured: tuple[str, ...]


def latest_results(patient: Patient) -> list[Latest]:
    """The latest standing result of each analyte and method, in the catalogue's order, in two queries."""
    newest_first = Window(
        RowNumber(),
        partition_by=[F("analyte"), F("method")],
        order_by=[F("collected_at").desc(), F("pk").desc()],
    )
    rows = LaboratoryResult.objects.active().filter(patient=patient).select_related("laboratory")
    newest = rows.annotate(place=newest_first).filter(place=1)
    limits = ReferenceLimits(patient.clinic_id)
    ordered = sorted(newest, key=lambda row: (ORDER.get(row.analyte, len(ORDER)), row.method))
    return [_latest(row, patient.sex, limits) for row in ordered]


def findings_of(visit: Visit) -> Findings:
    """What the doctor reads first of a visit."""
    answers = {item.code: getattr(visit, f"sledai_{item.code}") for item in ITEMS}
    return Findings(
        visit=visit,
        score=score(answers),
        original=_original(visit, answers),
        present=tuple(_weighted(item) for item in ITEMS if answers[item.code]),
        unanswered=tuple(_label(item) for item in ITEMS if answers[item.code] is None),
        others=(*_found(visit, "organ_", ORGAN_FINDINGS), *_found(visit, "observed_", OBSERVATIONS)),
        measured=tuple(_measured(visit)),
    )


def _original(visit: Visit, answers: Mapping[str, bool | None]) -> Score | None:
    """The original SLEDAI, where "new or recurrent" was said of an item that is present."""
    again = {code: getattr(visit, f"new_or_recurrent_{code}") for code in NEW_OR_RECURRENT}
    said = any(answers[code] and again[code] is not None for code in NEW_OR_RECURRENT)
    return score_original(answers, again) if said else None


def _latest(row: LaboratoryResult, sex: str, limits: ReferenceLimits) -> Latest:
    low, high = limits.of(row, sex)
    found = Side.UNKNOWN if row.value is None else side(row.value, row.comparator, low, high)
    return Latest(row, _limits_in_words(row, low, high), found.value)


def _limits_in_words(row: LaboratoryResult, low: Decimal | None, high: Decimal | None) -> str:
    """ "86–160 mg/dl", "≥ 86 mg/dl", "≤ 0.5 g/gCr"; "" without limits."""
    if row.value is None or (low is None and high is None):
        return ""
    if low is not None and high is not None:
        span = f"{number(low)}–{number(high)}"
    else:
        span = f"≥ {number(low)}" if low is not None else f"≤ {number(high or Decimal(0))}"
    return f"{span} {unit(ANALYTES[row.analyte].unit)}"


def _label(item: Item) -> str:
    return sentence(say(item.label))


def _weighted(item: Item) -> str:
    return f"{_label(item)} {item.weight}"


def _found(visit: Visit, prefix: str, labels: Mapping[str, str]) -> list[str]:
    return [gettext(label) for code, label in labels.items() if getattr(visit, prefix + code)]


def _measured(visit: Visit) -> Iterable[str]:
    if visit.systolic_mm_hg is not None and visit.diastolic_mm_hg is not None:
        yield f"{visit.systolic_mm_hg}/{visit.diastolic_mm_hg} mmHg"
    for value, code in ((visit.weight_kg, "kg"), (visit.temperature_c, "°C")):
        if value is not None:
            yield f"{number(value)} {code}"
    if visit.physician_global is not None:
        yield gettext("physician's global %(value)s of 3") % {"value": number(visit.physician_global)}
    if visit.adherence_percent is not None:
        yield gettext("doses taken %(percent)s %%") % {"percent": visit.adherence_percent}

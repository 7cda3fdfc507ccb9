"""What matters of a record now: the latest result of each analyte, and what a visit found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext

from patients.messages import number, phrase, sentence, unit
from patients.models import LaboratoryResult, Patient, Visit
from patients.reference_limits import ReferenceLimits
from patients.rules import record
from patients.rules.analytes import ANALYTES
from patients.rules.findings import OBSERVATIONS, ORGAN_FINDINGS
from patients.rules.limits import Side, side
from patients.rules.sledai import ITEMS, NEW_OR_RECURRENT, Item, Score, score, score_original
from patients.rules.verdict import say
from patients.rules.visit_fields import Group, fields_of
from patients.visit_facts import visit_facts

# Groups of numbers in the order of the summary.
MEASURED = (Group.BODY, Group.VITALS, Group.GLOBAL, Group.ADHERENCE, Group.JOINTS, Group.FEVER)
ORDER = {key: place for place, key in enumerate(ANALYTES)}


@dataclass(frozen=True)
class Latest:
    """The latest result of an analyte by one method, with the limits that hold for it."""

    row: LaboratoryResult
    limits: str
    side: str


@dataclass(frozen=True)
class VisitSummary:
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


def findings_of(visit: Visit) -> VisitSummary:
    """What the doctor reads first of a visit."""
    facts = visit_facts(visit)
    return VisitSummary(
        visit=visit,
        score=score(facts.sledai),
        original=_original(facts),
        present=tuple(_weighted(item) for item in ITEMS if facts.sledai[item.code]),
        unanswered=tuple(_label(item) for item in ITEMS if facts.sledai[item.code] is None),
        others=(*_found(facts.organ_findings, ORGAN_FINDINGS), *_found(facts.observations, OBSERVATIONS)),
        measured=tuple(_measured(facts)),
    )


def _original(visit: record.Visit) -> Score | None:
    """The original SLEDAI, where "new or recurrent" was said of an item that is present."""
    answers, again = visit.sledai, visit.new_or_recurrent
    said = any(answers[code] and again[code] is not None for code in NEW_OR_RECURRENT)
    return score_original(answers, again) if said else None


def _latest(row: LaboratoryResult, sex: str, limits: ReferenceLimits) -> Latest:
    low, high = limits.of(row, sex)
    found = Side.UNKNOWN if row.value is None else side(row.value, row.comparator, low, high, row.value_high)
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


def _found(answers: Mapping[str, bool | None], labels: Mapping[str, str]) -> list[str]:
    return [gettext(label) for code, label in labels.items() if answers[code]]


def _measured(visit: record.Visit) -> Iterator[str]:
    if visit.systolic_mm_hg is not None and visit.diastolic_mm_hg is not None:
        yield f"{visit.systolic_mm_hg}/{visit.diastolic_mm_hg} mmHg"
    for field in fields_of(*MEASURED):
        value = getattr(visit, field.name)
        if field.summary is not None and value is not None:
            yield phrase(say(field.summary.text, **{**field.summary.values, "value": value}))

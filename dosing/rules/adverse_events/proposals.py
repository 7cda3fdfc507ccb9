"""CTCAE grades proposed from laboratory results on the form of an adverse event; a person chooses."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType

from dosing.rules import ctcae
from dosing.rules.adverse_events.terms import TERMS
from dosing.rules.case import Case
from dosing.rules.ctcae import Grade
from dosing.rules.signals.matter import baseline, format_result
from patients.rules import bounds
from patients.rules.analytes import ANALYTES
from patients.rules.dates import PartialDate
from patients.rules.reading import laboratory_values
from patients.rules.record import LaboratoryValue
from patients.rules.verdict import FactReference, Message, Source, gettext_noop, say

# [D] What was measured shortly before an onset, and until four weeks after it, belongs to the event.
BEFORE_ONSET, AFTER_ONSET = timedelta(days=3), timedelta(days=28)
# [D] Without an onset yet: the last four weeks.
LATELY = timedelta(days=28)
RANK_OF_UNKNOWN = 0.5
Grader = Callable[[Decimal, Decimal | None, Decimal | None], Grade | None]

GRADED = gettext_noop("%(analyte)s %(value)s %(unit)s on %(day)s is grade %(grade)s (%(term)s)")
AT_LEAST = gettext_noop("%(analyte)s %(value)s %(unit)s on %(day)s is grade %(grade)s or more (%(term)s)")
NO_LIMIT = gettext_noop(
    "%(analyte)s %(value)s %(unit)s on %(day)s cannot be graded: its upper limit is not recorded"
)
NO_BASELINE = gettext_noop(
    "%(analyte)s %(value)s %(unit)s on %(day)s cannot be graded: no value from before tacrolimus"
)


@dataclass(frozen=True)
class GradingScale:
    """How an analyte is graded, under which term of CTCAE, and in which unit it is printed."""

    term: str
    unit: str
    grader: Grader
    source: Source = ctcae.SOURCE


SCALES: Mapping[str, GradingScale] = MappingProxyType(
    {
        "ck": GradingScale(
            "cpk_increased", "U/l", lambda value, upper, _base: ctcae.cpk_increased(value, upper)
        ),
        "creatinine": GradingScale("creatinine_increased", "mg/dl", ctcae.creatinine_increased),
        "potassium": GradingScale(
            "hyperkalaemia", "mmol/l", lambda value, upper, _base: ctcae.hyperkalaemia(value, upper)
        ),
        "qtc": GradingScale(
            "qtc_prolonged",
            "ms",
            lambda value, _upper, base: ctcae.qtc_prolonged(value, base),
            ctcae.SOURCE_OF_QTC,
        ),
    }
)


@dataclass(frozen=True)
class GradeProposal:
    """One analyte's worst result of the period with its grade. grade: None where it cannot be determined."""

    sentence: Message
    grade: Grade | None
    fact: FactReference
    source: Source


def proposals(case: Case, onset: PartialDate | None) -> tuple[GradeProposal, ...]:
    """The worst of each analyte around an onset, or of the last weeks before one is known.

    What is below grade 1 proposes nothing.
    """
    first, last = _window(case.on, onset)
    found = (_worst(case, analyte, first, last) for analyte in SCALES)
    return tuple(row for row in found if row is not None)


def _window(today: date, onset: PartialDate | None) -> tuple[date, date]:
    if onset is None:
        return today - LATELY, today
    return onset.earliest - BEFORE_ONSET, onset.latest + AFTER_ONSET


def _worst(case: Case, analyte: str, first: date, last: date) -> GradeProposal | None:
    rows = [row for row in laboratory_values(case.record, analyte, case.on) if first <= row.on <= last]
    if not rows:
        return None
    before = baseline(case, analyte)
    graded = list(_graded(rows, SCALES[analyte].grader, before))
    if not graded:
        return None
    row, grade = max(graded, key=lambda pair: (_rank(pair[1]), pair[0].on))
    return None if grade is not None and not grade.number else _proposal(row, grade)


def _rank(grade: Grade | None) -> float:
    """A grade that cannot be determined comes after any grade, and before "no grade"."""
    return RANK_OF_UNKNOWN if grade is None else grade.number


def _graded(
    rows: list[LaboratoryValue], grader: Grader, before: Decimal | None
) -> Iterator[tuple[LaboratoryValue, Grade | None]]:
    """ "<20" says nothing about a grade; ">2000" says at least which."""
    for row in rows:
        if row.value is None or row.comparator in bounds.AT_MOST:
            continue
        grade = grader(row.value, row.upper_limit, before)
        above = grade is not None and row.comparator in bounds.AT_LEAST
        yield row, grade._replace(at_least=True) if above and grade else grade


def _proposal(row: LaboratoryValue, grade: Grade | None) -> GradeProposal:
    scale = SCALES[row.analyte]
    sentence = say(
        _text(row, grade),
        analyte=ANALYTES[row.analyte].label,
        value=format_result(row),
        unit=scale.unit,
        day=row.on,
        grade=None if grade is None else grade.number,
        term=TERMS[scale.term],
    )
    return GradeProposal(sentence, grade, FactReference("laboratory", row.id), scale.source)


def _text(row: LaboratoryValue, grade: Grade | None) -> str:
    if grade is not None:
        return AT_LEAST if grade.at_least else GRADED
    return NO_LIMIT if row.upper_limit is None else NO_BASELINE

"""The fields of a visit: the one table that model, form, record, import, history, summary and exports read.

A new field is one row here, or in the list of codes that its group is made from, and a migration:
a number in Measurements, a yes or no in patients.rules.findings, an item of SLEDAI in patients.rules.sledai.
"""

# ruff: noqa: RUF009 - each row of Measurements is a field of the dataclass
import dataclasses
import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

from patients.rules.findings import COLUMN_LABELS, OBSERVATIONS, ORGAN_FINDINGS, SYMPTOMS
from patients.rules.sledai import ITEMS, NEW_OR_RECURRENT
from patients.rules.verdict import Message, gettext_noop, say


class Group(enum.Enum):
    """Fields that belong together: form, history and exports each put the groups in their own order."""

    SLEDAI = enum.auto()
    NEW_OR_RECURRENT = enum.auto()
    SYMPTOMS = enum.auto()
    ORGANS = enum.auto()
    OBSERVATIONS = enum.auto()
    JOINTS = enum.auto()
    FEVER = enum.auto()
    VITALS = enum.auto()
    BODY = enum.auto()
    GLOBAL = enum.auto()
    ADHERENCE = enum.auto()
    COMMENT = enum.auto()


SLEDAI: Mapping[str, str] = MappingProxyType({item.code: item.label for item in ITEMS})
WORST_GRADE = 3
DECIMAL_PLACES = 1
TEXT_LENGTH = 300


class Kind(enum.Enum):
    """What a field holds. All but a tick and a text can be unanswered, which is not the same as no."""

    YES_NO = enum.auto()
    GRADE = enum.auto()  # 0 none, 1 mild, 2 moderate, 3 severe
    ATTRIBUTION = enum.auto()
    TICK = enum.auto()
    WHOLE_NUMBER = enum.auto()
    DECIMAL = enum.auto()
    TEXT = enum.auto()


@dataclass(frozen=True)
class VisitField:
    """One field of a visit. name: of the column, of the form's field and of the export's column.

    code: its key in a mapping of the record, or the record's attribute. label: as the history and the exports
    call it; question: as the form and the summary do. Of numbers only: low and high, the possible ones; unit,
    as people write it; export_unit, as exports say it; summary, how the summary of a visit says it.
    """

    name: str
    code: str
    kind: Kind
    group: Group
    label: Message
    question: Message
    low: int = 0
    high: int = 0
    unit: str = ""
    export_unit: str = ""
    summary: Message | None = None


# How the summary says a number; None leaves it out.
NAMED = gettext_noop("%(what)s %(value)s %(unit)s")
UNNAMED = "%(value)s %(unit)s"


def measured(
    label: str,
    group: Group,
    low: int,
    high: int,
    unit: str = "",
    *,
    export_unit: str = "",
    summary: str | None = NAMED,
) -> Any:
    """A row of Measurements: of the dataclass a field that is None at first and carries the row with it.

    export_unit: where the label needs no unit. summary: a text with %(what)s, %(value)s and %(unit)s.
    """
    full = say(gettext_noop("%(what)s, %(unit)s"), what=label, unit=unit) if unit else say(label)
    row = {
        "group": group,
        "label": full,
        "question": full,
        "low": low,
        "high": high,
        "unit": unit,
        "export_unit": export_unit or unit,
        "summary": None if summary is None else say(summary, what=label, unit=unit),
    }
    return dataclasses.field(default=None, metadata=row)


# fmt: off
@dataclass(frozen=True, kw_only=True)
class Measurements:
    """The numbers of a visit, in the order of the exports: whole or in tenths; None where not measured.

    inflamed_joints: with pain and signs of inflammation. adherence_percent: of prescribed doses, as asked.
    """

    swollen_joints: int | None = measured(
        gettext_noop("swollen joints"), Group.JOINTS, 0, 66, export_unit="joints", summary=None)
    inflamed_joints: int | None = measured(
        gettext_noop("joints painful and inflamed"), Group.JOINTS, 0, 68, export_unit="joints", summary=None)
    highest_temperature_c: Decimal | None = measured(
        gettext_noop("highest temperature since the last visit"), Group.FEVER, 30, 45, "°C", summary=None)
    # Of both pressures the summary makes one.
    systolic_mm_hg: int | None = measured(
        gettext_noop("systolic pressure"), Group.VITALS, 40, 300, "mmHg", summary=None)
    diastolic_mm_hg: int | None = measured(
        gettext_noop("diastolic pressure"), Group.VITALS, 20, 200, "mmHg", summary=None)
    heart_rate_per_minute: int | None = measured(
        gettext_noop("heart rate"), Group.VITALS, 20, 250, "/min", summary=None)
    temperature_c: Decimal | None = measured(
        gettext_noop("temperature now"), Group.VITALS, 30, 45, "°C", summary=UNNAMED)
    weight_kg: Decimal | None = measured(
        gettext_noop("weight"), Group.BODY, 20, 300, "kg", summary=UNNAMED)
    physician_global: Decimal | None = measured(
        gettext_noop("physician's global, 0 to 3"), Group.GLOBAL, 0, 3, export_unit="points, 0 to 3",
        summary=gettext_noop("physician's global %(value)s of 3"))
    adherence_percent: int | None = measured(
        gettext_noop("doses taken as prescribed"), Group.ADHERENCE, 0, 100, "%",
        summary=gettext_noop("doses taken %(value)s %%"))
# fmt: on


def _answers(group: Group, prefix: str, questions: Mapping[str, str]) -> Iterator[VisitField]:
    for code, question in questions.items():
        label = COLUMN_LABELS.get(code, question)
        yield VisitField(f"{prefix}_{code}", code, Kind.YES_NO, group, say(label), say(question))


def _new_or_recurrent() -> Iterator[VisitField]:
    question = say(gettext_noop("new or recurrent"))
    for code in NEW_OR_RECURRENT:
        label = say(gettext_noop("%(item)s is new or recurrent"), item=SLEDAI[code])
        name = f"new_or_recurrent_{code}"
        yield VisitField(name, code, Kind.YES_NO, Group.NEW_OR_RECURRENT, label, question)


def _symptoms() -> Iterator[VisitField]:
    for code, symptom in SYMPTOMS.items():
        for part, kind, label in (
            ("severity", Kind.GRADE, say(symptom)),
            ("attribution", Kind.ATTRIBUTION, say(gettext_noop("%(symptom)s: due to SLE?"), symptom=symptom)),
            ("worse", Kind.TICK, say(gettext_noop("%(symptom)s worse than before"), symptom=symptom)),
        ):
            yield VisitField(f"{code}_{part}", code, kind, Group.SYMPTOMS, label, label)


def _measurements() -> Iterator[VisitField]:
    for field in dataclasses.fields(Measurements):
        kind = Kind.WHOLE_NUMBER if field.type == int | None else Kind.DECIMAL
        yield VisitField(field.name, field.name, kind, **field.metadata)


MEASUREMENTS: tuple[VisitField, ...] = tuple(_measurements())
WORSE_COMMENT = say(gettext_noop("worse than before: in words"))

VISIT_FIELDS: tuple[VisitField, ...] = (
    *_answers(Group.SLEDAI, "sledai", SLEDAI),
    *_new_or_recurrent(),
    *_symptoms(),
    *_answers(Group.ORGANS, "organ", ORGAN_FINDINGS),
    *_answers(Group.OBSERVATIONS, "observed", OBSERVATIONS),
    *MEASUREMENTS,
    VisitField("worse_comment", "worse_comment", Kind.TEXT, Group.COMMENT, WORSE_COMMENT, WORSE_COMMENT),
)


@cache
def fields_of(*groups: Group) -> tuple[VisitField, ...]:
    """The fields of some groups, group after group, each in the order of the table."""
    return tuple(field for group in groups for field in VISIT_FIELDS if field.group is group)

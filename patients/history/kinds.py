"""The tables of the record: what a row is called, how its fields are written, what its writes are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from patients.history.words import UNKNOWN, Names, format_value
from patients.messages import number, sentence, unit
from patients.models import (
    Administration,
    Classification,
    DoseEpisode,
    DrugHistory,
    LaboratoryResult,
    Patient,
    PersonState,
    PriorUse,
    Statement,
    Visit,
)
from patients.result_in_words import printed_result
from patients.rules.analytes import ANALYTES
from patients.rules.evidence import drug_name
from patients.rules.statements import KINDS as QUESTIONS
from patients.rules.verdict import say

# What a sentence says already, or what no reader asks for.
BOOKKEEPING = frozenset(
    {
        "id", "patient", "version", "submission", "created_at", "created_by", "voided_at", "voided_by",
        "void_reason", "signed_at", "signed_by",
    }
)  # fmt: skip

Writer = Callable[[Any, Names], str]
# Patterns of {who} and {what}: whole sentences, because languages order them differently.
ENTERED = _("{who} entered {what}")
CHANGED = _("{who} changed {what}")
SIGNED = _("{who} signed {what}")
AMENDED = _("{who} amended {what}, which was signed")
VOIDED = _("{who} marked {what} as entered in error")


def fact_action(row: Any, before: Any | None) -> Any:
    """Which sentence tells the write that led from one version of a fact to the next."""
    if before is None:
        return ENTERED
    if row.voided_at is not None and before.voided_at is None:
        return VOIDED
    signed, signed_before = getattr(row, "signed_at", None), getattr(before, "signed_at", None)
    if signed is not None:
        return SIGNED if signed_before is None else AMENDED
    return CHANGED


def writer_of_version(row: Any, _before: Any | None, names: Names) -> str:
    """Who wrote a version; what no person wrote, the application did."""
    return names.of(User, row.history_user_id) or gettext("TACSLE")


@dataclass(frozen=True, eq=False)
class HistoryTable:
    """One table. written overrides how a field is put into words, empty what its absence means.

    named holds the fields that the subject tells already. shown_at(patient_id, row_id) is the address of a
    row that has no page at patients:fact.
    """

    name: str
    label: Any
    model: type[models.Model]
    subject: Callable[[Any], str]
    shown_at: Callable[[int, int], str] | None = None
    action: Callable[[Any, Any | None], Any] = fact_action
    who: Callable[[Any, Any | None, Names], str] = writer_of_version
    silent: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    labels: Mapping[str, Any] = field(default_factory=dict)
    written: Mapping[str, Writer] = field(default_factory=dict)
    empty: Mapping[str, Any] = field(default_factory=dict)

    def address(self, patient_id: int, row_id: int) -> str:
        """Where a row is shown."""
        if self.shown_at is None:
            return reverse("patients:fact", args=[patient_id, self.name, row_id])
        return self.shown_at(patient_id, row_id)

    @property
    def versions(self) -> Any:
        """All stored versions of all rows."""
        return self.model.history.all()  # type: ignore[attr-defined]

    @property
    def patient_column(self) -> str:
        return "id" if self.model is Patient else "patient_id"

    @cached_property
    def columns(self) -> list[models.Field[Any, Any]]:
        """The fields that the history shows, in the model's order."""
        hidden = BOOKKEEPING | self.silent
        kept = {column.name for column in self.versions.model.tracked_fields}
        fields = self.model._meta.concrete_fields
        return [column for column in fields if column.name in kept - hidden]


def _drug(row: Any, _names: Names | None = None) -> str:
    """A drug's name inside a sentence: as the catalogue writes it, or as it was typed."""
    message = drug_name(row.drug, row.drug_text)
    return gettext(message.text) % message.values


def _result(row: Any, _names: Names) -> str:
    """A result as it was printed: <2 mg/dl, or a finding."""
    return " ".join(printed_result(row)).strip()


def _limit(name: str) -> Writer:
    return lambda row, _names: f"{number(getattr(row, name))} {_unit(row)}".strip()


def _unit(row: Any) -> str:
    return unit(ANALYTES[row.analyte].unit) if row.analyte in ANALYTES else ""


def _analyte(row: Any, _names: Names | None = None) -> str:
    return sentence(say(ANALYTES[row.analyte].label)) if row.analyte in ANALYTES else row.analyte


def _question(row: Any, _names: Names | None = None) -> str:
    return sentence(say(QUESTIONS[row.kind].question)) if row.kind in QUESTIONS else row.kind


def _complete_days(row: Any, _names: Names) -> str:
    return ngettext("%(n)s day", "%(n)s days", row.complete_days) % {"n": row.complete_days}


def _window(row: Any, _names: Names) -> str:
    return ngettext("%(n)s day", "%(n)s days", row.sledai_window_days) % {"n": row.sledai_window_days}


def _visit_labels() -> dict[str, Any]:
    """A symptom has a grade and a SLEDAI answer of the same name: each says which it is."""
    columns = {column.name: column.verbose_name for column in Visit._meta.concrete_fields}
    sledai = {
        name: format_lazy("SLEDAI: {item}", item=label)
        for name, label in columns.items()
        if name.startswith("sledai_")
    }
    grades = {
        name: format_lazy(_("{symptom}, how severe"), symptom=label)
        for name, label in columns.items()
        if name.endswith("_severity")
    }
    return {**sledai, **grades, "sledai_window_days": _("SLEDAI window")}


_DRUG_WORDS: Mapping[str, Any] = {
    "silent": frozenset({"drug_text"}),
    "written": {"drug": _drug},
    "empty": {"dose_mg": UNKNOWN, "last_dose": UNKNOWN, "last_day": _("still taken")},
}

_FACTS = (
    HistoryTable(
        "visit",
        _("Visits"),
        Visit,
        lambda row: gettext("the visit of %(day)s") % {"day": format_value(row.on)},
        named=frozenset({"on"}),
        labels=_visit_labels(),
        written={"sledai_window_days": _window},
    ),
    HistoryTable(
        "laboratory",
        _("Laboratory results"),
        LaboratoryResult,
        lambda row: (
            gettext("%(analyte)s collected %(at)s")
            % {"analyte": _analyte(row), "at": format_value(row.collected_at)}
        ),
        silent=frozenset({"comparator", "finding", "value_high"}),
        named=frozenset({"analyte", "collected_at", "entered"}),
        labels={"value": _("result")},
        written={
            "analyte": _analyte,
            "value": _result,
            "lower_limit": _limit("lower_limit"),
            "upper_limit": _limit("upper_limit"),
        },
        empty={"method": _("not given"), "lower_limit": _("not given"), "upper_limit": _("not given")},
    ),
    HistoryTable(
        "episode",
        _("Drug doses"),
        DoseEpisode,
        lambda row: gettext("%(drug)s from %(day)s") % {"drug": _drug(row), "day": format_value(row.start)},
        named=frozenset({"drug", "start"}),
        **_DRUG_WORDS,
    ),
    HistoryTable(
        "administration",
        _("Infusions, injections and pulses"),
        Administration,
        lambda row: gettext("%(drug)s given %(day)s") % {"drug": _drug(row), "day": format_value(row.on)},
        named=frozenset({"drug", "on"}),
        **_DRUG_WORDS,
    ),
    HistoryTable(
        "prior_use",
        _("Drugs used before"),
        PriorUse,
        lambda row: gettext("the earlier use of %(drug)s") % {"drug": _drug(row)},
        named=frozenset({"drug"}),
        **_DRUG_WORDS,
    ),
    HistoryTable(
        "drug_history",
        _("Completeness of the drug list"),
        DrugHistory,
        lambda row: gettext("the confirmed drug list of %(day)s") % {"day": format_value(row.stated_on)},
        named=frozenset({"stated_on"}),
        written={"complete_days": _complete_days},
    ),
    HistoryTable(
        "person_state",
        _("What became of the person"),
        PersonState,
        lambda row: (
            gettext("“%(state)s” from %(day)s")
            % {"state": row.get_kind_display(), "day": format_value(row.since)}
        ),
        named=frozenset({"kind", "since"}),
    ),
    HistoryTable(
        "statement",
        _("Answers"),
        Statement,
        lambda row: (
            gettext("“%(question)s”, as known on %(day)s")
            % {"question": _question(row), "day": format_value(row.stated_on)}
        ),
        named=frozenset({"kind", "stated_on"}),
        labels={"kind": _("question")},
        written={"kind": _question},
        empty={"answer": UNKNOWN},
    ),
    HistoryTable(
        "classification",
        _("Classification"),
        Classification,
        lambda row: (
            gettext("%(system)s judged on %(day)s")
            % {"system": row.get_system_display(), "day": format_value(row.on)}
        ),
        named=frozenset({"system", "on"}),
    ),
)


def _person_action(_row: Any, before: Any | None) -> Any:
    return _("{who} registered {what}") if before is None else CHANGED


_PERSON = HistoryTable(
    "patient",
    _("Person"),
    Patient,
    lambda _row: gettext("the person's details"),
    lambda patient_id, _id: reverse("patients:page", args=[patient_id]),
    action=_person_action,
    silent=frozenset({"clinic"}),
    empty={"renal_involvement": UNKNOWN, "biopsy": UNKNOWN, "diagnosis": UNKNOWN, "first_treatment": UNKNOWN},
)

KINDS: Mapping[str, HistoryTable] = MappingProxyType({kind.name: kind for kind in (*_FACTS, _PERSON)})

"""What this app keeps as kinds of the patient's history, from decisions and levels to planned work."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dosing.alerts.override_reasons import reason_in_words
from dosing.models import (
    AdverseEvent,
    Alert,
    AlertState,
    Decision,
    TacrolimusCourse,
    TacrolimusLevel,
    TaperPlan,
    TaperStep,
    TargetRange,
    Task,
    TaskState,
)
from dosing.rules.adverse_events import term_name
from dosing.rules.naranjo import QUESTIONS
from patients.history import HistoryTable
from patients.history.kinds import CHANGED, ENTERED, fact_action, writer_of_version
from patients.history.words import UNKNOWN, Names, format_value
from patients.messages import number, sentence
from patients.rules.verdict_json import message_from_json

HANDLED = frozenset({AlertState.ACKNOWLEDGED, AlertState.SNOOZED, AlertState.OVERRIDDEN})
ALERT_PATTERNS: Mapping[str, Any] = MappingProxyType(
    {
        AlertState.OPEN: _("{who} reopened the alert {what}"),
        AlertState.ACKNOWLEDGED: _("{who} acknowledged the alert {what}"),
        AlertState.SNOOZED: _("{who} put aside until a day the alert {what}"),
        AlertState.OVERRIDDEN: _("{who} overrode the alert {what}"),
        AlertState.RESOLVED: _("{who} found the matter settled: the alert {what}"),
    }
)
TASK_PATTERNS: Mapping[str, Any] = MappingProxyType(
    {
        TaskState.OPEN: _("{who} planned {what}"),
        TaskState.DONE: _("{who} marked as done {what}"),
        TaskState.SETTLED: _("{who} found settled by what was recorded: {what}"),
        TaskState.CANCELLED: _("{who} cancelled, because no longer needed: {what}"),
    }
)


def _patient_page(patient_id: int, _row_id: int) -> str:
    return reverse("patients:page", args=[patient_id])


def _decision_page(patient_id: int, decision_id: int) -> str:
    return reverse("dosing:decision", args=[patient_id, decision_id])


def _alert_sentence(row: Any, _names: Names | None = None) -> str:
    verdict = row.current_verdict
    parts = (verdict, *verdict["parts"])
    return ": ".join(sentence(message_from_json(part["sentence"])) for part in parts)


def _override(row: Any, _names: Names) -> str:
    return reason_in_words(row.override_code)


def _task_sentence(row: Any, _names: Names | None = None) -> str:
    return sentence(message_from_json(row.sentence))


def _level(row: Any, _names: Names) -> str:
    return f"{row.comparator}{number(row.value_ng_ml)} ng/ml"


def _alert_action(row: Any, before: Any | None) -> Any:
    """Handling is a change of state; anything else is the rules' own update."""
    if before is None:
        return (
            _("{who} raised the alert {what}") if row.state == AlertState.OPEN else ALERT_PATTERNS[row.state]
        )
    if row.state != before.state:
        return ALERT_PATTERNS[row.state]
    return _("{who} updated the alert {what}")


def _alert_writer(row: Any, before: Any | None, names: Names) -> str:
    """Who handled the alert. The rules, for what they did themselves after an entry."""
    handled = row.state in HANDLED if before is None else row.handled_at != before.handled_at
    return names.of(User, row.handled_by_id) if handled else gettext("The rules")


def _task_writer(row: Any, before: Any | None, names: Names) -> str:
    """The rules, for what they planned, moved and closed themselves; else the person who did."""
    closed_by_someone = row.closed_by_id is not None
    return (
        gettext("The rules")
        if row.by_rules and not closed_by_someone
        else writer_of_version(row, before, names)
    )


def _target_range(row: Any, _names: Names) -> str:
    return f"{number(row.low_ng_ml)}–{number(row.high_ng_ml)} ng/ml"


def _event_action(row: Any, before: Any | None) -> Any:
    """A report, a doctor's own entry, a confirmation, or what any fact knows."""
    if before is None:
        return ENTERED if row.confirmed_at else _("{who} reported {what}")
    if row.confirmed_at and not before.confirmed_at:
        return _("{who} confirmed {what}")
    return fact_action(row, before)


def _event_term(row: Any, _names: Names | None = None) -> str:
    message = term_name(row.term, row.term_text)
    return gettext(message.text) % message.values


def _event_replies(row: Any, _names: Names) -> str:
    """ "Question? yes" for each that was answered."""
    answered = [question for question in QUESTIONS if question.code in row.naranjo]
    return " ".join(
        f"{gettext(question.text)} {gettext(row.naranjo[question.code])}." for question in answered
    )


def _task_action(row: Any, before: Any | None) -> Any:
    return CHANGED if before is not None and row.state == before.state else TASK_PATTERNS[row.state]


_ALL = (
    HistoryTable(
        "decision",
        _("Decisions"),
        Decision,
        lambda row: (
            gettext("the decision “%(decision)s” of %(day)s")
            % {"decision": row.get_kind_display(), "day": format_value(row.on)}
        ),
        _decision_page,
        named=frozenset({"kind", "on"}),
        silent=frozenset(
            {
                "answer", "gate", "verdict", "safety", "proposal", "episode", "outside_label",
                "cautions_accepted", "settings_version",
            }
        ),
        labels={"high_dose_confirmed": _("high dose confirmed"), "second_person": _("second doctor")},
    ),
    HistoryTable(
        "course",
        _("Tacrolimus courses"),
        TacrolimusCourse,
        lambda row: gettext("the tacrolimus course from %(day)s") % {"day": format_value(row.started_on)},
        _patient_page,
        silent=frozenset({"decision", "first_episode"}),
        named=frozenset({"started_on"}),
        empty={"ended_on": _("still taken")},
    ),
    HistoryTable(
        "level",
        _("Tacrolimus levels"),
        TacrolimusLevel,
        lambda row: gettext("the tacrolimus level drawn %(at)s") % {"at": format_value(row.drawn_at)},
        silent=frozenset({"comparator"}),
        named=frozenset({"drawn_at", "entered"}),
        written={"value_ng_ml": _level},
        empty={"last_dose_at": UNKNOWN, "dose_mg": UNKNOWN, "assay": _("not given")},
    ),
    HistoryTable(
        "target",
        _("Target ranges"),
        TargetRange,
        lambda row: gettext("the target range from %(day)s") % {"day": format_value(row.set_on)},
        named=frozenset({"set_on"}),
        silent=frozenset({"high_ng_ml"}),
        labels={"low_ng_ml": _("range")},
        written={"low_ng_ml": _target_range},
    ),
    HistoryTable(
        "taper",
        _("Tapers"),
        TaperPlan,
        lambda row: gettext("the taper of prednisolone from %(day)s") % {"day": format_value(row.start_on)},
        named=frozenset({"start_on"}),
        empty={"ended_on": _("still runs")},
    ),
    HistoryTable(
        "taper_step",
        _("Taper steps"),
        TaperStep,
        lambda row: (
            gettext("the decision “%(decision)s” of %(day)s")
            % {"decision": row.get_kind_display(), "day": format_value(row.on)}
        ),
        named=frozenset({"kind", "on"}),
        silent=frozenset({"plan", "episode", "judged", "action"}),
    ),
    HistoryTable(
        "adverse_event",
        _("Adverse events"),
        AdverseEvent,
        lambda row: (
            gettext("the adverse event “%(term)s”, began %(day)s")
            % {"term": _event_term(row), "day": format_value(row.onset)}
        ),
        action=_event_action,
        named=frozenset({"term", "onset"}),
        silent=frozenset({"term_text", "circumstances", "confirmed_at", "confirmed_by"}),
        written={"term": _event_term, "naranjo": _event_replies},
        empty={"naranjo": _("no question answered")},
    ),
    HistoryTable(
        "alert",
        _("Alerts"),
        Alert,
        lambda row: f"“{_alert_sentence(row)}”",
        _patient_page,
        action=_alert_action,
        who=_alert_writer,
        silent=frozenset(
            {
                "rule", "subject", "state", "raised_at", "raised_on", "raised_verdict", "settings_version",
                "open_since", "undecided",
                "handled_at", "handled_by", "resolved_at",
            }
        ),
        named=frozenset({"current_verdict"}),
        labels={"current_verdict": _("what it says"), "override_code": _("reason")},
        written={"current_verdict": _alert_sentence, "override_code": _override},
        empty={"override_code": _("none")},
    ),
    HistoryTable(
        "task",
        _("Planned work"),
        Task,
        lambda row: f"“{_task_sentence(row)}”",
        _patient_page,
        action=_task_action,
        who=_task_writer,
        silent=frozenset(
            {"decision", "by_rules", "kind", "subject", "sentence", "state", "closed_at", "closed_by"}
        ),
    ),
)  # fmt: skip

KINDS: Mapping[str, HistoryTable] = MappingProxyType({kind.name: kind for kind in _ALL})

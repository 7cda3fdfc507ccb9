"""Adverse events, and the decisions about tacrolimus."""

from __future__ import annotations

from analytics.exports.columns import CellType, ColumnScope, ExportColumn
from analytics.exports.fields import catalogued, coded, day_of, field, partial, text
from analytics.exports.subjects import Row, Subject
from analytics.exports.tables.table import OF_THE_ENTRY, ExportTable
from dosing.models import AdverseEvent, Decision
from dosing.rules.adverse_events.terms import TERMS
from dosing.rules.naranjo import Naranjo, Reply, assess
from dosing.rules.safety.finding import Gate
from patients.rules.answers import Answer

IN_ONE_PATIENT = "points to rows and words of one patient's record; the page of the record shows it"


def _naranjo(row: Row) -> Naranjo | None:
    """None where no question was answered: ten unknowns are no score of 0."""
    replies = {code: Reply(reply) for code, reply in row["naranjo"].items()}
    return assess(replies) if replies else None


def _score(row: Row, _who: Subject) -> int | None:
    found = _naranjo(row)
    return found.score if found else None


def _onset_day(row: Row, who: Subject) -> int | None:
    return who.day_of_tacrolimus(row["onset"].earliest) if row["onset"].is_exact else None


EVENTS = ExportTable(
    name="adverse_events",
    meaning="adverse events, confirmed by a doctor or only reported",
    model=AdverseEvent,
    rows=AdverseEvent.objects.active(),
    order=("onset",),
    columns=(
        catalogued("term", "what happened", TERMS, where="catalogue.csv", or_text="term_text"),
        text(AdverseEvent, "term_text"),
        *partial(AdverseEvent, "onset", "onset_date"),
        ExportColumn(
            "onset_day",
            CellType.INTEGER,
            "day of tacrolimus on which it began, where the day is known",
            ("onset",),
            _onset_day,
            unit="d",
        ),
        field(AdverseEvent, "grade", unit="CTCAE grade, 1 to 5"),
        field(AdverseEvent, "serious", meaning="serious by ICH E2A, apart from the grade"),
        field(AdverseEvent, "serious_criterion"),
        field(AdverseEvent, "action"),
        field(AdverseEvent, "outcome"),
        *partial(AdverseEvent, "resolved", "resolved_date"),
        field(AdverseEvent, "who_umc"),
        ExportColumn(
            "naranjo_score",
            CellType.INTEGER,
            "sum of Naranjo's scale; empty where no question was answered",
            ("naranjo",),
            _score,
            unit="points",
            allowed="-4 to 13",
        ),
        ExportColumn(
            "confirmed",
            CellType.YES_NO,
            "a doctor confirmed it; no = only reported",
            ("confirmed_at",),
            lambda row, _who: row["confirmed_at"] is not None,
        ),
        text(AdverseEvent, "comment"),
    ),
    left_out=OF_THE_ENTRY
    | {
        "circumstances": IN_ONE_PATIENT,
        "confirmed_by": "who confirmed; the history of the record has it",
    },
)

DECISIONS = ExportTable(
    name="decisions",
    meaning="decisions about tacrolimus, with the verdict of the rules as it stood",
    model=Decision,
    rows=Decision.objects.active(),
    order=("on",),
    columns=(
        field(Decision, "kind"),
        field(Decision, "on", name="decision_date"),
        day_of("on", "decision_day"),
        coded("answer", "what the criteria said at the moment", Answer),
        coded("gate", "what the check of safety said at the moment", Gate),
        field(Decision, "against_verdict"),
        field(Decision, "reason_code"),
        field(Decision, "snooze_until", name="ask_again_date"),
        field(Decision, "dose_mg", unit="mg"),
        field(Decision, "effective_on", name="effective_date"),
        day_of("effective_on", "effective_day"),
        field(
            Decision, "high_dose_confirmed", meaning="an unusually high dose was asked twice and confirmed"
        ),
        field(
            Decision,
            "settings_version",
            unit="version",
            kept=ColumnScope.IDENTIFIED,
            meaning="version of the clinic's thresholds in force; empty = the defaults",
        ),
        text(Decision, "reason_text"),
    ),
    left_out=OF_THE_ENTRY
    | {
        "verdict": IN_ONE_PATIENT,
        "safety": IN_ONE_PATIENT,
        "proposal": IN_ONE_PATIENT,
        "outside_label": IN_ONE_PATIENT,
        "cautions_accepted": IN_ONE_PATIENT,
        "episode": "names a row in this database only; episodes are a table of their own",
        "second_person": "who was the second person; the history of the record has it",
    },
)

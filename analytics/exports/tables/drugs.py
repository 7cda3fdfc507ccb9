"""Dose episodes and single administrations of drugs, and the courses of tacrolimus."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

from analytics.exports.columns import CellType, ColumnScope, ExportColumn
from analytics.exports.fields import catalogued, day_of, field, text
from analytics.exports.subjects import Row, Subject
from analytics.exports.tables.table import OF_THE_ENTRY, ExportTable
from dosing.models import TacrolimusCourse
from patients.models import Administration, DoseEpisode
from patients.rules.drugs import DRUGS
from patients.rules.schedules import mean_mg_per_day

DRUG = catalogued("drug", "the drug", DRUGS, where="catalogue.csv", or_text="drug_text")

DOSING = ("dose_mg", "schedule", "second_dose_mg", "weekdays", "every_weeks")


def _mg_a_day(row: Row, _who: Subject) -> Decimal | None:
    return mean_mg_per_day(SimpleNamespace(**{name: row[name] for name in DOSING}))


EPISODES = ExportTable(
    name="drug_episodes",
    meaning="periods at one dose of a drug; a stated 0 mg is a fact",
    model=DoseEpisode,
    rows=DoseEpisode.objects.active(),
    order=("start", "drug"),
    columns=(
        DRUG,
        text(DoseEpisode, "drug_text"),
        field(DoseEpisode, "route"),
        field(DoseEpisode, "dose_mg", unit="mg", meaning="dose each time it is taken; empty = not known"),
        field(DoseEpisode, "schedule"),
        field(
            DoseEpisode,
            "second_dose_mg",
            unit="mg",
            meaning="dose in the evening or on the other day, where two doses take turns",
        ),
        field(DoseEpisode, "every_weeks", unit="wk", meaning="weeks from one dose to the next"),
        ExportColumn(
            "mg_per_day",
            CellType.DECIMAL,
            "mean dose a day; empty = not known",
            DOSING,
            _mg_a_day,
            unit="mg/d",
        ),
        field(DoseEpisode, "start", name="start_date"),
        day_of("start", "start_day"),
        field(
            DoseEpisode,
            "last_day",
            name="last_date",
            meaning="last day taken; in the future a planned stop; empty = goes on",
        ),
        day_of("last_day", "last_day"),
        field(DoseEpisode, "purpose"),
        field(DoseEpisode, "formulation"),
        field(DoseEpisode, "usual_time", kept=ColumnScope.IDENTIFIED),
        text(DoseEpisode, "reason"),
    ),
    left_out=OF_THE_ENTRY,
)

ADMINISTRATIONS = ExportTable(
    name="administrations",
    meaning="single doses: infusions, injections, pulses, weekly drugs",
    model=Administration,
    rows=Administration.objects.active(),
    order=("on", "drug"),
    columns=(
        DRUG,
        text(Administration, "drug_text"),
        field(Administration, "route"),
        field(Administration, "dose_mg", unit="mg", meaning="the dose; empty = not known"),
        field(Administration, "on", name="given_date"),
        day_of("on", "given_day"),
        field(Administration, "purpose"),
        text(Administration, "reason"),
    ),
    left_out=OF_THE_ENTRY,
)

COURSES = ExportTable(
    name="courses",
    meaning="treatments with tacrolimus from the first to the last dose",
    model=TacrolimusCourse,
    rows=TacrolimusCourse.objects.active(),
    order=("started_on",),
    columns=(
        field(TacrolimusCourse, "started_on", name="start_date"),
        day_of("started_on", "start_day"),
        field(
            TacrolimusCourse, "ended_on", name="last_date", meaning="day of the last dose; empty = goes on"
        ),
        day_of("ended_on", "last_day"),
        field(TacrolimusCourse, "end_reason_code"),
        text(TacrolimusCourse, "end_reason"),
    ),
    left_out=OF_THE_ENTRY
    | {
        "decision": "names a row in this database only; decisions are a table of their own",
        "first_episode": "names a row in this database only; episodes are a table of their own",
    },
)

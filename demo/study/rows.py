"""The reconstructed cohort's table, one row a patient. See cohort.md."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).parent

# The two adverse events by the table's names.
RHABDOMYOLYSIS, CRAMPS = "rhabdomyolysis", "muscle cramps"
SYMPTOMS = ("headache", "arthritis", "rash", "alopecia", "mucosal_ulcers", "fever")
OTHER_ITEMS = ("low_complement", "dna_binding", "proteinuria", "haematuria", "leukopenia")


@dataclass(frozen=True)
class StudyWeek:
    """A patient at week 0 or 52: SLEDAI items by the table's names, laboratory values, prednisolone."""

    psl_mg: Decimal
    sledai: int
    items: frozenset[str]
    c3_mg_dl: Decimal
    creatinine_mg_dl: Decimal
    dsdna_iu_ml: Decimal
    upcr_g_gcr: Decimal


@dataclass(frozen=True)
class StudyRow:
    """One reconstructed patient. week_52 is None for the one who left."""

    patient: str
    sex: str
    age: int
    renal_involvement: bool
    ln_class: str
    prior: tuple[str, ...]
    mizoribine_continued: bool
    statin: bool
    arb_ace: bool
    tac_start_mg: Decimal
    level_ng_ml: Decimal
    tac_stop_day: int | None
    adverse_event: str
    adverse_event_day: int | None
    week_0: StudyWeek
    week_52: StudyWeek | None


def read_rows() -> list[StudyRow]:
    """The 38 rows of cohort.csv."""
    with (HERE / "cohort.csv").open(newline="") as file:
        return [_row(line) for line in csv.DictReader(file)]


def expected_week_0() -> dict[str, dict[str, str]]:
    """The frozen answers at week 0 by patient: overall and each criterion."""
    with (HERE / "expected_week_0.csv").open(newline="") as file:
        return {line["patient"]: line for line in csv.DictReader(file)}


def _row(line: dict[str, str]) -> StudyRow:
    return StudyRow(
        patient=line["patient"],
        sex=line["sex"],
        age=int(line["age"]),
        renal_involvement=line["renal_involvement"] == "1",
        ln_class=line["ln_class"],
        prior=tuple(part for part in line["prior_immunosuppressants"].split("+") if part),
        mizoribine_continued=line["mizoribine_continued"] == "1",
        statin=line["statin"] == "1",
        arb_ace=line["arb_ace"] == "1",
        tac_start_mg=Decimal(line["tac_start_mg"]),
        level_ng_ml=Decimal(line["trough_ng_ml"]),
        tac_stop_day=int(line["tac_stop_day"]) if line["tac_stop_day"] else None,
        adverse_event=line["adverse_event"],
        adverse_event_day=int(line["adverse_event_day"]) if line["adverse_event_day"] else None,
        week_0=_week(line, "w0"),
        week_52=_week(line, "w52") if line["psl_mg_w52"] else None,
    )


def _week(line: dict[str, str], week: str) -> StudyWeek:
    names = (*SYMPTOMS, *OTHER_ITEMS)
    return StudyWeek(
        psl_mg=Decimal(line[f"psl_mg_{week}"]),
        sledai=int(line[f"sledai_{week}"]),
        items=frozenset(name for name in names if line[f"{name}_{week}"] == "1"),
        c3_mg_dl=Decimal(line[f"c3_mg_dl_{week}"]),
        creatinine_mg_dl=Decimal(line[f"creatinine_mg_dl_{week}"]),
        dsdna_iu_ml=Decimal(line[f"dsdna_iu_ml_{week}"]),
        upcr_g_gcr=Decimal(line[f"upcr_g_gcr_{week}"]),
    )

"""The cases of vectors/pk.json: computed by an independent C++ engine and confirmed by a closed form.

Source: the project's reference of model-informed dosing, section 6. Agreement to 1e-5 relative is expected.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from dosing.pharmacokinetics.model import Model
from dosing.pharmacokinetics.regimen import Regimen, Segment
from tests.pharmacokinetics.models import OF_CASE

VECTORS = json.loads((Path(__file__).parent / "vectors" / "pk.json").read_text())
CASES: dict[str, dict[str, Any]] = {case["name"]: case for case in VECTORS["cases"]}
# As the product's models name them.
COVARIATES = {"hct": "haematocrit_percent", "gene_CYP3A5": "expresser"}
PARAMETERS = {"Ka": "ktr", "Ktr": "ktr", "V": "V1", "Tlag": "lag"}
PUBLISHED = ("woill_1trough_EM",)


def model_of(case: str) -> Model:
    return OF_CASE[case]


def regimen_of(case: str) -> Regimen:
    return Regimen(
        tuple(
            Segment(moment(row["start"]), moment(row["end_exclusive"]), row["mg"], row["interval_h"])
            for row in CASES[case]["dose_segments"]
        )
    )


def covariates_of(case: str) -> dict[str, float]:
    known = CASES[case]["covariates"]
    if case not in PUBLISHED:
        return dict(known)
    return {COVARIATES[name]: value for name, value in known.items()}


def parameters_of(case: str) -> dict[str, float]:
    """The individual parameters that the engine found."""
    return {PARAMETERS.get(name, name): value for name, value in CASES[case]["engine"]["params"].items()}


def moments(case: str, kind: str) -> list[datetime]:
    """kind: "samples" or "future_times"."""
    return [moment(row["time"]) for row in CASES[case][kind]]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)

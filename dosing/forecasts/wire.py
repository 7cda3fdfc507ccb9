"""A forecast as numbers with units in their names, for a program and to be kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder

from dosing.forecasts.now import ForecastNow

if TYPE_CHECKING:
    from dosing.pharmacokinetics.forecast import Forecast, Outlook
    from dosing.pharmacokinetics.model import Model
    from dosing.pharmacokinetics.of_case import Inputs

MARK = 12


def as_json(now: ForecastNow, sentences: Iterable[str], refused: Iterable[str]) -> dict[str, Any]:
    """The forecast for a program; sentences in the reader's language."""
    told = {"patient": now.patient.number, "on": now.case.on.isoformat(), "refused": list(refused)}
    if now.inputs is None or now.found is None or now.model is None:
        return told
    marked = now.mark.row
    return {
        **told,
        "model": now.model.id,
        "model_version": version_of(now.model),
        "citation": now.model.citation,
        "levels_used": now.used,
        "leads_with": "proportion" if now.leads_with_proportion else "model",
        "marked_dose_mg": None if marked is None else marked.option.mg,
        **asked_json(now.inputs),
        **numbers_json(now.found),
        "proportion": [
            {"mg": row.option.mg, "ng_ml": _rounded(row.proportion_ng_ml)}
            for row in now.rows
            if row.proportion_ng_ml is not None
        ],
        "warnings": list(sentences),
    }


def asked_json(inputs: Inputs) -> dict[str, Any]:
    """What was asked: the draw, the dose now, the target."""
    question = inputs.question
    return {
        "draw_at": question.draw_at.isoformat(timespec="minutes"),
        "next_intake": question.next_intake.isoformat(timespec="minutes"),
        "hours_after_dose": round(inputs.hours, 2),
        "dose_mg": inputs.dose_mg,
        "target_ng_ml": [question.low_ng_ml, question.high_ng_ml],
    }


def numbers_json(found: Forecast) -> dict[str, Any]:
    """What was forecast."""
    return {
        "next": outlook_json(found.next),
        "doses": [
            {"mg": row.mg, "settled": outlook_json(row.outlook), "next": outlook_json(row.next)}
            for row in found.options
        ],
        "settled_days": found.settled_days,
        "genotype_chances": {name: round(chance, 3) for name, chance in found.chances.items()},
        "effective_draws": round(found.effective),
        "random_walk": found.walked,
        "parameters": {name: _parameters(one.parameters) for name, one in found.fits.items()},
    }


def outlook_json(outlook: Outlook) -> dict[str, Any]:
    """One level to come."""
    return {
        "median_ng_ml": _rounded(outlook.median),
        "interval_50_ng_ml": [_rounded(end) for end in outlook.half],
        "interval_90_ng_ml": [_rounded(end) for end in outlook.nine_tenths],
        "chance_below": round(outlook.below, 3),
        "chance_within": round(outlook.within, 3),
        "chance_above": round(outlook.above, 3),
        "chance_above_15_ng_ml": round(outlook.far_above, 3),
        "of_100_patients": outlook.of_100._asdict(),
    }


def inputs_json(inputs: Inputs) -> dict[str, Any]:
    """Everything that the forecast was computed from."""
    proportion = inputs.proportion
    return {
        **facts_json(inputs),
        **asked_json(inputs),
        "doses_taken": [
            {"from": row.start, "before": row.end, "mg": row.mg, "every_hours": row.interval_hours}
            for row in inputs.regimen.segments
        ],
        "weights": [round(level.weight, 4) for level in inputs.levels],
        "proportion_ng_ml_per_mg": None if proportion is None else round(proportion.ng_ml_per_mg, 4),
        "proportion_of_levels": 0 if proportion is None else proportion.levels,
    }


def facts_json(inputs: Inputs) -> dict[str, Any]:
    """What changes only when somebody records something: not with the day."""
    return {
        "levels": [
            {"at": level.at, "ng_ml": level.ng_ml, "comparator": level.comparator} for level in inputs.levels
        ],
        "covariates": inputs.covariates,
        "chances": {one.name: one.chance for one in inputs.components},
        "dose_mg": inputs.dose_mg,
        "hours_after_dose": round(inputs.hours, 2),
        "target_ng_ml": [inputs.question.low_ng_ml, inputs.question.high_ng_ml],
    }


def fingerprint_of(inputs: Inputs, model: Model) -> str:
    """Changes with the facts and with the model, not with the day."""
    return _mark(json.dumps([facts_json(inputs), version_of(model)], cls=DjangoJSONEncoder, sort_keys=True))


def version_of(model: Model) -> str:
    """Changes with every number of the model."""
    return _mark(repr(model))


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:MARK]


def _parameters(values: dict[str, float]) -> dict[str, float]:
    return {name: float(f"{value:.5g}") for name, value in values.items()}


def _rounded(ng_ml: float | None) -> float | None:
    return None if ng_ml is None else round(ng_ml, 2)

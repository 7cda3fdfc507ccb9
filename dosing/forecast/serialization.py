"""A forecast as numbers with units in their names, for a program and to be kept."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder

from dosing.forecast.patient_forecast import PatientForecast
from dosing.rules import treatment
from patients.messages import phrase, sentence
from patients.rules.record import Episode

if TYPE_CHECKING:
    from dosing.pharmacokinetics.forecast import Forecast
    from dosing.pharmacokinetics.inputs import Inputs
    from dosing.pharmacokinetics.model import Model
    from dosing.pharmacokinetics.predictive_distribution import Outlook

MARK = 12
BY_TARGET = ("below", "within", "above")


def as_json(now: PatientForecast) -> dict[str, Any]:
    """The forecast for a program; sentences in the reader's language."""
    refused = [sentence(item) for item in now.refused]
    told = {"patient": now.patient.number, "on": now.case.on.isoformat(), "refused": refused}
    if now.inputs is None or now.found is None or now.model is None:
        return told
    marked = now.mark.row
    return {
        **told,
        "model": now.model.id,
        "model_version": version_of(now.model),
        "citation": now.model.citation,
        "levels_used": now.used,
        "leads_with": now.leads_with,
        "mark": [sentence(item) for item in now.mark.sentences],
        "taken_into_account": [sentence(item) for item in now.covariate_summary],
        "settles_on": _day(now.settles_on),
        "looked_ahead_days": now.inputs.question.longest_days,
        "first_sensible_draw": _day(now.first_sensible_draw),
        "marked_dose_mg": None if marked is None else marked.option.mg,
        **question_json(now.inputs),
        **numbers_json(now.found, has_target=now.has_target),
        "proportion": [
            {"mg": row.option.mg, "ng_ml": _rounded(row.proportion_ng_ml)}
            for row in now.rows
            if row.proportion_ng_ml is not None
        ],
        "notes": {row.option.mg: [phrase(note) for note in row.notes] for row in now.rows if row.notes},
        "warnings": [sentence(item) for item in now.warnings],
    }


def question_json(inputs: Inputs) -> dict[str, Any]:
    """What was asked: the draw, the dose now, the target."""
    question = inputs.question
    return {
        "draw_at": question.draw_at.isoformat(timespec="minutes"),
        "next_intake": question.next_intake.isoformat(timespec="minutes"),
        "hours_after_dose": round(inputs.hours, 2),
        "dose_mg": inputs.dose_mg,
        "every_hours": question.interval_hours,
        "formulation": "" if inputs.case.dose is None else inputs.case.dose.formulation,
        "target_ng_ml": _target(inputs),
    }


def numbers_json(found: Forecast, *, has_target: bool) -> dict[str, Any]:
    """What was forecast. has_target: whether a target holds for the usual time of the draw."""

    def as_json(outlook: Outlook) -> dict[str, Any]:
        return outlook_json(outlook, has_target=has_target)

    return {
        "next": as_json(found.next),
        "settled": as_json(found.settled),
        "doses": [
            {"mg": row.mg, "settled": as_json(row.outlook), "next": as_json(row.next)}
            for row in found.options
        ],
        "settled_days": found.settled_days,
        "genotype_chances": {name: round(chance, 3) for name, chance in found.chances.items()},
        "effective_draws": round(found.effective),
        "random_walk": found.walked,
        "parameters": {name: _parameters(one.parameters) for name, one in found.fits.items()},
    }


def outlook_json(outlook: Outlook, *, has_target: bool) -> dict[str, Any]:
    """One level to come; the chances by the target are None where none holds."""
    of_100 = outlook.of_100._asdict()
    chances = {f"chance_{name}": round(getattr(outlook, name), 3) for name in BY_TARGET}
    return {
        "median_ng_ml": _rounded(outlook.median),
        "interval_50_ng_ml": [_rounded(end) for end in outlook.half],
        "interval_90_ng_ml": [_rounded(end) for end in outlook.nine_tenths],
        **(chances if has_target else dict.fromkeys(chances)),
        "urgent": {"limit_ng_ml": outlook.urgent_ng_ml, "chance_at_or_above": round(outlook.urgent, 3)},
        "of_100_patients": of_100 if has_target else {**of_100, **dict.fromkeys(BY_TARGET)},
    }


def inputs_json(inputs: Inputs) -> dict[str, Any]:
    """Everything that the forecast was computed from."""
    proportion = inputs.proportion
    return {
        **facts_json(inputs),
        **question_json(inputs),
        "doses_taken": [
            {"from": row.start, "before": row.end, "mg": row.mg, "every_hours": row.interval_hours}
            for row in inputs.regimen.segments
        ],
        "weights": [round(level.weight, 4) for level in inputs.levels],
        "proportion_ng_ml_per_mg": None if proportion is None else round(proportion.ng_ml_per_mg, 4),
        "proportion_of_levels": 0 if proportion is None else proportion.levels,
    }


def facts_json(inputs: Inputs) -> dict[str, Any]:
    """The values that change only when a fact is recorded, not with the day."""
    from dosing.pharmacokinetics.inputs.doses import doses_of

    return {
        "levels": [_level(row) for row in inputs.case.treatment.levels_in_order],
        "doses": [_dose(row) for row in doses_of(inputs.case)],
        "covariates": inputs.covariates,
        "chances": {one.name: one.chance for one in inputs.components},
        "dose_mg": inputs.dose_mg,
        "hours_after_dose": round(inputs.hours, 2),
        "target_ng_ml": _target(inputs),
    }


def _level(row: treatment.Level) -> dict[str, Any]:
    return {
        "key": row.id,
        "at": row.time or row.on,
        "ng_ml": float(row.ng_ml),
        "comparator": row.comparator,
        "hours_after_dose": None if row.hours_after_dose is None else float(row.hours_after_dose),
        "dose_mg": None if row.dose_mg is None else float(row.dose_mg),
    }


def _dose(row: Episode) -> dict[str, Any]:
    return {
        "from": row.start,
        "last_day": row.last_day,
        "mg": None if row.dose_mg is None else float(row.dose_mg),
        "schedule": row.schedule,
        "usual_time": row.usual_time,
        "formulation": row.formulation,
    }


def _target(inputs: Inputs) -> list[float] | None:
    if inputs.band is None:
        return None
    return [inputs.question.low_ng_ml, inputs.question.high_ng_ml]


def fingerprint_of(inputs: Inputs, model: Model) -> str:
    """Changes with the facts and with the model, not with the day."""
    return _mark(json.dumps([facts_json(inputs), version_of(model)], cls=DjangoJSONEncoder, sort_keys=True))


def display_fingerprint(now: PatientForecast) -> str:
    """Changes with everything that a choice depends on: the facts, the planned draw, the marked dose."""
    if now.inputs is None or now.model is None:
        return ""
    row = now.mark.row
    marked = None if row is None else row.option.mg
    seen = [fingerprint_of(now.inputs, now.model), now.inputs.question.draw_at, marked, now.leads_with]
    return _mark(json.dumps(seen, cls=DjangoJSONEncoder))


def version_of(model: Model) -> str:
    """Changes with every number of the model."""
    return _mark(repr(model))


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:MARK]


def _parameters(values: dict[str, float]) -> dict[str, float]:
    return {name: float(f"{value:.5g}") for name, value in values.items()}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _rounded(ng_ml: float | None) -> float | None:
    return None if ng_ml is None else round(ng_ml, 2)

"""Verdicts as JSON and back, for what is stored with an alert or a decision."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from patients.rules.answers import Answer
from patients.rules.verdict import Evidence, FactReference, Message, Missing, Source, Value, Verdict

Json = dict[str, Any]


def verdict_to_json(verdict: Verdict) -> Json:
    """A JSON-ready dict that verdict_from_json turns back into an equal verdict."""
    return {
        "answer": verdict.answer.value,
        "sentence": message_to_json(verdict.sentence),
        "source": {"text": verdict.source.text, "published": verdict.source.published},
        "evidence": [evidence_to_json(item) for item in verdict.evidence],
        "missing": [_missing_to_json(item) for item in verdict.missing],
        "obligations": [message_to_json(item) for item in verdict.obligations],
        "cautions": [message_to_json(item) for item in verdict.cautions],
        "parts": [verdict_to_json(part) for part in verdict.parts],
    }


def verdict_from_json(data: Json) -> Verdict:
    """The verdict that verdict_to_json was given."""
    return Verdict(
        answer=Answer(data["answer"]),
        sentence=message_from_json(data["sentence"]),
        source=Source(**data["source"]),
        evidence=_each(data["evidence"], evidence_from_json),
        missing=_each(data["missing"], missing_from_json),
        obligations=_each(data["obligations"], message_from_json),
        cautions=_each(data["cautions"], message_from_json),
        parts=_each(data["parts"], verdict_from_json),
    )


def message_to_json(message: Message) -> Json:
    return {"text": message.text, "values": {name: _pack(value) for name, value in message.values.items()}}


def message_from_json(data: Json) -> Message:
    values: Mapping[str, Value] = {name: _unpack(value) for name, value in data["values"].items()}
    return Message(data["text"], MappingProxyType(dict(values)))


def missing_from_json(data: Json) -> Missing:
    return Missing(data["item"], message_from_json(data["sentence"]), data["fill"])


def _missing_to_json(item: Missing) -> Json:
    return {"item": item.item, "sentence": message_to_json(item.sentence), "fill": item.fill}


def evidence_to_json(item: Evidence) -> Json:
    """A JSON-ready dict that evidence_from_json turns back into equal evidence."""
    return {
        "label": message_to_json(item.label),
        "value": _pack(item.value),
        "unit": item.unit,
        "on": _pack(item.on),
        "fact": None if item.fact is None else {"kind": item.fact.kind, "id": item.fact.id},
    }


def evidence_from_json(data: Json) -> Evidence:
    """The evidence that evidence_to_json was given."""
    on = _unpack(data["on"])
    return Evidence(
        label=message_from_json(data["label"]),
        value=_unpack(data["value"]),
        unit=data["unit"],
        on=on if isinstance(on, date) else None,
        fact=None if data["fact"] is None else FactReference(**data["fact"]),
    )


def _each(items: Iterable[Json], convert: Callable[[Json], Any]) -> tuple[Any, ...]:
    return tuple(convert(item) for item in items)


def _pack(value: Value) -> Any:
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return list(value) if isinstance(value, tuple) else value


def _unpack(value: Any) -> Value:
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        return Decimal(text) if kind == "decimal" else date.fromisoformat(text)
    return value  # type: ignore[no-any-return]

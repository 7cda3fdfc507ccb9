"""The rules' verdict on a step, as it is stored with the decision on it."""

from collections.abc import Iterable
from typing import Any

from dosing.rules.taper.decision import StepDecision
from patients.rules.verdict import Message
from patients.rules.verdict_json import message_to_json, verdict_to_json


def step_to_json(step: StepDecision, consequences: Iterable[Message] = ()) -> dict[str, Any]:
    """The action, its sentence, each condition with its evidence, and the advice."""
    return {
        "action": step.action.value,
        "sentence": message_to_json(step.sentence),
        "conditions": [verdict_to_json(verdict) for verdict in step.conditions],
        "notes": [message_to_json(note) for note in (*step.notes, *consequences)],
    }

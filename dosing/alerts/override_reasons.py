"""The coded reasons of overridden alerts as people read them."""

from dosing.models import AlertReason, ReasonCode


def reason_in_words(code: str) -> str:
    """An alert's own reason, or that of the decision which overrode it; an unknown code as it is stored."""
    known = {**dict(ReasonCode.choices), **dict(AlertReason.choices)}
    return str(known.get(code, code))

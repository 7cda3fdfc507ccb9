"""Proposals as JSON and back, for what is stored with a decision about the dose."""

from decimal import Decimal
from typing import Any

from dosing.rules.levels.proposal import DoseAction, DoseRange, NextDoseProposal
from patients.rules.answers import Answer
from patients.rules.verdict import Verdict
from patients.rules.verdict_json import verdict_from_json, verdict_to_json


def proposal_to_json(proposal: NextDoseProposal) -> dict[str, Any]:
    """A JSON-ready dict that proposal_from_json turns back into an equal proposal."""
    return {
        "action": proposal.action.value,
        "now_mg": _text(proposal.now_mg),
        "doses": None if proposal.doses is None else [str(mg) for mg in proposal.doses],
        "verdict": verdict_to_json(_as_verdict(proposal)),
    }


def proposal_from_json(data: dict[str, Any]) -> NextDoseProposal:
    """The proposal that proposal_to_json was given."""
    verdict = verdict_from_json(data["verdict"])
    now, doses = data["now_mg"], data["doses"]
    return NextDoseProposal(
        action=DoseAction(data["action"]),
        sentence=verdict.sentence,
        now_mg=None if now is None else Decimal(now),
        doses=None if doses is None else DoseRange(*(Decimal(mg) for mg in doses)),
        evidence=verdict.evidence,
        missing=verdict.missing,
        cautions=verdict.cautions,
        rise=next(iter(verdict.parts), None),
        source=verdict.source,
    )


def _as_verdict(proposal: NextDoseProposal) -> Verdict:
    """What a proposal shares with every verdict."""
    return Verdict(
        Answer.CANNOT_TELL if proposal.missing else Answer.MET,
        proposal.sentence,
        proposal.source,
        proposal.evidence,
        proposal.missing,
        cautions=proposal.cautions,
        parts=() if proposal.rise is None else (proposal.rise,),
    )


def _text(mg: Decimal | None) -> str | None:
    return None if mg is None else str(mg)

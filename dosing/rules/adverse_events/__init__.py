"""Adverse events: what they are called, what was true at the time, grades to propose, what is watched."""

from dosing.rules.adverse_events.circumstances import Circumstances, Known, circumstances
from dosing.rules.adverse_events.proposals import GradeProposal, proposals
from dosing.rules.adverse_events.terms import GRADES, TERMS, term_name
from dosing.rules.adverse_events.watch import facts_in_words, onset_in_words, raised

__all__ = [
    "GRADES",
    "TERMS",
    "Circumstances",
    "GradeProposal",
    "Known",
    "circumstances",
    "facts_in_words",
    "onset_in_words",
    "proposals",
    "raised",
    "term_name",
]

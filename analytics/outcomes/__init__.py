"""What became of each patient on tacrolimus, for counting: from their facts to one frozen outcome.

Whether somebody responded, is in remission or flared is what the rules say; nothing is decided here a second
time. Whatever is not known is a reason in words, never a zero.
"""

from analytics.outcomes.facts import Facts
from analytics.outcomes.outcome import PatientOutcome, outcome, patient_outcome
from analytics.outcomes.started import Started, started

__all__ = ["Facts", "PatientOutcome", "Started", "outcome", "patient_outcome", "started"]

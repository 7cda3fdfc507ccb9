"""What must hold before a taper step: each condition of clinical specification 6.3 as a verdict of its own.

MET lets the step go on, NOT_MET holds it, and what is not known leaves it open.
"""

from dosing.rules.taper.conditions.laboratory import of_the_laboratory
from dosing.rules.taper.conditions.shared import SOURCE
from dosing.rules.taper.conditions.timing import in_time, of_a_low_dose
from dosing.rules.taper.conditions.treatment import of_the_treatment
from dosing.rules.taper.conditions.visits import Seen, of_the_visit, seen_at

__all__ = [
    "SOURCE",
    "Seen",
    "in_time",
    "of_a_low_dose",
    "of_the_laboratory",
    "of_the_treatment",
    "of_the_visit",
    "seen_at",
]

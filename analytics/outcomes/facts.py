"""All that is known of a patient, for counting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dosing.rules.treatment import Treatment
from patients.rules.record import Record


@dataclass(frozen=True)
class Facts:
    """All that is known of a patient; key is the row of the patient."""

    key: int
    record: Record
    treatment: Treatment

    def as_of(self, on: date) -> Facts:
        """The facts that were known on a day."""
        return Facts(self.key, self.record.as_of(on), self.treatment.as_of(on))

"""The facts of a cohort, batch by batch: as few queries a batch for ten thousand patients as for one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analytics.outcomes import Facts
from dosing.assessment.facts import load_treatments
from patients.loading import load_records
from patients.models import Patient

BATCH = 500


def load_batches(patients: Sequence[int]) -> Iterator[list[Facts]]:
    """The facts of these patients (ids), in their order; one batch is in memory at a time."""
    for start in range(0, len(patients), BATCH):
        keys = patients[start : start + BATCH]
        records = load_records(Patient.objects.filter(pk__in=keys))
        treatments = load_treatments(keys)
        yield [Facts(key, records[key], treatments[key]) for key in keys if key in records]

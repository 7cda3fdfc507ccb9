"""The parts of names by which people are found, kept in step with the rows of the patients."""

from collections.abc import Sequence

from patients.models import NamePart, Patient
from patients.rules.person_keys import search_parts

BATCH = 2000


def index_names(patients: Sequence[Patient]) -> None:
    """Write the parts of the patients' names and numbers anew."""
    NamePart.objects.filter(patient__in=patients).delete()
    rows = (
        NamePart(patient_id=patient.pk, text=text.encode(), is_beginning=is_beginning)
        for patient in patients
        for text, is_beginning in search_parts(patient).items()
    )
    NamePart.objects.bulk_create(rows, batch_size=BATCH)

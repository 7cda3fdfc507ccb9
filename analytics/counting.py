"""How many patients a report would be about, before it is made."""

from __future__ import annotations

from django.db.models import Min, OuterRef, Subquery

from accounts.clock import local_today
from accounts.models import Clinic
from analytics.cohorts import CohortSelection
from patients.models import DoseEpisode, Patient
from patients.services.person_states import in_research


def count(clinic: Clinic, choice: CohortSelection) -> tuple[int, int]:
    """How many fit the choice, and how many took tacrolimus up to the cut-off; as the report counts."""
    doses = DoseEpisode.objects.active().filter(drug="tacrolimus", start__lte=choice.cut_off)
    mine = doses.exclude(dose_mg=0).filter(patient=OuterRef("pk")).order_by().values("patient")
    first = Subquery(mine.annotate(first=Min("start")).values("first"))
    own = in_research(Patient.objects.filter(clinic=clinic), local_today(clinic))
    everybody = own.annotate(first=first).filter(first__isnull=False)
    chosen = everybody
    if choice.first_from:
        chosen = chosen.filter(first__gte=choice.first_from)
    if choice.first_to:
        chosen = chosen.filter(first__lte=choice.first_to)
    if choice.renal_involvement is not None:
        chosen = chosen.filter(renal_involvement=choice.renal_involvement)
    return chosen.count(), everybody.count()

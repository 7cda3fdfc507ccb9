"""The patients of a clinic who started tacrolimus, from their own facts: the columns must agree with it."""

from datetime import date
from itertools import chain

from accounts.models import Clinic
from analytics.loading import load_batches
from analytics.outcomes import Started, started
from dosing.rules.thresholds import STUDY, Thresholds
from patients.models import Patient


def by_facts(clinic: Clinic, cut_off: date, thresholds: Thresholds = STUDY) -> list[Started]:
    keys = list(Patient.objects.filter(clinic=clinic).order_by("pk").values_list("pk", flat=True))
    found = [started(facts, cut_off, thresholds) for facts in chain.from_iterable(load_batches(keys))]
    return [one for one in found if one is not None]

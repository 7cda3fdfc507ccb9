"""What the rules last said of each patient, and as of which day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from django.utils import timezone

from dosing.assessment.assess import Judgement
from dosing.models import Standing
from patients.models import Patient

# What of a standing is the verdict; the rest says as of when and by which settings.
VERDICT = ("applicable", "answer", "gate")


def expected_standing(judgement: Judgement) -> dict[str, object]:
    """The columns of the standing that a judgement asks for."""
    return {
        "on": judgement.on,
        "applicable": judgement.assessment.applicable,
        "answer": judgement.assessment.answer.value,
        "gate": judgement.safety.state.value,
        "settings_version": judgement.settings_version,
    }


def store_standings(judgements: Mapping[Patient, Judgement]) -> None:
    """Keep the first standings of many patients."""
    Standing.objects.bulk_create(
        Standing(patient=patient, **expected_standing(judgement)) for patient, judgement in judgements.items()
    )


def settle_standings(judgements: Mapping[Patient, Judgement]) -> set[int]:
    """Keep the standings; returns the ids of the patients of whom the rules say something else than before.

    Where only the day is another, all of a day are written at once.
    """
    stored = Standing.objects.in_bulk([patient.pk for patient in judgements])
    changed: set[int] = set()
    same: dict[date, list[int]] = defaultdict(list)
    for patient, judgement in judgements.items():
        row = stored.get(patient.pk) or Standing(patient=patient)
        if row.pk in stored and _is_unchanged(row, judgement):
            same[judgement.on].append(patient.pk)
        elif _write(row, judgement):
            changed.add(patient.pk)
    for on, keys in same.items():
        Standing.objects.filter(pk__in=keys).update(on=on, judged_at=timezone.now())
    return changed


def _is_unchanged(row: Standing, judgement: Judgement) -> bool:
    expected = expected_standing(judgement)
    return all(getattr(row, name) == expected[name] for name in (*VERDICT, "settings_version"))


def _write(row: Standing, judgement: Judgement) -> bool:
    """Save the row; whether the verdict is another."""
    before = tuple(getattr(row, name) for name in VERDICT)
    for name, value in expected_standing(judgement).items():
        setattr(row, name, value)
    row.save()
    return before != tuple(getattr(row, name) for name in VERDICT)

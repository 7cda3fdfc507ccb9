"""Background work: everyone at night, the patients of one clinic, and the watch over dead runs."""

from celery import shared_task

from dosing.assessment import nightly


@shared_task
def sweep() -> int:
    """Judge every patient; returns how many."""
    return nightly.sweep().patients_done


@shared_task
def reassess_clinic(key: int) -> int:
    """Judge the patients of one clinic, as its row of sweeps asks; returns how many."""
    row = nightly.sweep_clinic(key)
    return 0 if row is None else row.patients_done


@shared_task
def revive_sweep() -> int:
    """Go on with sweeps whose worker died; returns how many there were."""
    return nightly.revive()

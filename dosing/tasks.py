"""Background work: the nightly sweep, that of one clinic, and the watch over sweeps that died."""

from celery import shared_task

from dosing import sweeping


@shared_task(name="dosing.tasks.sweep")
def sweep() -> int:
    """Judge every patient; returns how many."""
    return sweeping.sweep().patients_done


@shared_task(name="dosing.tasks.reassess_clinic")
def reassess_clinic(key: int) -> int:
    """Judge the patients of one clinic, as its row of sweeps asks; returns how many."""
    row = sweeping.sweep_clinic(key)
    return 0 if row is None else row.patients_done


@shared_task(name="dosing.tasks.revive_sweep")
def revive_sweep() -> int:
    """Go on with sweeps whose worker died; returns how many there were."""
    return sweeping.revive()

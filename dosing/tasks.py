"""Background work: the nightly sweep, and the watch over sweeps that died."""

from celery import shared_task

from dosing import sweeping


@shared_task(name="dosing.tasks.sweep")
def sweep() -> int:
    """Judge every patient; returns how many."""
    return sweeping.sweep().patients_done


@shared_task(name="dosing.tasks.revive_sweep")
def revive_sweep() -> bool:
    """Go on with a sweep whose worker died; returns whether there was one."""
    if not sweeping.abandoned():
        return False
    sweeping.sweep()
    return True

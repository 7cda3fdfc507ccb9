"""Background work: everyone at night, the patients of one clinic, and the watch over dead runs."""

from celery import shared_task

from dosing.assessment import nightly


@shared_task
def reassess_everyone() -> int:
    """Assess every patient; returns how many."""
    return nightly.reassess_everyone().patients_done


@shared_task
def reassess_clinic(key: int) -> int:
    """Assess the patients of one clinic, as its row requests; returns how many."""
    row = nightly.run_clinic_reassessment(key)
    return 0 if row is None else row.patients_done


@shared_task
def resume_dead_runs() -> int:
    """Go on with runs whose worker died; returns how many there were."""
    return nightly.resume_dead_runs()

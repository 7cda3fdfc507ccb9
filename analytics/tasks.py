"""Background work: reports, and the watch over those whose worker died."""

from celery import shared_task

from analytics import jobs


@shared_task(name="analytics.tasks.make_report")
def make_report(key: int) -> bool:
    """Make the report of that row; whether it was made here."""
    return jobs.run(key)


@shared_task(name="analytics.tasks.revive_reports")
def revive_reports() -> int:
    """Make the reports whose worker died; returns how many there were."""
    keys = list(jobs.dead().values_list("pk", flat=True))
    for key in keys:
        make_report.delay(key)
    return len(keys)

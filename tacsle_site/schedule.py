"""What the clock starts, in the site's own time zone."""

from celery.schedules import crontab

BEAT_SCHEDULE = {
    # Rules look at days: what only time changes is judged once a night.
    "judge-every-patient": {
        "task": "dosing.assessment.tasks.reassess_everyone",
        "schedule": crontab(hour="2", minute="0"),
    },
    # After everybody is judged, so that the next draw is the one that is planned.
    "forecast-everybody": {
        "task": "dosing.forecast.tasks.forecast_everybody",
        "schedule": crontab(hour="3", minute="30"),
    },
    "forget-ended-sessions": {
        "task": "tacsle_site.tasks.forget_ended_sessions",
        "schedule": crontab(hour="3", minute="0"),
    },
    # A report whose worker died is begun again.
    "revive-dead-reports": {"task": "analytics.tasks.revive_reports", "schedule": crontab(minute="*/5")},
    # A nightly run whose worker died continues within a quarter of an hour.
    "revive-a-dead-sweep": {
        "task": "dosing.assessment.tasks.resume_dead_runs",
        "schedule": crontab(minute="*/15"),
    },
}

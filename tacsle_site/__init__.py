"""The wiring: settings, URLs, jobs, logs, errors, health. The apps never import it."""

from tacsle_site.celery import app as celery_app

__all__ = ["celery_app"]

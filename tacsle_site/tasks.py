"""Housekeeping that belongs to no app."""

from celery import shared_task
from django.core.management import call_command


@shared_task
def forget_ended_sessions() -> None:
    """Delete the rows of sessions that have ended; nothing else does."""
    call_command("clearsessions")

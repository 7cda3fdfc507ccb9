"""For whatever watches the site: is it alive, and may it receive users?"""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from tacsle_site.celery import app
from tacsle_site.logs import log

BROKER_TIMEOUT_SECONDS = 2


@login_not_required
def live(request: HttpRequest) -> JsonResponse:
    """The process answers. Asks nothing of the database, so that its failure restarts no web server."""
    return JsonResponse({"status": "ok"})


@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    """Whether users may be sent here: 200, or 503 with the parts that failed and no details."""
    works = {name: _works(name, check) for name, check in CHECKS.items()}
    fine = all(works.values())
    parts = {name: _word(answer) for name, answer in works.items()}
    return JsonResponse({"status": _word(fine), "parts": parts}, status=200 if fine else 503)


def _word(works: bool) -> str:
    return "ok" if works else "failed"


def _works(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:
        log.error("not_ready", part=name, exc_info=True)
        return False


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def no_migration_is_pending() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def broker_answers() -> bool:
    with app.connection_for_write(connect_timeout=BROKER_TIMEOUT_SECONDS) as broker:
        broker.ensure_connection(max_retries=1, timeout=BROKER_TIMEOUT_SECONDS)
    return True


CHECKS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "migrations": no_migration_is_pending,
    "broker": broker_answers,
}

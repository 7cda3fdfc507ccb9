"""Logs say what happened and where, never about whom.

Three things keep patients out of them. Our own events may carry only the keys named here. A library's
message is kept as its template, without the values it would have filled in. A failure is a chain of exception
classes and of places in the code, without messages and local variables: both hold what a user typed.
"""

import logging
import traceback
from types import TracebackType
from typing import Any, cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

log = structlog.stdlib.get_logger("tacsle")

KNOWN_KEYS = frozenset(
    {
        "clinic",
        "count",
        "event",
        "exception",
        "job",
        "kind",
        "level",
        "logger",
        "method",
        "milliseconds",
        "model",
        "part",
        "patient",
        "reference",
        "report",
        "seconds",
        "state",
        "status",
        "sweep",
        "task",
        "timestamp",
        "user",
        "version",
        "view",
    }
)
# What structlog's own formatter hands from step to step.
PASSED_ON = frozenset({"_record", "_from_structlog"})
# The message of a suspicious request is what the client sent; the logger's name says what was suspicious.
UNTRUSTED_LOGGERS = ("django.security",)


def only_known_keys(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Drop what no one declared safe, and name the keys that were dropped."""
    unknown = sorted(event.keys() - KNOWN_KEYS - PASSED_ON)
    for key in unknown:
        del event[key]
    if unknown:
        event["dropped"] = unknown
    return event


def message_without_values(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """A library's record: its template, or for an untrusted logger nothing but the logger's name."""
    record = cast(logging.LogRecord, event["_record"])
    event["event"] = "suspicious" if record.name.startswith(UNTRUSTED_LOGGERS) else str(record.msg)
    return event


def exception_without_values(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Turn `exc_info` into classes and places."""
    error = _error_in(event.pop("exc_info", None))
    if error is not None:
        event["exception"] = describe(error)
    return event


def _error_in(exc_info: Any) -> BaseException | None:
    if exc_info is True:
        import sys

        exc_info = sys.exc_info()
    if isinstance(exc_info, tuple):
        exc_info = exc_info[1]
    return exc_info if isinstance(exc_info, BaseException) else None


def describe(error: BaseException) -> list[str]:
    """The failure as lines: each exception's class, then its places, innermost last; then what caused it."""
    lines: list[str] = []
    current: BaseException | None = error
    while current is not None:
        lines += [type(current).__qualname__, *_places(current.__traceback__)]
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return lines


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.StackSummary.extract(traceback.walk_tb(trace), lookup_lines=False)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    exception_without_values,
    only_known_keys,
]


def configure_structlog() -> None:
    """Send our own events through the standard library's handlers."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def logging_configuration(*, readable: bool) -> dict[str, Any]:
    """Django's LOGGING: to standard error, as lines for a person or as JSON for a machine."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"events": {"()": _formatter, "readable": readable}},
        "handlers": {"standard_error": {"class": "logging.StreamHandler", "formatter": "events"}},
        "root": {"handlers": ["standard_error"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # Its lines hold paths; the access log and the error page's own line replace them.
            "django.request": {"handlers": [], "level": "CRITICAL", "propagate": False},
            "django.server": {"handlers": [], "level": "CRITICAL", "propagate": False},
            # Their lines hold a job's arguments and results; tacsle_site.celery logs jobs.
            "celery.app.trace": {"level": "CRITICAL"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            # A line for each step and font of each PDF.
            "weasyprint.progress": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
        },
    }


def _formatter(*, readable: bool) -> structlog.stdlib.ProcessorFormatter:
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=False) if readable else structlog.processors.JSONRenderer()
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[message_without_values, *SHARED],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _flat_exception, renderer]
        if readable
        else [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )


def _flat_exception(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """A person reads a failure one place a line."""
    if isinstance(event.get("exception"), list):
        event["exception"] = "\n".join(event["exception"])
    return event

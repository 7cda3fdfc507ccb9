"""Requests that the site of the tests has begun to answer."""

from threading import Condition
from typing import Any

from django.core.signals import request_finished, request_started

SECONDS = 15


class RequestsUnderWay:
    """Counts them from when it is made."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._count = 0
        request_started.connect(self._begin)
        request_finished.connect(self._end)

    def wait_until_none(self) -> None:
        """Fail when one takes too long."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._count <= 0, SECONDS), f"{self._count} under way"

    def _begin(self, **_: Any) -> None:
        with self._changed:
            self._count += 1

    def _end(self, **_: Any) -> None:
        with self._changed:
            self._count -= 1
            self._changed.notify_all()

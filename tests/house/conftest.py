import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from tacsle_site.logs import logging_configuration

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def visitor() -> Client:
    """Someone who is not signed in, and who is shown the error page instead of the exception."""
    return Client(raise_request_exception=False)


@pytest.fixture
def log_lines() -> Iterator[Lines]:
    """The production log of the test so far, parsed."""
    formatter = logging_configuration(readable=False)["formatters"]["events"]
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter["()"](readable=formatter["readable"]))
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)

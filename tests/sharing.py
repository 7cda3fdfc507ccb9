"""What every test of a module begins with, written to the database once for all of them.

To make a clinic with its people and a patient takes longer than most tests of it. `made_once` makes it in
a transaction around the module; each test gets a copy of the objects, and what it writes is rolled back to
there.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy
from typing import Any

import pytest

_MAKERS: dict[str, Callable[[], Any]] = {}


def made_once(make: Callable[[], Any]) -> Any:
    """A fixture in place of `make`, at most one in a module: a copy, for each test, of what it returned.

    One of a `conftest` is made for each module of its folder that has none of its own. Tests that do not ask
    for it run before it is made. No other fixture is in force while `make` runs: a
    module that sets the clock sets it there as well.
    """
    assert make.__module__ not in _MAKERS, "one in a module"
    _MAKERS[make.__module__] = make

    def given(_made_for_the_module: Any, db: None) -> Any:
        return deepcopy(_made_for_the_module)

    return pytest.fixture(given, name=make.__name__)


def made_for(module: str) -> Any:
    """Make what `made_once` decorates in the module, or in the nearest `conftest` above it, now."""
    folders = module.split(".")[:-1]
    conftests = [".".join((*folders[:depth], "conftest")) for depth in range(len(folders), 0, -1)]
    return next(_MAKERS[place] for place in (module, *conftests) if place in _MAKERS)()


@contextmanager
def around_module(module: str, unblocked: Callable[[], AbstractContextManager[None]]) -> Iterator[Any]:
    """What the module's maker returned, as long as the context lasts; nothing stays in the database."""
    from django.db import transaction

    with unblocked():
        around = transaction.atomic()
        # Code under test may insist that its own transaction be the outermost one.
        around._from_testcase = True
        around.__enter__()
        made = made_for(module)
    yield made
    with unblocked():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)

"""What a planted fault is: where it goes, what harm it does, and which tests ought to see it."""

import enum
from dataclasses import dataclass


class Area(enum.StrEnum):
    """The kind of code that a fault is in."""

    RULES = "rules"
    SERVICES = "services"
    VIEWS = "views"
    EXPORTS = "exports"
    FORECAST = "forecast"
    STATISTICS = "statistics"


_FOR_ALL = ("tests/test_hazards.py", "tests/test_review.py", "tests/test_study.py")
# What is run before a fault is called "not caught". A folder that a tree does not have is left out.
WIDER: dict[Area, tuple[str, ...]] = {
    Area.RULES: ("tests/rules", "tests/outcomes", "tests/patients", "tests/dosing", *_FOR_ALL),
    Area.SERVICES: ("tests/patients", "tests/accounts", "tests/dosing", *_FOR_ALL),
    Area.VIEWS: (
        "tests/patients",
        "tests/accounts",
        "tests/dosing",
        "tests/house",
        "tests/test_access.py",
        "tests/test_queries.py",
        *_FOR_ALL,
    ),
    Area.EXPORTS: ("tests/analytics", "tests/outcomes", "tests/rules", *_FOR_ALL),
    Area.FORECAST: ("tests/pharmacokinetics", "tests/dosing", *_FOR_ALL),
    Area.STATISTICS: ("tests/statistics", "tests/analytics", *_FOR_ALL),
}


@dataclass(frozen=True)
class Fault:
    """A fault of one line.

    within: the names that the function, method ("Class.method"), class or constant has or had. was: a part of
    one line in it, or with is_pattern a regular expression that finds it. becomes: what is there instead.
    harm: what it would do to a patient or a user. tests: files that are run first; a file that moved is named
    "tests/new.py | tests/old.py".
    """

    id: str
    area: Area
    within: tuple[str, ...]
    was: str
    becomes: str
    harm: str
    tests: tuple[str, ...]
    is_pattern: bool = False

    @property
    def wider(self) -> tuple[str, ...]:
        """The files and folders that are run after the first tests stayed green."""
        return WIDER[self.area]

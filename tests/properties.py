"""How many examples a property is tried on: a fixed sample in the suite, all in `script/long properties`.

Other long runs count by the same switch: so many nurses, so many reports.
"""

import os

from hypothesis import HealthCheck, settings

SUITE, LONG = "suite", "long"
SAMPLE, FULL = 25, 10_000


def register() -> None:
    """Neither has a deadline, since a busy machine is no fault; the suite's tries the same every time."""
    slow = [HealthCheck.too_slow]
    settings.register_profile(
        SUITE, max_examples=SAMPLE, derandomize=True, database=None, deadline=None, suppress_health_check=slow
    )
    # Said, since hypothesis takes another default where the environment has CI set.
    settings.register_profile(
        LONG, max_examples=FULL, derandomize=False, deadline=None, suppress_health_check=slow
    )
    settings.load_profile(LONG if os.environ.get("PROPERTIES") == LONG else SUITE)


register()


def counted(suite: int, long: int) -> int:
    """How many of whatever a test makes: in the suite, and in the long run that it belongs to."""
    return long if os.environ.get("PROPERTIES") == LONG else suite


def sample(examples: int) -> settings:
    """For a property whose single example is dear, or cheap and of many kinds: so many in the suite."""
    return settings(max_examples=FULL if settings.get_current_profile_name() == LONG else examples)

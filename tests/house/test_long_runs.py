"""script/long runs what is named, says when it fails, and tries more examples than the suite."""

import os
import subprocess
import sys

import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.base import CommandError
from hypothesis import settings

from script.suite import long
from script.suite.long import RUNS, LongRun
from script.suite.stages import ROOT
from tests.properties import FULL, SAMPLE, SUITE, sample


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def test_a_name_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        long.main(["everything"])
    said = capsys.readouterr().err
    assert all(name in said for name in RUNS)


def test_it_ends_with_the_first_failure() -> None:
    assert (
        long.run(LongRun("", (python(""), python("raise SystemExit(3)"), python("raise SystemExit(4)")))) == 3
    )
    assert long.run(LongRun("", (python(""),))) == 0


def test_it_has_a_folder_of_its_own() -> None:
    here = os.environ.get("TACSLE_VAR", "")
    asks = f"import os; var = os.environ['TACSLE_VAR']; assert var != {here!r} and not os.listdir(var)"
    assert long.run(LongRun("", (python(asks),))) == 0


@pytest.mark.parametrize(
    "command", [command for each in RUNS.values() for command in each.commands if "manage.py" in command]
)
def test_each_command_is_one_of_ours(command: tuple[str, ...]) -> None:
    """Its options too: the parser takes them."""
    name, *options = command[2:]
    try:
        load_command_class(get_commands()[name], name).create_parser("manage.py", name).parse_args(options)
    except CommandError as refused:
        raise AssertionError(command) from refused


def test_the_suite_tries_a_sample() -> None:
    assert settings.get_current_profile_name() == SUITE
    assert settings.default is not None
    assert (settings.default.max_examples, settings.default.derandomize) == (SAMPLE, True)
    assert settings.default.deadline is None
    assert sample(7).max_examples == 7


@pytest.mark.parametrize("continuous_integration", ["", "1"])
def test_the_long_run_tries_all(continuous_integration: str) -> None:
    asks = (
        "from tests import properties; from hypothesis import settings; "
        f"assert settings.default.max_examples == properties.sample(7).max_examples == {FULL}; "
        "assert settings.default.deadline is None and not settings.default.derandomize"
    )
    environment = {**os.environ, "PROPERTIES": "long", "CI": continuous_integration}
    subprocess.run(python(asks), cwd=ROOT, env=environment, check=True)

"""script/test runs every chosen stage, says what failed, and never skips in silence."""

import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from script.suite import __main__ as suite
from script.suite import provision
from script.suite.provision import MissingProgramError
from script.suite.stages import FAST, STAGES, Stage, Workspace, run_stage

PASSES = (sys.executable, "-c", "")
FAILS = (sys.executable, "-c", "raise SystemExit(3)")


def names(*arguments: str) -> list[str]:
    return [stage.name for stage in suite._chosen(arguments)]


def test_everything_runs_unless_stages_are_named() -> None:
    assert names() == [stage.name for stage in STAGES]
    assert names("browser", "style") == ["style", "browser"]


def test_the_fast_stages_need_no_server_and_no_browser() -> None:
    assert names("fast") == list(FAST)
    assert not {"postgresql", "services", "browser"} & set(FAST)


def test_an_unknown_stage_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        names("fats")
    assert "fats" in capsys.readouterr().err


def test_a_stage_runs_all_its_commands_even_after_a_failure(tmp_path: Path) -> None:
    late = tmp_path / "late"
    touch = (sys.executable, "-c", f"open({str(late)!r}, 'w')")
    with ExitStack() as stack:
        passed, _ = run_stage(Stage("two", (FAILS, touch)), Workspace(stack))
    assert not passed
    assert late.exists()


def test_a_failure_shows_in_the_exit_code_and_later_stages_still_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(workspace: Workspace) -> dict[str, str]:
        raise MissingProgramError("Chromium is needed. Type: sudo apt-get install chromium")

    stages = (Stage("red", (FAILS,)), Stage("absent", (PASSES,), missing), Stage("green", (PASSES,)))
    monkeypatch.setattr(suite, "STAGES", stages)
    assert suite.main([]) == 1
    said = capsys.readouterr()
    assert [line.split()[:2] for line in said.out.splitlines()[-3:]] == [
        ["FAILED", "red"],
        ["FAILED", "absent"],
        ["passed", "green"],
    ]
    assert "sudo apt-get install chromium" in said.err


def test_the_exit_code_is_zero_when_all_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "STAGES", (Stage("green", (PASSES,)),))
    assert suite.main([]) == 0


def test_a_stage_gets_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    asks = (sys.executable, "-c", "import os; assert os.environ['CLINIC'] == 'open'")
    with ExitStack() as stack:
        assert run_stage(Stage("asks", (asks,), lambda _: {"CLINIC": "open"}), Workspace(stack))[0]
        assert not run_stage(Stage("asks", (asks,)), Workspace(stack))[0]


def test_who_may_not_install_is_told_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provision.os, "geteuid", lambda: 1000)
    with pytest.raises(MissingProgramError, match="Type: sudo apt-get install postgresql"):
        provision.found_or_installed(lambda: None, "postgresql", "PostgreSQL")


def test_what_is_installed_is_not_installed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(package: str, what: str) -> None:
        raise AssertionError(package)

    monkeypatch.setattr(provision, "install", refuse)
    assert (
        provision.found_or_installed(lambda: "/usr/bin/chromium", "chromium", "Chromium")
        == "/usr/bin/chromium"
    )

"""script/test runs every chosen stage, says what failed, and never skips in silence."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from script.suite import __main__ as suite
from script.suite import provision, stages
from script.suite.provision import MissingProgramError
from script.suite.run import NO_BYTECODE, Outcome, Runner
from script.suite.stages import APART, FAST, LARGE, PURE, ROOT, STAGES, Stage, Workspace

PASSES = (sys.executable, "-c", "")
HALVED = ("dosing", "browser")
FAILS = (sys.executable, "-c", "raise SystemExit(3)")


def names(*arguments: str) -> list[str]:
    return [stage.name for stage in suite._chosen(arguments)]


def run(*chosen: Stage, slots: int = 2) -> list[Outcome]:
    with ExitStack() as stack:
        return Runner(Workspace(stack), slots).run(chosen)


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def missing(workspace: Workspace) -> Mapping[str, str]:
    raise MissingProgramError("Chromium is needed. Type: sudo apt-get install chromium")


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
    (found,) = run(Stage("two", (FAILS, python(f"open({str(late)!r}, 'w')"))), slots=1)
    assert not found.passed
    assert late.exists()


def test_a_failure_shows_in_the_exit_code_and_later_stages_still_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = (Stage("red", (FAILS,)), Stage("absent", (PASSES,), missing), Stage("green", (PASSES,)))
    monkeypatch.setattr(suite, "STAGES", chosen)
    assert suite.main([]) == 1
    said = capsys.readouterr().out
    assert [line.split()[:2] for line in said.splitlines()[-4:-1]] == [
        ["FAILED", "red"],
        ["FAILED", "absent"],
        ["passed", "green"],
    ]
    assert "sudo apt-get install chromium" in said


def test_the_exit_code_is_zero_when_all_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "STAGES", (Stage("green", (PASSES,)),))
    assert suite.main([]) == 0


def test_a_stage_gets_its_environment() -> None:
    asks = python("import os; assert os.environ['CLINIC'] == 'open'")
    told, not_told = run(Stage("told", (asks,), lambda _: {"CLINIC": "open"}), Stage("not told", (asks,)))
    assert told.passed
    assert not not_told.passed


def test_commands_keep_their_bytecode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NO_BYTECODE, "1")
    (found,) = run(Stage("asks", (python("import sys; assert not sys.dont_write_bytecode"),)))
    assert found.passed


def test_commands_run_side_by_side(tmp_path: Path) -> None:
    """Each waits for what the other writes."""
    code = """
import sys, time
from pathlib import Path
mine, other = map(Path, sys.argv[1:])
mine.touch()
while not other.exists():
    time.sleep(0.01)
"""
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    (found,) = run(Stage("both", ((*python(code), one, two), (*python(code), two, one))))
    assert found.passed


def test_the_dearest_stage_begins_first(tmp_path: Path) -> None:
    def writes(word: str) -> tuple[str, ...]:
        return python(f"open({str(tmp_path / 'order')!r}, 'a').write({word!r})")

    found = run(Stage("cheap", (writes("c"),), cost=1), Stage("dear", (writes("d"),), cost=9), slots=1)
    assert (tmp_path / "order").read_text() == "dc"
    assert [outcome.stage.name for outcome in found] == ["cheap", "dear"]


def test_what_a_stage_prints_stays_in_one_piece(capfd: pytest.CaptureFixture[str]) -> None:
    def talks(word: str) -> tuple[str, ...]:
        return python(
            f"import sys, time\nfor _ in range(5): print({word!r}, flush=True); time.sleep(0.05)\n"
            f"print({word!r}, file=sys.stderr)"
        )

    run(Stage("a", (talks("a"),)), Stage("b", (talks("b"),)))
    lines = capfd.readouterr().out.split("\n")
    for word in "ab":
        first = lines.index(word)
        assert lines[first : first + 6] == [word] * 6
        assert lines[first - 1].startswith(f"== passed  {word} ")


def test_processor_time_is_told_apart_from_waiting() -> None:
    busy, idle = run(
        Stage("busy", (python("import time\nwhile time.process_time() < 0.5: pass"),)),
        Stage("idle", (python("import time; time.sleep(1)"),)),
    )
    assert busy.processor >= 0.5
    assert idle.processor < 0.5 < idle.elapsed


def test_ending_the_run_ends_its_commands(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    sleeps = f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    code = f"""
import signal, sys
from contextlib import ExitStack
from script.suite.run import Runner
from script.suite.stages import Stage, Workspace
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
Runner(Workspace(ExitStack()), 1).run([Stage("sleeps", ((sys.executable, "-c", {sleeps!r}),))])
"""
    runner = subprocess.Popen(python(code), cwd=ROOT)
    eventually(lambda: pid.exists() and pid.read_text() != "")
    runner.send_signal(signal.SIGTERM)
    assert runner.wait(10) == 143
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_every_folder_of_tests_is_run_once() -> None:
    places = {
        path.name
        for path in (ROOT / "tests").iterdir()
        if (path.is_dir() and any(path.rglob("test_*.py"))) or path.match("test_*.py")
    }
    named = [*PURE, *APART, *LARGE, *stages.remaining()]
    assert sorted(named) == sorted(places)
    words = [word for stage in STAGES if stage.name != "sqlite" for lot in stage.commands for word in lot]
    found = [word.removeprefix("tests/") for word in words if word.startswith("tests/")]
    whole = [name for name in found if name in named]
    assert sorted([*whole, *HALVED]) == sorted(named)


@pytest.mark.parametrize("folder", HALVED)
def test_every_file_of_a_halved_folder_is_in_one_half(folder: str) -> None:
    words = [word for stage in STAGES if stage.name != "sqlite" for lot in stage.commands for word in lot]
    found = [word for word in words if word.startswith(f"tests/{folder}/")]
    assert sorted(found) == sorted(str(path.relative_to(ROOT)) for path in stages.tests_of(folder))


def test_halves_are_of_about_the_same_size(tmp_path: Path) -> None:
    for size in (9, 1, 8, 2):
        (tmp_path / f"test_{size}.py").write_text("x" * size)
    assert stages.halves(tmp_path.glob("*.py"), tmp_path) == [
        ("test_9.py", "test_2.py"), ("test_8.py", "test_1.py"),
    ]  # fmt: skip


def test_a_new_folder_runs_with_those_that_nobody_names(tmp_path: Path) -> None:
    for name in ("rules", "browser", "dosing", "novel"):
        (tmp_path / name / "deep").mkdir(parents=True)
        (tmp_path / name / "deep" / "test_it.py").touch()
    (tmp_path / "empty").mkdir()
    (tmp_path / "test_top.py").touch()
    assert stages.remaining(tmp_path) == ["novel", "test_top.py"]


def test_pure_tests_open_no_database() -> None:
    """pytest-django refuses the database to whoever does not ask; so nobody may ask."""
    asking = ("django_db", "db: None", "transactional_db")
    for name in PURE:
        for file in (ROOT / "tests" / name).rglob("*.py"):
            assert not [word for word in asking if word in file.read_text()], file


def test_the_files_for_sqlite_are_found_by_their_mark(tmp_path: Path) -> None:
    (tmp_path / "tests" / "deep").mkdir(parents=True)
    (tmp_path / "tests" / "deep" / "test_it.py").write_text("pytestmark = pytest.mark" + ".sqlite")
    (tmp_path / "tests" / "test_other.py").write_text("pytestmark = pytest.mark.django_db")
    assert stages.marked_for_sqlite(tmp_path / "tests") == [tmp_path / "tests/deep/test_it.py"]


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

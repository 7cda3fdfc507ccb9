"""Runs the commands of several stages side by side, and prints each stage's output in one piece."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

from script.suite.provision import MissingProgramError
from script.suite.stages import ROOT, Stage, Workspace

LEAST_CORES = 2
# Set on many servers. Without bytecode every process compiles the project, and rewrites all tests, again.
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


@dataclass(frozen=True)
class Ended:
    """A command that ended: everything it printed, and its seconds on the clock and on the processors."""

    passed: bool
    output: bytes
    elapsed: float
    processor: float


@dataclass(frozen=True)
class Outcome:
    """A stage that ended. Its commands may have run side by side: `elapsed` is from first to last."""

    stage: Stage
    passed: bool
    elapsed: float
    processor: float


@dataclass
class Runner:
    """Runs at most `slots` commands at a time.

    That is one more than there are cores, since some commands wait for a browser or a server.
    """

    workspace: Workspace
    slots: int = max(LEAST_CORES, os.cpu_count() or 1) + 1
    _running: set[subprocess.Popen[bytes]] = field(default_factory=set)
    _printing: Lock = field(default_factory=Lock)

    def run(self, stages: Sequence[Stage]) -> list[Outcome]:
        """Run every command of every stage, the longest stages first, all of them even after a failure."""
        with ThreadPoolExecutor(len(stages) or 1) as tellers, self._workers() as workers:
            told = {}
            for stage in sorted(stages, key=lambda stage: -stage.cost):
                told[stage.name] = tellers.submit(self._tell, stage, self._begin(stage, workers))
            return [told[stage.name].result() for stage in stages]

    @contextmanager
    def _workers(self) -> Iterator[ThreadPoolExecutor]:
        workers = ThreadPoolExecutor(self.slots)
        try:
            yield workers
        finally:
            workers.shutdown(wait=False, cancel_futures=True)
            for process in tuple(self._running):
                os.kill(process.pid, signal.SIGTERM)
            workers.shutdown()

    def _begin(self, stage: Stage, workers: ThreadPoolExecutor) -> list[Future[Ended]]:
        try:
            environment = stage.environment(self.workspace)
        except MissingProgramError as error:
            missing: Future[Ended] = Future()
            missing.set_result(Ended(False, f"{error}\n".encode(), 0.0, 0.0))
            return [missing]
        return [workers.submit(self._run, command, environment) for command in stage.commands]

    def _run(self, command: Sequence[str], environment: Mapping[str, str]) -> Ended:
        inherited = {name: value for name, value in os.environ.items() if name != NO_BYTECODE}
        started = time.monotonic()
        with tempfile.TemporaryFile() as printed:
            process = subprocess.Popen(  # noqa: S603
                command, cwd=ROOT, env={**inherited, **environment}, stdout=printed, stderr=subprocess.STDOUT
            )
            self._running.add(process)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            self._running.discard(process)
            printed.seek(0)
            processor = used.ru_utime + used.ru_stime
            return Ended(process.returncode == 0, printed.read(), time.monotonic() - started, processor)

    def _tell(self, stage: Stage, commands: Sequence[Future[Ended]]) -> Outcome:
        """Wait for the stage's commands, and print what they printed."""
        wait(commands)
        ended = [command.result() for command in commands]
        outcome = Outcome(
            stage,
            all(command.passed for command in ended),
            max(command.elapsed for command in ended),
            sum(command.processor for command in ended),
        )
        with self._printing:
            print(f"\n== {line(outcome)}", flush=True)
            for command in ended:
                print(command.output.decode(errors="replace"), end="", flush=True)
        return outcome


def line(outcome: Outcome) -> str:
    """One line of the summary."""
    result = "passed" if outcome.passed else "FAILED"
    times = f"{outcome.elapsed:7.1f} s {outcome.processor:7.1f} s of processor time"
    return f"{result}  {outcome.stage.name:<12} {times}"

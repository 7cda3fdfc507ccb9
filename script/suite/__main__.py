"""`python -m script.suite [fast | STAGE ...]`: runs the stages, all of them even after a failure."""

import argparse
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack

from script.suite.provision import MissingProgramError
from script.suite.stages import FAST, STAGES, Stage, Workspace, run_stage


def main(arguments: Sequence[str]) -> int:
    """Exit code 0 when every chosen stage passed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with ExitStack() as stack:
        workspace = Workspace(stack)
        outcomes = [(stage, *_attempt(stage, workspace)) for stage in _chosen(arguments)]
    return _summarise(outcomes)


def _chosen(arguments: Sequence[str]) -> list[Stage]:
    parser = argparse.ArgumentParser(prog="script/test", description="Checks and tests everything.")
    names = [stage.name for stage in STAGES]
    parser.add_argument("stage", nargs="*", choices=["fast", *names, []], help="all, unless named")
    wanted = parser.parse_args(arguments).stage
    if wanted == ["fast"]:
        return [stage for stage in STAGES if stage.name in FAST]
    return [stage for stage in STAGES if stage.name in wanted or not wanted]


def _attempt(stage: Stage, workspace: Workspace) -> tuple[bool, float]:
    try:
        return run_stage(stage, workspace)
    except MissingProgramError as error:
        print(error, file=sys.stderr, flush=True)
        return False, 0.0


def _summarise(outcomes: Sequence[tuple[Stage, bool, float]]) -> int:
    print("\n== Summary", flush=True)
    for stage, passed, seconds in outcomes:
        print(f"{'passed' if passed else 'FAILED'}  {stage.name:<12} {seconds:7.1f} s", flush=True)
    return 0 if all(passed for _, passed, _ in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`python -m script.suite [fast | STAGE ...]`: runs the stages, all of them even after a failure."""

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack

from script.suite.run import Outcome, Runner, line
from script.suite.stages import FAST, STAGES, Stage, Workspace


def main(arguments: Sequence[str]) -> int:
    """Exit code 0 when every chosen stage passed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    started = time.monotonic()
    with ExitStack() as stack:
        outcomes = Runner(Workspace(stack)).run(_chosen(arguments))
    return _summarise(outcomes, time.monotonic() - started)


def _chosen(arguments: Sequence[str]) -> list[Stage]:
    parser = argparse.ArgumentParser(prog="script/test", description="Checks and tests everything.")
    names = [stage.name for stage in STAGES]
    parser.add_argument("stage", nargs="*", choices=["fast", *names, []], help="all, unless named")
    wanted = parser.parse_args(arguments).stage
    if wanted == ["fast"]:
        return [stage for stage in STAGES if stage.name in FAST]
    return [stage for stage in STAGES if stage.name in wanted or not wanted]


def _summarise(outcomes: Sequence[Outcome], elapsed: float) -> int:
    processor = sum(outcome.processor for outcome in outcomes)
    print("\n== Summary", flush=True)
    print("\n".join(map(line, outcomes)), flush=True)
    print(f"in all               {elapsed:7.1f} s {processor:7.1f} s of processor time", flush=True)
    return 0 if all(outcome.passed for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

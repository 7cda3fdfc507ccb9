"""Every benchmark in one command: `python -m benchmarks --patients 10000`. See benchmarks/README.md."""

from __future__ import annotations

import argparse
import logging
import os
import platform
import sys
from datetime import date
from typing import TYPE_CHECKING

from benchmarks.speed import MachineSpeed, machine_speed, pieces_of_goal

if TYPE_CHECKING:
    from benchmarks.clinic import Measured


def main() -> None:
    options = _options()
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    if options.database:
        os.environ["BENCHMARK_DATABASE_URL"] = options.database
    import django

    django.setup()
    logging.disable(logging.ERROR)
    _run(options.patients, options.rounds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--patients", type=int, default=10_000, help="how many the clinic has")
    parser.add_argument("--rounds", type=int, default=40, help="samples of each page")
    parser.add_argument("--database", help="postgres://… of an empty database; else SQLite under TACSLE_VAR")
    return parser.parse_args()


def _run(patients: int, rounds: int) -> None:
    from django.db import connection

    from benchmarks.clinic import prepare

    print(
        f"{date.today()} · {connection.vendor} · Python {platform.python_version()} · {os.cpu_count()} cores"
    )
    measured = prepare(patients, sample=20)
    speed = machine_speed()
    print(speed)
    _pages(measured, rounds)
    _rules(measured, speed)
    _nightly_check(measured, speed)
    _recording(measured)
    _nurses(measured, speed)
    _start(measured, speed)


def _pages(measured: Measured, rounds: int) -> None:
    from benchmarks import pages

    client = measured.client()
    print(f"\n{'page':32} {'ms':>8} {'empty ms':>9} {'ratio':>7}  goal")
    for page in pages.pages(measured):
        timing = pages.measure(client, page, rounds)
        _line(page.name, timing.milliseconds, timing.empty_milliseconds, timing.ratio, page.goal)


def _rules(measured: Measured, speed: MachineSpeed) -> None:
    from benchmarks import rules

    loading, assessing = rules.loading_and_assessing(measured)
    queries = f"{loading.queries} queries ({loading.queries_of_one} for one)"
    print(f"\nfacts of {loading.patients} patients: {queries}, {loading.seconds:.1f} s")
    _goal(
        f"assessment of {assessing.patients} loaded records: {assessing.patients_per_second:.0f} a second",
        *_pieces(speed, 1 / assessing.patients_per_second, 1 / rules.ASSESSED_GOAL),
    )


def _nightly_check(measured: Measured, speed: MachineSpeed) -> None:
    from benchmarks import watching

    swept = watching.sweep(measured)
    _goal(
        f"nightly check: {swept.patients} patients in {swept.seconds:.1f} s, "
        f"{swept.seconds_for_all:.0f} s for {watching.SWEPT} on one worker, "
        f"whose memory grew by {swept.growth_mb:.0f} MB",
        *_pieces(speed, swept.seconds_for_all, watching.SWEEP_GOAL_SECONDS),
    )


def _recording(measured: Measured) -> None:
    from benchmarks import watching

    written = watching.write(measured)
    ratio = written.with_reassessment_ms / written.write_ms
    print(
        f"recording a level: {written.write_ms:.1f} ms of processor time, "
        f"{written.with_reassessment_ms:.1f} with its reassessment ({ratio:.1f} times)"
    )


def _nurses(measured: Measured, speed: MachineSpeed) -> None:
    """Prints nothing on SQLite, which is for few writers only."""
    from benchmarks import nurses

    logged = nurses.log(measured)
    if logged is None:
        return
    _goal(
        f"{nurses.NURSES} nurses, {logged.rows} levels: 95 of 100 rows answered within "
        f"{logged.paced_seconds:.2f} s with a row every {nurses.SECONDS_A_ROW:.0f} s each "
        f"(all sent at one moment: {logged.at_once_seconds:.2f} s)",
        *_pieces(speed, logged.paced_seconds, nurses.GOAL_SECONDS),
    )


def _start(measured: Measured, speed: MachineSpeed) -> None:
    from benchmarks import start

    started = start.start(measured)
    _goal(
        f"first page after start: {started.first_page_seconds:.2f} s",
        *_pieces(speed, started.first_page_seconds, start.FIRST_PAGE_GOAL_SECONDS),
    )
    _goal(
        f"memory of a web worker after all pages: {started.worker_mb:.0f} MB",
        f"at most {start.MEMORY_GOAL_MB} MB",
        started.worker_mb <= start.MEMORY_GOAL_MB,
    )


def _line(name: str, milliseconds: float, empty: float, ratio: float, goal: int) -> None:
    verdict = "met" if ratio <= goal else "MISSED"
    print(f"{name:32} {milliseconds:8.2f} {empty:9.2f} {ratio:6.1f}x  at most {goal}x: {verdict}")
    sys.stdout.flush()


def _pieces(speed: MachineSpeed, seconds: float, goal_seconds: float) -> tuple[str, bool]:
    """What was measured and its goal as multiples of the piece of pure Python, and whether it is met."""
    found, goal = speed.pieces(seconds), pieces_of_goal(goal_seconds)
    return f"{found:.4g} pieces of pure Python, at most {goal:.4g}", found <= goal


def _goal(said: str, goal: str, met: bool) -> None:
    print(f"{said} ({goal}: {'met' if met else 'MISSED'})")


if __name__ == "__main__":
    main()

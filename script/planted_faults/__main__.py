"""`script/faults [--root DIR] [--only ID ...]`: plants the faults, runs the tests, prints the shares caught.

The exit code is 0 when each fault was caught or not caught, 1 when something cannot be said.
"""

import argparse
import resource
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from script.planted_faults import renames, report
from script.planted_faults.anchors import CannotPlantError
from script.planted_faults.catalogue import FAULTS
from script.planted_faults.databases import Databases
from script.planted_faults.fault import Fault
from script.planted_faults.planting import Copy, throwaway_copy
from script.planted_faults.report import Finding, Verdict
from script.planted_faults.running import Runner
from script.planted_faults.trial import Trial
from script.suite.postgresql import database_url

ROOT = Path(__file__).resolve().parents[2]
# Makes the database, and shows that tests run at all.
FIRST_TEST = "tests/accounts/test_rights.py"


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for; returns the exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    asked = _parser().parse_args(arguments)
    names = renames.read(asked.renames) if asked.renames else {}
    faults = _chosen(renames.renamed(FAULTS, names), asked.only)
    if asked.list:
        print(*(f"{row.area:<10} {row.id:<34} {row.harm}" for row in faults), sep="\n")
        return 0
    with throwaway_copy(asked.root.resolve()) as copy:
        astray = _astray(copy, faults)
        if astray or asked.check:
            print(*(astray or [f"All {len(faults)} faults can be planted."]), sep="\n")
            return 1 if astray else 0
        return _run(copy, faults, asked)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="script/faults", description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="another checkout, as the one before")
    parser.add_argument("--only", nargs="+", metavar="ID", default=[], help="only these faults")
    parser.add_argument("--renames", type=Path, metavar="FILE", help="a line a name: old, tab, new")
    parser.add_argument("--list", action="store_true", help="say what each fault would do, and end")
    parser.add_argument("--check", action="store_true", help="only look whether each can be planted")
    parser.add_argument("--json", type=Path, metavar="FILE", help="add what was found to this file")
    parser.add_argument("--timeout", type=float, default=3600, metavar="SECONDS", help="of one run of pytest")
    parser.add_argument("--processes", type=int, default=1, metavar="N", help="for the wider tests")
    return parser


def _chosen(faults: Sequence[Fault], wanted: Sequence[str]) -> list[Fault]:
    known = {fault.id for fault in faults}
    if unknown := sorted(set(wanted) - known):
        raise SystemExit(f"no such fault: {', '.join(unknown)}")
    return [fault for fault in faults if not wanted or fault.id in wanted]


def _astray(copy: Copy, faults: Sequence[Fault]) -> list[str]:
    """Why faults cannot be planted."""
    found = []
    for fault in faults:
        try:
            with copy.planted([fault]):
                pass
        except CannotPlantError as error:
            found.append(str(error))
    return found


def _run(copy: Copy, faults: Sequence[Fault], asked: argparse.Namespace) -> int:
    started = time.monotonic()
    chosen = {fault.id for fault in faults}
    known = [row for row in report.read(asked.json) if row.id not in chosen] if asked.json else []

    def tell(finding: Finding) -> None:
        print(report.line_of(finding), flush=True)
        save()

    def save() -> None:
        if asked.json:
            report.write(asked.json, trial.findings.values(), _about(asked, started))

    with database_url() as server, closing(Databases(server)) as databases:
        runner = Runner(copy, databases, asked.timeout, asked.processes)
        trial = Trial(copy, runner, tell, known)
        runner.prepare(FIRST_TEST)
        trial.run(faults)
    save()
    findings = list(trial.findings.values())
    seconds = _about(asked, started)
    print(*report.shares(findings), sep="\n")
    print(f"{seconds['seconds']} s, of which {seconds['processor_seconds']} s of the tests' processor time")
    return 1 if any(row.verdict is Verdict.ERROR for row in findings) else 0


def _about(asked: argparse.Namespace, started: float) -> dict[str, Any]:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "root": asked.root.name or ".",
        "seconds": round(time.monotonic() - started),
        "processor_seconds": round(spent.ru_utime + spent.ru_stime),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

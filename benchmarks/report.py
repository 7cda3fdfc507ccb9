"""The report's numbers against a notebook: processor time and memory, each in its own process, in turns.

`python -m benchmarks.report --database postgres://… --clinic ID [--rounds 5]`. Results are compared first.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
from datetime import date
from statistics import median
from typing import Any

MEASURES = {
    "prednisolone": "psl_mg_per_day",
    "sledai": "sledai",
    "c3": "c3_mg_dl",
    "dsdna": "dsdna_iu_ml",
    "upcr": "upcr_g_gcr",
    "creatinine": "creatinine_mg_dl",
}
COLUMNS = {
    "n": "pairs",
    "mean_0": "mean_week_0",
    "sd_0": "sd_week_0",
    "mean_52": "mean_week_52",
    "sd_52": "sd_week_52",
    "p_t": "p_paired_t",
}
SAME = 1e-6
GOAL_TIMES, GOAL_MEMORY = 8, 1 / 3
KILOBYTES_A_MEGABYTE = 1024


def main() -> None:
    options = _options()
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    os.environ["BENCHMARK_DATABASE_URL"] = options.database
    if options.child:
        print(json.dumps(_child(options.child, options.clinic)))
        return
    runs: dict[str, list[dict[str, Any]]] = {"product": [], "notebook": []}
    for _round in range(options.rounds):
        for kind, found in runs.items():
            found.append(_run(kind, options))
    _compare(runs["product"][0]["numbers"], runs["notebook"][0]["numbers"])
    _tell(runs)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report", description=__doc__)
    parser.add_argument("--database", required=True, help="postgres://… with a synthetic clinic")
    parser.add_argument("--clinic", type=int, required=True, help="the row of the clinic")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--child", choices=["product", "notebook"], help=argparse.SUPPRESS)
    return parser.parse_args()


def _run(kind: str, options: argparse.Namespace) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.report", "--child", kind, "--database", options.database]
    done = subprocess.run(  # noqa: S603 - our own module
        [*command, "--clinic", str(options.clinic)], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def _child(kind: str, clinic: int) -> dict[str, Any]:
    import django

    django.setup()
    numbers = _product(clinic) if kind == "product" else _notebook(clinic)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "numbers": numbers,
        "seconds": used.ru_utime + used.ru_stime,
        "megabytes": used.ru_maxrss / KILOBYTES_A_MEGABYTE,
    }


def _product(clinic: int) -> dict[str, Any]:
    from accounts.models import Clinic
    from analytics.cohorts import Choice, cohort_of
    from analytics.report.contents.build import build
    from dosing.rules.levels import morning_band
    from dosing.rules.thresholds import STUDY

    cohort = cohort_of(Clinic.objects.get(pk=clinic), Choice(date.today()))
    report = build(cohort, (), "benchmark", morning_band(None, STUDY), lambda _title: None)
    table = report.table("table_2_before_after")
    found: dict[str, Any] = {"started": len(cohort.outcomes)}
    for name, row in MEASURES.items():
        found[name] = {key: float(str(table.cell(row, column).value)) for key, column in COLUMNS.items()}
    return found


def _notebook(clinic: int) -> dict[str, Any]:
    from django.db import connection

    from benchmarks import notebook

    connection.ensure_connection()
    return notebook.numbers(connection.connection, clinic, date.today())


def _compare(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    """Say every number that differs; a benchmark of two different answers is none."""
    differs = []
    if ours["started"] != theirs["started"]:
        differs.append(f"started: {ours['started']}, {theirs['started']}")
    for name in MEASURES:
        for key in COLUMNS:
            one, other = ours[name][key], theirs[name][key]
            if abs(one - other) > SAME * max(1.0, abs(other)):
                differs.append(f"{name} {key}: {one}, {other}")
    if differs:
        sys.exit("The two do not agree:\n" + "\n".join(differs))


def _tell(runs: dict[str, list[dict[str, Any]]]) -> None:
    seconds = {kind: median(run["seconds"] for run in found) for kind, found in runs.items()}
    memory = {kind: median(run["megabytes"] for run in found) for kind, found in runs.items()}
    for kind in runs:
        print(f"{kind:10} {seconds[kind]:8.1f} s {memory[kind]:8.0f} MB")
    times = seconds["notebook"] / seconds["product"]
    print(f"processor time: {times:.2f} times less than the notebook (goal {GOAL_TIMES})")
    share = memory["product"] / memory["notebook"]
    print(f"memory: {share:.2f} of the notebook's (goal at most {GOAL_MEMORY:.2f})")


if __name__ == "__main__":
    main()

"""The report's numbers against a notebook: processor time and memory, each in its own process, in turns.

`python -m benchmarks.report --database postgres://… --clinic ID [--rounds 5] [--whole]`. Results are compared
first. The numbers are tables 1 and 2 with their tests, symptoms, what is missing, the goals of prednisolone
and the retention, from the raw tables. --whole makes the whole report too, with what the rules say of each.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import time
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
    "egfr": "egfr_ml_min_173",
}
COLUMNS = {
    "n": "pairs",
    "mean_0": "mean_week_0",
    "sd_0": "sd_week_0",
    "mean_52": "mean_week_52",
    "sd_52": "sd_week_52",
    "p_t": "p_paired_t",
    "p_w": "p_wilcoxon",
}
GOALS = ("up_to_7_5", "up_to_5", "stopped")
SAME = 1e-6
# The product's test is exact up to so many pairs, the notebook's is not.
MOST_EXACT = 300
GOAL_TIMES, GOAL_MEMORY = 8, 1 / 3
KILOBYTES_A_MEGABYTE = 1024
KINDS = ("product", "notebook")


def main() -> None:
    options = _options()
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    os.environ["BENCHMARK_DATABASE_URL"] = options.database
    if options.child:
        print(json.dumps(_child(options.child, options.clinic)))
        return
    runs: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    for _round in range(options.rounds):
        for kind, found in runs.items():
            found.append(_run(kind, options))
    compared = _compare(_flat(runs["product"][0]["numbers"]), _flat(runs["notebook"][0]["numbers"]))
    print(f"{compared} numbers are the same in both")
    print(_machine_speed())
    _tell(runs)
    if options.whole:
        _tell_whole(_run("whole", options))


def _machine_speed() -> str:
    """Imported here: the processes that are measured load it neither."""
    import django

    from benchmarks.speed import machine_speed

    django.setup()
    return str(machine_speed())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report", description=__doc__)
    parser.add_argument("--database", required=True, help="postgres://… with a synthetic clinic")
    parser.add_argument("--clinic", type=int, required=True, help="the row of the clinic")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--whole", action="store_true", help="make the whole report too, once")
    parser.add_argument("--child", choices=[*KINDS, "whole"], help=argparse.SUPPRESS)
    return parser.parse_args()


def _run(kind: str, options: argparse.Namespace) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.report", "--child", kind, "--database", options.database]
    done = subprocess.run(  # noqa: S603 - our own module
        [*command, "--clinic", str(options.clinic)], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def _child(kind: str, clinic: int) -> dict[str, Any]:
    import django
    from django.db import connection

    django.setup()
    {"product": _import_product, "notebook": _import_notebook, "whole": _import_product}[kind]()
    connection.ensure_connection()
    started = time.process_time()
    numbers = {"product": _product, "notebook": _notebook, "whole": _whole}[kind](clinic)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "numbers": numbers,
        "seconds": time.process_time() - started,
        "process": used.ru_utime + used.ru_stime,
        "megabytes": used.ru_maxrss / KILOBYTES_A_MEGABYTE,
    }


def _import_product() -> None:
    """What a worker has imported before its first report but one; then as its start leaves it."""
    import scipy.special
    import scipy.stats  # noqa: F401

    import analytics.columns
    import analytics.report.build  # noqa: F401
    from tacsle_site.celery import leave_the_program_alone

    leave_the_program_alone()


def _import_notebook() -> None:
    import tableone  # noqa: F401


def _product(clinic: int) -> dict[str, Any]:
    """The tables of the report that need no verdict, by the report's own functions."""
    from accounts.models import Clinic
    from analytics.columns import everybody_started
    from analytics.report.contents.cohort import Group
    from analytics.report.contents.disease import serology
    from analytics.report.contents.measures import compared
    from analytics.report.contents.patients import table_1
    from analytics.report.contents.steroid import sparing
    from analytics.report.contents.tacrolimus import retention_figure

    today = date.today()
    where = Clinic.objects.get(pk=clinic)
    cohort = Group(str(where), today, tuple(everybody_started(where, today)))
    table_1(cohort), serology(cohort)
    before_after, tests, symptoms, missing = compared(cohort).tables
    goals, retention = sparing(cohort), retention_figure(cohort).table
    return {
        "started": len(cohort.outcomes),
        "retention": _value(retention, "week_52", "kept") / 100,
        "measures": {
            name: {key: _value(before_after, row, column) for key, column in COLUMNS.items()}
            | {"p_normal": _value(tests, row, "p_normality")}
            for name, row in MEASURES.items()
        },
        "symptoms": {
            str(row.key): {
                key: _value(symptoms, str(row.key), column)
                for key, column in (("before", "before"), ("after", "after"), ("p", "p_mcnemar"))
            }
            for row in symptoms.rows
        },
        "missing": {
            name: [_value(missing, f"{name}_{week}", "missing") for week in (0, 52)]
            for name in MEASURES
            if name != "egfr"
        },
        "goals": {goal: _value(goals, goal, "patients") for goal in GOALS},
    }


def _value(table: Any, row: str, column: str) -> float:
    found = table.cell(row, column).value
    return math.nan if found is None else float(str(found))


def _notebook(clinic: int) -> dict[str, Any]:
    from django.db import connection

    from benchmarks import notebook

    return notebook.numbers(connection.connection, clinic, date.today())


def _whole(clinic: int) -> dict[str, Any]:
    from accounts.models import Clinic
    from analytics.cohorts import CohortSelection, cohort_of
    from analytics.report.contents.build import build
    from dosing.rules.levels import morning_band
    from dosing.rules.thresholds import STUDY

    cohort = cohort_of(Clinic.objects.get(pk=clinic), CohortSelection(date.today()))
    build(cohort, (), "benchmark", morning_band(None, STUDY), lambda _title: None)
    return {"started": len(cohort.outcomes)}


def _flat(found: Any, name: str = "") -> dict[str, float]:
    """Every number by its path."""
    if isinstance(found, dict | list):
        inner = found.items() if isinstance(found, dict) else enumerate(found)
        return {path: number for key, one in inner for path, number in _flat(one, f"{name} {key}").items()}
    return {name.strip(): float(found)}


def _compare(ours: dict[str, float], theirs: dict[str, float]) -> int:
    """How many numbers are the same; ends where any differs: two different answers are no benchmark."""
    few = {name.split()[1] for name, pairs in ours.items() if name.endswith(" n") and pairs <= MOST_EXACT}
    compared, differs = 0, []
    for name, one in ours.items():
        other = theirs[name]
        if name.endswith(" p_w") and name.split()[1] in few:
            continue
        compared += 1
        same = math.isnan(one) or math.isnan(other) or abs(one - other) <= SAME * max(1.0, abs(other))
        if not same:
            differs.append(f"{name}: {one}, {other}")
    if differs:
        sys.exit("The two do not agree:\n" + "\n".join(differs))
    return compared


def _tell(runs: dict[str, list[dict[str, Any]]]) -> None:
    middle = {
        key: {kind: median(run[key] for run in found) for kind, found in runs.items()}
        for key in ("seconds", "process", "megabytes")
    }
    for kind in KINDS:
        print(
            f"{kind:10} {middle['seconds'][kind]:8.2f} s from the raw tables, "
            f"{middle['process'][kind]:8.2f} s with its start, {middle['megabytes'][kind]:6.0f} MB"
        )
    for key, words in (("seconds", "from the raw tables"), ("process", "with its start")):
        times = middle[key]["notebook"] / middle[key]["product"]
        print(f"processor time {words}: {times:.1f} times less than the notebook (goal {GOAL_TIMES})")
    share = middle["megabytes"]["product"] / middle["megabytes"]["notebook"]
    print(f"memory: {share:.2f} of the notebook's (goal at most {GOAL_MEMORY:.2f})")


def _tell_whole(run: dict[str, Any]) -> None:
    print(f"the whole report, with the rules: {run['seconds']:.1f} s, {run['megabytes']:.0f} MB")


if __name__ == "__main__":
    main()

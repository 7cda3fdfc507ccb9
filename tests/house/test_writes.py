"""Every change to clinical data keeps its history: nobody writes past it with a bulk write or an update."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "patients", "dosing", "analytics", "demo", "tacsle_site")
PAST_THE_HISTORY = {"bulk_create", "bulk_update", "raw", "executemany", "copy_from", "copy_expert"}
# Where it is right, and why.
ALLOWED = {
    ("patients/services/bulk.py", "bulk_create"): "copies each row into the history in the same transaction",
    ("patients/services/name_index.py", "bulk_create"): "made from the patient's row, and has no history",
    ("dosing/assessment/status.py", "bulk_create"): "a standing is computed and has no history",
    ("dosing/assessment/status.py", "update"): "a standing is computed and has no history",
    ("dosing/assessment/nightly.py", "update"): "a run is a job and has no history",
    ("dosing/assessment/upgrade.py", "update"): "a run is a job and has no history",
    ("analytics/jobs.py", "update"): "a report is a job and has no history",
    ("analytics/columns/reading.py", "copy_expert"): "reads: COPY of a SELECT to this process",
    ("demo/simulation/clinic.py", "update"): "a run is a job and has no history",
}


def calls(tree: ast.AST) -> Iterator[str]:
    """Names of calls that write many rows; QuerySet.update takes only keywords, dict.update a mapping."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name = node.func.attr
        if name in PAST_THE_HISTORY or (name == "update" and node.keywords and not node.args):
            yield name


def found() -> set[tuple[str, str]]:
    sources = [path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
    return {
        (path.relative_to(ROOT).as_posix(), name)
        for path in sources
        for name in calls(ast.parse(path.read_text()))
    }


def test_no_write_goes_past_the_history() -> None:
    assert found() == set(ALLOWED)


def test_the_search_sees_what_it_looks_for() -> None:
    written = "Visit.objects.filter(pk=1).update(note='x')\nrows.bulk_create([])\n{}.update({'a': 1})\n"
    assert sorted(calls(ast.parse(written))) == ["bulk_create", "update"]

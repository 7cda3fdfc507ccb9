"""A day is the clinic's: nobody asks the machine or the site what day it is, but for reasons given here."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "patients", "dosing", "analytics", "tacsle_site")
# What asks for "today" without saying where.
BARE = {("timezone", "localdate"), ("date", "today"), ("datetime", "today"), ("datetime", "now")}
ALLOWED = {
    "accounts/templatetags/frame.py": "the zone of a request is that of the reader's clinic",
    "accounts/forms/audit.py": "the first day of a filter that the reader may change",
    "accounts/views/audit.py": "the name of a file",
    "dosing/assessment/nightly.py": "names a sweep of all clinics; each patient has their clinic's day",
}


def bare(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner = node.func.value
        if isinstance(owner, ast.Name) and (owner.id, node.func.attr) in BARE:
            yield f"{owner.id}.{node.func.attr}"


def test_days_are_asked_of_a_clinic() -> None:
    sources = [path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
    found = {path.relative_to(ROOT).as_posix() for path in sources if list(bare(ast.parse(path.read_text())))}
    assert found == set(ALLOWED)


def test_the_search_sees_what_it_looks_for() -> None:
    written = "timezone.localdate()\ndate.today()\ndatetime.now()\nlocal_today(clinic)\n"
    assert list(bare(ast.parse(written))) == ["timezone.localdate", "date.today", "datetime.now"]

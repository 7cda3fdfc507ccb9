"""The tasks of `dosing` share queries and services, never views or forms."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

DOSING = Path(__file__).resolve().parents[2] / "dosing"
TASKS = sorted(folder.parent.name for folder in DOSING.glob("*/urls.py"))
OF_PAGES = ("views", "forms", "urls")


def imported(file: Path) -> Iterator[str]:
    """The full names of what a module imports."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def is_of_anothers_pages(name: str, task: str) -> bool:
    """Whether the name lies in a module of views, forms or addresses of another task."""
    parts = name.split(".")
    if len(parts) < 3 or parts[0] != "dosing" or parts[1] == task or parts[1] not in TASKS:
        return False
    return any(part.endswith(OF_PAGES) for part in parts[2:4])


def test_there_are_tasks_to_look_at() -> None:
    assert {"alerts", "decisions", "forecast", "levels", "safety", "taper"} <= set(TASKS)


@pytest.mark.parametrize("task", TASKS)
def test_a_task_imports_no_views_forms_or_urls_of_another(task: str) -> None:
    faults = [
        f"{file.relative_to(DOSING)} imports {name}"
        for file in sorted((DOSING / task).rglob("*.py"))
        for name in imported(file)
        if is_of_anothers_pages(name, task)
    ]
    assert faults == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dosing.levels.forms.LevelForm", True),
        ("dosing.decisions.course_views.pause", True),
        ("dosing.levels.queries.course_of", False),
        ("dosing.taper.forms.StepForm", False),
        ("patients.forms.visit.VisitForm", False),
    ],
)
def test_what_counts_as_anothers_pages(name: str, expected: bool) -> None:
    assert is_of_anothers_pages(name, "taper") is expected

"""Every path that ARCHITECTURE.md names exists, and the page stays two pages long."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "ARCHITECTURE.md").read_text()
QUOTED = re.findall(r"`([^`\s]+)`", PAGE)
TASKS = "dosing"


def is_path(text: str) -> bool:
    return "/" in text or text.endswith((".py", ".md", ".toml", ".html"))


def places(path: str) -> list[Path]:
    """Where a path may lie: in the project, or (a folder or file of a task) in dosing."""
    inside = [ROOT / TASKS / path, *(ROOT / TASKS).glob(f"*/{path}")]
    return [ROOT / path, *inside]


PATHS = sorted({text for text in QUOTED if is_path(text)})


def test_there_are_paths_to_check() -> None:
    assert len(PATHS) > 60
    assert "dosing/assessment/reconcile.py" in PATHS


@pytest.mark.parametrize("path", PATHS)
def test_a_named_path_exists(path: str) -> None:
    assert any(place.exists() for place in places(path))


def test_an_invented_path_is_found_missing() -> None:
    assert not any(place.exists() for place in places("dosing/matters.py"))


def test_it_stays_two_pages_long() -> None:
    words = len(PAGE.split())
    assert words <= 1200

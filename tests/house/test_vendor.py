"""Third-party files are the ones that their manifest names, and nothing else lies beside them."""

import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = [ROOT / "static" / "vendor", ROOT / "tests" / "browser" / "vendor"]
ROWS = [(folder, row) for folder in FOLDERS for row in json.loads((folder / "manifest.json").read_text())]


@pytest.mark.parametrize(
    ("folder", "row"), ROWS, ids=lambda value: str(value.get("file", "")) if isinstance(value, dict) else ""
)
def test_a_vendored_file_is_what_the_manifest_says(folder: Path, row: dict[str, str]) -> None:
    content = (folder / row["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == row["sha256"]
    assert row["name"] and row["version"] and row["licence"]


@pytest.mark.parametrize("folder", FOLDERS, ids=["pages", "tests"])
def test_no_file_is_vendored_without_a_row(folder: Path) -> None:
    named = {row["file"] for where, row in ROWS if where == folder} | {"manifest.json"}
    lying = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {name for name in lying - named if not name.endswith("LICENSE")} == set()


def test_the_versions_are_the_ones_in_the_files() -> None:
    """The newest htmx.org is another major version: a careless update shows here."""
    bootstrap = (FOLDERS[0] / "bootstrap" / "bootstrap.min.css").read_text()
    htmx = (FOLDERS[0] / "htmx" / "htmx.min.js").read_text()
    assert "Bootstrap  v5.3.8" in bootstrap
    assert 'version:"2.0.11"' in htmx
    echarts = (FOLDERS[0] / "echarts" / "echarts.common.min.js").read_text()
    assert 't.version="5.6.0"' in echarts

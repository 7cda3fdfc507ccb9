"""script/demo on a copy of the repository that has never been started."""

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def copy_of_the_repository(target: Path) -> Path:
    """Every file that git knows, as it is now; no .venv, no data."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


def start(folder: Path) -> str:
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "TACSLE"))}
    # pip would compile every module of every package, most of which this never imports.
    outside["PIP_NO_COMPILE"] = "1"
    done = subprocess.run(
        ["script/demo", "--no-serve"], cwd=folder, env=outside, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_fresh_clone_starts_and_starts_again_without_installing(tmp_path: Path) -> None:
    clone = copy_of_the_repository(tmp_path / "clone")
    first = start(clone)
    assert "Making .venv" in first
    assert "Installing what requirements.txt pins" in first
    assert (clone / "var" / "tacsle.sqlite3").exists()
    second = start(clone)
    assert "Making" not in second
    assert "Installing" not in second

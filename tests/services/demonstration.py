"""`manage.py demo` as a child process, as `script/demo` runs it, on a folder of its own."""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import date
from pathlib import Path

from script.suite.provision import free_port

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "var" / "tests"
PREFIX = "demonstration_"
PRODUCT = ("accounts", "patients", "dosing", "analytics", "demo", "tacsle_site")
START_SECONDS = 240
STOP_SECONDS = 30


class Demonstration:
    """Starts, stops and restarts the demonstration; its data live in `var`."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._output = var.parent / "demo-output.txt"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "demo", "--port", str(self.port)],
                cwd=ROOT,
                env=environment(self.var),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_ready(self._process)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask the parent alone to end; returns its exit code."""
        if self._process is None:
            return 0
        self._process.send_signal(how)
        code = self._process.wait(STOP_SECONDS)
        self._process = None
        return code

    def restart(self) -> None:
        self.stop()
        self.start()

    def output(self) -> str:
        """What it has said on the terminal."""
        return self._output.read_text()

    def processes(self) -> set[int]:
        """Every living process that works on this demonstration's folder, children's children too."""
        return {int(folder.name) for folder in Path("/proc").glob("[0-9]*") if _works_on(folder, self.var)}

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(self.url):
            assert process.poll() is None, self.output()
            assert time.monotonic() < deadline, self.output()
            time.sleep(0.2)


def demo(var: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """`manage.py demo` on this folder, until it ends by itself."""
    return subprocess.run(
        [sys.executable, "manage.py", "demo", *options],
        cwd=ROOT,
        env=environment(var),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def prepared() -> Path:
    """The folder of a demonstration whose data are loaded; to be copied, not to be used.

    It is made by the first process that asks, and kept for the others and for later runs of the same code on
    the same day: what is invented is invented around today.
    """
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / f"{PREFIX}{date.today().isoformat()}_{_fingerprint()}"
    with (KEPT / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            for old in KEPT.glob(f"{PREFIX}*"):
                shutil.rmtree(old)
            _load(kept)
    return kept


def _load(kept: Path) -> None:
    unfinished = kept.with_name(f"{PREFIX}unfinished")
    done = demo(unfinished, "--no-serve")
    assert done.returncode == 0, done.stderr
    unfinished.rename(kept)


def _fingerprint() -> str:
    """Sixteen hex digits that change with any file of the product."""
    files = (file for app in PRODUCT for file in (ROOT / app).rglob("*") if file.suffix not in (".pyc", ""))
    found = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for file in sorted(files):
        found.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()[:16]


def environment(var: Path) -> dict[str, str]:
    """The environment that `script/demo` gives, with the data elsewhere."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tacsle_site.settings.embedded",
        "TACSLE_VAR": str(var),
        "PYTHONUNBUFFERED": "1",
    }


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _works_on(folder: Path, var: Path) -> bool:
    try:
        state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
        return state != "Z" and f"TACSLE_VAR={var}".encode() in (folder / "environ").read_bytes()
    except OSError:
        return False

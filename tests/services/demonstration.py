"""`manage.py demo` as a child process, as `script/demo` runs it, on a folder of its own."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from script.suite.provision import free_port

ROOT = Path(__file__).resolve().parents[2]
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


def prepare(var: Path) -> Path:
    """Load the demonstration's data and do not serve it; returns the folder."""
    done = demo(var, "--no-serve")
    assert done.returncode == 0, done.stderr
    return var


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

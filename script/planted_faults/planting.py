"""A throwaway copy of a tree, and faults planted in it for a while. The tree itself is never touched."""

import importlib.util
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from script.planted_faults.anchors import CannotPlantError, Place, Product, with_fault
from script.planted_faults.fault import Fault


class Copy:
    """The tracked files of a tree as they are now, with a link to its virtual environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._product = Product(folder)

    def place_of(self, fault: Fault) -> Place:
        """Where the fault goes. Raises CannotPlantError."""
        return self._product.place_of(fault)

    @contextmanager
    def planted(self, faults: Sequence[Fault]) -> Iterator[None]:
        """The faults are there while the context lasts. Raises CannotPlantError, also for two in one line."""
        places = [self.place_of(fault) for fault in faults]
        if len(set(places)) != len(places):
            raise CannotPlantError("two faults would lie in one line")
        with ExitStack() as stack:
            for place, fault in zip(places, faults, strict=True):
                stack.enter_context(self._planted(place, fault))
            yield

    @contextmanager
    def _planted(self, place: Place, fault: Fault) -> Iterator[None]:
        path = self.folder / place.path
        before = path.read_text(encoding="utf-8")
        _write(path, with_fault(before, place.line, fault))
        try:
            yield
        finally:
            _write(path, before)


@contextmanager
def throwaway_copy(root: Path) -> Iterator[Copy]:
    """A copy of the tree that is gone when the context ends."""
    with tempfile.TemporaryDirectory(prefix="tacsle-faults-") as place:
        folder = Path(place) / "tree"
        for name in _tracked(root):
            if (root / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / name, folder / name)
        environment = root / ".venv"
        if environment.exists():
            (folder / ".venv").symlink_to(environment.resolve())
        yield Copy(folder)


def _tracked(root: Path) -> list[str]:
    command = ("git", "-C", str(root), "ls-files", "-z")
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603
    return [name for name in listed.split("\0") if name]


def _write(path: Path, text: str) -> None:
    """Python compares compiled code with its source by second and size only; both may be the same."""
    path.write_text(text, encoding="utf-8")
    Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)

"""`python -m script.suite.template_width`: refuses the long lines that djlint leaves in templates."""

import sys
from collections.abc import Iterator
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
WIDEST = 120


def too_wide(folder: Path) -> Iterator[str]:
    """Each line of the folder's files over the width, as file:line: characters."""
    for path in sorted(file for file in folder.rglob("*") if file.is_file()):
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            if len(line) > WIDEST:
                yield f"{path.relative_to(folder.parent)}:{number}: {len(line)} characters"


def main() -> int:
    """Print what is too wide; returns 1 if anything is."""
    found = list(too_wide(TEMPLATES))
    print("\n".join(found) or f"No template has a line over {WIDEST} characters.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

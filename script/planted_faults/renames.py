"""Names that changed since the faults were written: a table of two columns, the old and the new name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from script.planted_faults.fault import Fault

COLUMNS = 2


def read(path: Path) -> dict[str, str]:
    """The new name by the old one. Raises ValueError for a line that is not two names and a tab."""
    found: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        columns = [column.strip() for column in line.split("\t")]
        if len(columns) != COLUMNS or not all(columns):
            raise ValueError(f"{path}:{number}: an old name, a tab and a new name are needed")
        found[columns[0]] = columns[1]
    return found


def renamed(faults: Sequence[Fault], names: Mapping[str, str]) -> list[Fault]:
    """The faults under the new names, in their anchors and in both versions of their lines."""
    return [
        replace(
            fault,
            within=tuple(dict.fromkeys([*fault.within, *(_words(name, names) for name in fault.within)])),
            was=_words(fault.was, names),
            becomes=_words(fault.becomes, names),
        )
        for fault in faults
    ]


def _words(text: str, names: Mapping[str, str]) -> str:
    """All whole words at once, so that two names can change places."""
    if not names:
        return text
    longest_first = sorted(names, key=len, reverse=True)
    either = "|".join(re.escape(name) for name in longest_first)
    return re.sub(rf"(?<!\w)(?:{either})(?!\w)", lambda found: names[found[0]], text)

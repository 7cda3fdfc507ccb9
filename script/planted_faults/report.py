"""What became of each fault: a line for a person, a row for another program, and the shares caught."""

import enum
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from script.planted_faults.fault import Area

PERCENT = 100


class Verdict(enum.StrEnum):
    """CAUGHT: a test failed that passes without the fault. ERROR: nothing can be said."""

    CAUGHT = "caught"
    NOT_CAUGHT = "not caught"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """What became of a fault. harm: what it would do; seconds: of the clock; why: of an error.

    test: the one that caught it; is_controlled: it was seen to pass without the fault.
    """

    id: str
    area: Area
    verdict: Verdict
    harm: str = ""
    test: str = ""
    seconds: float = 0.0
    why: str = ""
    is_controlled: bool = False


def line_of(finding: Finding) -> str:
    """One line: the outcome, and which test caught the fault, or the harm that would have gone unnoticed."""
    told = {
        Verdict.CAUGHT: f"{finding.test} ({finding.seconds:.0f} s)",
        Verdict.NOT_CAUGHT: finding.harm,
        Verdict.ERROR: finding.why.partition("\n")[0],
    }[finding.verdict]
    return f"{finding.verdict:<11} {finding.area:<10} {finding.id:<34} {told}"


def shares(findings: Sequence[Finding]) -> list[str]:
    """The share caught in each area and in total; an error counts in neither number."""
    rows = [(str(area), [row for row in findings if row.area is area]) for area in Area]
    return [_share(name, some) for name, some in [*rows, ("total", list(findings))] if some]


def read(path: Path) -> list[Finding]:
    """What an earlier run found; nothing where there is no file."""
    if not path.exists():
        return []
    rows = json.loads(path.read_text(encoding="utf-8"))["faults"]
    return [Finding(**{**row, "area": Area(row["area"]), "verdict": Verdict(row["verdict"])}) for row in rows]


def write(path: Path, findings: Iterable[Finding], about: Mapping[str, Any]) -> None:
    """Write facts about the run, counts by area and in total, and a row for each fault, as JSON."""
    rows = list(findings)
    counts = {str(area): _counts(row for row in rows if row.area is area) for area in Area}
    content = {
        **about,
        "counts": {**counts, "total": _counts(rows)},
        "faults": [asdict(row) for row in rows],
    }
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _counts(rows: Iterable[Finding]) -> dict[str, int]:
    return dict(Counter(str(row.verdict) for row in rows))


def _share(name: str, findings: Sequence[Finding]) -> str:
    counts = Counter(row.verdict for row in findings)
    caught, known = counts[Verdict.CAUGHT], counts[Verdict.CAUGHT] + counts[Verdict.NOT_CAUGHT]
    percent = f"{PERCENT * caught / known:.0f} %" if known else "–"
    errors = f", {counts[Verdict.ERROR]} errors" if counts[Verdict.ERROR] else ""
    return f"{name:<10} {caught} of {known} caught, {percent}{errors}"

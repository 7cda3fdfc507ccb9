"""What the statistics cost to import: a web process must not pay for scipy.stats."""

import subprocess
import sys

ONLY_IMPORTED = "import sys, analytics.statistics; print(*sorted({'numpy', 'scipy'} & set(sys.modules)))"
ALL_BUT_NORMALITY = """
import sys
from analytics.statistics import *
paired([1, 2, 3], [2, 4, 9]); proportion(1, 3); mcnemar([True], [False]); adjust([0.1], "holm")
kaplan_meier([1, 2], [1, 0]); log_rank([1, 2, 3, 4], [1, 1, 1, 1], list("abab"))
fisher(1, 3, 2, 4); mann_whitney([1, 2], [3]); wilcoxon_signed_rank(range(400))
print("scipy.special" in sys.modules, "scipy.stats" in sys.modules)
"""


def printed(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.strip()


def test_importing_the_package_imports_neither() -> None:
    assert printed(ONLY_IMPORTED) == ""


def test_nothing_but_the_test_of_normality_needs_scipy_stats() -> None:
    assert printed(ALL_BUT_NORMALITY) == "True False"

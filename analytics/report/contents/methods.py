"""The methods paragraph, from the constants and libraries that the report was really made with."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib.metadata import version

from django.utils.translation import gettext as _

from dosing.rules.case import LONGEST_PAUSE
from dosing.rules.efficacy import WEEK_52, WINDOW_FIRST, WINDOW_LAST

RECKONED_WITH = ("numpy", "scipy", "Django")


def methods(code_version: str, steps_with_nobody: Sequence[str] = ()) -> tuple[str, ...]:
    """What was done, in the words of a journal; steps_with_nobody: what was left out for want of patients."""
    return (
        _(
            "Day 0 is the day of the first tacrolimus dose. The visit of week 0 is the last on or before it;"
            " that of week 52 is the one nearest to day %(day)s between day %(first)s and day %(last)s, the"
            " earlier of two as near. Doses are those in force on the day of the visit."
        )
        % {"day": WEEK_52, "first": WINDOW_FIRST, "last": WINDOW_LAST},
        _(
            "A responder has a lower SLEDAI at week 52 than at week 0, goes on with tacrolimus (a pause of up"
            " to %(pause)s days that ended is listed, not failed), and had no increase of steroid above the"
            " dose of the day before the first tacrolimus and no immunosuppressant added. Whatever is not"
            " recorded leaves the patient not assessable; nothing missing is filled in."
        )
        % {"pause": LONGEST_PAUSE.days},
        _(
            "Values before and after are compared in complete pairs by the paired t-test and the Wilcoxon"
            " signed-rank test, side by side and two-sided; the latter is exact with ties up to 300 pairs and"
            " leaves out zero differences. Shifts are Hodges–Lehmann estimates. Shares have Wilson and"
            " Clopper–Pearson intervals; findings before and after are compared by the exact McNemar test."
            " Retention is estimated by Kaplan and Meier with log-log limits from Greenwood's error."
            " Subgroups were named in advance and are compared by a test of interaction, Mann–Whitney or"
            " Fisher's exact test. All intervals are of 95 %. P-values adjusted by Holm and by Benjamini and"
            " Hochberg stand beside the unadjusted ones."
        ),
        *steps_with_nobody,
        _("Reckoned by TACSLE %(code)s with Python %(python)s and %(libraries)s.")
        % {
            "code": code_version,
            "python": platform.python_version(),
            "libraries": ", ".join(f"{name} {version(name)}" for name in RECKONED_WITH),
        },
    )

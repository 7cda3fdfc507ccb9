"""Faults in the statistics of the report."""

from script.planted_faults.fault import Area, Fault

AREA = Area.STATISTICS
TESTS = (
    "tests/statistics/test_vectors.py",
    "tests/statistics/test_nasty_data.py",
    "tests/statistics/test_against_scipy.py",
)

FAULTS = (
    Fault(
        "ties-get-the-lowest-rank",
        AREA,
        ("doubled_midranks",),
        "2 * below + counts[code] + 1",
        "2 * below + 2",
        "Tied changes get too low a rank, and the p-values of the report are wrong.",
        TESTS,
    ),
    Fault(
        "tie-correction-dropped",
        AREA,
        ("normal_p",),
        " - tied / 48",
        "",
        "With many ties in a large cohort the p-value is too large.",
        TESTS,
    ),
    Fault(
        "median-resting-on-half",
        AREA,
        ("_falls_to_half",),
        "if height < HALF - SAME]",
        "if height < HALF + SAME]",
        "The median time on tacrolimus is too early where the curve rests on one half.",
        TESTS,
    ),
    Fault(
        "mcnemar-below-zero",
        AREA,
        ("mcnemar",),
        "max(abs(lost - gained) - 1, 0) ** 2",
        "(abs(lost - gained) - 1) ** 2",
        "As many lost as gained a sign, and the report shows a difference.",
        TESTS,
    ),
)

"""Faults in exports and reports."""

from script.planted_faults.fault import Area, Fault

AREA = Area.EXPORTS

FAULTS = (
    Fault(
        "grand-total-told-by-another-table",
        AREA,
        ("lines",),
        "hide = any(",
        "hide = all(",
        "A hidden total is read from the other table, and with it a small count.",
        ("tests/analytics/exports/test_summary.py",),
    ),
    Fault(
        "small-count-falls-below-its-bound",
        AREA,
        ("moves",),
        "count > lowest",
        "count >= lowest",
        "A hidden count that can have one value only is taken for protected.",
        ("tests/rules/test_suppression.py",),
    ),
    Fault(
        "export-week-window",
        AREA,
        ("nearest",),
        "<= WINDOW_DAYS",
        "< WINDOW_DAYS",
        "A visit 28 days from its week is missing in the wide file.",
        ("tests/analytics/exports/test_weeks.py",),
    ),
    Fault(
        "export-of-voided-levels",
        AREA,
        ("LEVELS",),
        r"TacrolimusLevel\.objects\.\w+\(\)",
        "TacrolimusLevel.objects.all()",
        "Levels that were entered in error leave with the data.",
        (
            "tests/analytics/exports/test_identified.py",
            "tests/analytics/exports/test_allow_list.py",
        ),
        is_pattern=True,
    ),
    Fault(
        "partial-date-betrays-the-shift",
        AREA,
        ("partial",),
        "self.day(value.earliest) if value.is_exact else None",
        "self.day(value.earliest)",
        "A year alone becomes a shifted 1 January, which gives all true dates of the patient away.",
        ("tests/analytics/exports/test_de_identified.py",),
    ),
    Fault(
        "export-loses-the-comparator",
        AREA,
        ("LABORATORY",),
        'row["comparator"] or None',
        "None",
        'A result of "<2" leaves as 2.',
        (
            "tests/analytics/exports/test_identified.py",
            "tests/analytics/exports/test_build.py | tests/analytics/exports/test_making.py",
        ),
    ),
    Fault(
        "report-last-day-of-the-period",
        AREA,
        ("_why_left_out",),
        "found.first > choice.first_to",
        "found.first >= choice.first_to",
        "Who started on the last day of the period is missing in the report, and the count says otherwise.",
        ("tests/analytics/jobs/test_counting.py",),
    ),
)

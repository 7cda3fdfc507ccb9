"""Faults in the forecast of levels."""

from script.planted_faults.fault import Area, Fault

AREA = Area.FORECAST

FAULTS = (
    Fault(
        "interval-of-eight-tenths",
        AREA,
        ("outlook_of", "predictive_distribution_of", "predictive_distribution"),
        "(0.05, 0.25, 0.5, 0.75, 0.95)",
        "(0.1, 0.25, 0.5, 0.75, 0.9)",
        "What is called the interval for 90 of 100 patients holds for 80.",
        ("tests/pharmacokinetics/test_forecast.py",),
    ),
    Fault(
        "level-without-dose-time-in-full",
        AREA,
        ("weight",),
        "return aged if dose_time_known else aged * WEIGHT_WITHOUT_DOSE_TIME",
        "return aged",
        "A level whose dose time nobody knows moves the forecast as much as a good one.",
        ("tests/pharmacokinetics/inputs/test_levels.py | tests/pharmacokinetics/of_case/test_levels.py",),
    ),
    Fault(
        "bound-on-the-wrong-side",
        AREA,
        ("_misfits",),
        'if level.comparator == "<" else',
        'if level.comparator == ">" else',
        'A level of "<1.5" is fitted as one above 1.5, and the dose proposed is too low.',
        ("tests/pharmacokinetics/test_fit.py",),
    ),
    Fault(
        "alternate-days-turned-round",
        AREA,
        ("next_intake",),
        "(anchor - first).days % between",
        "(first - anchor).days % between",
        "With a dose every few days the next one is forecast for the wrong day.",
        (
            "tests/pharmacokinetics/inputs/test_doses.py | tests/pharmacokinetics/of_case/test_doses.py",
            "tests/pharmacokinetics/inputs/test_forecast_inputs.py",
            "tests/pharmacokinetics/of_case/test_inputs.py",
        ),
    ),
    Fault(
        "higher-dose-marked-against-the-rules",
        AREA,
        ("_leaves_open",),
        r"action is (\w+)\.RAISE",
        r"action is not \1.KEEP",
        "A higher dose is marked although the rules cannot tell whether it is safe.",
        ("tests/dosing/forecast/test_marking.py | tests/dosing/test_forecast_marking.py",),
        is_pattern=True,
    ),
    Fault(
        "forecast-compared-with-the-latest-level",
        AREA,
        ("_followed", "_with_next_level"),
        'order_by("drawn_at", "pk")',
        'order_by("-drawn_at", "pk")',
        "Forecasts are scored against the latest level instead of the next, so that nobody knows how good.",
        ("tests/dosing/forecast/test_validation.py | tests/dosing/test_forecast_audit.py",),
    ),
)

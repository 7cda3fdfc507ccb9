"""The study's paired figures from the reconstructed cohort, by the test that specification 1.5 names."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import analytics.report.contents
from analytics.statistics import kaplan_meier, paired, proportion
from analytics.statistics.paired import Paired
from demo.study.rows import StudyRow, StudyWeek, read_rows
from patients.rules.renal import egfr_japan
from tests.statistics.reading import found

ROWS = read_rows()
PUBLISHED = json.loads(Path(analytics.report.contents.__file__).with_name("published.json").read_text())[
    "paired"
]
FIELDS: list[tuple[str, Callable[[StudyWeek], object], int]] = [
    ("psl_mg_per_day", lambda week: week.psl_mg, 1),
    ("sledai", lambda week: week.sledai, 1),
    ("c3_mg_dl", lambda week: week.c3_mg_dl, 1),
    ("dsdna_iu_ml", lambda week: week.dsdna_iu_ml, 1),
    ("upcr_g_gcr", lambda week: week.upcr_g_gcr, 2),
    ("creatinine_mg_dl", lambda week: week.creatinine_mg_dl, 2),
]


def compared(value: Callable[[StudyWeek], object]) -> Paired:
    return paired(
        [value(row.week_0) for row in ROWS],  # type: ignore[misc]
        [value(row.week_52) if row.week_52 else None for row in ROWS],  # type: ignore[misc]
    )


def of(name: str) -> Paired:
    return compared(next(value for key, value, _ in FIELDS if key == name))


@pytest.mark.parametrize(("name", "value", "places"), FIELDS, ids=[name for name, _, _ in FIELDS])
def test_means_and_deviations_to_the_published_digits(
    name: str, value: Callable[[StudyWeek], object], places: int
) -> None:
    result = compared(value)
    assert (result.n, [row.count for row in result.left_out]) == (37, [1])
    for side, published in ((result.before, "before"), (result.after, "after")):
        summary = found(side)
        assert [round(summary.mean, places), round(found(summary.sd), places)] == PUBLISHED[name][published]


@pytest.mark.parametrize("name", ["psl_mg_per_day", "sledai"])
def test_below_one_in_a_thousand_by_both_tests(name: str) -> None:
    result = of(name)
    assert PUBLISHED[name]["p"] == "<0.001"
    assert found(result.t_test).p_value < 0.001
    assert found(result.wilcoxon).p_value < 0.001


@pytest.mark.parametrize("name", ["c3_mg_dl", "creatinine_mg_dl"])
def test_p_values_of_the_t_test(name: str) -> None:
    result = of(name)
    assert round(found(result.t_test).p_value, 3) == PUBLISHED[name]["p"]


def test_p_values_that_only_ranks_can_give() -> None:
    """Specification 1.4, numbers 16 and 17: a t-test cannot have given these."""
    upcr, dsdna = of("upcr_g_gcr"), of("dsdna_iu_ml")
    assert round(found(upcr.wilcoxon).p_value, 2) == PUBLISHED["upcr_g_gcr"]["p"]
    assert found(dsdna.wilcoxon).p_value < 0.001
    assert found(dsdna.t_test).p_value > 0.2


def test_kidney_function_by_the_japanese_equation() -> None:
    def egfr(row: StudyRow, week: StudyWeek | None, age: int) -> float | None:
        return None if week is None else egfr_japan(float(week.creatinine_mg_dl), age, row.sex)

    before = [egfr(row, row.week_0, row.age) for row in ROWS]
    after = [egfr(row, row.week_52, row.age + 1) for row in ROWS]
    p_value = found(paired(before, after).t_test).p_value
    assert round(p_value, 3) == PUBLISHED["egfr_ml_min_173"]["p"]


def test_28_of_38_as_the_specification_has_it() -> None:
    """Specification 1.3: Wilson 58.0–85.0, Clopper–Pearson 56.9–86.6."""
    share = found(proportion(28, 38))
    assert [round(100 * limit, 1) for limit in (share.wilson.low, share.wilson.high)] == [58.0, 85.0]
    assert [round(100 * limit, 1) for limit in (share.exact.low, share.exact.high)] == [56.9, 86.6]


def test_retention_on_tacrolimus() -> None:
    stops = [row.tac_stop_day for row in ROWS]
    curve = found(
        kaplan_meier([364 if day is None else day for day in stops], [day is not None for day in stops])
    )
    assert (curve.n, curve.events) == (38, 1)
    assert round(100 * curve.at(364).survival, 1) == 97.4

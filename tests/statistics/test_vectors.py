"""Every vector of R, to 1e-10; Hodges–Lehmann to 1e-3, for R finds its roots no closer."""

import pytest

from analytics.statistics import adjust, kaplan_meier, log_rank, mcnemar, paired, proportion
from analytics.statistics.results import Interval, NotEstimable
from analytics.statistics.survival import Curve
from analytics.statistics.wilcoxon import normal_p
from tests.statistics.reading import CASES, cases, close, column, found, says

PAIRED = cases("paired")
WITH_TESTS = [name for name in PAIRED if name not in ("nasty_n1", "nasty_all_zero")]
WITH_CHANGES = [name for name in PAIRED if name != "nasty_all_zero"]


def test_every_kind_of_vector_is_tested_here() -> None:
    kinds = {case["test"] for case in CASES.values()}
    assert kinds == {"paired", "proportion", "km", "p_adjust", "mcnemar"}


def compared(name: str):  # type: ignore[no-untyped-def]
    given = CASES[name]["input"]
    return paired(column(given["a"]), column(given["b"])), CASES[name]["expected"]


@pytest.mark.parametrize("name", PAIRED)
def test_both_columns(name: str) -> None:
    result, expected = compared(name)
    assert result.n == expected["n_pairs"]
    for side, letter in ((found(result.before), "a"), (found(result.after), "b")):
        assert side.mean == close(expected[f"mean_{letter}"])
        quartiles = [side.first_quartile, side.median, side.third_quartile]
        assert quartiles == close(expected[f"q7_{letter}"])
        if expected[f"sd_{letter}"] == "NA":
            says(side.sd, "at least two values")
        else:
            assert side.sd == close(expected[f"sd_{letter}"])
    assert found(result.change).mean == close(expected["mean_diff"])


@pytest.mark.parametrize("name", WITH_TESTS)
def test_the_t_test_and_the_effect_sizes(name: str) -> None:
    result, expected = compared(name)
    t_test = found(result.t_test)
    assert found(result.change).sd == close(expected["sd_diff"])
    assert t_test.statistic == close(expected["t"])
    assert t_test.degrees_of_freedom == expected["df"]
    assert t_test.p_value == close(expected["t_p"])
    assert [t_test.interval.low, t_test.interval.high] == close(expected["t_ci95"])
    assert result.effect.d_z == close(expected["cohen_dz"])
    assert result.effect.d_av == close(expected["cohen_dav"])
    assert result.effect.g_z == close(expected["hedges_gz"])


@pytest.mark.parametrize("name", WITH_CHANGES)
def test_the_signed_rank_test(name: str) -> None:
    result, expected = compared(name)
    signed_rank = found(result.wilcoxon)
    assert signed_rank.n - signed_rank.zeros == expected["n_nonzero"]
    assert signed_rank.statistic == expected["wilcoxon"]["rounded6"]["V"]
    assert signed_rank.p_value == close(expected["wilcoxon"]["rounded6"]["p_exact"])
    assert signed_rank.shift == pytest.approx(expected["wilcoxon"]["hodges_lehmann"], abs=1e-3)


@pytest.mark.parametrize("name", WITH_TESTS)
def test_the_interval_of_the_shift(name: str) -> None:
    result, expected = compared(name)
    interval = found(found(result.wilcoxon).interval)
    assert [interval.low, interval.high] == pytest.approx(expected["wilcoxon"]["hl_ci95_R"], abs=1e-3)


@pytest.mark.parametrize(("name", "ties"), [("sleep", [2]), ("depression_hollander", []), ("nasty_n1", [])])
def test_the_normal_approximation(name: str, ties: list[int]) -> None:
    """Two of the differences in sleep are tied, both 1.3."""
    wilcoxon = CASES[name]["expected"]["wilcoxon"]
    p_value = normal_p(CASES[name]["expected"]["n_nonzero"], ties, wilcoxon["V"])
    assert p_value == close(wilcoxon["p_normal_cc"])


def test_nothing_changed() -> None:
    result, expected = compared("nasty_all_zero")
    assert expected["t_p"] == "NaN"
    assert result.effect.d_av == expected["cohen_dav"]
    says(result.t_test, "all 4 changed by the same amount")
    says(result.wilcoxon, "none of the 4 differences is other than zero")
    says(result.effect.d_z, "all 4 changed by the same amount")
    says(result.effect.g_z, "all 4 changed by the same amount")


def test_one_pair() -> None:
    """R gives the shift itself for its interval, at a level of 0; that is no interval."""
    result, expected = compared("nasty_n1")
    assert "error" in expected["t_p"]
    says(result.t_test, "at least two values")
    says(result.effect.d_z, "at least two values")
    says(result.effect.d_av, "at least two values")
    says(found(result.wilcoxon).interval, "at least two differences")


@pytest.mark.parametrize("name", cases("proportion"))
def test_a_proportion(name: str) -> None:
    given, expected = CASES[name]["input"], CASES[name]["expected"]
    result = found(proportion(given["k"], given["n"]))
    assert result.estimate == close(expected["estimate"])
    assert [result.exact.low, result.exact.high] == close(expected["clopper_pearson95"])
    assert [result.wilson.low, result.wilson.high] == close(expected["wilson95"])


def curve(name: str) -> tuple[Curve, dict]:
    given = CASES[name]["input"]
    return found(kaplan_meier(given["time"], given["event"])), CASES[name]["expected"]


@pytest.mark.parametrize("name", cases("km"))
def test_a_curve_step_by_step(name: str) -> None:
    result, expected = curve(name)
    steps = expected["steps"]
    assert [step.estimate.time for step in result.steps] == steps["time"]
    assert [step.estimate.at_risk for step in result.steps] == steps["n_risk"]
    assert [step.events for step in result.steps] == steps["n_event"]
    assert [step.censored for step in result.steps] == steps["n_censor"]
    assert [step.estimate.survival for step in result.steps] == close(steps["surv"])


@pytest.mark.parametrize("name", cases("km"))
def test_a_curve_with_its_intervals(name: str) -> None:
    result, expected = curve(name)
    rows = expected["log-log"]
    for number, time in enumerate(rows["at"]):
        estimate = result.at(time)
        interval = found(estimate.interval)
        assert estimate.at_risk == rows["n_risk"][number]
        assert estimate.survival == close(rows["surv"][number])
        assert estimate.standard_error == close(rows["se_greenwood"][number])
        assert [interval.low, interval.high] == close([rows["lower"][number], rows["upper"][number]])


def test_the_median_of_a_curve() -> None:
    result, expected = curve("km_aml")
    assert found(result.median).time == expected["median"]
    without, expected = curve("km_paper_TAC")
    assert expected["median"] == "NA"
    says(without.median, "the curve of 38 does not fall to half")


def test_the_log_rank_test() -> None:
    given, expected = CASES["km_aml"]["input"], CASES["km_aml"]["expected"]["logrank"]
    result = found(log_rank(given["time"], given["event"], given["group"]))
    assert result.chi_squared == close(expected["chisq"])
    assert result.degrees_of_freedom == expected["df"]
    assert result.p_value == close(expected["p"])
    assert [row.observed for row in result.groups] == expected["observed"]
    assert [row.expected for row in result.groups] == close(expected["expected"])


@pytest.mark.parametrize("name", cases("p_adjust"))
@pytest.mark.parametrize("method", ["holm", "BH"])
def test_adjusted_p_values(name: str, method: str) -> None:
    given, expected = column(CASES[name]["input"]["p"]), column(CASES[name]["expected"][method])
    result = adjust(given, method)
    assert [p is None for p in result.p_values] == [p is None for p in expected]
    assert [p for p in result.p_values if p is not None] == close([p for p in expected if p is not None])
    assert result.n == sum(p is not None for p in given)


def test_mcnemar() -> None:
    (both, lost), (gained, neither) = CASES["mcnemar"]["input"]["table"]
    before = [True] * (both + lost) + [False] * (gained + neither)
    after = [True] * both + [False] * lost + [True] * gained + [False] * neither
    result, expected = found(mcnemar(before, after)), CASES["mcnemar"]["expected"]
    assert (result.n, result.lost, result.gained) == (1600, lost, gained)
    assert result.p_value == close(expected["exact_p"])
    assert result.chi_squared == close(expected["chisq_cc"])
    assert result.chi_squared_p_value == close(expected["p_cc"])


def test_a_result_is_an_interval_or_a_sentence_never_not_a_number() -> None:
    for name in PAIRED:
        result, _ = compared(name)
        if not isinstance(result.wilcoxon, NotEstimable):
            assert isinstance(result.wilcoxon.interval, Interval | NotEstimable)
            assert 0 < result.wilcoxon.p_value <= 1

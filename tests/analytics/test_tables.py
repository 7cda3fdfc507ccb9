"""The tables of the report from the study's rows: the published digits, and what cannot be estimated."""

import pytest

from analytics.report.contents.before_after import Measure, before_after, behind_the_tests
from analytics.report.contents.described import BaselineQuantity, Trait, described
from analytics.report.contents.plots import FigureDescription
from analytics.report.contents.retention import RetentionTime, retention
from analytics.report.contents.shares import Finding, Share, findings, share_of, shares
from analytics.report.contents.subgroups import Division, forest, responders_by
from tests.analytics.study import ROWS, cell, measure, read

PREDNISOLONE = measure("Prednisolone", "mg/day", 1, lambda week: week.psl_mg)
C3 = measure("C3", "mg/dl", 1, lambda week: week.c3_mg_dl)
UPCR = measure("UPCR", "g/gCr", 2, lambda week: week.upcr_g_gcr)
CREATININE = measure("Creatinine", "mg/dl", 2, lambda week: week.creatinine_mg_dl)
MEANS = ("pairs", "mean_week_0", "sd_week_0", "mean_week_52", "sd_week_52")


class TestBeforeAfter:
    """Specification 1.3 and 1.5."""

    table = before_after([PREDNISOLONE, C3, UPCR, CREATININE])

    @pytest.mark.parametrize(
        ("row", "published"),
        [
            ("Prednisolone, mg/day", ["37", "11.7", "5.6", "8.2", "4.2"]),
            ("C3, mg/dl", ["37", "74.7", "21.8", "86.4", "17.8"]),
            ("UPCR, g/gCr", ["37", "0.31", "0.70", "0.31", "0.47"]),
            ("Creatinine, mg/dl", ["37", "0.72", "0.28", "0.78", "0.37"]),
        ],
    )
    def test_means_as_published(self, row: str, published: list[str]) -> None:
        assert read(self.table, row, *MEANS) == published

    def test_changes_and_their_intervals(self) -> None:
        """1.5: C3 +11.7 (3.6–19.8); creatinine +.06 (.004–.116); prednisolone −3.5, −29.9 %."""
        for column, rounded in (("change", 11.7), ("change_low", 3.6), ("change_high", 19.8)):
            # The specification calculates with the rounded means of the paper.
            found = cell(self.table, "C3, mg/dl", column)
            assert float(str(found.value)) == pytest.approx(rounded, abs=0.1)
        assert read(self.table, "Creatinine, mg/dl", "change", "change_low", "change_high") == [
            "+0.06",
            "0.00",
            "+0.12",
        ]
        assert read(self.table, "Prednisolone, mg/day", "change", "change_percent") == ["−3.5", "−29.9"]

    def test_p_values_by_both_tests(self) -> None:
        assert read(self.table, "C3, mg/dl", "p_paired_t") == ["0.006"]
        assert read(self.table, "Creatinine, mg/dl", "p_paired_t") == ["0.038"]
        assert read(self.table, "UPCR, g/gCr", "p_wilcoxon") == ["0.473"]
        assert read(self.table, "Prednisolone, mg/day", "p_paired_t", "p_wilcoxon") == ["<0.001", "<0.001"]

    def test_what_is_behind_them(self) -> None:
        table = behind_the_tests([PREDNISOLONE, C3, UPCR, CREATININE])
        assert cell(table, "C3, mg/dl", "left_out").text == "1 the value after is missing"
        assert read(table, "C3, mg/dl", "d_z") == ["+0.48"]
        # 0.36 is computed from the rounded means of the paper.
        assert float(str(cell(table, "Creatinine, mg/dl", "d_z").value)) == pytest.approx(0.36, abs=0.01)
        assert any("exact" in note for note in table.notes)
        raw = float(str(cell(self.table, "UPCR, g/gCr", "p_wilcoxon").value))
        assert float(str(cell(table, "UPCR, g/gCr", "p_holm").value)) >= raw

    @pytest.mark.parametrize("values", [([], []), ([1], [2]), ([1, 1], [1, 1]), ([None], [None])])
    def test_too_little_says_so(self, values: tuple[list[int | None], list[int | None]]) -> None:
        poor = Measure("poor", "Poor", "", 1, *values)
        for table in (before_after([poor]), behind_the_tests([poor])):
            assert any(note.startswith("n.e.: Not estimable, because") for note in table.notes)
        assert cell(before_after([poor]), "Poor", "p_paired_t").value is None


class TestShares:
    def test_responders_with_both_intervals(self) -> None:
        """Specification 1.3: 28/38 = 73.7 %, Wilson 58.0–85.0, Clopper–Pearson 56.9–86.6."""
        table = shares("responders", "Response", [Share("responders", "Responders", 28, 38)])
        limits = ("percent", "wilson_low", "wilson_high", "exact_low", "exact_high", "not_assessable")
        assert read(table, "Responders", *limits) == ["73.7", "58.0", "85.0", "56.9", "86.6", "0"]

    def test_nobody(self) -> None:
        table = shares("responders", "Response", [Share("responders", "Responders", 0, 0)])
        assert cell(table, "Responders", "percent").text == "n.e."
        assert table.notes == ("n.e.: Not estimable, because there is nobody to count.",)

    def test_reasons_are_no_answers(self) -> None:
        share = share_of("met", "Met", [True, False, "no visit", "no visit", None, "moved"])
        assert (share.successes, share.n, share.unknown) == (1, 2, {"moved": 1, "no visit": 2})
        table = shares("met", "Met", [share])
        assert cell(table, "Met", "not_assessable").text == "1 moved; 2 no visit"
        assert cell(table, "Met", "not_assessable").value == 3

    @pytest.mark.parametrize(
        ("symptom", "before", "after", "p"),
        [
            ("headache", 7, 1, "0.031"),
            ("alopecia", 5, 0, "0.062"),
            ("rash", 6, 2, "0.125"),
            ("arthritis", 3, 0, "0.250"),
        ],
    )
    def test_symptoms_before_and_after(self, symptom: str, before: int, after: int, p: str) -> None:
        """Specification 1.3: exact McNemar with no new onset."""
        had = [True] * before + [False] * (37 - before)
        has = [True] * after + [False] * (37 - after)
        table = findings("symptoms", "Symptoms", [Finding(symptom, symptom, [*had, True], [*has, None])])
        assert read(
            table, symptom, "at_week_0", "assessed_week_0", "pairs", "before", "after", "p_mcnemar"
        ) == [
            str(before + 1),
            "38",
            "37",
            str(before),
            str(after),
            p,
        ]


def test_table_1_as_published() -> None:
    """Specification 1.2: age 44.0 ± 15.6; 28 of 38 female; tacrolimus 2.80 ± 0.65."""
    table = described(
        "table_1",
        "Table 1",
        [
            BaselineQuantity("age", "Age", "years", 1, [row.age for row in ROWS]),
            Trait("female", "Female", [row.sex == "F" for row in ROWS]),
            Trait("biopsy", "Biopsy known", [None for _ in ROWS]),
        ],
    )
    assert read(table, "Age, years", "known", "mean", "sd") == ["38", "44.0", "15.6"]
    assert read(table, "Female", "known", "number", "percent") == ["38", "28", "73.7"]
    assert read(table, "Biopsy known", "known", "number", "percent") == ["0", "0", ""]


class TestRetention:
    def test_one_stop_in_the_first_week(self) -> None:
        people = [RetentionTime(7, True), *[RetentionTime(364, False)] * 37]
        figure = retention("retention", "Retention", people)
        assert read(figure.table, "0", "at_risk", "kept") == ["38", "100.0"]
        assert read(figure.table, "52", "at_risk", "kept") == ["37", "97.4"]
        assert "38 patients, 1 stopped" in figure.caption
        assert figure.series[0].points[1].y == pytest.approx(100 * 37 / 38)

    @pytest.mark.parametrize("people", [[], [RetentionTime(100, False)], [RetentionTime(3, True)]])
    def test_nobody_one_and_all_censored(self, people: list[RetentionTime]) -> None:
        figure = retention("retention", "Retention", people)
        assert figure.table.notes
        assert all(0 <= point.y <= 100 for series in figure.series for point in series.points)


class TestSubgroups:
    """Two groups of four: changes −4 −3 −2 −3 (mean −3) and −1 0 1 0 (mean 0)."""

    division = Division("Renal", "yes", "no", [True] * 4 + [False] * 4 + [None])
    changes = (-4.0, -3.0, -2.0, -3.0, -1.0, 0.0, 1.0, 0.0, None)
    figure = forest(FigureDescription("forest", "Forest", "Change", "mg/day", 1), changes, [division])

    def test_means_and_intervals(self) -> None:
        """By hand: SD √(2/3), error 0.408, t(3) 3.182: ± 1.3."""
        table = self.figure.table
        assert read(table, "Renal: yes", "pairs", "change", "low", "high") == ["4", "−3.0", "−4.3", "−1.7"]
        assert read(table, "Renal: no", "pairs", "change", "low", "high") == ["4", "0.0", "−1.3", "+1.3"]
        assert read(table, "All patients", "pairs", "change") == ["8", "−1.5"]

    def test_between_the_groups(self) -> None:
        """By hand: z = 3/√(2 · 1/6) = 5.196, p 2e-7; U = 0.5 of 16 pairs is not separated by chance."""
        assert read(self.figure.table, "Renal: yes", "p_interaction") == ["<0.001"]
        assert float(str(cell(self.figure.table, "Renal: yes", "p_mann_whitney").value)) < 0.05
        assert read(self.figure.table, "Renal: no", "p_interaction") == [""]

    def test_marks_stand_at_their_group(self) -> None:
        assert self.figure.y.categories == ("All patients", "Renal: yes", "Renal: no")
        assert [(point.y, point.x) for point in self.figure.series[0].points] == [(0, -1.5), (1, -3), (2, 0)]

    def test_an_empty_group_has_no_mark_and_says_why(self) -> None:
        alone = Division("Renal", "yes", "no", [True] * 9)
        figure = forest(FigureDescription("forest", "Forest", "Change", "mg/day", 1), self.changes, [alone])
        assert [point.y for point in figure.series[0].points] == [0, 1]
        assert cell(figure.table, "Renal: no", "change").text == "n.e."
        assert cell(figure.table, "Renal: yes", "p_interaction").text == "n.e."

    def test_responders_of_each(self) -> None:
        """Fisher's exact test of 4/4 against 0/4: 2/70 = 0.029."""
        table = responders_by([True] * 4 + [False] * 4 + [None], [self.division])
        assert read(table, "Renal: yes", "responders", "of", "percent", "p_fisher") == [
            "4",
            "4",
            "100.0",
            "0.029",
        ]
        assert read(table, "Renal: no", "responders", "of", "percent") == ["0", "4", "0.0"]

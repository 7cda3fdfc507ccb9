"""Adverse events, the flow of the patients and shift tables."""

import pytest

from analytics.report.contents.adverse import ReportedEvent, by_term, listed
from analytics.report.contents.flow import flow
from analytics.report.contents.shifts import shift
from analytics.report.document import FlowStep
from tests.analytics.study import cell, read

RHABDOMYOLYSIS = ReportedEvent("P38", 7, "rhabdomyolysis", None, None, 6.7, "stopped", "recovered")
CRAMPS = ReportedEvent("P23", 330, "muscle cramps", 1, False, 7.4, "dose reduced", "improving")
AGAIN = ReportedEvent("P23", 340, "muscle cramps", 3, True)


class TestEvents:
    """Specification 1.3: 2/38 = 5.3 %, Wilson 1.5–17.3."""

    table = by_term([RHABDOMYOLYSIS, CRAMPS], 38, 37.0)

    def test_share_of_patients(self) -> None:
        assert read(self.table, "Any event", "patients", "percent", "low", "high", "events") == [
            "2",
            "5.3",
            "1.5",
            "17.3",
            "2",
        ]

    def test_rate(self) -> None:
        """By hand: 2 events in 37.0 patient-years are 5.4 per 100."""
        assert read(self.table, "Any event", "rate") == ["5.4"]
        assert "38 patients, 37.0 patient-years on tacrolimus." in self.table.notes

    def test_a_patient_counts_once_and_her_events_each(self) -> None:
        table = by_term([CRAMPS, AGAIN], 38, 37.0)
        counts = ("patients", "events", "severe", "serious", "grade_unknown", "serious_unknown")
        assert read(table, "muscle cramps", *counts) == ["1", "2", "1", "1", "0", "0"]

    def test_what_nobody_recorded_is_not_counted_as_harmless(self) -> None:
        counts = ("severe", "grade_unknown", "serious", "serious_unknown")
        assert read(self.table, "rhabdomyolysis", *counts) == ["0", "1", "0", "1"]

    def test_nobody_and_no_time(self) -> None:
        table = by_term([], 0, 0.0)
        assert read(table, "Any event", "patients", "percent", "events", "rate") == ["0", "n.e.", "0", ""]
        assert "n.e.: Not estimable, because there is nobody to count." in table.notes

    def test_each_event_says_what_is_not_recorded(self) -> None:
        table = listed([RHABDOMYOLYSIS, CRAMPS])
        assert read(table, "P38", "day", "term", "grade", "serious", "level", "action", "outcome") == [
            "7",
            "rhabdomyolysis",
            "not recorded",
            "not recorded",
            "6.7",
            "stopped",
            "recovered",
        ]
        assert read(table, "P23", "grade", "serious") == ["1", "no"]


class TestFlow:
    def test_steps_and_reasons(self) -> None:
        made = flow(
            [
                FlowStep("registered", "Registered", 40, (("never on tacrolimus", 2),)),
                FlowStep("started", "Started tacrolimus", 38),
            ]
        )
        assert read(made.table, "Registered", "patients", "left") == ["40", ""]
        assert read(made.table, "never on tacrolimus", "patients", "left") == ["", "2"]

    def test_patients_cannot_vanish(self) -> None:
        with pytest.raises(ValueError, match="40 − 1 are not 38"):
            flow(
                [
                    FlowStep("registered", "Registered", 40, (("never on tacrolimus", 1),)),
                    FlowStep("started", "Started", 38),
                ]
            )


class TestShift:
    pairs = [("low", "normal"), ("low", "low"), ("normal", "normal"), ("low", None), (None, None)]
    table = shift("c3", "C3", [("low", "low"), ("normal", "normal")], pairs)

    def test_each_patient_is_in_one_cell(self) -> None:
        counts = ("to_low", "to_normal", "to_none", "total")
        assert read(self.table, "low", *counts) == ["1", "1", "1", "3"]
        assert read(self.table, "normal", *counts) == ["0", "1", "0", "1"]
        assert read(self.table, "no value", *counts) == ["0", "0", "1", "1"]
        total = sum(int(str(cell(self.table, name, "total").value)) for name in ("low", "normal", "no value"))
        assert total == len(self.pairs)

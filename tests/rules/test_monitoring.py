"""The monitoring calendar. Clinical specification 4.4: its table, "overdue = due + 14 d unless said"."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing.rules.case import Case, case_of
from dosing.rules.findings import TaskFinding
from dosing.rules.monitoring import due, present_control
from dosing.rules.treatment import Level, Treatment
from patients.rules.record import Episode, Record
from tests.rules.records import before, eligible_record, laboratory, visit, with_episodes

START = date(2025, 1, 6)
EVERYTHING = (
    "creatinine", "potassium", "glucose", "ck", "haemoglobin", "alt", "magnesium", "hba1c", "upcr", "c3",
    "dsdna", "urate",
)  # fmt: skip


def base(*doses: tuple[int, str]) -> Record:
    """Tacrolimus from START (day 0) on, with its changes of dose; nothing measured yet."""
    plain = eligible_record(START)
    rows = []
    for number, (day, mg) in enumerate(doses or ((0, "3"),)):
        later = (doses or ((0, "3"),))[number + 1 : number + 2]
        last = START + timedelta(days=later[0][0] - 1) if later else None
        rows.append(Episode(70 + number, "tacrolimus", START + timedelta(days=day), Decimal(mg), last))
    return with_episodes(replace(plain, visits=(), laboratory=()), *rows)


def done(record: Record, day: int, *left_out: str) -> tuple[Record, Level]:
    """A whole control on a day of treatment."""
    on = START + timedelta(days=day)
    measured = tuple(
        laboratory(1000 * (day + 1) + n, key, on, "1")
        for n, key in enumerate(EVERYTHING)
        if key not in left_out
    )
    x_ray = laboratory(1000 * (day + 1) + 99, "chest_xray", on, finding="normal")
    seen = (visit(day + 1, on),) if "visit" not in left_out else ()
    found = replace(record, laboratory=(*record.laboratory, *measured, x_ray), visits=(*record.visits, *seen))
    return found, Level(day, on, Decimal(7), hours_after_dose=Decimal(12))


def case(day: int, record: Record | None = None, *levels: Level) -> Case:
    return case_of(record or base(), Treatment(levels=levels), START + timedelta(days=day))


def after(*days: int, on: int, record: Record | None = None) -> Case:
    """The case on a day, with whole controls on these days of treatment."""
    known, levels = record or base(), []
    for day in days:
        known, level = done(known, day)
        levels.append(level)
    return case(on, known, *levels)


def planned(found: Case, kind: str = "control") -> TaskFinding:
    (one,) = [work for work in due(found) if work.kind == kind]
    return one


def day_of(work: TaskFinding) -> int:
    return (work.due_on - START).days


class TestCalendar:
    @pytest.mark.parametrize(
        ("done_on", "today", "due_day"),
        [
            ((), 0, 7),
            ((), 7, 7),
            ((), 14, 7),
            ((7,), 7, 28),
            ((7,), 20, 28),
            ((7, 28), 30, 56),
            ((7, 28, 56), 60, 84),
            ((7, 28, 56, 84), 85, 140),
            ((7, 28, 56, 84, 140), 141, 196),
            ((7, 28, 56, 84, 140, 196, 252, 308), 330, 364),
        ],
    )
    def test_the_next_control(self, done_on: tuple[int, ...], today: int, due_day: int) -> None:
        """Day 7, weeks 4, 8 and 12, then every eight weeks: 20, 28, 36, 44, 52."""
        assert day_of(planned(after(*done_on, on=today))) == due_day

    @pytest.mark.parametrize(("due_day", "overdue_from"), [(7, 15), (28, 43), (84, 99), (140, 155)])
    def test_from_when_it_is_overdue(self, due_day: int, overdue_from: int) -> None:
        """Day 7 from day 15; else 14 days late are allowed."""
        work = planned(case(due_day))
        assert (day_of(work), (work.overdue_from - START).days) == (due_day, overdue_from)

    @pytest.mark.parametrize("today", [16, 29, 57, 200, 700])
    def test_what_was_missed_long_ago_is_not_asked_for(self, today: int) -> None:
        """One control at a time, the present one: never a backlog."""
        found = list(due(case(today)))
        assert len([work for work in found if work.kind == "control"]) == 1
        assert abs(day_of(planned(case(today))) - today) <= 56

    def test_a_control_a_little_early_counts(self) -> None:
        assert day_of(planned(after(3, on=8))) == 28
        assert day_of(planned(after(2, on=8))) == 7
        assert day_of(planned(after(7, 16, on=29))) == 56

    def test_nothing_is_planned_without_tacrolimus(self) -> None:
        stopped = replace(
            base(), episodes=(Episode(1, "tacrolimus", START, Decimal(3), START + timedelta(days=20)),)
        )
        assert list(due(case(21, stopped))) == []
        assert list(due(case_of(eligible_record(), Treatment(), START))) == []


class TestItems:
    def items(self, found: Case) -> tuple[str, ...]:
        value = planned(found).sentence.values["items"]
        assert isinstance(value, tuple)
        return value

    def test_day_7(self) -> None:
        """Row "day 7": level, Cr/K, glucose, BP, CK, blood count and liver."""
        assert self.items(case(7)) == (
            "level", "creatinine", "potassium", "glucose", "blood pressure", "CK", "blood count",
            "liver tests",
        )  # fmt: skip

    @pytest.mark.parametrize(("day", "magnesium"), [(28, True), (56, False), (84, True)])
    def test_weeks_4_8_and_12(self, day: int, magnesium: bool) -> None:
        items = self.items(case(day))
        assert {"CK", "urine protein", "C3", "anti-dsDNA", "visit with SLEDAI"} <= set(items)
        assert ("magnesium" in items) is magnesium

    def test_later_ck_is_for_symptoms(self) -> None:
        assert "CK" not in self.items(case(140))

    def test_hba1c_every_three_months(self) -> None:
        assert "HbA1c" not in self.items(after(28, on=56))
        assert "HbA1c" in self.items(after(28, on=140))

    def test_the_year_ends_with_a_chest_x_ray_as_in_the_study(self) -> None:
        assert {"chest X-ray", "urate"} <= set(self.items(case(364)))
        assert "chest X-ray" not in self.items(case(308))

    def test_past_hepatitis_b_asks_for_its_dna(self) -> None:
        positive = laboratory(1, "anti_hbc", before(START, 20), finding="positive")
        assert "HBV-DNA" in self.items(case(28, replace(base(), laboratory=(positive,))))
        assert "HBV-DNA" not in self.items(case(28))

    def test_what_is_there_is_no_longer_asked_for(self) -> None:
        known, _level = done(base(), 7, "potassium", "ck")
        assert self.items(case(8, known)) == ("level", "potassium", "CK")

    def test_known_and_missing_make_up_the_control(self) -> None:
        known, level = done(base(), 28, "c3", "visit")
        control = present_control(case(29, known, level), START)
        assert control.missing == ("blood pressure", "C3", "visit with SLEDAI")
        assert "level" in control.known


class TestAfterAChange:
    def changed(self, day: int, today: int, *done_on: int) -> list[TaskFinding]:
        found = after(*done_on, on=today, record=base((0, "2"), (day, "3")))
        return [work for work in due(found) if work.kind == "level_due"]

    def test_level_creatinine_and_potassium_in_5_to_14_days(self) -> None:
        (work,) = self.changed(100, 101, 7, 28, 56, 84)
        assert (day_of(work), (work.overdue_from - START).days) == (107, 115)
        assert work.sentence.values["items"] == ("level", "creatinine", "potassium")

    @pytest.mark.parametrize(("drawn", "asked"), [(104, True), (105, False)])
    def test_earlier_than_the_fifth_day_is_too_early(self, drawn: int, asked: bool) -> None:
        assert bool(self.changed(100, 107, 7, 28, 56, 84, drawn)) is asked

    def test_a_control_that_falls_there_is_enough(self) -> None:
        assert self.changed(130, 131, 7, 28, 56, 84) == []

    def test_a_control_that_has_its_level_from_before_the_change_does_not_stand_for_one(self) -> None:
        """Week 20 is due on day 140: all but the visit is done on day 126, the dose is changed on day 130."""
        record, levels = base((0, "3"), (130, "2")), []
        for day in (7, 28, 56, 84):
            record, level = done(record, day)
            levels.append(level)
        record, early = done(record, 126, "visit")
        (work,) = (row for row in due(case(136, record, *levels, early)) if row.kind == "level_due")
        assert (work.due_on - START).days == 137
        assert (work.overdue_from - START).days == 145

    def test_the_start_is_no_change(self) -> None:
        assert [work for work in due(case(3)) if work.kind == "level_due"] == []

    def test_weeks_later_it_is_the_controls_business(self) -> None:
        assert self.changed(100, 129, 7, 28, 56, 84) == []


class TestEffect:
    @pytest.mark.parametrize(("today", "asked"), [(48, False), (49, True), (56, True), (200, True)])
    def test_two_months_without_a_visit_since(self, today: int, asked: bool) -> None:
        assert any(work.kind == "effect" for work in due(case(today))) is asked

    def test_overdue_after_day_70(self) -> None:
        assert (planned(case(60), "effect").overdue_from - START).days == 71

    def test_a_visit_from_then_on_answers_it(self) -> None:
        assert not any(work.kind == "effect" for work in due(after(56, on=57)))
        assert any(work.kind == "effect" for work in due(after(50, on=57)))


@given(st.integers(0, 800), st.lists(st.integers(0, 800), max_size=8))
def test_there_is_always_one_control_and_it_is_never_far(today: int, done_on: list[int]) -> None:
    found = list(due(after(*(day for day in set(done_on) if day <= today), on=today)))
    keys = [(work.kind, work.subject) for work in found]
    assert len(keys) == len(set(keys))
    (control,) = [work for work in found if work.kind == "control"]
    assert -28 <= day_of(control) - today <= 84
    assert control.overdue_from > control.due_on

"""What stands on the time axis, and what never does."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from dosing.rules.case import case_of
from dosing.rules.taper.plan import TaperPlan
from dosing.rules.timeline import (
    Decided,
    Lane,
    Stretch,
    Symbol,
    Timeline,
    TimelineMark,
    TimelinePoint,
    timeline,
)
from dosing.rules.treatment import NO_TREATMENT, AdverseEvent, Level, Treatment
from patients.rules.dates import PartialDate
from patients.rules.record import Administration, Episode, Purpose, Record, Statement
from patients.rules.schedules import Schedule
from patients.rules.sledai import ITEMS
from patients.rules.verdict import FactReference
from tests.rules.records import (
    ON,
    before,
    eligible_record,
    laboratory,
    visit,
    with_administrations,
    with_episodes,
    with_laboratory,
    with_person,
    with_steroid,
)

NOTHING = replace(eligible_record(), visits=(), laboratory=(), episodes=(), statements=())
COVER = Purpose.STRESS_COVER
NONE_ASSESSED = {item.code: None for item in ITEMS}


def drawn(
    record: Record, levels: Iterable[Level] = (), decisions: Iterable[Decided] = (), on: date = ON
) -> Timeline:
    found = timeline(case_of(record, Treatment(levels=tuple(levels)), on), decisions)
    assert found is not None
    return found


def lane(found: Timeline, key: str) -> Lane:
    return next(row for row in found.lanes if row.key == key)


def stretches(found: Timeline, key: str) -> list[Stretch]:
    return [row for series in lane(found, key).series for row in series.stretches]


def points(found: Timeline, key: str) -> list[TimelinePoint]:
    return [row for series in lane(found, key).series for row in series.points]


def marks(found: Timeline, symbol: Symbol) -> list[TimelineMark]:
    return [row for series in lane(found, "events").series for row in series.marks if row.symbol is symbol]


def taking(*episodes: Episode) -> Record:
    return replace(NOTHING, episodes=episodes)


def with_c3(*rows: tuple[date, str], **changes: object) -> Record:
    return with_laboratory(NOTHING, "c3", *rows, **changes)


def test_a_record_without_anything_has_no_axis() -> None:
    """A drug list said to be complete and a classification are facts, but nothing to draw."""
    assert NOTHING.drug_histories and NOTHING.classifications
    assert timeline(case_of(NOTHING, NO_TREATMENT, ON), ()) is None


def test_lanes_come_in_the_order_of_the_plan_and_only_with_something_in_them() -> None:
    record = with_laboratory(eligible_record(), "dsdna", (before(ON, 3), "14"), method="ELISA")
    known = [Level(1, ON, Decimal(6), hours_after_dose=Decimal(12))]
    assert [row.key for row in drawn(record, known).lanes] == [
        "prednisolone", "levels", "other_drugs", "sledai", "c3", "dsdna_0", "creatinine", "egfr", "events",
    ]  # fmt: skip
    assert [row.key for row in drawn(with_c3((ON, "80"))).lanes] == ["c3"]


def test_the_axis_begins_with_the_first_thing_on_it_and_ends_today() -> None:
    found = drawn(eligible_record())
    assert (found.first, found.on) == (before(ON, 900), ON)


def test_what_is_dated_later_is_not_on_it() -> None:
    tomorrow = ON + timedelta(days=1)
    record = replace(
        with_c3((ON, "90"), (tomorrow, "80")),
        visits=(visit(1, tomorrow),),
        episodes=(Episode(1, "prednisolone", tomorrow, Decimal(10)),),
    )
    found = drawn(record, [Level(1, tomorrow, Decimal(6))], [Decided(1, tomorrow, "start", "Dr A")])
    assert [row.key for row in found.lanes] == ["c3"]
    assert [row.on for row in points(found, "c3")] == [ON]


def test_a_planned_stop_lies_beyond_the_picture() -> None:
    (row,) = stretches(
        drawn(taking(Episode(1, "tacrolimus", before(ON, 9), Decimal(3), ON + timedelta(99)))), "tacrolimus"
    )
    assert (row.first, row.last, row.mg_per_day) == (before(ON, 9), ON, 3)


# Equivalents are the specification's 5.5: methylprednisolone 4 mg for 5 mg of prednisolone.
STEROIDS = (
    ((Episode(1, "prednisolone", before(ON, 20), Decimal(10)),), [(20, 0, "10")]),
    ((Episode(1, "methylprednisolone", before(ON, 20), Decimal(4)),), [(20, 0, "5")]),
    (
        (Episode(1, "prednisolone", before(ON, 20), Decimal(5), schedule=Schedule.ALTERNATE_DAYS),),
        [(20, 0, "2.5")],
    ),
    (
        (
            Episode(1, "prednisolone", before(ON, 20), Decimal(10), before(ON, 11)),
            Episode(2, "prednisolone", before(ON, 10), Decimal("7.5")),
        ),
        [(20, 11, "10"), (10, 0, "7.5")],
    ),
    (  # A gap is not 0 mg: nothing is drawn in it.
        (
            Episode(1, "prednisolone", before(ON, 20), Decimal(10), before(ON, 15)),
            Episode(2, "prednisolone", before(ON, 5), Decimal(10)),
        ),
        [(20, 15, "10"), (5, 0, "10")],
    ),
    (  # Two glucocorticoids add up while both are taken.
        (
            Episode(1, "prednisolone", before(ON, 20), Decimal(10)),
            Episode(2, "hydrocortisone", before(ON, 10), Decimal(20), before(ON, 8), purpose=COVER),
        ),
        [(20, 11, "10"), (10, 8, "15"), (7, 0, "10")],
    ),
    ((Episode(1, "prednisolone", before(ON, 5), Decimal(0)),), [(5, 0, "0")]),
    ((Episode(1, "prednisolone", before(ON, 5), None),), [(5, 0, None)]),
)  # fmt: skip


@pytest.mark.parametrize(("episodes", "expected"), STEROIDS)
def test_prednisolone_in_steps(
    episodes: tuple[Episode, ...], expected: list[tuple[int, int, str | None]]
) -> None:
    assert [
        (row.first, row.last, row.mg_per_day) for row in stretches(drawn(taking(*episodes)), "prednisolone")
    ] == [
        (before(ON, first), before(ON, last), None if mg is None else Decimal(mg))
        for first, last, mg in expected
    ]


def test_the_doses_of_a_taper_lie_beside_those_taken() -> None:
    """10 mg planned from 60 days before, steps of 1 mg every 28 days (6.2), the third not due yet."""
    record = with_steroid(eligible_record(), Episode(90, "prednisolone", before(ON, 200), Decimal(10)))
    plan = TaperPlan(5, before(ON, 60), early_start=True)
    found = timeline(case_of(record, Treatment(tapers=(plan,)), ON), ())
    assert found is not None
    taken, planned = lane(found, "prednisolone").series
    assert (taken.is_planned, planned.is_planned) == (False, True)
    assert [(row.first, row.last, row.mg_per_day) for row in planned.stretches] == [
        (before(ON, 60), before(ON, 33), 9),
        (before(ON, 32), before(ON, 5), 8),
        (before(ON, 4), ON, 7),
    ]
    assert planned.stretches[0].fact == FactReference("taper", 5)
    ended = replace(plan, ended_on=before(ON, 40))
    found = timeline(case_of(record, Treatment(tapers=(ended,)), ON), ())
    assert found is not None
    assert lane(found, "prednisolone").series[1].stretches[-1].last == before(ON, 40)


def test_a_steroid_on_the_skin_is_not_a_dose() -> None:
    record = with_steroid(
        eligible_record(), Episode(9, "prednisolone", before(ON, 5), Decimal(1), route="topical")
    )
    assert "prednisolone" not in [row.key for row in drawn(record).lanes]


def test_a_step_leads_to_its_fact() -> None:
    (row,) = stretches(drawn(taking(Episode(7, "prednisolone", before(ON, 5), Decimal(10)))), "prednisolone")
    assert row.fact == FactReference("episode", 7)


def test_the_other_drugs_have_a_row_each_and_tacrolimus_has_its_own_lane() -> None:
    record = taking(
        Episode(1, "mizoribine", before(ON, 90), Decimal(150), before(ON, 50)),
        Episode(2, "hydroxychloroquine", before(ON, 300), Decimal(200)),
        Episode(3, "tacrolimus", before(ON, 30), Decimal(3)),
        Episode(4, "mizoribine", before(ON, 40), Decimal(100)),
        Episode(5, "atorvastatin", before(ON, 40), Decimal(10)),
        Episode(6, "methotrexate", before(ON, 10), Decimal(8), schedule=Schedule.WEEKLY),
        Episode(8, "azathioprine", before(ON, 10), Decimal(0)),
    )
    found = lane(drawn(record), "other_drugs")
    assert [(row.name.text, len(row.stretches)) for row in found.series] == [
        ("hydroxychloroquine", 1), ("mizoribine", 2), ("methotrexate", 1),
    ]  # fmt: skip
    weekly = found.series[2].stretches[0]
    assert weekly.said.text % weekly.said.values == "8 mg once a week"


def test_a_drug_ends_where_no_dose_follows() -> None:
    """A change of dose is no end, nor is a drug still taken; a day without a dose between two is one."""
    record = taking(
        Episode(1, "mizoribine", before(ON, 90), Decimal(100), before(ON, 61)),
        Episode(2, "mizoribine", before(ON, 60), Decimal(150), before(ON, 40)),
        Episode(3, "mizoribine", before(ON, 38), Decimal(150)),
    )
    (series,) = lane(drawn(record), "other_drugs").series
    assert [row.last for row in series.ends(ON)] == [before(ON, 40)]


COURSES = (
    ([(30, 21), (20, None)], [(30, 0)]),
    ([(30, 22), (20, None)], [(30, 22), (20, 0)]),
    ([(30, 20)], [(30, 20)]),
    ([], []),
)


@pytest.mark.parametrize(("doses", "expected"), COURSES)
def test_courses_of_tacrolimus(doses: list[tuple[int, int | None]], expected: list[tuple[int, int]]) -> None:
    """One day without a dose ends a course, as in the banner of the patient."""
    record = with_episodes(
        NOTHING,
        Episode(99, "hydroxychloroquine", before(ON, 90), Decimal(200)),
        *(
            Episode(
                number,
                "tacrolimus",
                before(ON, first),
                Decimal(3),
                None if last is None else before(ON, last),
            )
            for number, (first, last) in enumerate(doses)
        ),
    )
    found = [(course.first, course.last) for course in drawn(record).courses]
    assert found == [(before(ON, first), before(ON, last)) for first, last in expected]


@pytest.mark.parametrize(("days", "week"), [(15, None), (14, 0), (8, 0), (7, 1), (0, 2)])
def test_the_week_of_tacrolimus(days: int, week: int | None) -> None:
    found = drawn(taking(Episode(1, "tacrolimus", before(ON, 14), Decimal(3))))
    assert found.week(before(ON, days)) == week


def test_after_the_last_dose_there_is_no_week() -> None:
    found = drawn(taking(Episode(1, "tacrolimus", before(ON, 30), Decimal(3), before(ON, 10))))
    assert (found.week(before(ON, 10)), found.week(before(ON, 9))) == (2, None)


def test_only_morning_levels_stand_within_the_band() -> None:
    known = [
        Level(number, before(ON, 9 - number), Decimal(7), hours_after_dose=hours)
        for number, hours in enumerate((Decimal(12), Decimal(24), Decimal(3), None))
    ]
    found = drawn(NOTHING, known)
    assert lane(found, "levels").band == (5, 10)
    assert [row.set_apart for row in points(found, "levels")] == [False, True, True, True]
    assert all(row.notes for row in points(found, "levels"))


def test_levels_are_in_the_order_of_their_days() -> None:
    known = [Level(1, ON, Decimal(7)), Level(2, before(ON, 9), Decimal(5), comparator="<")]
    found = points(drawn(NOTHING, known), "levels")
    assert [(row.fact, row.comparator) for row in found] == [
        (FactReference("level", 2), "<"), (FactReference("level", 1), ""),
    ]  # fmt: skip


# SLEDAI-2K weights: rash 2, fever 1, leukopenia 1 (Gladman 2002).
SLEDAI = (
    ({"rash": True}, (2, 2), 0),
    ({"rash": True, "fever": None, "leukopenia": None}, (2, 4), 1),
    ({}, (0, 0), 0),
)


@pytest.mark.parametrize(("answers", "expected", "notes"), SLEDAI)
def test_an_open_item_makes_sledai_an_interval(
    answers: dict[str, bool | None], expected: tuple[int, int], notes: int
) -> None:
    seen = visit(1, ON)
    record = replace(NOTHING, visits=(replace(seen, sledai={**seen.sledai, **answers}),))
    (row,) = points(drawn(record), "sledai")
    assert ((row.low, row.high), len(row.notes)) == (expected, notes)


def test_a_visit_without_any_answer_has_no_score_but_is_a_visit() -> None:
    found = drawn(replace(NOTHING, visits=(visit(1, ON, sledai=NONE_ASSESSED),)))
    assert [row.key for row in found.lanes] == ["events"]


def test_each_c3_has_its_own_lower_limit_and_no_upper_one() -> None:
    record = with_c3((before(ON, 40), "90"), (ON, "80"), lower_limit=Decimal(73))
    assert [(row.low, row.lower_limit, row.upper_limit) for row in points(drawn(record), "c3")] == [
        (90, 73, None), (80, 73, None),
    ]  # fmt: skip


def test_c3_of_two_laboratories_is_two_series() -> None:
    rows = (
        laboratory(1, "c3", before(ON, 9), "90"),
        laboratory(2, "c3", before(ON, 5), "70", laboratory="B", lower_limit=Decimal(65)),
        laboratory(3, "c3", ON, "88"),
    )
    found = lane(drawn(replace(NOTHING, laboratory=rows)), "c3")
    assert [[row.low for row in series.points] for series in found.series] == [[90, 88], [70]]
    assert [series.name.values["place"] for series in found.series] == ["A", "B"]


def test_c3_that_no_rule_counts_is_set_apart() -> None:
    """Specification 2.4: samples taken during infection or pregnancy are left out."""
    during = with_c3((before(ON, 9), "90"), (ON, "70"), during_infection=True)
    assert [row.set_apart for row in points(drawn(during), "c3")] == [True, True]
    pregnant = replace(
        with_c3((before(ON, 9), "90"), (ON, "70")),
        statements=(Statement(1, "pregnant", before(ON, 5), True),),
    )
    assert [(row.set_apart, len(row.notes)) for row in points(drawn(pregnant), "c3")] == [
        (False, 0), (True, 1),
    ]  # fmt: skip


def test_methods_of_anti_dsdna_never_share_a_scale() -> None:
    rows = (
        laboratory(1, "dsdna", before(ON, 9), "14", method="ELISA", upper_limit=Decimal(12)),
        laboratory(2, "dsdna", before(ON, 9), "140", method="CLEIA", upper_limit=Decimal(100)),
        laboratory(3, "dsdna", ON, "2", method="ELISA", upper_limit=Decimal(12), comparator="<"),
        laboratory(4, "dsdna", ON, "9", method=""),
    )
    found = [row for row in drawn(replace(NOTHING, laboratory=rows)).lanes if row.key.startswith("dsdna")]
    assert [row.title.values["method"] for row in found] == ["ELISA", "CLEIA", "method not stated"]
    assert [[(p.low, p.comparator, p.upper_limit) for p in row.series[0].points] for row in found] == [
        [(14, "", 12), (2, "<", 12)], [(140, "", 100)], [(9, "", None)],
    ]  # fmt: skip


# Specification 5.1 with its table: M 60 y, creatinine 1.00 → 59.91; M 50 y → 63.12 (JSN 59.9, 63.1).
@pytest.mark.parametrize(("years", "expected"), [(60, "59.9"), (50, "63.1")])
def test_egfr_by_the_japanese_equation(years: int, expected: str) -> None:
    person = with_person(NOTHING, sex="M", birth=PartialDate.on(date(ON.year - years, 1, 1)))
    found = drawn(with_laboratory(person, "creatinine", (ON, "1.00")))
    (row,) = points(found, "egfr")
    assert (row.low, row.high) == (Decimal(expected), Decimal(expected))
    note = lane(found, "egfr").note
    assert note is not None and "Japanese" in str(note.values["equation"])


def test_egfr_is_an_interval_where_only_the_year_of_birth_is_known() -> None:
    person = with_person(NOTHING, sex="M", birth=PartialDate.parse(str(ON.year - 60)))
    (row,) = points(drawn(with_laboratory(person, "creatinine", (ON, "1.00"))), "egfr")
    assert row.low < row.high
    assert row.low == Decimal("59.9")


@pytest.mark.parametrize(
    ("birth", "changes"),
    [(str(ON.year - 15), {}), (str(ON.year - 50), {"comparator": "<"})],
    ids=["a child", "a creatinine below what can be measured"],
)
def test_no_egfr_is_made_up(birth: str, changes: dict[str, str]) -> None:
    person = with_person(NOTHING, birth=PartialDate.parse(birth))
    found = drawn(with_laboratory(person, "creatinine", (ON, "0.40"), **changes))
    assert [row.key for row in found.lanes] == ["creatinine"]


def test_adverse_events() -> None:
    """Marked on the first day on which they can have begun; one of next month is not known yet."""
    ck = AdverseEvent(
        1, PartialDate.parse(f"{before(ON, 5)}"), "rhabdomyolysis", "", 4, True, is_confirmed=True
    )
    own = AdverseEvent(2, PartialDate.parse("2025-04"), "", "a strange taste")
    later = AdverseEvent(3, PartialDate.parse("2025-07"), "tremor")
    treatment = Treatment(adverse_events=(ck, own, later))
    found = timeline(case_of(NOTHING, treatment, ON), ())
    assert found is not None
    first, second = marks(found, Symbol.ADVERSE_EVENT)
    assert (first.on, first.fact) == (date(2025, 4, 1), FactReference("adverse_event", 2))
    assert first.said.values == {
        "term": "a strange taste",
        "facts": ("not graded", "serious or not was not said"),
        "onset": "2025-04",
    }
    assert first.source.text == "reported"
    assert second.on == before(ON, 5)
    assert second.said.values["facts"] == ("grade 4", "serious")
    assert second.source.text == "confirmed by a doctor"


def test_events_of_every_kind() -> None:
    seen = visit(4, before(ON, 30))
    ill = replace(seen, observations={**seen.observations, "infection": True, "hospital_stay": True})
    said = Statement(7, "malignancy", before(ON, 9), True)
    record = with_administrations(
        replace(NOTHING, visits=(ill,), statements=(said,)),
        Administration(5, "rituximab", before(ON, 100), Decimal(500)),
        Administration(6, "", before(ON, 90), None, drug_text="trial infusion"),
    )  # fmt: skip
    found = drawn(record, decisions=[Decided(3, before(ON, 20), "not_now", "Dr A")])
    assert [(row.on, row.fact) for row in marks(found, Symbol.VISIT)] == [
        (before(ON, 30), FactReference("visit", 4))
    ]
    assert [row.said.text for row in marks(found, Symbol.ILLNESS)] == [
        "hospital stay since the last visit",
        "infection",
    ]
    assert [row.said.text % row.said.values for row in marks(found, Symbol.GIVEN)] == [
        "rituximab 500 mg", "trial infusion, dose unknown",
    ]  # fmt: skip
    (decided,) = marks(found, Symbol.DECISION)
    assert (decided.said.text, decided.source.values["person"]) == ("decision: tacrolimus not now", "Dr A")
    (answer,) = marks(found, Symbol.ANSWER)
    assert answer.said.text % answer.said.values == "Malignancy, now or before? yes"


def test_a_pregnancy_begins_and_ends_and_a_lasting_no_is_silent() -> None:
    answers = [(400, False), (300, False), (200, True), (150, True), (10, False)]
    record = replace(
        NOTHING,
        statements=tuple(
            Statement(number, "pregnant", before(ON, days), answer)
            for number, (days, answer) in enumerate(answers)
        ),
    )
    assert [(row.on, row.said.values["answer"]) for row in marks(drawn(record), Symbol.ANSWER)] == [
        (before(ON, 200), "yes"), (before(ON, 10), "no"),
    ]  # fmt: skip


def test_everything_on_the_axis_says_where_it_comes_from() -> None:
    record = with_laboratory(eligible_record(), "dsdna", (before(ON, 3), "14"), method="ELISA")
    for row in drawn(record).lanes:
        for series in row.series:
            for item in (*series.stretches, *series.points, *series.marks):
                assert item.source.text and item.fact is not None

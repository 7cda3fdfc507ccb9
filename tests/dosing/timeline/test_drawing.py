"""Scales and the drawing for paper: numbers that can be read off, shapes within the sheet."""

import re
from datetime import date
from decimal import Decimal

import pytest

from dosing.rules.case import case_of
from dosing.rules.timeline import Decided, Lane, Stretch, Timeline, TimelinePoint, TimelineSeries, timeline
from dosing.rules.treatment import NO_TREATMENT, Level, Treatment
from dosing.timeline.drawing import WIDTH, Drawing, draw
from dosing.timeline.scale import month_ticks, scale_of
from patients.rules.record import Administration, Episode, Record
from patients.rules.verdict import say
from tests.rules.records import (
    ON,
    before,
    eligible_record,
    with_administrations,
    with_episodes,
    with_laboratory,
)

SAID = say("x")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def lane(
    key: str, *values: str, limit: str | None = None, band: tuple[Decimal, Decimal] | None = None
) -> Lane:
    lower = None if limit is None else Decimal(limit)
    points = tuple(
        TimelinePoint(ON, Decimal(value), Decimal(value), SAID, lower_limit=lower) for value in values
    )
    return Lane(key, SAID, (TimelineSeries(SAID, points=points),), band=band)


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        (lane("c3", "70", "96", limit="86"), (60, 100)),
        (lane("c3", "90"), (80, 100)),
        (lane("sledai", "4"), (0, 6)),
        (lane("creatinine", "0.6", "0.72"), (0.55, 0.75)),
        (lane("levels", "7", band=(Decimal(5), Decimal(10))), (0, 15)),
        (lane("dsdna_0", "2", "400"), (0, 600)),
    ],
    ids=["with its limit", "one value", "from zero", "decimals", "with its band", "wide"],
)
def test_a_scale_is_round_and_shows_everything(drawn: Lane, expected: tuple[float, float]) -> None:
    scale = scale_of(drawn)
    assert scale.ticks[0] == pytest.approx(scale.low)
    assert scale.ticks[-1] == pytest.approx(scale.high)
    assert 2 <= len(scale.ticks) <= 6
    values = [float(point.low) for series in drawn.series for point in series.points]
    assert scale.low <= min(values) and max(values) <= scale.high
    assert (scale.low, scale.high) == pytest.approx(expected)


@pytest.mark.parametrize("value", ["0", "0.0001", "3", "999", "100000"])
def test_any_single_value_has_a_scale(value: str) -> None:
    for key in ("c3", "levels"):
        scale = scale_of(lane(key, value))
        assert scale.low <= float(value) <= scale.high
        assert scale.low < scale.high


def test_doses_that_are_all_zero_or_unknown_have_a_scale() -> None:
    rows = (Stretch(ON, ON, Decimal(0), SAID, SAID), Stretch(ON, ON, None, SAID, SAID))
    scale = scale_of(Lane("tacrolimus", SAID, (TimelineSeries(SAID, stretches=rows),)))
    assert scale.low == 0 < scale.high


@pytest.mark.parametrize("days", [0, 10, 40, 200, 500, 1000, 3650, 9000])
def test_the_axis_has_a_few_months_to_hold_on_to(days: int) -> None:
    ticks = month_ticks(Timeline(before(ON, days), ON, (), ()))
    assert len(ticks) <= 14
    assert len(ticks) >= min(2, days // 60)
    assert all(day.day == 1 and before(ON, days) <= day <= ON for day in ticks)


def rich() -> Record:
    record = with_laboratory(
        eligible_record(),
        "dsdna",
        (before(ON, 90), "2"),
        (before(ON, 3), "400"),
        method="ELISA",
        comparator="<",
    )
    record = with_episodes(
        record,
        Episode(8, "tacrolimus", before(ON, 60), Decimal(2), before(ON, 31)),
        Episode(9, "tacrolimus", before(ON, 30), None),
    )
    return with_administrations(record, Administration(5, "rituximab", before(ON, 100), Decimal(500)))


def drawing(record: Record, on: date = ON) -> Drawing:
    level = Level(1, before(ON, 9), Decimal(30))
    case = case_of(record, Treatment(levels=(level,)), on)
    found = timeline(case, [Decided(1, before(ON, 61), "start", "A")])
    assert found is not None
    return draw(found)


def test_everything_lies_on_the_sheet() -> None:
    sheet = drawing(rich())
    assert sheet.width == WIDTH
    for path in sheet.paths:
        start = [float(number) for number in NUMBER.findall(path.d)[:2]]
        assert 0 <= start[0] <= sheet.width and 0 <= start[1] <= sheet.height, path
        assert not re.search("nan|inf|None", path.d)
    for label in sheet.labels:
        assert 0 <= label.x <= sheet.width and 0 <= label.y <= sheet.height, label


def test_a_sheet_fits_beside_the_rest_of_an_a4_page() -> None:
    """A4 is 297 mm high; at the page's 186 mm of width the drawing takes less than two thirds."""
    sheet = drawing(rich())
    assert sheet.height / sheet.width * 186 < 200


def kinds(sheet: Drawing) -> set[str]:
    return {path.kind for path in sheet.paths}


def test_each_meaning_has_a_kind_of_its_own() -> None:
    assert kinds(drawing(rich())) >= {
        "dose", "dose unknown", "bar", "band", "limit", "dot", "dot apart", "mark visit", "mark decision",
        "mark given", "start", "axis",
    }  # fmt: skip


def test_what_cannot_be_measured_is_written_beside_its_dot() -> None:
    assert {"<2", "<400"} <= {label.words for label in drawing(rich()).labels if label.kind == "number"}


def test_days_stand_in_proportion() -> None:
    """The first day is at the left end, and half of the time is half of the way."""
    record = with_laboratory(
        eligible_record(), "c3", (before(ON, 400), "90"), (before(ON, 200), "90"), (ON, "90")
    )
    found = timeline(case_of(Record(record.person, laboratory=record.laboratory), NO_TREATMENT, ON), ())
    assert found is not None
    only_c3 = Timeline(found.first, found.on, tuple(row for row in found.lanes if row.key == "c3"), ())
    xs = [float(NUMBER.findall(path.d)[0]) for path in draw(only_c3).paths if path.kind == "dot"]
    assert xs[1] - xs[0] == pytest.approx(xs[2] - xs[1], abs=0.2)
    assert xs == sorted(xs)


def test_a_record_of_one_day_can_be_drawn() -> None:
    record = with_laboratory(Record(eligible_record().person), "c3", (ON, "90"))
    found = timeline(case_of(record, NO_TREATMENT, ON), ())
    assert found is not None
    assert (found.first, found.on) == (ON, ON)
    assert len([path for path in draw(found).paths if path.kind == "dot"]) == 1


def test_a_lower_dose_is_drawn_lower() -> None:
    record = Record(
        eligible_record().person,
        episodes=(
            Episode(1, "tacrolimus", before(ON, 20), Decimal(3), before(ON, 11)),
            Episode(2, "tacrolimus", before(ON, 10), Decimal(1)),
        ),
    )
    sheet = drawing(record)
    first, second = (path.d for path in sheet.paths if path.kind == "dose")
    assert float(NUMBER.findall(first)[1]) < float(NUMBER.findall(second)[2])

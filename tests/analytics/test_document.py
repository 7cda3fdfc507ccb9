"""A document is kept and read again without loss, and refuses what it cannot keep."""

import json
from dataclasses import replace

import pytest

from analytics.report.document import Cell, Point, Row
from analytics.report.document_json import from_json, to_json
from tests.analytics.documents import document, figure, table


def test_what_is_kept_reads_as_it_was() -> None:
    assert from_json(to_json(document())) == document()


def test_the_same_document_is_the_same_bytes() -> None:
    assert to_json(document()) == to_json(from_json(to_json(document())))


def test_tables_in_the_order_of_reading() -> None:
    assert [one.key for one in document().tables()] == [
        "flow_data",
        "table_2",
        "figure_1_data",
        "forest_data",
    ]
    assert document().table("table_2") == table()


def test_a_table_that_is_not_there() -> None:
    with pytest.raises(KeyError):
        document().table("table_9")


def test_a_cell_by_its_keys() -> None:
    one = table(rows=(Row((Cell("a", "a"), Cell(1, "1"), Cell(2, "2")), key="first"),))
    assert one.cell("first", "seen") == Cell(2, "2")
    for row, column in (("first", "nowhere"), ("second", "seen")):
        with pytest.raises(KeyError):
            one.cell(row, column)


def test_a_row_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="table_2"):
        table(rows=(Row((Cell(1, "1"),)),))


@pytest.mark.parametrize("nothing", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused(nothing: float) -> None:
    one = document()
    drawn = replace(figure(), series=(replace(figure().series[0], points=(Point(0, nothing),)),))
    wrong = replace(one, sections=(replace(one.sections[1], figures=(drawn,)),))
    with pytest.raises(ValueError, match="Out of range"):
        to_json(wrong)


def test_a_value_of_another_kind_is_refused() -> None:
    one = document()
    unkind = table(rows=(Row((Cell("a", "a"), Cell(object(), "b"), Cell(1, "1"))),))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="object"):
        to_json(replace(one, sections=(replace(one.sections[0], tables=(unkind,)),)))
    kept = json.loads(to_json(one))
    kept["sections"][1]["tables"][0]["rows"][0]["cells"][0]["value"] = 1.5
    with pytest.raises(ValueError, match="a number, a text, a date or nothing"):
        from_json(json.dumps(kept))

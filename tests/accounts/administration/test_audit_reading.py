"""How an audit is read: newest first over several tables, page by page by place, and as CSV."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from axes.models import AccessFailureLog, AccessLog
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.audit import (
    Audit,
    AuditLine,
    AuditRequest,
    AuditRow,
    AuditSource,
    audit_lines,
    everything,
    reading,
)
from accounts.audit.export import csv_text, harmless
from accounts.models import User

NOON = datetime(2126, 11, 23, 3, 0, tzinfo=UTC)  # in Tokyo
TOKYO = ZoneInfo("Asia/Tokyo")


def _sources(_reader: User, asked: AuditRequest) -> list[AuditSource]:
    tables = {"b": AccessLog, "a": AccessFailureLog}
    found = [AuditSource(name, model.objects.all(), "attempt_time") for name, model in tables.items()]
    return [source for source in found if asked.kind in ("", source.name)]


def _lines(_reader: User, found: Sequence[AuditRow]) -> list[AuditLine]:
    return [AuditLine(at, (f"{source}{row.username}",)) for at, source, _key, row in found]


AUDIT = Audit(
    name="audit_test", title="Test", help="", columns=("What",), kinds=(), sources=_sources, lines=_lines
)


ALL = AuditRequest()


def at(model: type[AccessLog] | type[AccessFailureLog], name: str, minute: float) -> None:
    row = model.objects.create(username=name)
    model.objects.filter(pk=row.pk).update(attempt_time=NOON + timedelta(minutes=minute))


def pages(reader: User, asked: AuditRequest = ALL) -> list[list[str]]:
    found, after = [], ""
    while True:
        lines, after = audit_lines(AUDIT, reader, asked, after)
        found.append([line.cells[0] for line in lines])
        if not after:
            return found


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAGE", 3)


class TestPages:
    def test_two_tables_are_one_list_newest_first(self, small_pages: None, administrator: User) -> None:
        for minute, (model, name) in enumerate(
            [
                (AccessLog, "1"),
                (AccessFailureLog, "2"),
                (AccessFailureLog, "3"),
                (AccessLog, "4"),
                (AccessLog, "5"),
            ]
        ):
            at(model, name, minute)
        assert pages(administrator) == [["b5", "b4", "a3"], ["a2", "b1"]]

    def test_what_happened_at_the_same_moment_is_told_once(
        self, small_pages: None, administrator: User
    ) -> None:
        for number in range(4):
            at(AccessLog, str(number), 0)
            at(AccessFailureLog, str(number), 0)
        told = pages(administrator)
        assert [len(page) for page in told] == [3, 3, 2]
        assert [name for page in told for name in page] == [
            "b3", "b2", "b1", "b0", "a3", "a2", "a1", "a0",
        ]  # fmt: skip

    def test_what_comes_in_while_one_reads_moves_nothing(
        self, small_pages: None, administrator: User
    ) -> None:
        for number in range(5):
            at(AccessLog, str(number), number)
        _first, after = audit_lines(AUDIT, administrator, AuditRequest(), "")
        at(AccessLog, "new", 99)
        second, _end = audit_lines(AUDIT, administrator, AuditRequest(), after)
        assert [line.cells[0] for line in second] == ["b1", "b0"]

    def test_exactly_one_page_has_no_next(self, small_pages: None, administrator: User) -> None:
        for number in range(3):
            at(AccessLog, str(number), number)
        assert pages(administrator) == [["b2", "b1", "b0"]]

    @pytest.mark.parametrize(
        "after",
        [
            "x",
            "~~",
            "2126-11-23T03:00:00~b~1",
            "2126-11-23T03:00:00+00:00~b~x",
            "2126-11-23T03:00:00+00:00~b~-1",
            f"2126-11-23T03:00:00+00:00~b~{2**63}",
            "2126-11-23T03:00:00+00:00~b",
        ],
    )
    def test_a_place_that_is_none(self, administrator: User, after: str) -> None:
        with pytest.raises(ValueError):
            audit_lines(AUDIT, administrator, AuditRequest(), after)

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            (AuditRequest(since=NOON.date()), ["b3", "b2"]),
            (AuditRequest(until=NOON.date()), ["b2", "b1"]),
            (AuditRequest(since=NOON.date(), until=NOON.date()), ["b2"]),
            (AuditRequest(kind="a"), []),
        ],
    )
    def test_days_are_those_of_the_readers_clock(
        self, administrator: User, asked: AuditRequest, found: list[str]
    ) -> None:
        """From midnight in Tokyo, 15:00 in UTC of the day before, to the next."""
        at(AccessLog, "1", -12 * 60 - 1)
        at(AccessLog, "2", 12 * 60 - 1)
        at(AccessLog, "3", 12 * 60)
        with timezone.override(TOKYO):
            assert pages(administrator, asked) == [found]

    def test_a_page_far_back_asks_no_more_than_the_first(
        self, small_pages: None, administrator: User
    ) -> None:
        for number in range(30):
            at(AccessLog, str(number), number)
        after = ""
        counts = []
        for _page in range(10):
            with CaptureQueriesContext(connection) as seen:
                _lines_found, after = audit_lines(AUDIT, administrator, AuditRequest(), after)
            counts.append(len(seen))
            assert not any("COUNT(" in query["sql"] or "OFFSET" in query["sql"] for query in seen)
        assert set(counts) == {2}


class TestCsv:
    def text(self, reader: User) -> str:
        with timezone.override(TOKYO):
            chunks = everything(AUDIT, reader, AuditRequest())
        return "".join(csv_text(AUDIT, chunks, TOKYO))

    def test_it_is_all_of_it_in_the_readers_time(
        self, administrator: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reading, "CHUNK", 2)
        for number in range(5):
            at(AccessLog, str(number), number)
        text = self.text(administrator)
        assert text[0] == "\ufeff"
        rows = list(csv.reader(io.StringIO(text[1:])))
        assert rows[0] == ["When", "What"]
        assert rows[1] == ["2126-11-23T12:04:00+09:00", "b4"]
        assert [row[1] for row in rows[1:]] == ["b4", "b3", "b2", "b1", "b0"]

    def test_nothing_is_a_heading(self, administrator: User) -> None:
        assert self.text(administrator) == "\ufeffWhen,What\r\n"

    @pytest.mark.parametrize(
        ("cell", "written"),
        [
            ("=1+1", "'=1+1"),
            ("+81", "'+81"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("\n=1", "'\n=1"),
            ("Mori Aya", "Mori Aya"),
            ("a=b", "a=b"),
            ("", ""),
        ],
    )
    def test_no_cell_is_a_formula(self, cell: str, written: str) -> None:
        """The characters that OWASP names for CSV injection."""
        assert harmless(cell) == written

    def test_commas_quotes_and_lines_stay_in_their_cell(self) -> None:
        cell = 'left, "for good"\nand more'
        text = "".join(csv_text(AUDIT, [[AuditLine(NOON, (cell,))]], TOKYO))
        assert list(csv.reader(io.StringIO(text, newline="")))[1][1] == cell

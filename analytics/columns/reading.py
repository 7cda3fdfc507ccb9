"""A query's rows as columns of whole numbers: copied in binary from PostgreSQL, else row by row.

Everything that is read so is a whole number: days and moments count from the year 2000, decimals come in
millionths, words as the place that they have in a list. NOT_KNOWN represents NULL.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from itertools import chain
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import BigIntegerField, Case, Expression, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Round
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Columns = Mapping[str, Numbers]

NOT_KNOWN = -(2**62)
MILLIONTHS = 10**6
# PostgreSQL's binary form counts days and microseconds from here.
ZERO_DAY = date(2000, 1, 1)
ZERO_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
# The binary form: the bytes before the first row, and those after the last.
SIGNATURE = b"PGCOPY\n\xff\r\n\0"
HEADER_BYTES, TRAILER_BYTES = 19, 2


class StorageType(enum.Enum):
    """What a column holds. WHOLE and BIG are numbers of four and eight bytes."""

    DAY = "day"
    MOMENT = "moment"
    WHOLE = "whole"
    BIG = "big"


BINARY = {StorageType.DAY: ">i4", StorageType.MOMENT: ">i8", StorageType.WHOLE: ">i4", StorageType.BIG: ">i8"}


def read(rows: QuerySet, **kinds: StorageType) -> Columns:
    """The named columns or annotations, none of them NULL, in the order of the rows."""
    if connection.vendor == "postgresql":
        return _copied(rows.values_list(*kinds), kinds)
    return _fetched(rows.values_list(*kinds), kinds)


def millionths(column: str) -> Expression:
    """A decimal column with six places at most."""
    return known(Cast(Round(F(column) * MILLIONTHS), BigIntegerField()))


def known(column: Expression | F) -> Expression:
    return Coalesce(column, Value(NOT_KNOWN), output_field=BigIntegerField())


def place_in(words: Sequence[str], column: str) -> Expression:
    """The place of a word in the list; of one that is not there, minus one."""
    cases = [When(**{column: word}, then=Value(place)) for place, word in enumerate(words)]
    return Case(*cases, default=Value(-1), output_field=IntegerField())


def decimal(number: int) -> Decimal | None:
    """A number of millionths, or None."""
    return None if number == NOT_KNOWN else Decimal(number).scaleb(-6)


def number_of(day: date) -> int:
    return (day - ZERO_DAY).days


@cache
def day_of(number: int) -> date:
    return date.fromordinal(number + ZERO_DAY.toordinal())


def _copied(rows: Any, kinds: Mapping[str, StorageType]) -> Columns:
    sql, parameters = rows.query.sql_with_params()
    held = BytesIO()
    with connection.cursor() as cursor:
        # The driver itself writes the parameters into the statement: COPY takes none.
        select = cursor.cursor.mogrify(sql, parameters).decode()
        cursor.cursor.copy_expert(f"COPY ({select}) TO STDOUT (FORMAT binary)", held)
    return _unpacked(held, kinds)


def _unpacked(held: BytesIO, kinds: Mapping[str, StorageType]) -> Columns:
    """Every row has the same width, because no column is ever NULL. ValueError: it has not."""
    shape = [("columns", ">i2")]
    for name, kind in kinds.items():
        shape += [(f"{name} bytes", ">i4"), (name, BINARY[kind])]
    layout = np.dtype(shape)
    body = held.getbuffer()[HEADER_BYTES : held.tell() - TRAILER_BYTES]
    if not held.getbuffer()[: len(SIGNATURE)] == SIGNATURE or len(body) % layout.itemsize:
        raise ValueError(f"the columns {', '.join(kinds)} are not of the kinds that were named")
    found = np.frombuffer(body, dtype=layout)
    if not (found["columns"] == len(kinds)).all():
        raise ValueError(f"the columns {', '.join(kinds)} are not of the kinds that were named")
    return {name: found[name].astype(np.int64) for name in kinds}


def _fetched(rows: Iterable[Sequence[Any]], kinds: Mapping[str, StorageType]) -> Columns:
    turn = {StorageType.DAY: number_of, StorageType.MOMENT: _microseconds}
    turned = [turn.get(kind) for kind in kinds.values()]
    flat = chain.from_iterable(
        (value if change is None else change(value) for change, value in zip(turned, row, strict=True))
        for row in rows
    )
    found = np.fromiter(flat, dtype=np.int64).reshape(-1, len(kinds))
    return {name: found[:, place] for place, name in enumerate(kinds)}


def _microseconds(moment: datetime) -> int:
    since = moment - ZERO_MOMENT
    return (since.days * 86_400 + since.seconds) * MILLIONTHS + since.microseconds

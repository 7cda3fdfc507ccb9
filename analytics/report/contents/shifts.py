"""Shift tables: low, normal or high at week 0 against the same at week 52, one patient counted once."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from analytics.report.cells import count, text
from analytics.report.document import Column, Row, Table


def shift(
    key: str,
    title: str,
    kinds: Sequence[tuple[str, str]],
    pairs: Sequence[tuple[str | None, str | None]],
    notes: Sequence[str] = (),
) -> Table:
    """kinds: code and name, in order; pairs: the codes of each patient, None where there is no value."""
    all_kinds = [*kinds, (None, _("no value"))]
    columns = (
        Column("week_0", _("Week 0")),
        *(
            Column(f"to_{code or 'none'}", _("%(kind)s at week 52") % {"kind": name})
            for code, name in all_kinds
        ),
        Column("total", _("Total")),
    )
    rows = []
    for code, name in all_kinds:
        cells = [sum(pair == (code, other) for pair in pairs) for other, _name in all_kinds]
        rows.append(Row((text(name), *(count(found) for found in cells), count(sum(cells)))))
    return Table(key, title, columns, tuple(rows), tuple(notes))

"""How the tables and figures of a report are put on a page."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString

from analytics.report.document import Figure, Table

register = template.Library()


@register.filter
def is_number(table: Table, place: int) -> bool:
    """Whether a column holds numbers, which are aligned by their last digit."""
    values = [row.cells[place].value for row in table.rows]
    return any(isinstance(value, Decimal | int) for value in values) and not any(
        isinstance(value, str) for value in values
    )


@register.simple_tag
def plot_data(figure: Figure) -> SafeString:
    """What the browser draws a figure from; its table is next to it as text."""
    kept = asdict(figure)
    del kept["table"]
    return json_script(kept, plot_id(figure))


@register.filter
def plot_id(figure: Figure) -> str:
    """The id of the element that holds what a figure is drawn from."""
    return f"plot-{figure.key}"

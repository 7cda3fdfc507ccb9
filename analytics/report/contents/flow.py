"""The flow of the patients: who was screened, who continued, and why others did not."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from django.utils.translation import gettext as _

from analytics.report.cells import EMPTY, count, text
from analytics.report.document import Column, Flow, FlowStep, Row, Table


def flow(steps: Sequence[FlowStep]) -> Flow:
    """The diagram with its table. ValueError: a step does not follow from the one before and its losses."""
    for before, after in pairwise(steps):
        lost = sum(number for _reason, number in before.left)
        if before.count - lost != after.count:
            raise ValueError(f"{before.count} − {lost} are not {after.count}: {after.label}")
    columns = (
        Column("step", _("Step")),
        Column("patients", _("Patients")),
        Column("left", _("Left, with reason")),
    )
    rows: list[Row] = []
    for step in steps:
        rows.append(Row((text(step.label), count(step.count), EMPTY), key=step.key))
        rows += [Row((text(reason), EMPTY, count(number)), indent=1) for reason, number in step.left]
    title = _("Flow of the patients")
    return Flow("flow", title, tuple(steps), Table("flow_data", title, columns, tuple(rows)))

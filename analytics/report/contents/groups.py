"""The subgroups that the paper asks for next: renal involvement or not, serological activity only or not."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from analytics.report.contents.cohort import Cohort, responded
from analytics.report.contents.plots import FigureDescription
from analytics.report.contents.subgroups import Division, forest, responders_by
from analytics.report.document import Section


def groups(cohort: Cohort) -> Section:
    divisions = (
        Division(
            _("Renal involvement"), _("yes"), _("no"),
            cohort.each(lambda one: one.entry.renal_involvement),
        ),
        Division(
            _("Serological activity only"), _("yes"), _("no"),
            cohort.each(lambda one: one.entry.serology_only),
        ),
    )  # fmt: skip
    answers = [answer if isinstance(answer, bool) else None for answer in map(responded, cohort.outcomes)]
    prednisolone = FigureDescription(
        "forest_prednisolone", _("Prednisolone by subgroup"), _("Change"), "mg/day", 1
    )
    sledai = FigureDescription("forest_sledai", _("SLEDAI-2K by subgroup"), _("Change"), "", 1)
    return Section(
        "subgroups",
        _("Subgroups"),
        (
            _(
                "Named before the data were seen. The groups are small: a difference between them is a"
                " question for the next study, not an answer."
            ),
        ),
        tables=(responders_by(answers, divisions),),
        figures=(
            forest(prednisolone, _changes(cohort, "prednisolone"), divisions),
            forest(sledai, _changes(cohort, "sledai"), divisions),
        ),
    )


def _changes(cohort: Cohort, name: str) -> list[float | None]:
    pairs = zip(cohort.numbers("week_0", name), cohort.numbers("week_52", name), strict=True)
    return [_difference(before, after) for before, after in pairs]


def _difference(before: Decimal | None, after: Decimal | None) -> float | None:
    return None if before is None or after is None else float(after - before)

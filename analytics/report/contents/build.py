"""The whole report of a cohort, section by section."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.utils.translation import gettext as _

from analytics.report.contents.cohort import Cohort
from analytics.report.contents.contradictions import contradictions
from analytics.report.contents.disease import disease
from analytics.report.contents.groups import groups
from analytics.report.contents.harm import harm
from analytics.report.contents.measures import compared
from analytics.report.contents.methods import methods
from analytics.report.contents.patients import patients
from analytics.report.contents.published import beside_published
from analytics.report.contents.response import response
from analytics.report.contents.steroid import steroid
from analytics.report.contents.tacrolimus import tacrolimus
from analytics.report.document import Document, Section
from dosing.rules.levels import LevelRange
from patients import messages

Progress = Callable[[str], None]
# The sections, in the order of reading.
PARTS: tuple[Callable[..., Section], ...] = (
    patients,
    response,
    compared,
    steroid,
    disease,
    tacrolimus,
    harm,
    groups,
)


def build(
    cohort: Cohort,
    facts: tuple[tuple[str, str], ...],
    code_version: str,
    band: LevelRange,
    progress: Progress,
) -> Document:
    """The document of a cohort; the same cohort gives the same document.

    facts: what the report was made from, as pairs.
    progress: called with the title of each section when it is done.
    """
    made: list[Section] = []
    for make in PARTS:
        part = partial(make, band=band) if make is tacrolimus else make
        made.append(part(cohort))
        progress(made[-1].title)
    made.append(_beside_the_study(made))
    made.append(Section("methods", _("Methods"), methods(code_version)))
    return Document(_("Cohort report"), _subtitle(cohort), facts, tuple(made))


def _beside_the_study(made: list[Section]) -> Section:
    tables = [*Document("", "", (), tuple(made)).tables()]
    return Section(
        "published",
        _("Beside the published study"),
        (*contradictions(),),
        tables=(beside_published(tables),),
    )


def _subtitle(cohort: Cohort) -> str:
    return _("%(clinic)s · %(n)s patients on tacrolimus · data up to %(day)s") % {
        "clinic": cohort.clinic,
        "n": len(cohort.outcomes),
        "day": messages.format_value(cohort.cut_off),
    }

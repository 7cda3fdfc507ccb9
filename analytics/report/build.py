"""Making a report: its patients, its document and its files, telling each step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Clinic
from analytics.cohorts import CohortSelection, cohort_of
from analytics.gaps import gaps
from analytics.report.contents.build import PARTS, build
from analytics.report.contents.cohort import Cohort
from analytics.report.document import Document
from analytics.report.files import ReportFormat, Written, write_files
from dosing.assessment.assess import rules_of
from dosing.rules.levels import morning_band
from patients import messages

# Called with the step, the number of its parts that are done, and the number of all.
Progress = Callable[[str, int, int], None]
TELL_EVERY = 50


@dataclass(frozen=True)
class ReportResult:
    """What a report is when it is done."""

    document: Document
    snapshot: str
    patients: int
    gaps: list[dict[str, Any]]
    files: list[Written]


def make(clinic: Clinic, choice: CohortSelection, code_version: str, progress: Progress) -> ReportResult:
    """The whole report. Whatever progress raises ends it; nothing is written here."""

    def of_patients(done: int, total: int) -> None:
        if done % TELL_EVERY == 0 or done == total:
            progress(_("Reading the patients"), done, total)

    cohort = cohort_of(clinic, choice, of_patients)
    band = morning_band(None, rules_of(clinic, choice.cut_off).thresholds)
    document = build(
        cohort,
        _facts(clinic, cohort, choice, code_version),
        code_version,
        band,
        _numbered(progress, _("Reckoning: %(part)s"), 1, len(PARTS)),
    )
    files = write_files(document, _numbered(progress, _("Writing %(part)s"), 0, len(ReportFormat)))
    return ReportResult(document, cohort.snapshot, len(cohort.outcomes), gaps(cohort), files)


def _numbered(progress: Progress, words: str, first: int, total: int) -> Callable[[str], None]:
    """Report each part with its number. first: 1 where parts are reported when done, 0 where before."""
    done = count(first)
    return lambda part: progress(words % {"part": part}, next(done), total)


def _facts(
    clinic: Clinic, cohort: Cohort, choice: CohortSelection, code_version: str
) -> tuple[tuple[str, str], ...]:
    """What the report was made from; nothing of the clock, so that the same data give the same report."""
    invented = ((_("Data"), _("reconstructed cohort, no real patients")),) if clinic.is_reconstruction else ()
    return (
        *invented,
        (_("Clinic"), cohort.clinic),
        (_("Data up to"), messages.format_value(choice.cut_off)),
        (_("First tacrolimus dose"), _period(choice)),
        (_("Renal involvement"), _renal(choice.renal_involvement)),
        (_("Patients"), str(len(cohort.outcomes))),
        (_("Fingerprint of the data"), cohort.snapshot),
        (_("Version"), f"TACSLE {code_version}"),
    )


def _period(choice: CohortSelection) -> str:
    first, last = (messages.format_value(day) for day in (choice.first_from, choice.first_to))
    if choice.first_from is None and choice.first_to is None:
        return _("any day up to then")
    if choice.first_to is None:
        return _("from %(first)s") % {"first": first}
    if choice.first_from is None:
        return _("up to %(last)s") % {"last": last}
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def _renal(wanted: bool | None) -> str:
    if wanted is None:
        return _("with and without")
    return _("with only") if wanted else _("without only")

"""A laboratory result as people read it, stored or only typed: label and text of each thing it says."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from patients.conflicts import Difference, yes_or_no
from patients.messages import number, unit
from patients.models import LaboratoryResult
from patients.rules.analytes import ANALYTES


def result_lines(result: LaboratoryResult) -> dict[str, str | None]:
    """Texts by label, in the order of the form; None where the result says nothing. Need not be saved."""
    return {
        gettext("Result"): _value(result),
        gettext("Collected"): _collected(result),
        gettext("Laboratory"): result.laboratory.name,
        gettext("Method"): result.method or None,
        gettext("Lower limit"): _with_unit(result, "lower_limit"),
        gettext("Upper limit"): _with_unit(result, "upper_limit"),
        gettext("During an infection"): yes_or_no(result.during_infection),
    }


def result_differences(stored: LaboratoryResult, typed: LaboratoryResult) -> list[Difference]:
    """Where a typed result differs from the stored one; empty when nowhere."""
    theirs, yours = result_lines(stored), result_lines(typed)
    return [Difference(label, text, yours[label]) for label, text in theirs.items() if text != yours[label]]


def _value(result: LaboratoryResult) -> str | None:
    if result.finding:
        return gettext(result.finding)
    return None if result.value is None else f"{result.comparator}{_with_unit(result, 'value')}"


def _with_unit(result: LaboratoryResult, name: str) -> str | None:
    value = getattr(result, name)
    if value is None:
        return None
    code = ANALYTES[result.analyte].unit if result.analyte in ANALYTES else ""
    return f"{number(value)} {unit(code)}".strip()


def _collected(result: LaboratoryResult) -> str:
    """The day, and the time where one was given: an unknown time is kept as midnight."""
    moment = timezone.localtime(result.collected_at, ZoneInfo(result.patient.clinic.time_zone))
    day = date_format(moment, "j M Y")
    if moment.time() == time.min:
        return gettext("%(day)s, time not given") % {"day": day}
    return f"{day}, {moment:%H:%M}"

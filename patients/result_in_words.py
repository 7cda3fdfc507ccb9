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
from patients.rules.typed_result import as_printed
from patients.rules.units import readable


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
        gettext("Fasting"): None if result.fasting is None else yes_or_no(result.fasting),
        gettext("Haemolysed"): yes_or_no(True) if result.haemolysed else None,
    }


def result_differences(stored: LaboratoryResult, typed: LaboratoryResult) -> list[Difference]:
    """Where a typed result differs from the stored one; empty when nowhere."""
    theirs, yours = result_lines(stored), result_lines(typed)
    return [Difference(label, text, yours[label]) for label, text in theirs.items() if text != yours[label]]


def printed_parts(result: LaboratoryResult) -> tuple[str, str] | None:
    """The digits and the unit's code as they were typed; None of a finding, or where they are not kept."""
    return as_printed(
        result.analyte, result.entered, result.value, result.value_high, comparator=result.comparator
    )


def finding_in_words(analyte: str, finding: str) -> str:
    """A finding as it is shown, untranslated: "detected, amount unknown" for a positive HBV-DNA."""
    return ANALYTES[analyte].in_words(finding) if analyte in ANALYTES else finding


def printed_result(result: LaboratoryResult) -> tuple[str, str]:
    """The number and the unit, or the finding and "": as printed where that is kept, else canonical."""
    if result.finding:
        return gettext(finding_in_words(result.analyte, result.finding)), ""
    printed = printed_parts(result)
    if printed is not None:
        return gettext(printed[0]), unit(printed[1])
    return _canonical(result), _unit(result)


def canonical_result(result: LaboratoryResult) -> str:
    """The value in the unit of rules, limits and charts where it is printed in another; else ""."""
    printed = printed_parts(result)
    if printed is None or printed[1] == ANALYTES[result.analyte].unit:
        return ""
    return f"{_canonical(result)} {_unit(result)}"


def _value(result: LaboratoryResult) -> str | None:
    if result.value is None and not result.finding:
        return None
    said = " ".join(printed_result(result)).strip()
    canonical = canonical_result(result)
    return f"{said} ({canonical})" if canonical else said


def _canonical(result: LaboratoryResult) -> str:
    if result.value is None:
        return ""
    end = "" if result.value_high is None else f"–{number(readable(result.value_high))}"
    return f"{result.comparator}{number(readable(result.value))}{end}"


def _unit(result: LaboratoryResult) -> str:
    return unit(ANALYTES[result.analyte].unit) if result.analyte in ANALYTES else ""


def _with_unit(result: LaboratoryResult, name: str) -> str | None:
    value = getattr(result, name)
    return None if value is None else f"{number(value)} {_unit(result)}".strip()


def _collected(result: LaboratoryResult) -> str:
    """The day, and the time where one was given: an unknown time is kept as midnight."""
    moment = timezone.localtime(result.collected_at, ZoneInfo(result.patient.clinic.time_zone))
    day = date_format(moment, "j M Y")
    if moment.time() == time.min:
        return gettext("%(day)s, time not given") % {"day": day}
    return f"{day}, {moment:%H:%M}"

"""What every dated fact must satisfy, with messages for the person at the form."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.clock import day_of, local_today
from patients import messages
from patients.models import Patient, PersonState
from patients.rules.dates import PartialDate, add_years
from patients.rules.person_states import StateKind

# Later than this a plan is a slip of the keyboard, such as the year 9999.
PLANNED_AHEAD_YEARS = 10
ORDERED_AHEAD_YEARS = 1
# Of a browser and the server (second specification, section 4).
CLOCKS_DIFFER_BY = timedelta(minutes=5)


def check_day(patient: Patient, field: str, day: date) -> None:
    """Refuse a day in the future or before the patient's birth; the message is at `field`."""
    today = local_today(patient.clinic)
    if day > today:
        raise ValidationError(
            {
                field: _("%(day)s is in the future; today is %(today)s.")
                % {"day": date_format(day, "j M Y"), "today": date_format(today, "j M Y")}
            }
        )
    check_not_before_birth(patient, field, day)
    check_not_after_death(patient, field, day)


def check_not_after_death(patient: Patient, field: str, day: date) -> None:
    """Refuse a fact of a day after the patient's death; who is being registered is alive."""
    if patient.pk is None:
        return
    died = PersonState.objects.active().filter(patient=patient, kind=StateKind.DIED)
    first = died.order_by("since").values_list("since", flat=True).first()
    if first is not None and day > first:
        raise ValidationError(
            {field: _("The patient died on %(day)s.") % {"day": date_format(first, "j M Y")}}
        )


def check_not_before_birth(patient: Patient, field: str, day: date) -> None:
    """Refuse a day before the earliest day on which the patient can have been born."""
    if day < patient.birth.earliest:
        raise ValidationError(
            {
                field: _("This is before the patient's birth (%(birth)s).")
                % {"birth": messages.format_value(patient.birth)}
            }
        )


def check_partial_day(patient: Patient, field: str, day: PartialDate | None) -> None:
    """The same for a date known in part: refused only when no day of it is possible."""
    if day is None:
        return
    if day.earliest > local_today(patient.clinic):
        raise ValidationError({field: _("This is in the future.")})
    check_not_before_birth(patient, field, day.latest)
    check_not_after_death(patient, field, day.earliest)


def check_ordered_day(patient: Patient, field: str, day: date) -> None:
    """Refuse a first day before birth, or later than anybody orders."""
    if day > add_years(local_today(patient.clinic), ORDERED_AHEAD_YEARS):
        raise ValidationError({field: _("This is more than a year ahead.")})
    check_not_before_birth(patient, field, day)
    check_not_after_death(patient, field, day)


def check_planned_day(patient: Patient, field: str, day: date) -> None:
    """Refuse a day before birth, or further in the future than anybody plans."""
    if day > add_years(local_today(patient.clinic), PLANNED_AHEAD_YEARS):
        raise ValidationError({field: _("This is more than ten years ahead.")})
    check_not_before_birth(patient, field, day)


def check_moment(patient: Patient, field: str, moment: datetime) -> None:
    """Refuse a moment in the future, as far as clocks agree, or before the patient's birth."""
    now = timezone.now()
    if moment > now + CLOCKS_DIFFER_BY:
        shown = date_format(now.astimezone(ZoneInfo(patient.clinic.time_zone)), "H:i")
        raise ValidationError(
            {field: _("This moment is in the future; here it is %(now)s.") % {"now": shown}}
        )
    day = day_of(patient.clinic, moment)
    check_not_before_birth(patient, field, day)
    check_not_after_death(patient, field, day)

"""What templates of every app use: rights, dates, form fields."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from accounts import rights, settings_descriptions
from accounts.models import User

register = template.Library()
DAYS_A_WEEK = 7
WEEKS_SHOWN_UP_TO_DAYS = 90
MONTH_DAYS = 30
YEAR_DAYS = 365


@register.filter
def may(user: User | AnonymousUser, right: str) -> bool:
    """{% if request.user|may:"decide" %}"""
    return rights.may(user, rights.Right(right))


@register.filter
def plain(value: object) -> str:
    """A number without trailing zeros."""
    return settings_descriptions.plain(value)


@register.filter
def clinic_date(value: date | datetime | None) -> str:
    """22 Nov 2026."""
    if value is None:
        return ""
    day = timezone.localtime(value) if isinstance(value, datetime) else value
    return date_format(day, "j M Y")


@register.filter
def clinic_time(value: datetime | None) -> str:
    """22 Nov 2026, 06:10."""
    return "" if value is None else date_format(timezone.localtime(value), "j M Y, H:i")


@register.filter
def ago(value: date | datetime | None) -> str:
    """3 weeks ago; in 2 days."""
    if value is None:
        return ""
    day = timezone.localtime(value).date() if isinstance(value, datetime) else value
    days = (timezone.localdate() - day).days
    if days == 0:
        return gettext("today")
    text = _span(abs(days))
    return gettext("%(span)s ago") % {"span": text} if days > 0 else gettext("in %(span)s") % {"span": text}


def _span(days: int) -> str:
    if days < 2 * DAYS_A_WEEK:
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    if days < WEEKS_SHOWN_UP_TO_DAYS:
        weeks = days // DAYS_A_WEEK
        return ngettext("%(n)s week", "%(n)s weeks", weeks) % {"n": weeks}
    if days < YEAR_DAYS:
        months = days // MONTH_DAYS
        return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    years = days // YEAR_DAYS
    return ngettext("%(n)s year", "%(n)s years", years) % {"n": years}

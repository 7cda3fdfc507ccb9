"""The edge of the rules' language: messages translated, dates and numbers written for people."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.translation import gettext

from patients.rules.dates import PartialDate
from patients.rules.unit_names import PRINTED
from patients.rules.verdict import Message, Value


def sentence(message: Message) -> str:
    """The message in the reader's language, its first letter raised."""
    text = _in_words(message)
    # "eGFR" keeps its small letter.
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]


def phrase(message: Message) -> str:
    """The message in the reader's language for use inside a sentence, its first letter in lower case."""
    text = _in_words(message)
    # "CK" keeps its capital letter.
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


phrase_lazy = lazy(phrase, str)


def _in_words(message: Message) -> str:
    return gettext(message.text) % {name: format_value(value) for name, value in message.values.items()}


def format_value(value: Value | PartialDate) -> str:
    """A value as people read it: 22 Nov 2026, 0.2, or a translated word."""
    if value is None:
        return "–"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, PartialDate):
        return partial_day(value)
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, tuple):
        return ", ".join(gettext(word) for word in value)
    return gettext(value) if isinstance(value, str) and value else str(value)


def day(value: date) -> str:
    return date_format(value, "j M Y")


def partial_day(value: PartialDate) -> str:
    """As much as is known: 24 Sep 1988, Sep 1988 or 1988."""
    if value.is_exact:
        return day(value.earliest)
    same_month = value.earliest.month == value.latest.month
    return date_format(value.earliest, "M Y" if same_month else "Y")


def number(value: Decimal) -> str:
    """Without trailing zeros or an exponent, and with a proper minus."""
    return f"{value.normalize():f}".replace("-", "−") if value else "0"


def unit(code: str) -> str:
    """A UCUM code as it is printed in the clinic."""
    return PRINTED.get(code, code)

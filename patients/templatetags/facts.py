"""How verdicts and facts are written in templates."""

from __future__ import annotations

from django import template
from django.template.defaultfilters import floatformat
from django.urls import reverse

from patients import messages
from patients.models import LaboratoryResult, Patient
from patients.result_in_words import canonical_result, printed_result
from patients.rules.analytes import ANALYTES
from patients.rules.evidence import drug_name
from patients.rules.folding import fold
from patients.rules.statements import KINDS
from patients.rules.verdict import FactReference, Message, say
from patients.rules.verdict_json import message_from_json

register = template.Library()


@register.filter
def sentence(message: Message | dict[str, object]) -> str:
    """A message of a rule, live or as stored, in the reader's language."""
    live = message if isinstance(message, Message) else message_from_json(message)
    return messages.sentence(live)


@register.filter
def phrase(message: Message) -> str:
    """A message for use within a line."""
    return messages.phrase(message)


@register.filter(name="written")
def format_value(value: object) -> str:
    """A date, number or word as people read it."""
    return messages.format_value(value)  # type: ignore[arg-type]


@register.filter
def signed(value: float, digits: int = 1) -> str:
    """A change with its sign, as +0.5 or −1.0; 0 has none."""
    size = floatformat(abs(value), digits)
    if size == floatformat(0, digits):
        return size
    return f"{'+' if value > 0 else '−'}{size}"


@register.filter
def unit(code: str) -> str:
    return messages.unit(code)


@register.filter
def analyte_label(key: str) -> str:
    return messages.sentence(say(ANALYTES[key].label)) if key in ANALYTES else key


@register.filter
def analyte_unit(key: str) -> str:
    return messages.unit(ANALYTES[key].unit) if key in ANALYTES else ""


@register.filter
def printed_number(result: LaboratoryResult) -> str:
    """A result's number, bound, range or finding as it was typed."""
    return printed_result(result)[0]


@register.filter
def printed_unit(result: LaboratoryResult) -> str:
    """The unit that it was typed in; "" of a finding."""
    return printed_result(result)[1]


@register.filter
def in_canonical_unit(result: LaboratoryResult) -> str:
    """The value in the unit of limits and charts where it was typed in another; else ""."""
    return canonical_result(result)


@register.filter
def drug_label(fact: object) -> str:
    """The name of the drug of an episode, an administration or a former use."""
    return messages.sentence(drug_name(getattr(fact, "drug", ""), getattr(fact, "drug_text", "")))


@register.filter
def drug_as_written(fact: object) -> str:
    """The name as it was typed, where that is another than the catalogue's; else ""."""
    typed = str(getattr(fact, "drug_text", ""))
    return "" if fold(typed) == fold(drug_label(fact)) else typed


@register.filter
def question(kind: str) -> str:
    return messages.sentence(say(KINDS[kind].question)) if kind in KINDS else kind


@register.simple_tag
def fact_url(patient: Patient, reference: FactReference | None) -> str:
    """The page of the fact that a piece of evidence refers to; "" when there is none."""
    if reference is None:
        return ""
    if reference.kind == "patient":
        return reverse("patients:change", args=[patient.pk])
    return reverse("patients:fact", args=[patient.pk, reference.kind, reference.id])

"""What people are found by: each end of their names, in one spelling."""

from django.db import models
from django.db.models import Q

from patients.rules.person_keys import LONGEST_PART, NUMBER_SIGN, name_part, number_part

# Sorts behind every byte of a text.
AFTER_ANY = b"\xff"


class NamePart(models.Model):
    """A name of a patient from one of its letters on, or the number; what begins with a text is one range.

    As bytes, which both databases compare alike and find by the index. Made from the patient's row by
    `patients.services.name_index`; it has no history of its own.
    """

    patient = models.ForeignKey("patients.Patient", on_delete=models.CASCADE, related_name="name_parts")
    text = models.BinaryField(max_length=4 * LONGEST_PART)
    is_beginning = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["text", "is_beginning", "patient"], name="name_part_text")]


def with_word(word: str) -> Q:
    """Parts that begin with a word of a search; a single Latin letter or digit counts at beginnings only."""
    part = name_part(word)
    found = _from(part)
    if len(part) == 1 and part.isascii():
        found &= Q(is_beginning=True)
    return found | _from(NUMBER_SIGN + number_part(word))


def beginning_with(text: str) -> Q:
    """Parts of whole names that begin with the text."""
    return _from(name_part(text)) & Q(is_beginning=True)


def _from(text: str) -> Q:
    first = text[:LONGEST_PART].encode()
    return Q(text__gte=first, text__lt=first + AFTER_ANY)

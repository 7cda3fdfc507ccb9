"""How facts came to say what they say: who, when, old, new, why, in words that people read.

Each app describes its own tables as kinds; the versions themselves are kept by django-simple-history.
"""

from patients.history.kinds import KINDS, HistoryTable
from patients.history.search import Wanted, history_page, writers
from patients.history.sentences import FieldChange, FieldLine, HistoryEntry, entries, lines

__all__ = [
    "KINDS",
    "FieldChange",
    "FieldLine",
    "HistoryEntry",
    "HistoryTable",
    "Wanted",
    "entries",
    "history_page",
    "lines",
    "writers",
]

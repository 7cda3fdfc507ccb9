"""What prednisolone is taken now, since when, and what was taken before. Other steroids by equivalents."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from dosing.rules.taper.thresholds import TAPER
from patients.rules.glucocorticoids import DoseChange, Stability, stability
from patients.rules.record import Episode, Record
from patients.rules.verdict import Missing, gettext_noop, say

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Present:
    """The dose of a day: mg is None when it is not known, and missing says what is.

    since: the first day of this dose that is known. changed: whether another dose is known before it.
    """

    mg: Decimal | None
    since: date | None
    changes: tuple[DoseChange, ...]
    episodes: tuple[Episode, ...]
    missing: Missing | None = None

    @property
    def before_cut_mg(self) -> Decimal | None:
        """The dose before the last reduction, in mg; None where the last change was none."""
        last = self.changes[-1] if self.changes else None
        return last.old_mg if last is not None and last.new_mg < last.old_mg else None


def present_dose(record: Record, on: date) -> Present:
    """The prednisolone equivalent of a day; short stress cover aside, alternate days by their mean."""
    found = stability(record, on, TAPER.history_days)
    covering = tuple(row for row in found.episodes if row.covers(on))
    unknown = found.dose_mg is None or on in found.unknown_days
    free_text = [row for row in found.unidentified if isinstance(row, Episode) and row.covers(on)]
    if unknown or free_text:
        return Present(None, None, found.changes, covering, _missing(free_text))
    return Present(found.dose_mg, _since(found, covering, on), found.changes, covering)


def _since(found: Stability, covering: tuple[Episode, ...], on: date) -> date:
    """The day of the last change, or the day after the last unknown one; else the start of what is taken."""
    known = [found.changes[-1].on] if found.changes else []
    if found.unknown_days:
        known.append(found.unknown_days[-1] + ONE_DAY)
    return max(known) if known else min((row.start for row in covering), default=on)


def _missing(free_text: list[Episode]) -> Missing:
    if free_text:
        text = gettext_noop("“%(drug)s” is not in the catalogue and could be a steroid")
        return Missing("unmapped_drug", say(text, drug=free_text[0].drug_text), "which_drug")
    sentence = say(gettext_noop("The prednisolone dose of today is not known"))
    return Missing("steroid_history", sentence, "drug")

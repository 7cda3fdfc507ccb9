"""Whether the drug list is known to be complete for a window of days."""

from datetime import date, timedelta

from dosing.rules.thresholds import Thresholds
from patients.rules.record import DrugHistory, Record
from patients.rules.verdict import Missing, gettext_noop, say


def complete_history(record: Record, on: date, thresholds: Thresholds) -> DrugHistory | None:
    """The newest confirmation that covers the whole window and is itself recent enough, or None."""
    oldest = on - timedelta(days=thresholds.drug_history_max_age_days)
    window_start = on - timedelta(days=thresholds.stable_days)
    for row in reversed(record.drug_histories_in_order):
        covers = row.stated_on - timedelta(days=row.complete_days) <= window_start
        if covers and oldest <= row.stated_on <= on:
            return row
    return None


def history_missing(thresholds: Thresholds) -> Missing:
    return Missing(
        "drug_history",
        say(
            gettext_noop("The drug list is not confirmed complete for the last %(days)s days"),
            days=thresholds.stable_days,
        ),
        "drug_history",
    )

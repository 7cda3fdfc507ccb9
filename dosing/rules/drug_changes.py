"""What was started, raised, infused, changed or stopped in the window, and what is not known of it."""

from datetime import date, timedelta
from operator import attrgetter

from dosing.rules.thresholds import Thresholds
from patients.rules.dates import PartialDate, in_last_days
from patients.rules.drugs import DRUGS, IMMUNOSUPPRESSANT, members
from patients.rules.evidence import administration_evidence, drug_name, episode_evidence
from patients.rules.reading import episodes_of
from patients.rules.record import Administration, Episode, PriorUse, Record
from patients.rules.unidentified_drugs import unidentified_drugs, unidentified_missing
from patients.rules.verdict import Evidence, FactReference, Missing, gettext_noop, say

STATED = attrgetter("stated_on", "id")
# Given by infusion only: the last dose of a prior use is an infusion too.
INFUSED = ("rituximab", "immunoglobulin")

IMMUNOSUPPRESSANTS = members(IMMUNOSUPPRESSANT)
WATCHED = IMMUNOSUPPRESSANTS | {"hydroxychloroquine"}


def additions(record: Record, on: date, thresholds: Thresholds) -> list[tuple[str, date, Evidence]]:
    """Immunosuppressants started, increased or infused in the window, oldest first; every infusion counts."""
    started = [
        item for item in dose_events(record, on, thresholds, only_up=True) if item[0] in IMMUNOSUPPRESSANTS
    ]
    given = [
        (row.drug, row.on, administration_evidence(row))
        for row in administrations_of(record, IMMUNOSUPPRESSANTS, on)
        if in_last_days(row.on, on, thresholds.stable_days)
    ]
    stated = [
        (row.drug, row.last_dose.latest, prior_use_evidence(row))
        for row in _infused_before(record, on)
        if row.last_dose is not None and _surely_in_window(row.last_dose, on, thresholds)
    ]
    return sorted([*started, *given, *stated], key=lambda item: (item[1], item[0]))


def possible_additions(record: Record, on: date, thresholds: Thresholds) -> tuple[Missing, ...]:
    """What could turn out to be an addition in the window once it is known better."""
    undated = [
        last_dose_missing(row.drug)
        for row in _infused_before(record, on)
        if _perhaps_in_window(row.last_dose, on, thresholds)
    ]
    doses = [unknown_dose_missing(row) for row in unknown_doses(record, on, thresholds)]
    since = on - timedelta(days=thresholds.stable_days - 1)
    unidentified = [unidentified_missing(row) for row in unidentified_drugs(record, since, on)]
    found = {item.item: item for item in reversed((*unidentified, *doses, *undated))}
    return tuple(reversed(found.values())) if found else ()


def recent_changes(record: Record, on: date, thresholds: Thresholds) -> list[tuple[str, date]]:
    """Immunosuppressants and hydroxychloroquine started, changed or stopped in the window, by drug."""
    started = [(drug, day) for drug, day, _item in dose_events(record, on, thresholds)]
    stopped = [
        (row.drug, row.last_day)
        for row in episodes_of(record, WATCHED, on)
        if row.last_day is not None and in_last_days(row.last_day, on, thresholds.stable_days)
    ]
    last_taken = [
        (row.drug, row.last_dose.latest)
        for row in record.prior_uses
        if row.drug in WATCHED and row.stated_on <= on and row.last_dose is not None
        if row.last_dose.is_exact and in_last_days(row.last_dose.latest, on, thresholds.stable_days)
    ]
    return sorted({*started, *stopped, *last_taken}, key=lambda item: (item[1], item[0]))


def dose_events(
    record: Record, on: date, thresholds: Thresholds, only_up: bool = False
) -> list[tuple[str, date, Evidence]]:
    """Starts and dose changes in the window; a gap makes the next episode a start."""
    rows = episodes_of(record, WATCHED, on)
    before_window = on - timedelta(days=thresholds.stable_days)
    return [
        (row.drug, row.start, episode_evidence(row))
        for row in rows
        if row.start > before_window and row.dose_mg != 0 and _differs(row, rows, only_up=only_up)
    ]


def unknown_doses(record: Record, on: date, thresholds: Thresholds) -> list[Episode]:
    """Immunosuppressants that continued in the window from or to a dose that was not recorded."""
    rows = episodes_of(record, IMMUNOSUPPRESSANTS, on)
    before_window = on - timedelta(days=thresholds.stable_days)
    return [
        row
        for row in rows
        if row.start > before_window
        and row.dose_mg != 0
        and (before := _continued(row, rows)) is not None
        and (before.dose_mg is None or row.dose_mg is None)
    ]


def unknown_dose_missing(row: Episode) -> Missing:
    sentence = say(
        gettext_noop("Whether the dose of %(drug)s changed on %(day)s is not known"),
        drug=DRUGS[row.drug].label,
        day=row.start,
    )
    return Missing(f"{row.drug}_dose", sentence, "drug")


def last_dose_missing(drug: str) -> Missing:
    sentence = say(
        gettext_noop("%(drug)s was used, but the date of the last dose is unknown"), drug=DRUGS[drug].label
    )
    return Missing(f"{drug}_last_dose", sentence, "drug")


def administrations_of(record: Record, drugs: frozenset[str] | set[str], on: date) -> list[Administration]:
    found = [row for row in record.administrations if row.drug in drugs and row.on <= on]
    return sorted(found, key=lambda row: (row.on, row.drug, row.id))


def prior_use_evidence(row: PriorUse) -> Evidence:
    return Evidence(
        drug_name(row.drug, row.drug_text),
        str(row.last_dose) if row.last_dose else None,
        on=row.stated_on,
        fact=FactReference("prior_use", row.id),
    )


def _differs(row: Episode, rows: list[Episode], *, only_up: bool) -> bool:
    """Whether an episode is known to be a start or a change; one that continues at an unknown dose is not."""
    before = _continued(row, rows)
    if before is None:
        return True
    old, new = before.mg_per_day, row.mg_per_day
    if old is None or new is None:
        return old == 0
    return new > old if only_up else new != old


def _continued(row: Episode, rows: list[Episode]) -> Episode | None:
    """The episode of the same drug that ended the day before this one began."""
    day_before = row.start - timedelta(days=1)
    found = [other for other in rows if other.drug == row.drug and other is not row]
    return next((other for other in reversed(found) if other.covers(day_before)), None)


def _infused_before(record: Record, on: date) -> list[PriorUse]:
    found = [row for row in record.prior_uses if row.drug in INFUSED and row.stated_on <= on]
    return sorted(found, key=STATED)


def _surely_in_window(last_dose: PartialDate, on: date, thresholds: Thresholds) -> bool:
    return last_dose.earliest > on - timedelta(days=thresholds.stable_days)


def _perhaps_in_window(last_dose: PartialDate | None, on: date, thresholds: Thresholds) -> bool:
    return last_dose is None or last_dose.latest > on - timedelta(days=thresholds.stable_days)

"""What is taken, as far as the rules of low activity, remission and flares ask."""

from datetime import date, timedelta
from decimal import Decimal

from patients.rules.activity.thresholds import ActivityThresholds
from patients.rules.activity.visits import verdict_from
from patients.rules.dates import add_months
from patients.rules.drugs import ANTIMALARIAL, CALCINEURIN_INHIBITOR, DRUGS, IMMUNOSUPPRESSANT, members
from patients.rules.evidence import administration_evidence, episode_evidence
from patients.rules.glucocorticoids import stability
from patients.rules.reading import active_episodes, episodes_of
from patients.rules.record import Administration, Episode, Record
from patients.rules.verdict import Evidence, Message, Missing, Source, Value, Verdict, gettext_noop, say

DAYS_A_WEEK = 7
CAPPED_A_WEEK = frozenset({"methotrexate"})  # the other caps are of mg/day
REGULAR_WITHIN_MONTHS = 6
GIVEN_REGULARLY = frozenset({"belimumab", "anifrolumab", "immunoglobulin"})
NOT_RECENTLY_CHANGED = members(IMMUNOSUPPRESSANT, ANTIMALARIAL, CALCINEURIN_INHIBITOR)


def steroid_at_most(record: Record, on: date, limit_mg: Decimal, source: Source) -> Verdict:
    """Whether the prednisolone equivalent of a day is at most the limit, in mg."""
    found = stability(record, on, 1)
    open_dose = found.dose_mg is None or on in found.unknown_days or bool(found.unidentified)
    dose = found.dose_mg
    values: dict[str, Value] = {
        "dose": None if dose is None else round(dose, 2).normalize(),
        "limit": limit_mg,
    }
    surely_above = dose is not None and dose > limit_mg and on not in found.unknown_days
    return verdict_from(
        False if surely_above else None if open_dose else True,
        (
            say(gettext_noop("Prednisolone %(dose)s mg/day is not above %(limit)s"), **values),
            say(gettext_noop("Prednisolone %(dose)s mg/day is above %(limit)s"), **values),
        ),
        source,
        tuple(episode_evidence(row) for row in found.episodes if row.covers(on)),
        Missing("steroid_history", say(gettext_noop("The prednisolone dose is not known")), "drug"),
    )


def standard_doses(record: Record, on: date, thresholds: ActivityThresholds, source: Source) -> Verdict:
    """Maintenance immunosuppression at the usual doses; whether it is tolerated is the doctor's to say."""
    rows = active_episodes(record, thresholds.lldas_caps, on)
    above = next((row for row in rows if _above_cap(row, thresholds)), None)
    unstated = next((row for row in rows if row.dose_mg is None), None)
    missing = None
    if unstated is not None:
        text = gettext_noop("The dose of %(drug)s is not known")
        missing = Missing(f"{unstated.drug}_dose", say(text, drug=DRUGS[unstated.drug].label), "drug")
    text = gettext_noop("%(drug)s is above the usual maintenance dose")
    return verdict_from(
        False if above else None if missing else True,
        (
            say(gettext_noop("Immunosuppression at usual maintenance doses")),
            say(text, drug="" if above is None else DRUGS[above.drug].label),
        ),
        source,
        tuple(episode_evidence(row) for row in rows),
        missing,
    )


def _above_cap(row: Episode, thresholds: ActivityThresholds) -> bool:
    if row.mg_per_day is None:
        return False
    mg = row.mg_per_day * DAYS_A_WEEK if row.drug in CAPPED_A_WEEK else row.mg_per_day
    return mg > thresholds.lldas_caps[row.drug]


def stable_drugs(record: Record, on: date, thresholds: ActivityThresholds, source: Source) -> Verdict:
    """No antimalarial, immunosuppressant or biologic was started or increased recently [D]."""
    since = on - timedelta(days=thresholds.doris_stable_days)
    begun = started_or_raised(record, NOT_RECENTLY_CHANGED, since, on)
    values: dict[str, Value] = {"days": thresholds.doris_stable_days}
    first: Message = begun[0].label if begun else say("")
    text = gettext_noop("%(drug)s was started or raised in the last %(days)s days")
    return verdict_from(
        not begun,
        (
            say(gettext_noop("No immunosuppressant started or raised in %(days)s days"), **values),
            say(text, drug=first.values.get("drug") or first.text, **values),
        ),
        source,
        begun,
    )


def started_or_raised(record: Record, drugs: frozenset[str], since: date, on: date) -> tuple[Evidence, ...]:
    """Episodes of these drugs that began or went up after `since`, and every infusion; oldest first.

    A biologic that is given regularly is stable treatment: one infusion of it counts only where there was
    none in the half year before.
    """
    rows = episodes_of(record, drugs, on)
    up = [row for row in rows if row.start > since and row.dose_mg != 0 and _is_rise(row, rows)]
    given = [
        row
        for row in record.administrations
        if row.drug in drugs and since < row.on <= on and not _is_regular(record, row)
    ]
    found = [(row.start, episode_evidence(row)) for row in up]
    found += [(row.on, administration_evidence(row)) for row in given]
    return tuple(shown for _day, shown in sorted(found, key=lambda item: item[0]))


def goes_on_at_unknown_dose(
    record: Record, drugs: frozenset[str], since: date, on: date
) -> tuple[Episode, ...]:
    """Episodes of these drugs that continued after `since` from or to a dose that was not recorded."""
    rows = episodes_of(record, drugs, on)
    found = [(row, _before(row, rows)) for row in rows if row.start > since and row.dose_mg != 0]
    return tuple(row for row, before in found if before and None in (before.dose_mg, row.dose_mg))


def _is_regular(record: Record, row: Administration) -> bool:
    """Whether a biologic was given in the half year before; cytotoxics and rituximab are never regular."""
    since = add_months(row.on, -REGULAR_WITHIN_MONTHS)
    return row.drug in GIVEN_REGULARLY and any(
        other.drug == row.drug and since <= other.on < row.on for other in record.administrations
    )


def _is_rise(row: Episode, rows: list[Episode]) -> bool:
    """A start after a break, or a higher dose; a change between unknown doses is not known to be one."""
    before = _before(row, rows)
    if before is None or before.dose_mg == 0:
        return True
    old, new = before.mg_per_day, row.mg_per_day
    return old is not None and new is not None and new > old


def _before(row: Episode, rows: list[Episode]) -> Episode | None:
    """The episode of the same drug that was taken the day before this one began."""
    day_before = row.start - timedelta(days=1)
    same = [other for other in rows if other.drug == row.drug and other is not row]
    return next((other for other in reversed(same) if other.covers(day_before)), None)

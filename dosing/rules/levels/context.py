"""What else must be known before a level is acted on: steady state, other drugs, blood, an odd change.

Clinical specification 4.1 and hazards 4, 13 and 14 of section 9. Each note is information, never a verdict.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from dosing.rules.case import Case
from dosing.rules.levels.thresholds import LEVELS
from dosing.rules.levels.timing import timing
from dosing.rules.treatment import Level
from patients.rules.bounds import AT_LEAST
from patients.rules.drugs import DRUGS, INDUCER, MODERATE_INHIBITOR, STRONG_INHIBITOR, WEAK_INHIBITOR, members
from patients.rules.reading import episodes_of, latest_laboratory
from patients.rules.verdict import Message, gettext_noop, say

INTERACTING = members(STRONG_INHIBITOR, MODERATE_INHIBITOR, WEAK_INHIBITOR, INDUCER)


def context(case: Case, level: Level) -> tuple[Message, ...]:
    """What to know in addition to the number. case: the patient on the day of the draw."""
    return (
        *_not_taken(case, level),
        *_unexpected(case, level),
        *_not_steady(case, level),
        *_blood(case),
        *_drugs_unconfirmed(case),
    )


def steady_since(case: Case, day: date) -> date | None:
    """The first day of the present dose and drugs: the latest start, change or stop that moves the level.

    None when tacrolimus was not taken on the day.
    """
    dose = case.dose_on(day)
    if dose is None:
        return None
    turns = [dose.start, *(turn for _drug, turn in interacting_turns(case, day))]
    return max(turns)


def is_steady(case: Case, day: date) -> bool:
    """At least five days at one dose, with no interacting drug started or stopped in them [M]."""
    since = steady_since(case, day)
    return since is not None and (day - since).days >= LEVELS.steady_after_days


def previous_of_its_kind(case: Case, level: Level) -> Level | None:
    """The level before it that may be compared with it: same timing, an exact value of the same dose."""
    before = [
        other
        for other in case.treatment.levels_in_order
        if (other.on, other.time, other.id) < (level.on, level.time, level.id)
        and not other.comparator
        and timing(other.hours_after_dose) is timing(level.hours_after_dose)
        and _dose_mg(case, other) == _dose_mg(case, level)
    ]
    return before[-1] if before else None


def _dose_mg(case: Case, level: Level) -> Decimal | None:
    """The dose that the nurse recorded with the draw, else the one of the drug list on that day."""
    if level.dose_mg is not None:
        return level.dose_mg
    dose = case.dose_on(level.on)
    return None if dose is None else dose.mg_per_day


def _not_taken(case: Case, level: Level) -> Iterator[Message]:
    if case.dose_on(level.on) is None:
        yield say(gettext_noop("by the drug list no tacrolimus was taken on %(day)s"), day=level.on)
    elif level.dose_mg is not None and level.dose_mg != (listed := _listed_mg(case, level)):
        yield say(
            gettext_noop("%(stated)s mg was said at the draw, %(listed)s mg stands in the drug list"),
            stated=level.dose_mg,
            listed=listed,
        )


def _listed_mg(case: Case, level: Level) -> Decimal | None:
    dose = case.dose_on(level.on)
    return None if dose is None else dose.mg_per_day


def _unexpected(case: Case, level: Level) -> Iterator[Message]:
    before = previous_of_its_kind(case, level)
    if before is None or level.comparator:
        return
    change = 100 * (level.ng_ml - before.ng_ml) / before.ng_ml
    if abs(change) > LEVELS.unexpected_change_percent:
        yield say(
            gettext_noop(
                "changed from %(before)s to %(now)s ng/ml at an equal dose: confirm patient, last dose and "
                "time of the draw before acting"
            ),
            before=before.ng_ml,
            now=level.ng_ml,
        )


def _not_steady(case: Case, level: Level) -> Iterator[Message]:
    dose = case.dose_on(level.on)
    if dose is not None and (level.on - dose.start).days < LEVELS.steady_after_days:
        yield say(
            gettext_noop("not at steady state: %(mg)s mg since %(day)s"), mg=dose.mg_per_day, day=dose.start
        )
    for drug, day in interacting_turns(case, level.on):
        if (level.on - day).days < LEVELS.steady_after_days:
            yield say(
                gettext_noop("not at steady state: %(drug)s was started or stopped on %(day)s"),
                drug=DRUGS[drug].label,
                day=day,
            )


def interacting_turns(case: Case, day: date) -> list[tuple[str, date]]:
    """When drugs that raise or lower the level were started, changed or stopped, up to the day."""
    rows = episodes_of(case.record, INTERACTING, day)
    ended = [(row.drug, row.last_day) for row in rows if row.last_day is not None and row.last_day <= day]
    return [*((row.drug, row.start) for row in rows), *ended]


def _blood(case: Case) -> Iterator[Message]:
    """Little red blood or albumin: the whole-blood level understates the free drug."""
    limits = {"haematocrit": LEVELS.haematocrit_percent, "albumin": LEVELS.albumin_g_dl}
    texts = {
        "haematocrit": gettext_noop(
            "haematocrit %(value)s %%: the level understates free drug, do not raise the dose"
        ),
        "albumin": gettext_noop(
            "albumin %(value)s g/dl: the level understates free drug, do not raise the dose"
        ),
    }
    for analyte, limit in limits.items():
        row = latest_laboratory(case.record, analyte, case.on, LEVELS.blood_max_age_days)
        if row is not None and row.value is not None and row.value < limit and row.comparator not in AT_LEAST:
            yield say(texts[analyte], value=row.value)


def _drugs_unconfirmed(case: Case) -> Iterator[Message]:
    oldest = case.on - timedelta(days=LEVELS.drug_list_max_age_days)
    if not any(row.stated_on >= oldest for row in case.record.drug_histories):
        yield say(
            gettext_noop("drugs unconfirmed at the draw: no confirmed list in the %(days)s days before it"),
            days=LEVELS.drug_list_max_age_days,
        )

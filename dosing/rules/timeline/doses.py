"""Doses on the time axis: prednisolone and tacrolimus as steps, the other drugs as bars."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from dosing.rules.case import Case
from dosing.rules.taper.against_plan import planned_of
from dosing.rules.timeline.lanes import Lane, LaneShape, Stretch, TimelineSeries, TreatmentSpan
from patients.rules.drugs import ANTIMALARIAL, DRUGS, IMMUNOSUPPRESSANT, MTOR_INHIBITOR, STEROID, members
from patients.rules.glucocorticoids import SYSTEMIC_ROUTES, daily_doses
from patients.rules.reading import episodes_of
from patients.rules.record import Episode, Record
from patients.rules.schedules import as_taken
from patients.rules.verdict import FactReference, Message, gettext_noop, say

ONE_DAY = timedelta(days=1)
HUNDREDTH = Decimal("0.01")
DRUG_LIST = say(gettext_noop("drug list"))
TAPER_PLAN = say(gettext_noop("taper plan"))
PER_DAY = gettext_noop("%(mg)s mg/day")
DOSE_UNKNOWN = say(gettext_noop("dose unknown"))


def prednisolone(case: Case) -> Lane:
    """All systemic glucocorticoids together, as prednisolone in mg a day, and what a taper planned."""
    record, on = case.record, case.on
    episodes = [row for row in episodes_of(record, members(STEROID), on) if row.route in SYSTEMIC_ROUTES]
    return Lane(
        "prednisolone",
        say(gettext_noop("Prednisolone, or what equals it")),
        (
            *_one(say(gettext_noop("prednisolone equivalent")), _equivalents(record, episodes, on)),
            *_planned(case),
        ),
        unit="mg/d",
    )


def tacrolimus(record: Record, on: date) -> Lane:
    """The daily dose of tacrolimus in mg."""
    taken = (
        _stretch(row, on, _per_day_of(row.mg_per_day)) for row in episodes_of(record, ["tacrolimus"], on)
    )
    title = say(gettext_noop("Tacrolimus"))
    return Lane("tacrolimus", title, _one(say(DRUGS["tacrolimus"].label), taken), unit="mg/d")


def other_drugs(record: Record, on: date) -> Lane:
    """The other immunosuppressants and hydroxychloroquine, one row a drug, in the order of their start."""
    keys = members(IMMUNOSUPPRESSANT, MTOR_INHIBITOR, ANTIMALARIAL) - {"tacrolimus"}
    taken = [row for row in episodes_of(record, keys, on) if row.dose_mg != 0]
    rows = {row.drug: tuple(_bars(taken, row.drug, on)) for row in taken}
    return Lane(
        "other_drugs",
        say(gettext_noop("Other immunosuppressants and hydroxychloroquine")),
        tuple(TimelineSeries(say(DRUGS[drug].label), stretches=bars) for drug, bars in rows.items()),
        shape=LaneShape.ROWS,
    )


def courses(record: Record, on: date) -> tuple[TreatmentSpan, ...]:
    """The times on tacrolimus: doses follow each other without a day between; a stated 0 mg ends one."""
    taken = [row for row in episodes_of(record, ["tacrolimus"], on) if row.dose_mg != 0]
    found: list[TreatmentSpan] = []
    for row in taken:
        if found and row.start <= found[-1].last + ONE_DAY:
            found[-1] = TreatmentSpan(found[-1].first, max(found[-1].last, _last(row, on)))
        else:
            found.append(TreatmentSpan(row.start, _last(row, on)))
    return tuple(found)


def _planned(case: Case) -> Iterator[TimelineSeries]:
    """The doses of each plan up to its end, or to today; they were planned, not necessarily taken."""
    for plan in sorted(case.treatment.tapers, key=lambda row: (row.start_on, row.id)):
        last = case.on if plan.ended_on is None else min(plan.ended_on, case.on)
        begun = [row for row in planned_of(case, plan) if row.on <= last]
        ends = [*(row.on - ONE_DAY for row in begun[1:]), last]
        fact = FactReference("taper", plan.id)
        stretches = tuple(
            Stretch(row.on, end, row.mg, say(PER_DAY, mg=row.mg.normalize()), TAPER_PLAN, fact)
            for row, end in zip(begun, ends, strict=True)
            if row.on <= end
        )
        if stretches:
            yield TimelineSeries(say(gettext_noop("prednisolone by the plan")), stretches, is_planned=True)


def _equivalents(record: Record, episodes: list[Episode], on: date) -> Iterator[Stretch]:
    """One stretch for the days between two changes of the list; days without an episode are left out."""
    changes = {row.start for row in episodes}
    changes |= {row.last_day + ONE_DAY for row in episodes if row.last_day is not None}
    for first, after in pairwise([*sorted(day for day in changes if day <= on), on + ONE_DAY]):
        covering = [row for row in episodes if row.covers(first)]
        if covering:
            mg = daily_doses(record, first, first)[first]
            newest = max(covering, key=lambda row: (row.start, row.id))
            yield Stretch(first, after - ONE_DAY, mg, _per_day_of(mg), DRUG_LIST, _reference(newest))


def _bars(taken: Iterable[Episode], drug: str, on: date) -> Iterator[Stretch]:
    return (_stretch(row, on, _as_taken(row)) for row in taken if row.drug == drug)


def _stretch(row: Episode, on: date, said: Message) -> Stretch:
    return Stretch(row.start, _last(row, on), row.mg_per_day, said, DRUG_LIST, _reference(row))


def _last(row: Episode, on: date) -> date:
    """The last day that has come: an open or planned end reaches the day of the picture."""
    return on if row.last_day is None else min(row.last_day, on)


def _per_day_of(mg: Decimal | None) -> Message:
    return DOSE_UNKNOWN if mg is None else say(PER_DAY, mg=_rounded(mg))


def _as_taken(row: Episode) -> Message:
    return DOSE_UNKNOWN if row.dose_mg is None else as_taken(row)


def _rounded(mg: Decimal) -> Decimal:
    """To hundredths of a mg: equivalents and alternate days give endless decimals."""
    return mg.quantize(HUNDREDTH)


def _reference(row: Episode) -> FactReference:
    return FactReference("episode", row.id)


def _one(name: Message, stretches: Iterable[Stretch]) -> tuple[TimelineSeries, ...]:
    found = tuple(stretches)
    return (TimelineSeries(name, stretches=found),) if found else ()

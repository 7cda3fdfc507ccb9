"""What an invented patient takes: a prednisolone taper, three more drugs, and their tacrolimus levels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from demo.synthetic.disease import number
from demo.synthetic.plan import CoursePlan, SyntheticPhase
from patients.rules.record import Episode

PREDNISOLONE_STEPS_MG = ("20", "15", "12.5", "10", "9", "8", "7.5", "7", "6", "5")
STABLE_DAYS = 120
TAPER_DAYS_BEFORE, TAPER_DAYS_ON_TACROLIMUS = 110, 56
IMMUNOSUPPRESSANTS = {"mycophenolate_mofetil": "1000", "azathioprine": "50", "mizoribine": "150"}
STAYS, STILL_TAKEN = "mizoribine", 0.3
USUAL_TIME, DRAW_TIME = time(21, 0), time(9, 0)


@dataclass(frozen=True)
class SyntheticLevel:
    """A tacrolimus level with the dose before it."""

    drawn_at: datetime
    last_dose_at: datetime
    dose_mg: Decimal
    value_ng_ml: Decimal


def episodes(random: Random, plan: CoursePlan) -> tuple[Episode, ...]:
    """At least four, none of one drug overlapping another of it."""
    first = plan.visit_days[0] - timedelta(days=random.randint(30, 200))
    drug, mg = random.choice(list(IMMUNOSUPPRESSANTS.items()))
    found = [
        *_prednisolone(random, plan, first),
        Episode(0, "hydroxychloroquine", first, Decimal(random.choice((200, 300, 400)))),
        Episode(0, drug, first, Decimal(mg), last_day=_last_day(random, plan, drug)),
    ]
    if plan.phase is SyntheticPhase.CONTRAINDICATED:
        found.append(Episode(0, "ciclosporin", plan.on - timedelta(days=200), Decimal(100)))
    if plan.tacrolimus_start is not None:
        found.append(
            Episode(
                0,
                "tacrolimus",
                plan.tacrolimus_start,
                _tacrolimus_mg(plan),
                last_day=plan.tacrolimus_last_day,
                formulation="capsule",
            )
        )
    return tuple(found)


def levels(random: Random, plan: CoursePlan, zone: ZoneInfo) -> tuple[SyntheticLevel, ...]:
    """A level at each visit while tacrolimus is taken, twelve hours after the evening dose."""
    start = plan.tacrolimus_start
    if start is None:
        return ()
    last = plan.tacrolimus_last_day or plan.on
    days = [day for day in plan.visit_days if start + timedelta(days=6) <= day <= last]
    clearance = random.lognormvariate(0, 0.35)
    return tuple(_level(random, day, _tacrolimus_mg(plan), clearance, zone) for day in days)


def _last_day(random: Random, plan: CoursePlan, drug: str) -> date | None:
    """Mizoribine may go on until tacrolimus; of the others most were stopped long before."""
    if drug == STAYS or (plan.phase is SyntheticPhase.STABLE and random.random() < STILL_TAKEN):
        return plan.tacrolimus_start
    return plan.visit_days[0] + timedelta(days=random.randint(0, 30))


def _level(random: Random, day: date, mg: Decimal, clearance: float, zone: ZoneInfo) -> SyntheticLevel:
    """About 1.4 ng/ml a mg, as at the study's dose, times what this patient makes of it."""
    mean = 1.4 * float(mg) / clearance
    return SyntheticLevel(
        drawn_at=datetime.combine(day, DRAW_TIME, tzinfo=zone),
        last_dose_at=datetime.combine(day - timedelta(days=1), USUAL_TIME, tzinfo=zone),
        dose_mg=mg,
        value_ng_ml=number(random, mean, mean * 0.15, 1),
    )


def _tacrolimus_mg(plan: CoursePlan) -> Decimal:
    return Decimal(2 if plan.renal and plan.activity < 1 / 5 else 3)


def _prednisolone(random: Random, plan: CoursePlan, first: date) -> list[Episode]:
    """Steps downwards: slow before tacrolimus, none in the last months before it, quicker on it."""
    step = random.randint(0, 3)
    starts = [first, first + timedelta(days=random.randint(20, 60))]
    quiet_from = (plan.tacrolimus_start or plan.on) - timedelta(days=STABLE_DAYS)
    day = starts[-1] + timedelta(days=TAPER_DAYS_BEFORE + random.randint(0, 60))
    while day < quiet_from and len(starts) < len(PREDNISOLONE_STEPS_MG) - step - 3:
        starts.append(day)
        day += timedelta(days=TAPER_DAYS_BEFORE + random.randint(0, 60))
    if plan.tacrolimus_start is not None:
        day = plan.tacrolimus_start + timedelta(days=28)
        while day < plan.on and len(starts) < len(PREDNISOLONE_STEPS_MG) - step:
            starts.append(day)
            day += timedelta(days=TAPER_DAYS_ON_TACROLIMUS + random.randint(0, 28))
    ends: list[date | None] = [later - timedelta(days=1) for later in starts[1:]]
    doses = PREDNISOLONE_STEPS_MG[step:]
    return [
        Episode(0, "prednisolone", start, Decimal(mg), last_day=end)
        for start, end, mg in zip(starts, [*ends, None], doses, strict=False)
    ]

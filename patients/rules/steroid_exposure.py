"""How much glucocorticoid was taken in a time, in milligrams of prednisolone. Clinical specification 5.6."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from patients.rules.activity import ACTIVITY
from patients.rules.drugs import STEROID, members
from patients.rules.glucocorticoids import SYSTEMIC_ROUTES, daily_doses, prednisolone_equivalent
from patients.rules.record import Record

LLDAS_MG = ACTIVITY.lldas_prednisolone_mg
EULAR_MG = ACTIVITY.eular_prednisolone_mg


@dataclass(frozen=True)
class Exposure:
    """Milligrams and days of a half-open time; days of an unknown dose are counted separately.

    pulses_mg: dated infusions and injections. unknown_pulses: those without a dose.
    """

    known_days: int
    unknown_days: int
    daily_mg: Decimal
    pulses_mg: Decimal
    unknown_pulses: int
    days_up_to_7_5: int
    days_up_to_5: int

    @property
    def total_mg(self) -> Decimal:
        return self.daily_mg + self.pulses_mg

    @property
    def mean_mg(self) -> Decimal | None:
        """The time-weighted mean of the daily dose in mg; None without a known day."""
        return self.daily_mg / self.known_days if self.known_days else None


def exposure(record: Record, first: date, until: date) -> Exposure:
    """What was taken from `first` to the day before `until`."""
    taken = daily_doses(record, first, until - timedelta(days=1)) if until > first else {}
    doses = [mg for mg in taken.values() if mg is not None]
    pulses = [
        None if row.dose_mg is None else prednisolone_equivalent(row.drug, row.dose_mg)
        for row in record.administrations
        if row.drug in members(STEROID) and row.route in SYSTEMIC_ROUTES and first <= row.on < until
    ]
    return Exposure(
        known_days=len(doses),
        unknown_days=len(taken) - len(doses),
        daily_mg=sum(doses, Decimal(0)),
        pulses_mg=sum((mg for mg in pulses if mg is not None), Decimal(0)),
        unknown_pulses=pulses.count(None),
        days_up_to_7_5=sum(mg <= LLDAS_MG for mg in doses),
        days_up_to_5=sum(mg <= EULAR_MG for mg in doses),
    )

"""Safety while tacrolimus is taken, today: signals, other drugs, the present control."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from dosing.assessment.assess import case_today
from dosing.rules import flares, interactions, levels, signals
from dosing.rules.case import Case
from dosing.rules.findings import AlertFinding
from dosing.rules.interactions import TABLE_DATE, Check, Concern
from dosing.rules.levels.thresholds import LEVELS
from dosing.rules.monitoring import MonitoringControl, present_control
from patients.models import Patient

WATCHED = (levels.raised, signals.raised, flares.raised, interactions.raised)


@dataclass(frozen=True)
class SafetyStatus:
    """What the rules see on the day of the case; empty where tacrolimus is not taken."""

    case: Case

    @property
    def is_on_tacrolimus(self) -> bool:
        return self.case.is_on_tacrolimus

    @cached_property
    def signals(self) -> list[AlertFinding]:
        """The most serious first; the same findings as the stored alerts."""
        found = [row for watch in WATCHED for row in watch(self.case)]
        return sorted(found, key=lambda row: (-row.severity, row.rule, row.subject))

    @cached_property
    def check(self) -> Check:
        return interactions.check(self.case)

    @property
    def concerns(self) -> Iterator[Concern]:
        """Drugs that act now, or were stopped recently."""
        return iter(sorted(self.check.concerns, key=lambda row: -(row.interaction.severity or 0)))

    @property
    def table_date(self) -> date:
        return TABLE_DATE

    @cached_property
    def list_confirmed_on(self) -> date | None:
        """When somebody last said that the drug list is complete."""
        return max((row.stated_on for row in self.case.record.drug_histories), default=None)

    @property
    def is_list_old(self) -> bool:
        confirmed = self.list_confirmed_on
        # As for a level: an older drug list leaves open what else is taken (specification 9, point 14).
        limit = LEVELS.drug_list_max_age_days
        return confirmed is None or (self.case.on - confirmed).days > limit

    @cached_property
    def control(self) -> MonitoringControl | None:
        """The control of the monitoring calendar that can be done now, or the next one."""
        first = self.case.first_dose_on
        return None if first is None else present_control(self.case, first)

    @property
    def is_overdue(self) -> bool:
        return self.control is not None and self.control.overdue_from <= self.case.on


def safety_status(patient: Patient) -> SafetyStatus:
    """The safety of a patient today."""
    return SafetyStatus(case_today(patient))

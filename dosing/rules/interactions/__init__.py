"""Drugs taken with tacrolimus: one table of their effects, which concern a patient, what is watched."""

from dosing.rules.interactions.check import Check, Concern, check
from dosing.rules.interactions.table import CLEARANCE_FACTORS, TABLE, TABLE_DATE, InteractionClass
from dosing.rules.interactions.watch import due, raised

__all__ = [
    "CLEARANCE_FACTORS",
    "TABLE",
    "TABLE_DATE",
    "Check",
    "Concern",
    "InteractionClass",
    "check",
    "due",
    "raised",
]

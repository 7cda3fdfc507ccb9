"""Alerts, tasks, decisions and the courses they open, and the sweeps that keep them current."""

from dosing.models.alert import Alert, AlertState, Severity
from dosing.models.decision import Decision, DecisionKind, ReasonCode, TacrolimusCourse
from dosing.models.level import TacrolimusLevel
from dosing.models.sweep import Standing, Sweep, SweepState
from dosing.models.task import Task, TaskState

__all__ = [
    "Alert",
    "AlertState",
    "Decision",
    "DecisionKind",
    "ReasonCode",
    "Severity",
    "Standing",
    "Sweep",
    "SweepState",
    "TacrolimusCourse",
    "TacrolimusLevel",
    "Task",
    "TaskState",
]

"""Alerts, tasks, decisions and the courses they open, and the sweeps that keep them current."""

from dosing.models.alert import Alert, AlertReason, AlertState, Severity
from dosing.models.decision import COURSE_KINDS, Decision, DecisionKind, ReasonCode, TacrolimusCourse
from dosing.models.level import TacrolimusLevel
from dosing.models.sweep import UNFINISHED, Standing, Sweep, SweepState, SweepTrigger
from dosing.models.target import TargetRange
from dosing.models.task import Task, TaskState

__all__ = [
    "COURSE_KINDS",
    "UNFINISHED",
    "Alert",
    "AlertReason",
    "AlertState",
    "Decision",
    "DecisionKind",
    "ReasonCode",
    "Severity",
    "Standing",
    "Sweep",
    "SweepState",
    "SweepTrigger",
    "TacrolimusCourse",
    "TacrolimusLevel",
    "TargetRange",
    "Task",
    "TaskState",
]

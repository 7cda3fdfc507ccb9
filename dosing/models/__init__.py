"""Levels, adverse events, decisions, courses, tapers, forecasts; alerts, tasks and reassessment runs."""

from dosing.models.adverse_event import (
    WHO_UMC_CATEGORIES,
    ActionTaken,
    AdverseEvent,
    EventOutcome,
    SeriousCriterion,
)
from dosing.models.alert import Alert, AlertReason, AlertState
from dosing.models.decision import COURSE_KINDS, Decision, DecisionKind, ReasonCode, TacrolimusCourse
from dosing.models.forecast import LedBy, StoredForecast
from dosing.models.level import TacrolimusLevel
from dosing.models.reassessment import UNFINISHED, PatientStatus, ReassessmentRun, RunState, RunTrigger
from dosing.models.taper import StepKind, TaperPlan, TaperReason, TaperStep
from dosing.models.target import TargetRange
from dosing.models.task import Task, TaskState

__all__ = [
    "COURSE_KINDS",
    "UNFINISHED",
    "WHO_UMC_CATEGORIES",
    "ActionTaken",
    "AdverseEvent",
    "Alert",
    "AlertReason",
    "AlertState",
    "Decision",
    "DecisionKind",
    "EventOutcome",
    "LedBy",
    "PatientStatus",
    "ReasonCode",
    "ReassessmentRun",
    "RunState",
    "RunTrigger",
    "SeriousCriterion",
    "StepKind",
    "StoredForecast",
    "TacrolimusCourse",
    "TacrolimusLevel",
    "TaperPlan",
    "TaperReason",
    "TaperStep",
    "TargetRange",
    "Task",
    "TaskState",
]

"""Facts as rows. Every fact but the patient is a Fact: versioned, voidable, with history."""

from patients.models.draft import Draft
from patients.models.drug import (
    Administration,
    DoseEpisode,
    DrugHistory,
    PriorUse,
)
from patients.models.fact import Fact
from patients.models.laboratory import Assay, Laboratory, LaboratoryResult, SheetOrder
from patients.models.name_part import NamePart
from patients.models.patient import BiopsyClass, Patient, Sex
from patients.models.person_state import PersonState
from patients.models.record_view import RecordView
from patients.models.statement import Classification, ClassificationSystem, Statement
from patients.models.visit import Visit
from patients.models.visit_columns import ATTRIBUTIONS

__all__ = [
    "ATTRIBUTIONS",
    "Administration",
    "Assay",
    "BiopsyClass",
    "Classification",
    "ClassificationSystem",
    "DoseEpisode",
    "Draft",
    "DrugHistory",
    "Fact",
    "Laboratory",
    "LaboratoryResult",
    "NamePart",
    "Patient",
    "PersonState",
    "PriorUse",
    "RecordView",
    "Sex",
    "SheetOrder",
    "Statement",
    "Visit",
]

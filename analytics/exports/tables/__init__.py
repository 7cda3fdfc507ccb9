"""What a long export contains: a file a table, and why some models are in none."""

from collections.abc import Mapping

from analytics.exports.tables.drugs import ADMINISTRATIONS, COURSES, EPISODES
from analytics.exports.tables.events import DECISIONS, EVENTS
from analytics.exports.tables.laboratory import LABORATORY, LEVELS
from analytics.exports.tables.patients import PATIENTS
from analytics.exports.tables.table import PATIENT, ExportTable
from analytics.exports.tables.visits import VISITS

TABLES: tuple[ExportTable, ...] = (
    PATIENTS,
    VISITS,
    LABORATORY,
    LEVELS,
    EPISODES,
    ADMINISTRATIONS,
    COURSES,
    EVENTS,
    DECISIONS,
)
# Models about one patient that no table tells, and why.
NOT_EXPORTED: Mapping[str, str] = {
    "patients.Draft": "what somebody is typing is no fact",
    "patients.NamePart": "made from the names, for the search",
    "patients.RecordView": "who looked at a record is for the audit",
    "patients.PriorUse": "used by the criteria; the study's analysis needs dose episodes only",
    "patients.DrugHistory": "says how complete the drug list is, in words of an informant",
    "patients.PersonState": "decides who is exported; deaths are adverse events or outcomes",
    "patients.Statement": "answers for the criteria, with free notes",
    "patients.Classification": "the criteria of classification, with free notes",
    "dosing.Alert": "for the worklist; the page of alert burden counts them",
    "dosing.Task": "for the worklist; the page of alert burden counts them",
    "dosing.PatientStatus": "computed from the other facts",
    "dosing.TargetRange": "a patient's own target, with free text",
    "dosing.StoredForecast": "computed from the other facts; a page of its own scores them",
    "dosing.TaperPlan": "a plan; the doses taken are dose episodes",
    "dosing.TaperStep": "a plan; the doses taken are dose episodes",
}

__all__ = ["NOT_EXPORTED", "PATIENT", "PATIENTS", "TABLES", "ExportTable"]

"""Every URL, for every kind of person: what it answers. A URL that is not in the table fails."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver
from django.utils import timezone

from accounts.clock import local_today
from accounts.models import ClinicSettings
from accounts.services import propose_settings
from analytics.models import Report
from dosing.adverse_events.services import report_event
from dosing.decisions.services import decide_not_now
from dosing.levels.services import record_level
from dosing.models import AdverseEvent, Alert, Decision, TacrolimusLevel, TaperPlan, Task
from dosing.taper.services import plan_taper
from patients.models import DoseEpisode, LaboratoryResult, PersonState, Visit
from patients.rules.dates import PartialDate
from patients.services.assays import AssayNumbers, add_assay
from patients.services.laboratory import laboratory_named
from patients.services.person_states import record_state
from patients.services.registration import register_patient
from tests.analytics.reports import finished_report
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Row:
    """What a GET answers: doctor and nurse of the clinic, its administrator, another clinic's doctor."""

    name: str
    doctor: int
    nurse: int
    administrator: int
    stranger: int
    posts: bool = False


RECORD = (200, 200, 403, 404)
DOCTOR_ONLY = (200, 403, 403, 404)
# Another clinic's administrator has tests of their own, beside each page.
ADMINISTRATOR_ONLY = (403, 403, 200, 403)
EXPORTS = (
    "accounts:export_sign_ins", "accounts:export_accounts",
    "patients:export_views", "patients:export_changes",
)  # fmt: skip
REPORT_PAGES = ("analytics:report", "analytics:report_missing", "analytics:report_progress")
REPORT_POSTS = ("analytics:cancel_report", "analytics:retry_report", "analytics:delete_report")
ALERT_POSTS = ("dosing:acknowledge", "dosing:snooze", "dosing:override", "dosing:reopen")
SETTINGS = (200, 403, 200, 404)
POST_ONLY = (405, 405, 405, 405)
TABLE = (
    Row("dosing:worklist", 200, 200, 200, 200),
    Row("dosing:criteria", *RECORD),
    Row("dosing:matters", *RECORD),
    Row("dosing:if_signed", 405, 405, 405, 405, posts=True),
    Row("dosing:worst_alert", *RECORD),
    Row("dosing:decision", *RECORD),
    Row("dosing:history", *RECORD),
    Row("dosing:timeline", *RECORD),
    Row("dosing:timeline_table", *RECORD),
    Row("dosing:levels", 200, 200, 403, 200, posts=True),
    Row("dosing:level_row", *POST_ONLY, posts=True),
    Row("patients:new_state", *DOCTOR_ONLY, posts=True),
    Row("patients:accept_transfer", *DOCTOR_ONLY, posts=True),
    Row("dosing:level_choices", 200, 200, 403, 200),
    Row("dosing:level_moment", 200, 200, 403, 200),
    Row("dosing:undo_level", *POST_ONLY, posts=True),
    Row("dosing:target", *DOCTOR_ONLY, posts=True),
    Row("dosing:levels_panel", *RECORD),
    Row("dosing:adverse_events_panel", *RECORD),
    Row("dosing:adverse_event", *RECORD),
    Row("dosing:new_adverse_event", *RECORD, posts=True),
    Row("dosing:change_adverse_event", *RECORD, posts=True),
    Row("dosing:forecast", *RECORD, posts=True),
    Row("dosing:forecast_panel", *RECORD),
    Row("dosing:what_if", *RECORD),
    Row("dosing:forecast_audit", 200, 403, 200, 200),
    Row("dosing:interaction_table", 200, 200, 403, 200),
    Row("dosing:chart", *RECORD),
    Row("dosing:safety_panel", *RECORD),
    Row("dosing:taper_panel", *RECORD),
    Row("dosing:plan_taper", *DOCTOR_ONLY, posts=True),
    Row("dosing:taper_step", *DOCTOR_ONLY, posts=True),
    Row("dosing:end_taper", *DOCTOR_ONLY, posts=True),
    Row("dosing:start", *DOCTOR_ONLY, posts=True),
    Row("dosing:not_now", *DOCTOR_ONLY, posts=True),
    Row("dosing:not_suitable", *DOCTOR_ONLY, posts=True),
    Row("dosing:tacrolimus_panel", *RECORD),
    Row("dosing:change_dose", *DOCTOR_ONLY, posts=True),
    Row("dosing:pause", *DOCTOR_ONLY, posts=True),
    Row("dosing:resume", *DOCTOR_ONLY, posts=True),
    Row("dosing:stop", *DOCTOR_ONLY, posts=True),
    Row("dosing:take_back", *POST_ONLY, posts=True),
    Row("dosing:alert_burden", 200, 403, 200, 200),
    Row("dosing:alert_burden_file", *POST_ONLY, posts=True),
    Row("dosing:alert", *DOCTOR_ONLY),
    Row("dosing:acknowledge", *POST_ONLY, posts=True),
    Row("dosing:snooze", *POST_ONLY, posts=True),
    Row("dosing:override", *POST_ONLY, posts=True),
    Row("dosing:reopen", *POST_ONLY, posts=True),
    Row("dosing:task", *RECORD),
    Row("dosing:complete_task", *POST_ONLY, posts=True),
    Row("dosing:cancel_task", *POST_ONLY, posts=True),
    Row("patients:list", 200, 200, 403, 200),
    Row("patients:register", 200, 200, 403, 200, posts=True),
    Row("patients:drafts", 200, 200, 403, 200),
    Row("patients:page", *RECORD),
    Row("patients:change", *RECORD, posts=True),
    Row("patients:history", *RECORD),
    Row("patients:viewers", *RECORD),
    Row("patients:visits", *RECORD),
    Row("patients:laboratory", *RECORD),
    Row("patients:drugs", *RECORD),
    Row("patients:statements", *RECORD),
    Row("patients:new_visit", *RECORD, posts=True),
    Row("patients:visit", 302, 302, 403, 404, posts=True),
    Row("patients:amend_visit", *DOCTOR_ONLY, posts=True),
    Row("patients:new_laboratory", *RECORD, posts=True),
    Row("patients:correct_result", *RECORD, posts=True),
    Row("patients:new_episode", *RECORD, posts=True),
    Row("patients:change_episode", *RECORD, posts=True),
    Row("patients:new_administration", *RECORD, posts=True),
    Row("patients:new_prior_use", *RECORD, posts=True),
    Row("patients:confirm_history", *RECORD, posts=True),
    Row("patients:open_drugs", *RECORD),
    Row("patients:identify_drug", *DOCTOR_ONLY, posts=True),
    Row("patients:drug_names", 200, 200, 200, 200),
    Row("patients:new_statement", *RECORD, posts=True),
    Row("patients:new_classification", *DOCTOR_ONLY, posts=True),
    Row("patients:new_classification_items", *DOCTOR_ONLY, posts=True),
    Row("patients:fact", *RECORD),
    Row("patients:void_fact", 405, 405, 405, 405, posts=True),
    Row("accounts:administration", *ADMINISTRATOR_ONLY),
    Row("accounts:people", *ADMINISTRATOR_ONLY),
    Row("accounts:new_person", *ADMINISTRATOR_ONLY, posts=True),
    Row("accounts:person", *ADMINISTRATOR_ONLY, posts=True),
    Row("accounts:deactivate", *POST_ONLY, posts=True),
    Row("accounts:reactivate", *POST_ONLY, posts=True),
    Row("accounts:reset_password", *POST_ONLY, posts=True),
    Row("accounts:unlock", *POST_ONLY, posts=True),
    Row("accounts:clinics", *ADMINISTRATOR_ONLY),
    Row("accounts:new_clinic", *ADMINISTRATOR_ONLY, posts=True),
    Row("accounts:clinic", *ADMINISTRATOR_ONLY, posts=True),
    Row("accounts:all_settings", 200, 403, 200, 200),
    Row("accounts:waiting_settings", 200, 403, 200, 200),
    Row("accounts:settings", *SETTINGS),
    Row("accounts:propose_settings", *ADMINISTRATOR_ONLY, posts=True),
    Row("accounts:compare_settings", *SETTINGS),
    Row("accounts:settings_version", *SETTINGS),
    Row("accounts:approve_settings", *POST_ONLY, posts=True),
    Row("accounts:reject_settings", *POST_ONLY, posts=True),
    Row("accounts:audit_sign_ins", *ADMINISTRATOR_ONLY),
    Row("accounts:audit_accounts", *ADMINISTRATOR_ONLY),
    Row("accounts:export_sign_ins", *POST_ONLY, posts=True),
    Row("accounts:export_accounts", *POST_ONLY, posts=True),
    Row("patients:laboratories", 200, 200, 200, 200),
    Row("patients:assay", 200, 200, 200, 404),
    Row("patients:new_assay", *DOCTOR_ONLY, posts=True),
    Row("patients:sheet_order", *DOCTOR_ONLY, posts=True),
    Row("patients:change_assay", *DOCTOR_ONLY, posts=True),
    Row("patients:withdraw_assay", *POST_ONLY, posts=True),
    Row("patients:audit_views", *ADMINISTRATOR_ONLY),
    Row("patients:audit_changes", *ADMINISTRATOR_ONLY),
    Row("patients:export_views", *POST_ONLY, posts=True),
    Row("patients:export_changes", *POST_ONLY, posts=True),
    Row("analytics:exports", *ADMINISTRATOR_ONLY, posts=True),
    Row("analytics:cohort", 200, 403, 200, 200, posts=True),
    Row("analytics:report_count", *ADMINISTRATOR_ONLY),
    Row("analytics:report", 200, 403, 200, 404),
    Row("analytics:report_missing", 200, 403, 200, 404),
    Row("analytics:report_progress", 200, 403, 200, 404),
    Row("analytics:report_file", *ADMINISTRATOR_ONLY),
    Row("analytics:cancel_report", *POST_ONLY, posts=True),
    Row("analytics:retry_report", *POST_ONLY, posts=True),
    Row("analytics:delete_report", *POST_ONLY, posts=True),
    Row("dosing:reassessment", *SETTINGS),
    Row("dosing:reassess", *POST_ONLY, posts=True),
)
# Signing in and staying so has tests of its own, and so have health and the drafts of forms.
ELSEWHERE = {
    "accounts:login", "accounts:logout", "accounts:password", "accounts:keep_alive", "accounts:resume",
    "health-live", "health-ready", "patients:keep_draft", "patients:discard_draft",
}  # fmt: skip
POST_ONLY_REFUSALS = {
    **dict.fromkeys(ALERT_POSTS, 403),
    "dosing:if_signed": 403,
    "dosing:take_back": 403,
    "dosing:complete_task": 302,
    "patients:void_fact": 403,
    "patients:withdraw_assay": 403,
    "accounts:deactivate": 403,
    "accounts:reactivate": 403,
    "accounts:reset_password": 403,
    "accounts:unlock": 403,
    "accounts:approve_settings": 403,
    "accounts:reject_settings": 403,
    "dosing:reassess": 403,
    "dosing:alert_burden_file": 403,
    **dict.fromkeys(EXPORTS, 403),
    **dict.fromkeys(REPORT_POSTS, 403),
}
# What only an administrator may do is refused before it is looked for.
BY_RIGHT_FIRST = {
    *(f"accounts:{name}" for name in ("deactivate", "reactivate", "reset_password", "unlock")),
    *REPORT_POSTS,
}


@made_once
def place() -> Place:
    return make_place()


@pytest.fixture
def arguments(place: Place) -> dict[str, list[object]]:
    return arguments_of(place)


def _level(place: Place) -> TacrolimusLevel:
    """A level of the day before, recorded by the nurse."""
    drawn = timezone.now() - timedelta(days=1)
    level = TacrolimusLevel(
        patient=place.patient,
        drawn_at=drawn,
        last_dose_at=drawn - timedelta(hours=12),
        dose_mg=3,
        value_ng_ml=7,
        entered="7",
        laboratory=laboratory_named(clinic=place.clinic, name="A", by=place.nurse),
    )
    return record_level(level=level, by=place.nurse, confirmed=True)


def _alert(place: Place) -> Alert:
    """The one of the criteria."""
    return Alert.objects.get(patient=place.patient, rule="consider_tacrolimus")


def _event(place: Place) -> AdverseEvent:
    """Reported by the nurse; what a doctor confirmed they may not change."""
    onset = PartialDate.on(local_today(place.clinic))
    event = AdverseEvent(patient=place.patient, term="tremor", onset=onset, grade=1)
    return report_event(event=event, by=place.nurse)


def arguments_of(place: Place) -> dict[str, list[object]]:
    """The arguments of each URL, about the place's patient."""
    patient = place.patient.pk
    decision = decide_not_now(
        patient=place.patient,
        by=place.doctor,
        reason_code="patient_prefers_to_wait",
        reason_text="",
        snooze_until=Visit.objects.latest("on").on + timedelta(days=60),
        fingerprint=None,
    )
    task = Task.objects.create(
        patient=place.patient,
        clinic=place.clinic,
        kind="control",
        sentence={"text": "x", "values": {}},
        due_on=decision.on,
        overdue_from=decision.on,
    )
    event = _event(place).pk
    visit = Visit.objects.filter(patient=patient).latest("on").pk
    result = LaboratoryResult.objects.filter(patient=patient).latest("pk").pk
    own = {
        "dosing:worklist": [],
        "dosing:alert_burden": [],
        "analytics:exports": [],
        "analytics:cohort": [],
        "analytics:report_count": [],
        **{name: [_report(place)] for name in (*REPORT_PAGES, *REPORT_POSTS)},
        "analytics:report_file": [_report(place), "csv"],
        "dosing:alert_burden_file": [],
        "patients:list": [],
        "patients:drafts": [],
        "patients:register": [],
        "accounts:administration": [],
        "accounts:people": [],
        "accounts:new_person": [],
        "accounts:all_settings": [],
        "accounts:clinics": [],
        "accounts:new_clinic": [],
        "accounts:clinic": [place.clinic.pk],
        **{name.replace("export", "audit"): [] for name in EXPORTS},
        **{name: [] for name in EXPORTS},
        "accounts:waiting_settings": [],
        **{
            f"accounts:{name}": [place.clinic.pk]
            for name in ("settings", "propose_settings", "compare_settings")
        },
        **{
            f"accounts:{name}": [place.clinic.pk, _proposal(place)]
            for name in ("settings_version", "approve_settings", "reject_settings")
        },
        "dosing:reassessment": [place.clinic.pk],
        "dosing:reassess": [place.clinic.pk],
        **{
            f"accounts:{name}": [place.nurse.pk]
            for name in ("person", "deactivate", "reactivate", "reset_password", "unlock")
        },
        "dosing:decision": [patient, Decision.objects.get().pk],
        "dosing:take_back": [patient, Decision.objects.get().pk],
        "dosing:levels": [],
        "dosing:interaction_table": [],
        "dosing:forecast_audit": [],
        "dosing:level_row": [],
        "patients:new_state": [patient],
        "patients:accept_transfer": _transfer(place),
        "dosing:level_choices": [],
        "dosing:level_moment": [],
        "dosing:undo_level": [patient, _level(place).pk],
        "dosing:adverse_event": [patient, event],
        "dosing:change_adverse_event": [patient, event],
        **{f"dosing:{name}": [patient, _plan(place).pk] for name in ("taper_step", "end_taper")},
        **{name: [patient, _alert(place).pk] for name in ("dosing:alert", *ALERT_POSTS)},
        **{f"dosing:{name}": [patient, task.pk] for name in ("task", "complete_task", "cancel_task")},
        "patients:laboratories": [],
        "patients:new_assay": [place.clinic.pk],
        "patients:sheet_order": [place.clinic.pk],
        **{f"patients:{name}": [_assay(place)] for name in ("assay", "change_assay", "withdraw_assay")},
        "patients:visit": [patient, visit],
        "patients:amend_visit": [patient, visit],
        "patients:change_episode": [patient, DoseEpisode.objects.filter(patient=patient).latest("pk").pk],
        "patients:identify_drug": [
            patient,
            "episode",
            DoseEpisode.objects.filter(patient=patient).latest("pk").pk,
        ],
        "patients:drug_names": [],
        "patients:fact": [patient, "laboratory", result],
        "patients:correct_result": [patient, result],
        "patients:new_classification_items": [patient, "acr_1997"],
        "patients:void_fact": [patient, "laboratory", result],
    }
    return {row.name: own.get(row.name, [patient]) for row in TABLE}


def _report(place: Place) -> int:
    """A finished report with one of everything, made when first asked for."""
    made = Report.objects.filter(clinic=place.clinic).first()
    return (made or finished_report(place.clinic, place.administrator)).pk


def _assay(place: Place) -> int:
    """An assay of the laboratory, kept when first asked for."""
    kept = add_assay(
        laboratory=laboratory_named(clinic=place.clinic, name="A", by=place.nurse), analyte="c3", method="",
        numbers=AssayNumbers(Decimal(86), Decimal(160), Decimal(3)), reason="leaflet", by=place.doctor,
    )  # fmt: skip
    return kept.pk


def _plan(place: Place) -> TaperPlan:
    """The plan of the taper, made when first asked for."""
    made = TaperPlan.objects.filter(patient=place.patient).first()
    plan = TaperPlan(patient=place.patient, start_on=local_today(place.clinic))
    return made or plan_taper(plan=plan, by=place.doctor)


def _transfer(place: Place) -> list[int]:
    """Another patient, and their transfer of the day before, not yet accepted."""
    other = register_patient(
        clinic=place.clinic, by=place.nurse, number="T1", sex="F", family_name="Moved", given_name="On",
        birth=PartialDate.parse("1970"),
    )  # fmt: skip
    since = local_today(place.clinic) - timedelta(days=1)
    state = PersonState(patient=other, kind="transferred", since=since, source="letter", receiver="Dr B")
    return [other.pk, record_state(state=state, by=place.doctor).pk]


def _proposal(place: Place) -> int:
    """The number of the proposed settings, made when first asked for."""
    made = ClinicSettings.objects.filter(clinic=place.clinic).first()
    return (
        made
        or propose_settings(
            clinic=place.clinic, values={}, reason="x", effective_from=local_today(place.clinic),
            by=place.administrator,
        )
    ).version  # fmt: skip


def test_get(place: Place, arguments: dict[str, list[object]]) -> None:
    stranger = make_place("Stranger")
    found, expected = [], []
    for row in TABLE:
        address = reverse(row.name, args=arguments[row.name])
        people = (place.doctor, place.nurse, place.administrator, stranger.doctor)
        expected.append((row.name, row.doctor, row.nurse, row.administrator, row.stranger))
        found.append((row.name, *(place.client(person).get(address).status_code for person in people)))
    assert found == expected


def test_a_post_by_who_may_not_is_refused(place: Place, arguments: dict[str, list[object]]) -> None:
    stranger = make_place("Stranger")
    for row in TABLE:
        if not row.posts:
            continue
        address = reverse(row.name, args=arguments[row.name])
        refused = POST_ONLY_REFUSALS.get(row.name, 403 if row.nurse == 403 else None)
        if refused is not None:
            assert place.client(place.nurse).post(address).status_code == refused, row.name
        if arguments[row.name]:
            unknown = 403 if row.name in BY_RIGHT_FIRST or row.stranger == 403 else 404
            assert stranger.client(stranger.doctor).post(address).status_code == unknown, row.name
        assert Client().post(address).status_code == 401, row.name


def test_a_page_that_only_shows_refuses_a_post(place: Place, arguments: dict[str, list[object]]) -> None:
    for row in TABLE:
        if not row.posts:
            address = reverse(row.name, args=arguments[row.name])
            assert place.client(place.doctor).post(address).status_code == 405, row.name


def test_nobody_sees_a_page_without_signing_in(arguments: dict[str, list[object]]) -> None:
    for row in TABLE:
        answer = Client().get(reverse(row.name, args=arguments[row.name]))
        assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/"), row.name


def test_every_url_is_in_the_table() -> None:
    assert set(names(get_resolver())) == {row.name for row in TABLE} | ELSEWHERE


def names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from names(pattern, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{space}{pattern.name}"

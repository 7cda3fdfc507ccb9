"""What stays in view on every page of a patient: doses of today and marks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from accounts.clock import local_today
from patients.models import DoseEpisode, Patient, PersonState, Statement
from patients.rules import person_states as facts
from patients.rules.dates import age_years
from patients.rules.drugs import STEROID, members
from patients.rules.glucocorticoids import prednisolone_equivalent
from patients.rules.person_states import StateKind, state_on
from patients.rules.record import Route
from patients.services.drugs import current_episodes

MARKED = ("pregnant", "tacrolimus_hypersensitivity", "calcineurin_inhibitor_serious_reaction")


@dataclass(frozen=True)
class Banner:
    """tacrolimus_week counts from the first dose, week 0 being the first seven days; None: none is taken.

    A dose is None when none is recorded, and when one is recorded without its amount. unidentified: drugs of
    today that are known by free text only; each could be tacrolimus or a steroid.
    """

    today: date
    age: str
    tacrolimus_mg: Decimal | None
    tacrolimus_week: int | None
    prednisolone_mg: Decimal | None
    unidentified: tuple[str, ...]
    pregnant: bool
    allergic: bool
    states: tuple[PersonState, ...] = ()


def banner_of(patient: Patient) -> Banner:
    """In four queries, whatever the patient's history."""
    today = local_today(patient.clinic)
    episodes = current_episodes(patient, today)
    marks = _marks(patient, today)
    tacrolimus = [row for row in episodes if row.drug == "tacrolimus" and row.dose_mg != 0]
    return Banner(
        today=today,
        age=_age(patient, today),
        tacrolimus_mg=tacrolimus[0].mg_per_day if tacrolimus else None,
        tacrolimus_week=(today - _first_day(tacrolimus[0])).days // 7 if tacrolimus else None,
        prednisolone_mg=_prednisolone(episodes),
        unidentified=tuple(row.drug_text for row in episodes if _is_unidentified(row)),
        pregnant=marks.get("pregnant", False),
        states=_states(patient, today),
        allergic=any(marks.get(kind, False) for kind in MARKED[1:]),
    )


def _states(patient: Patient, today: date) -> tuple[PersonState, ...]:
    """What became of the person, as far as it is in force: of their care, and about research."""
    rows = list(PersonState.objects.active().filter(patient=patient, since__lte=today))
    care = state_on([facts.PersonState(row.pk, StateKind(row.kind), row.since) for row in rows], today)
    shown = [row for row in rows if row.kind == StateKind.NO_RESEARCH or (care and row.pk == care.id)]
    return tuple(shown)


def _first_day(current: DoseEpisode) -> date:
    """The first day of the course: earlier doses count as long as there is no gap of a day."""
    same = DoseEpisode.objects.active().filter(patient=current.patient_id, drug=current.drug)
    earlier = same.filter(start__lt=current.start).exclude(dose_mg=0)
    first = current.start
    for start, last_day in earlier.order_by("-start").values_list("start", "last_day"):
        if last_day is None or last_day < first - timedelta(days=1):
            break
        first = start
    return first


def _marks(patient: Patient, today: date) -> dict[str, bool]:
    rows = Statement.objects.active().filter(patient=patient, kind__in=MARKED, stated_on__lte=today)
    ordered = rows.order_by("stated_on", "pk").values_list("kind", "answer")
    return {kind: answer is True for kind, answer in ordered}


def _age(patient: Patient, today: date) -> str:
    youngest, oldest = age_years(patient.birth.latest, today), age_years(patient.birth.earliest, today)
    return str(oldest) if youngest == oldest else f"{youngest}–{oldest}"


def _is_unidentified(row: DoseEpisode) -> bool:
    return not row.drug and row.dose_mg != 0 and row.route != Route.TOPICAL


def _prednisolone(episodes: list[DoseEpisode]) -> Decimal | None:
    """The prednisolone equivalent of today; None when unknown or when no steroid is recorded."""
    steroids = members(STEROID)
    doses = [
        prednisolone_equivalent(row.drug, mg) if (mg := row.mg_per_day) is not None else None
        for row in episodes
        if row.drug in steroids
    ]
    if not doses or None in doses:
        return None
    return sum((dose for dose in doses if dose is not None), Decimal(0))

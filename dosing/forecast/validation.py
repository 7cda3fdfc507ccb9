"""Kept forecasts against the levels that followed. No score is stored: a corrected level corrects it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.clock import elapsed
from accounts.models import Clinic
from dosing.models import StoredForecast, TacrolimusLevel
from dosing.rules.levels.accuracy import Scored, does_worse
from dosing.rules.levels.thresholds import LEVELS
from patients.models import DoseEpisode, Patient
from patients.rules.schedules import DAYS_BETWEEN_DOSES, Schedule
from patients.rules.verdict import gettext_noop

# How many of the latest forecasts a page lists, and how many levels decide which forecast leads.
LATEST, JUDGED = 1000, 100
# How many forecasts before a level are tried until one can be compared with it.
TRIES = 4
# How many of a patient their own page shows.
SHOWN = 5
# [D] Hours from the dose to the draw that are still the same timing.
SAME_HOURS = 2.0
# [D] Days by which the draw on an unchanged dose may be off the planned one.
NEAR_DAYS = 3
SECONDS_AN_HOUR, HOURS_A_DAY = 3600, 24.0
ONE_DAY = timedelta(days=1)

NOT_EXACT = gettext_noop("The level is not exact")
NO_DOSE_TIME = gettext_noop("The time of the last dose is not known")
OTHER_TIME = gettext_noop("Drawn at another time after the dose")
DOSE_TURNED = gettext_noop("The dose was changed to one that was not forecast, more than once, or stopped")
TOO_EARLY = gettext_noop("Drawn on another day than planned, before the new dose had settled")


@dataclass(frozen=True)
class ScoredForecast:
    """A forecast and the level that followed; scored None: why they cannot be compared."""

    forecast: StoredForecast
    level: TacrolimusLevel
    scored: Scored | None
    not_scored: str = ""


@dataclass(frozen=True)
class ForecastWithLevel:
    """A forecast of a patient's page. met: with the level that followed, None until one does.

    is_replaced: a later choice was kept for the same facts.
    """

    forecast: StoredForecast
    met: ScoredForecast | None
    is_replaced: bool


def followed_forecasts(clinic: Clinic) -> list[ScoredForecast]:
    """The latest forecasts of the clinic that a level followed, the newest first.

    Of several from the same facts only the last is used: choices differ, the forecast does not.
    """
    rows = _with_next_level(StoredForecast.objects.filter(patient__clinic=clinic)).filter(next__isnull=False)
    by_facts: dict[tuple[int, str, int], Any] = {}
    for row in rows[:LATEST]:
        by_facts.setdefault((row.patient_id, row.fingerprint, row.next), row)
    return _compare(list(by_facts.values()), _zone(clinic))


def period(rows: Sequence[ScoredForecast]) -> tuple[datetime, datetime] | None:
    """When the first and the last of the levels were drawn that can be compared; None without one."""
    drawn = [row.level.drawn_at for row in rows if row.scored is not None]
    return (min(drawn), max(drawn)) if drawn else None


def last_scored_before_levels(clinic: Clinic) -> list[Scored]:
    """For each of the latest levels the last forecast before it that can be compared and could have led.

    A level that many forecasts predict must count once when it is decided which forecast leads; below four
    levels proportion leads anyway.
    """
    rows = _with_next_level(
        StoredForecast.objects.filter(patient__clinic=clinic, levels_used__gte=LEVELS.enough_for_model)
    )
    before: dict[int, list[int]] = defaultdict(list)
    for key, level in rows.filter(next__isnull=False).values_list("pk", "next")[:LATEST]:
        before[level].append(key)
    waiting = list(before.values())[:JUDGED]
    found: list[Scored] = []
    for _try in range(TRIES):
        asked = {keys.pop(0): keys for keys in waiting if keys}
        compared = _compare(
            list(_with_next_level(StoredForecast.objects.filter(pk__in=asked))), _zone(clinic)
        )
        found += comparable(compared)
        waiting = [asked[row.forecast.pk] for row in compared if row.scored is None]
        if not any(waiting):
            break
    return found


def forecasts_with_levels(patient: Patient, latest: int = SHOWN) -> list[ForecastWithLevel]:
    """The latest forecasts of a patient, each with the level that followed where there is one."""
    chosen = StoredForecast.objects.filter(patient=patient).select_related("made_by")
    rows = list(_with_next_level(chosen)[:latest])
    followed = _compare([row for row in rows if row.next is not None], _zone(patient.clinic))
    by_key = {row.forecast.pk: row for row in followed}
    last_of: dict[str, int] = {}
    for row in rows:
        if row.chosen_mg is not None:
            last_of.setdefault(row.fingerprint, row.pk)
    return [
        ForecastWithLevel(row, by_key.get(row.pk), last_of.get(row.fingerprint, row.pk) != row.pk)
        for row in rows
    ]


def _zone(clinic: Clinic) -> ZoneInfo:
    return ZoneInfo(clinic.time_zone)


def _with_next_level(rows: QuerySet[StoredForecast]) -> QuerySet[Any]:
    """With `next`, the key of the first level drawn afterwards."""
    following = (
        TacrolimusLevel.objects.active()
        .filter(patient=OuterRef("patient"), drawn_at__gt=OuterRef("made_at"))
        .order_by("drawn_at", "pk")
    )
    return rows.annotate(next=Subquery(following.values("pk")[:1])).order_by("-made_at", "-pk")


def _compare(forecasts: Sequence[Any], zone: ZoneInfo) -> list[ScoredForecast]:
    levels = TacrolimusLevel.objects.in_bulk({row.next for row in forecasts})
    doses = _doses({row.patient_id for row in forecasts})
    return [_score_against_level(row, levels[row.next], doses[row.patient_id], zone) for row in forecasts]


def comparable(rows: Iterable[ScoredForecast]) -> list[Scored]:
    """Those that can be compared."""
    return [row.scored for row in rows if row.scored is not None]


def trusts_model(clinic: Clinic) -> bool:
    """Whether the model did no worse than proportion in this clinic, as far as its forecasts tell."""
    return not does_worse(last_scored_before_levels(clinic))


def _doses(patients: Iterable[int]) -> dict[int, list[DoseEpisode]]:
    found: dict[int, list[DoseEpisode]] = defaultdict(list)
    for row in DoseEpisode.objects.active().filter(patient__in=patients, drug="tacrolimus").order_by("start"):
        found[row.patient_id].append(row)
    return found


def _score_against_level(
    forecast: StoredForecast, level: TacrolimusLevel, doses: Sequence[DoseEpisode], zone: ZoneInfo
) -> ScoredForecast:
    if level.comparator:
        return ScoredForecast(forecast, level, None, NOT_EXACT)
    if level.last_dose_at is None:
        return ScoredForecast(forecast, level, None, NO_DOSE_TIME)
    hours = elapsed(level.last_dose_at, level.drawn_at).total_seconds() / SECONDS_AN_HOUR
    if abs(hours - forecast.hours_after_dose) > SAME_HOURS:
        return ScoredForecast(forecast, level, None, OTHER_TIME)
    first = datetime.fromisoformat(forecast.inputs["next_intake"])
    mg = _taken(doses, first.date(), level.last_dose_at.astimezone(zone).date(), forecast)
    if mg is None or (mg != float(forecast.dose_mg) and not _option(forecast, mg)):
        return ScoredForecast(forecast, level, None, DOSE_TURNED)
    outlook = _outlook(forecast, mg, level.drawn_at.astimezone(zone), first)
    if outlook is None:
        return ScoredForecast(forecast, level, None, TOO_EARLY)
    return ScoredForecast(forecast, level, _score(forecast, level, mg, outlook))


def _taken(doses: Sequence[DoseEpisode], first: date, last: date, forecast: StoredForecast) -> float | None:
    """The one dose from the first forecast intake to the last before the draw; None where it was not one.

    Another product, or another distance between doses, is another dose.
    """
    if last < first:
        return float(forecast.dose_mg)
    within = [row for row in doses if row.start <= last and (row.last_day is None or row.last_day >= first)]
    whole = within and within[0].start <= first and (within[-1].last_day or last) >= last
    gap = any(after.start - (before.last_day or last) > ONE_DAY for before, after in pairwise(within))
    if not whole or gap or len({row.dose_mg for row in within}) != 1 or within[0].dose_mg is None:
        return None
    forecast_kind = (forecast.inputs["every_hours"], forecast.inputs["formulation"])
    if any((_every_hours(row), row.formulation) != forecast_kind for row in within):
        return None
    return float(within[0].dose_mg)


def _every_hours(row: DoseEpisode) -> float | None:
    """None for a schedule that the forecast does not know."""
    between = DAYS_BETWEEN_DOSES.get(Schedule(row.schedule))
    return None if between is None else HOURS_A_DAY * between


def _option(forecast: StoredForecast, mg: float) -> dict[str, Any] | None:
    return next((row for row in forecast.numbers["doses"] if row["mg"] == mg), None)


def _outlook(forecast: StoredForecast, mg: float, drawn: datetime, first: datetime) -> dict[str, Any] | None:
    """The forecast of this draw on this dose. drawn, first: by the clinic's clock.

    That for the planned day, and on an unchanged dose a few days around it; that for the settled level, once
    it has settled.
    """
    unchanged = mg == float(forecast.dose_mg)
    of_dose = forecast.numbers if unchanged else _option(forecast, mg) or {}
    planned = forecast.draw_at.astimezone(drawn.tzinfo).date()
    if abs((drawn.date() - planned).days) <= (NEAR_DAYS if unchanged else 0):
        return of_dose["next"]
    settled = forecast.numbers["settled_days"]
    hours = forecast.hours_after_dose % forecast.inputs["every_hours"]
    first_draw = (first + timedelta(hours=hours)).date()
    if settled is not None and (drawn.date() - first_draw).days >= settled:
        return of_dose["settled"]
    return None


def _score(forecast: StoredForecast, level: TacrolimusLevel, mg: float, outlook: dict[str, Any]) -> Scored:
    share = forecast.inputs["proportion_ng_ml_per_mg"]
    low, high = outlook["interval_90_ng_ml"]
    low_target, high_target = forecast.inputs["target_ng_ml"] or (None, None)
    return Scored(
        levels_used=forecast.levels_used,
        measured=float(level.value_ng_ml),
        forecast=outlook["median_ng_ml"],
        low=low,
        high=high,
        chance_within=outlook["chance_within"],
        low_target=low_target,
        high_target=high_target,
        proportion=None if share is None else share * mg,
    )

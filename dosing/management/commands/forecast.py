import json
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from dosing.forecast.patient_forecast import forecast_patient
from dosing.forecast.serialization import as_json
from dosing.rules.starting_dose import FORECAST_MG
from patients.models import Patient

LOWEST, HIGHEST = FORECAST_MG[0], FORECAST_MG[-1]


class Command(BaseCommand):
    help = f"Forecast a patient's next tacrolimus level and every dose from {LOWEST:g} to {HIGHEST:g} mg."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("patient", help="the patient's number")
        parser.add_argument("--clinic", help="the clinic's name, where several have such a number")
        parser.add_argument("--json", action="store_true", help="numbers for a program")

    def handle(self, *args: Any, **options: Any) -> None:
        patient = self._patient(options["patient"], options["clinic"])
        with timezone.override(ZoneInfo(patient.clinic.time_zone)):
            told = as_json(forecast_patient(patient))
        if options["json"]:
            self.stdout.write(json.dumps(told, indent=2, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_lines(told)))

    def _patient(self, number: str, clinic: str | None) -> Patient:
        found = Patient.objects.all().numbered(number).select_related("clinic")
        rows = list(found.filter(clinic__name=clinic) if clinic else found)
        if not rows:
            raise CommandError("No such patient.")
        if len(rows) > 1:
            raise CommandError("Several clinics have a patient of this number: say --clinic.")
        return rows[0]


def _lines(told: dict[str, Any]) -> list[str]:
    head = f"Patient {told['patient']}, {told['on']}"
    if told["refused"]:
        return [head, "No forecast:", *(f"  {text}" for text in told["refused"])]
    share = {row["mg"]: row["ng_ml"] for row in told["proportion"]}
    return [
        f"{head}: {told['levels_used']} levels, model {told['model']} {told['model_version']} "
        f"({told['citation']})",
        f"Next level, {told['draw_at'].replace('T', ' ')}, {told['hours_after_dose']:.1f} h after "
        f"{told['dose_mg']:g} mg: {_range(told['next'])} ng/ml; by proportion "
        f"{_by(share, told['dose_mg'])} ng/ml",
        f"Stands first: {told['leads_with']}. Marked dose: {_marked(told['marked_dose_mg'])}. "
        f"Target: {_target(told['target_ng_ml'])}",
        *(f"* {text}" for text in told["mark"]),
        f"Taken into account: {'; '.join(told['taken_into_account']) or 'nothing'}",
        _settling(told),
        *_genotype(told["genotype_chances"]),
        _heading(told["next"]["urgent"]["limit_ng_ml"]),
        *(_line(row["mg"], row["settled"], share, told["notes"].get(row["mg"], [])) for row in told["doses"]),
        *(f"! {text}" for text in told["warnings"]),
    ]


def _settling(told: dict[str, Any]) -> str:
    on = told["settles_on"] or f"no day within {told['looked_ahead_days']}"
    return f"A change of dose settles on {on}; draw from {told['first_sensible_draw'] or '–'} on"


def _heading(urgent_ng_ml: float) -> str:
    return f"   mg  level (90 of 100) ng/ml    of 100 below/in/above/from {urgent_ng_ml:g}  proportion ng/ml"


def _line(mg: float, row: dict[str, Any], share: dict[float, float], notes: list[str]) -> str:
    written = "/".join("–" if n is None else str(n) for n in row["of_100_patients"].values())
    return f"{mg:>5.1f}  {_range(row):<25}  {written:<29}  {_by(share, mg):<5}  {', '.join(notes)}".rstrip()


def _target(ends: list[float] | None) -> str:
    return "none for this time of the draw" if ends is None else f"{ends[0]:g}–{ends[1]:g} ng/ml"


def _genotype(chances: dict[str, float]) -> list[str]:
    """Only where nobody tested it."""
    if len(chances) == 1:
        return []
    return [
        "CYP3A5, not tested: " + ", ".join(f"{name} {100 * chance:.0f} %" for name, chance in chances.items())
    ]


def _range(row: dict[str, Any]) -> str:
    low, high = row["interval_90_ng_ml"]
    return f"{row['median_ng_ml']:.1f} ({low:.1f}–{high:.1f})"


def _by(share: dict[float, float], mg: float) -> str:
    return f"{share[mg]:.1f}" if mg in share else "–"


def _marked(mg: float | None) -> str:
    return "none" if mg is None else f"{mg:g} mg"

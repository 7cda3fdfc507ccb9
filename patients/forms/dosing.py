"""A dose with how often it is taken, and the questions that an unusual one raises."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.choices import choices_of
from patients.forms.base import FactForm, NumberField
from patients.models import DoseEpisode
from patients.rules.drugs import DRUGS, exceeds_usual, is_rarely_daily, refused_above
from patients.rules.record import Route
from patients.rules.schedules import (
    DAYS_OF_TWO_DOSES,
    SCHEDULE_LABELS,
    TAKEN_DAILY,
    WEEKDAY_NAMES,
    Schedule,
    largest_dose_mg,
    mean_mg_per_day,
)

MAX_MG = 100000
MOST_WEEKS = 52
NUMBER_AND_UNIT = re.compile(r"(?P<number>.*?[\d.,])\s*(?P<unit>mg|g|µg|μg|ug|mcg)", re.IGNORECASE)
MG = {"mg": 1, "g": 1000}


class DoseField(NumberField):
    """A dose in mg: "7.5", "7.5 mg", "1 g". Micrograms are refused: a thousandfold slip is easily missed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(low=0, high=MAX_MG, **kwargs)

    def compress(self, text: str) -> Any:
        found = NUMBER_AND_UNIT.fullmatch(unicodedata.normalize("NFKC", text).strip())
        if found is None:
            return super().compress(text)
        factor = MG.get(found["unit"].casefold())
        if factor is None:
            raise ValidationError(_("Write the dose in mg: 1000 µg is 1 mg."))
        return super().compress(found["number"]) * factor


class DosingForm(FactForm):
    """A dose and how often it is taken; a part that the schedule does not have is refused, not dropped."""

    dose_mg = DoseField(
        label=_("Dose, mg per intake"),
        required=False,
        help_text=_("Empty: unknown. 0 says that none is taken."),
    )
    schedule = forms.ChoiceField(label=_("Taken"), choices=choices_of(SCHEDULE_LABELS))
    second_dose_mg = DoseField(
        label=_("Second dose, mg"), required=False, help_text=_("in the evening, or on the other day")
    )
    weekdays = forms.MultipleChoiceField(
        label=_("Weekdays"),
        choices=[(str(number), name) for number, name in enumerate(WEEKDAY_NAMES, start=1)],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    every_weeks = forms.IntegerField(
        label=_("Every … weeks"), min_value=1, max_value=MOST_WEEKS, required=False
    )
    high_dose_confirmed = forms.BooleanField(label=_("The dose is meant as written"), required=False)

    dosing_fields = ("dose_mg", "schedule", "second_dose_mg", "weekdays", "every_weeks")

    def clean_weekdays(self) -> str:
        return "".join(sorted(self.cleaned_data["weekdays"]))

    def check_dosing(self, drug: str, route: str, reason: str) -> None:
        """Add what is missing or too much, and ask about an unusual dose; drug: a catalogue key or ""."""
        if any(name in self.errors for name in self.dosing_fields):
            return
        dosing = self.dosing()
        self._check_parts(Schedule(dosing.schedule), dosing)
        if not any(name in self.errors for name in self.dosing_fields):
            self._check_amount(drug, route, reason, dosing)

    def dosing(self) -> DoseEpisode:
        """The typed dose as an unsaved row."""
        return DoseEpisode(**{name: self.cleaned_data[name] for name in self.dosing_fields})

    def _check_parts(self, schedule: Schedule, dosing: DoseEpisode) -> None:
        has_two = schedule in DAYS_OF_TWO_DOSES
        if has_two and dosing.dose_mg and not dosing.second_dose_mg:
            self.add_error("second_dose_mg", _("Give the second dose, above 0 mg."))
        if has_two and dosing.second_dose_mg and not dosing.dose_mg:
            self.add_error("dose_mg", _("Give the first dose, above 0 mg."))
        wanted = {
            "second_dose_mg": has_two,
            "weekdays": schedule is Schedule.WEEKDAYS,
            "every_weeks": schedule is Schedule.EVERY_N_WEEKS,
        }
        for name, is_wanted in wanted.items():
            value = getattr(dosing, name)
            if is_wanted and name != "second_dose_mg" and not value:
                self.add_error(name, _("This is needed for how often it is taken."))
            if value and not is_wanted:
                self.add_error(
                    name, _("This does not go with “%(taken)s”.") % {"taken": dosing.get_schedule_display()}
                )

    def _check_amount(self, drug: str, route: str, reason: str, dosing: DoseEpisode) -> None:
        largest, mean = largest_dose_mg(dosing), mean_mg_per_day(dosing)
        limit = refused_above(drug, mean) if route == Route.ORAL else None
        confirmed = self.cleaned_data.get("high_dose_confirmed")
        if limit is not None and mean is not None and not (confirmed and reason.strip()):
            self.add_error(
                "high_dose_confirmed",
                _(
                    "%(mg)s mg in %(days)s days is above %(limit)s mg: only a specialist orders that. "
                    "Confirm it, and write under “Reason” who ordered it."
                )
                % {"mg": _plain(mean * limit.days), "days": limit.days, "limit": limit.mg},
            )
        elif largest and not confirmed and exceeds_usual(drug, largest, mean):
            self.add_error(
                "high_dose_confirmed",
                _("%(dose)s mg is unusually high. Confirm that it is meant.") % {"dose": _plain(largest)},
            )
        if dosing.dose_mg and not confirmed and is_rarely_daily(drug) and dosing.schedule in TAKEN_DAILY:
            self.add_error(
                "high_dose_confirmed",
                _("%(drug)s is rarely taken every day. Confirm it, or choose how often it is taken.")
                % {"drug": gettext(DRUGS[drug].label)},
            )


def _plain(mg: Decimal) -> str:
    return f"{mg.normalize():f}"

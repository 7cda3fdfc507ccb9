"""What is explained about tacrolimus and its taper; the numbers of the rules are put in when it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from dosing.rules.levels.thresholds import LEVELS
from dosing.rules.taper.thresholds import TAPER
from dosing.rules.thresholds import STUDY
from patients.help import Topic
from patients.messages import format_value
from patients.rules.verdict import Value

TOPICS: Mapping[str, Topic] = MappingProxyType(
    {
        "level_timing": Topic(
            _("Hours after the dose"),
            _(
                "The range holds for morning levels, %(morning_from)s to %(morning_to)s hours after the dose "
                "before. A level drawn "
                "earlier or later is kept and shown, but not called low or in range: after 24 hours it is "
                "lower by a third or more at the same dose. From %(urgent)s ng/ml a level is urgent and from "
                "%(hold)s ng/ml the next dose is held, whenever it was drawn. So the times of the last dose "
                "and of the draw are needed; leave the dose empty when nobody knows it, and never guess."
            ),
            _("Clinical specification 4.1; target %(low)s–%(high)s ng/ml from the study"),
        ),
        "forecast": Topic(
            _("The forecast"),
            _(
                "Two ways to say the next level. Proportion: level divided by dose, as before, times the "
                "dose. The model: what is known of many patients, bent towards this one by each measured "
                "level; it takes prednisolone, haematocrit and other drugs into account and says how sure"
                " it is. “In 90 of 100 patients like this one” means that 10 would still measure "
                "something else. With fewer levels than %(enough)s the model is not shown to be better; "
                "with four it came, in simulation, as near as the mean of four by dose and nearer than "
                "the last level by dose. It adds the chances, and what changes beside the dose. Neither "
                "decides: the rules, the patient and you do."
            ),
            _("Simulation of 120 patients for this project; model: see “The model” on the page"),
        ),
        "adverse_event": Topic(
            _("Adverse events"),
            _(
                "Anybody who cares for the patient reports what happened; a doctor completes and confirms "
                "it. The CTCAE grade says how severe it is, 1 to 5; serious says what it led to (death, "
                "danger to life, hospital, lasting harm), and the two are kept apart. The level, the doses "
                "and the other drugs of the time are filled in from the record and kept with the event."
            ),
            _("CTCAE v5.0; serious after ICH E2A"),
        ),
        "interaction": Topic(
            _("Safety on tacrolimus"),
            _(
                "Signals are what levels, results and visits raise now. Other drugs are looked up in one "
                "table by their name; a drug in free text leaves the check open. The calendar shows the "
                "control that can be done now: what is recorded counts, nothing is ticked off."
            ),
            _("This project's table, signals and calendar, after the label and the study"),
        ),
        "taper": Topic(
            _("Taper of prednisolone"),
            _(
                "A doctor plans how much and how often, down to a goal. A step may be taken when its time is "
                "over, nothing got worse, C3 and urine protein hold, tacrolimus is taken, no infection or "
                "stress is there, and the results of the last %(laboratory_days)s days are there. Otherwise "
                "it waits, and every reason is listed. Nothing is ever raised, and 0 mg is never proposed, "
                "by the rules."
            ),
            _("This project's table, after published schedules; the study gives none"),
        ),
        "causality": Topic(
            _("Did tacrolimus cause it?"),
            _(
                "Two ways that need not agree. WHO-UMC: choose the category whose criteria are reasonably "
                "met. Naranjo: ten questions, each answered yes, no or unknown; the sum is computed. Neither "
                "looks at how high the level was: both patients of the study had a level within the range."
            ),
            _("WHO-UMC causality categories; Naranjo 1981"),
        ),
    }
)


def topic(name: str) -> Topic:
    """The explanation with the numbers in force. Raises KeyError for a topic that does not exist."""
    found = TOPICS[name]
    values = {key: format_value(value) for key, value in _numbers().items()}
    return replace(found, text=str(found.text) % values, source=str(found.source) % values)


def _numbers() -> dict[str, Value]:
    return {
        "morning_from": LEVELS.morning_from_hours,
        "morning_to": LEVELS.morning_to_hours,
        "urgent": LEVELS.urgent_ng_ml,
        "hold": LEVELS.hold_ng_ml,
        "low": STUDY.level_low_ng_ml,
        "high": STUDY.level_high_ng_ml,
        "enough": LEVELS.enough_for_model,
        "laboratory_days": TAPER.laboratory_max_age_days,
    }

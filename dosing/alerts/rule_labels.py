"""What alerts and planned work of a kind are called where they are counted."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from dosing.rules.signals.thresholds import SIGNALS

RULES: Mapping[str, Any] = MappingProxyType(
    {
        "consider_tacrolimus": _("Criteria for adding tacrolimus are met"),
        "criteria_met_safety_open": _("Criteria met, safety before start not settled"),
        "c3_may_be_falling": _("C3 may be falling, repeat it"),
        "criteria_cannot_tell": _("Criteria cannot be told yet"),
        "level_high": _("Level too high"),
        "level_low": _("Level repeatedly below the range"),
        "level_not_measurable": _("Level below what can be measured"),
        "level_variable": _("Levels vary at one dose"),
        "level_and_kidney": _("Level in range, kidney function falling"),
        "muscle": _("Muscle symptoms and CK"),
        "kidney": _("Kidney function"),
        "potassium": _("Potassium"),
        "glucose": _("Glucose"),
        "hba1c": _("HbA1c"),
        "blood_pressure": _("Blood pressure"),
        "qtc": _("QTc"),
        "neurological": _("Nerves"),
        "gut": _("Diarrhoea or vomiting"),
        "infection": _("Infection"),
        "pregnancy": _("Pregnancy"),
        "live_vaccine": _("Live vaccine"),
        "drug_restarted": _("A washed-out drug again"),
        "mizoribine": _("Mizoribine changed"),
        "interaction": _("Another drug that interacts"),
        "interaction_unknown": _("A drug that nobody recognises"),
        "interaction_qt": _("Two drugs that prolong QT"),
        "adverse_event": _("Adverse event to confirm"),
        "flare": _("Flare on treatment"),
        "taper_without_tacrolimus": _("Taper without tacrolimus"),
        "unmonitored": format_lazy(_("Nobody looked for {weeks} weeks"), weeks=SIGNALS.unmonitored_weeks),
    }
)
WORK: Mapping[str, Any] = MappingProxyType(
    {
        "control": _("Controls of a visit"),
        "level_due": _("Level after a change"),
        "interaction_control": _("Control after another drug"),
        "effect": _("Effect after two months"),
        "pause": _("Pause to be ended"),
        "taper_step": _("Taper step"),
        "obligation": _("Obligation of a start"),
    }
)


def rule_in_words(rule: str) -> str:
    """The name of a rule; one without a name by its code."""
    return str(RULES.get(rule) or _by_code(rule))


def work_in_words(kind: str) -> str:
    """The name of a kind of planned work; one without a name by its code."""
    return str(WORK.get(kind) or _by_code(kind))


def _by_code(code: str) -> str:
    return code.replace("_", " ").capitalize()

"""This app's pages of a record in words, for those who read who saw it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _

PAGES: Mapping[str, Any] = MappingProxyType(
    {
        "dosing:criteria": _("criteria for adding tacrolimus"),
        "dosing:matters": _("alerts, tasks and decisions"),
        "dosing:worst_alert": _("worst alert"),
        "dosing:alert": _("alert"),
        "dosing:acknowledge": _("handling of an alert"),
        "dosing:snooze": _("handling of an alert"),
        "dosing:override": _("handling of an alert"),
        "dosing:reopen": _("handling of an alert"),
        "dosing:task": _("planned work"),
        "dosing:complete_task": _("handling of planned work"),
        "dosing:cancel_task": _("handling of planned work"),
        "dosing:timeline": _("time axis"),
        "dosing:timeline_table": _("table of the time axis"),
        "dosing:levels_panel": _("tacrolimus levels"),
        "dosing:undo_level": _("taking a level back"),
        "dosing:target": _("form of a target range"),
        "dosing:chart": _("summary for the chart"),
        "dosing:safety_panel": _("safety on tacrolimus"),
        "dosing:taper_panel": _("taper of prednisolone"),
        "dosing:plan_taper": _("form to plan a taper"),
        "dosing:taper_step": _("form of a taper step"),
        "dosing:end_taper": _("form to end a taper"),
        "dosing:adverse_events_panel": _("adverse events"),
        "dosing:adverse_event": _("report of an adverse event"),
        "dosing:new_adverse_event": _("form of an adverse event"),
        "dosing:change_adverse_event": _("form of an adverse event"),
        "dosing:forecast": _("forecast of tacrolimus levels"),
        "dosing:forecast_panel": _("forecast of the next level"),
        "dosing:what_if": _("forecast with something otherwise"),
        "dosing:history": _("history of decisions and alerts"),
        "dosing:start": _("form to start tacrolimus"),
        "dosing:not_now": _("form to decide later about tacrolimus"),
        "dosing:not_suitable": _("form to decide against tacrolimus"),
        "dosing:tacrolimus_panel": _("course of tacrolimus"),
        "dosing:change_dose": _("form to change the dose of tacrolimus"),
        "dosing:pause": _("form to pause tacrolimus"),
        "dosing:resume": _("form to resume tacrolimus"),
        "dosing:stop": _("form to stop tacrolimus"),
        "dosing:take_back": _("taking a decision back"),
        "dosing:decision": _("decision about tacrolimus"),
    }
)

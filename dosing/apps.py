from django.apps import AppConfig


class DosingConfig(AppConfig):
    name = "dosing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from accounts.rights import Right
        from dosing.record_pages import PAGES
        from patients import draft_forms, record_pages
        from patients.draft_forms import DraftForm

        record_pages.register(PAGES)
        draft_forms.register(
            {
                "dosing:start": DraftForm(_("Start tacrolimus"), Right.DECIDE),
                "dosing:not_now": DraftForm(_("Tacrolimus: not now"), Right.DECIDE),
                "dosing:not_suitable": DraftForm(_("Tacrolimus: not suitable"), Right.DECIDE),
                "dosing:change_dose": DraftForm(_("Change the dose of tacrolimus"), Right.DECIDE),
                "dosing:pause": DraftForm(_("Pause tacrolimus"), Right.DECIDE),
                "dosing:resume": DraftForm(_("Resume tacrolimus"), Right.DECIDE),
                "dosing:stop": DraftForm(_("Stop tacrolimus"), Right.DECIDE),
                "dosing:levels": DraftForm(_("Tacrolimus levels"), Right.ENTER_LABORATORY),
                "dosing:target": DraftForm(_("Target range"), Right.DECIDE),
                "dosing:plan_taper": DraftForm(_("Taper of prednisolone"), Right.DECIDE),
                "dosing:taper_step": DraftForm(_("Step of a taper"), Right.DECIDE),
                "dosing:end_taper": DraftForm(_("End of a taper"), Right.DECIDE),
                "dosing:new_adverse_event": DraftForm(_("Adverse event"), Right.REPORT_ADVERSE_EVENT),
                "dosing:change_adverse_event": DraftForm(_("Adverse event"), Right.REPORT_ADVERSE_EVENT),
            }
        )

from django.apps import AppConfig


class DosingConfig(AppConfig):
    name = "dosing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import settings_catalogue
        from dosing.reassessment import reassess
        from dosing.rules.thresholds import STUDY, override
        from patients import changes

        changes.register(reassess)
        settings_catalogue.register(lambda values: override(STUDY, values))

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "tacsle_site"

    def ready(self) -> None:
        from tacsle_site import checks, logs

        checks.register_checks()
        logs.configure_structlog()

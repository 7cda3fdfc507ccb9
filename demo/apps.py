from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Invented patients, the reconstructed study, synthetic clinics and simulations; no product."""

    name = "demo"

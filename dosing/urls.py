"""The pages about tacrolimus and prednisolone: one list of addresses for each folder of tasks."""

from django.urls import include, path

app_name = "dosing"
urlpatterns = [
    path("", include("dosing.alerts.urls")),
    path("", include("dosing.alerts.burden.urls")),
    path("", include("dosing.assessment.urls")),
    path("", include("dosing.decisions.urls")),
    path("", include("dosing.levels.urls")),
    path("", include("dosing.taper.urls")),
    path("", include("dosing.safety.urls")),
    path("", include("dosing.adverse_events.urls")),
    path("", include("dosing.forecast.urls")),
    path("", include("dosing.timeline.urls")),
    path("", include("dosing.history.urls")),
    path("", include("dosing.summary.urls")),
]

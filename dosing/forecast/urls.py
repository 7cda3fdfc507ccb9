from django.urls import path

from dosing.forecast import views

urlpatterns = [
    path("forecasts/audit/", views.forecast_audit, name="forecast_audit"),
    path("patients/<int:patient_id>/forecast/", views.forecast, name="forecast"),
    path("patients/<int:patient_id>/panels/forecast/", views.panel, name="forecast_panel"),
    path("patients/<int:patient_id>/forecast/what-if/", views.what_if, name="what_if"),
]

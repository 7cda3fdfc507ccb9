from django.urls import path

from dosing.adverse_events import views

urlpatterns = [
    path("patients/<int:patient_id>/panels/adverse-events/", views.panel, name="adverse_events_panel"),
    path("patients/<int:patient_id>/adverse-events/new/", views.new, name="new_adverse_event"),
    path("patients/<int:patient_id>/adverse-events/<int:event_id>/", views.report, name="adverse_event"),
    path(
        "patients/<int:patient_id>/adverse-events/<int:event_id>/change/",
        views.change,
        name="change_adverse_event",
    ),
]

from django.urls import path

from dosing.safety import views

urlpatterns = [
    path("interactions/", views.interaction_table, name="interaction_table"),
    path("patients/<int:patient_id>/panels/safety/", views.panel, name="safety_panel"),
]

from django.urls import path

from dosing.taper import views

urlpatterns = [
    path("patients/<int:patient_id>/panels/taper/", views.panel, name="taper_panel"),
    path("patients/<int:patient_id>/taper/plan/", views.plan, name="plan_taper"),
    path("patients/<int:patient_id>/taper/<int:plan_id>/step/", views.step, name="taper_step"),
    path("patients/<int:patient_id>/taper/<int:plan_id>/end/", views.end, name="end_taper"),
]

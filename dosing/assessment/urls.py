from django.urls import path

from dosing.assessment import views

urlpatterns = [
    path("clinics/<int:clinic_id>/reassessment/", views.reassessment, name="reassessment"),
    path("clinics/<int:clinic_id>/reassess/", views.reassess, name="reassess"),
]

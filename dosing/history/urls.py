from django.urls import path

from dosing.history import views

urlpatterns = [
    path("patients/<int:patient_id>/panels/history/", views.history, name="history"),
]

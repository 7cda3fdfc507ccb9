from django.urls import path

from dosing.summary import views

urlpatterns = [
    path("patients/<int:patient_id>/chart/", views.chart, name="chart"),
]

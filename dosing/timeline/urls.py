from django.urls import path

from dosing.timeline import views

urlpatterns = [
    path("patients/<int:patient_id>/panels/timeline/", views.timeline, name="timeline"),
    path("patients/<int:patient_id>/panels/timeline/table/", views.timeline_table, name="timeline_table"),
]

from django.urls import path

from dosing.alerts import views, worklist_views

urlpatterns = [
    path("", worklist_views.worklist, name="worklist"),
    path("patients/<int:patient_id>/panels/matters/", views.matters, name="matters"),
    path("patients/<int:patient_id>/panels/worst-alert/", views.worst_alert, name="worst_alert"),
    path("patients/<int:patient_id>/alerts/<int:alert_id>/", views.alert, name="alert"),
    path(
        "patients/<int:patient_id>/alerts/<int:alert_id>/acknowledge/", views.acknowledge, name="acknowledge"
    ),
    path("patients/<int:patient_id>/alerts/<int:alert_id>/snooze/", views.snooze, name="snooze"),
    path("patients/<int:patient_id>/alerts/<int:alert_id>/override/", views.override, name="override"),
    path("patients/<int:patient_id>/alerts/<int:alert_id>/reopen/", views.reopen, name="reopen"),
    path("patients/<int:patient_id>/tasks/<int:task_id>/", views.task, name="task"),
    path("patients/<int:patient_id>/tasks/<int:task_id>/done/", views.complete_task, name="complete_task"),
    path("patients/<int:patient_id>/tasks/<int:task_id>/not-needed/", views.cancel_task, name="cancel_task"),
]

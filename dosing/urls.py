from django.urls import path

from dosing import (
    views,
    views_adverse_events,
    views_burden,
    views_course,
    views_history,
    views_levels,
    views_matters,
    views_reassessment,
    views_timeline,
)

app_name = "dosing"
urlpatterns = [
    path("", views.worklist, name="worklist"),
    path("alerts/burden/", views_burden.alert_burden, name="alert_burden"),
    path("alerts/burden/file/", views_burden.alert_burden_file, name="alert_burden_file"),
    path("patients/<int:patient_id>/panels/criteria/", views.criteria, name="criteria"),
    path("patients/<int:patient_id>/panels/if-signed/", views.if_signed, name="if_signed"),
    path("patients/<int:patient_id>/panels/matters/", views_matters.matters, name="matters"),
    path("patients/<int:patient_id>/panels/worst-alert/", views_matters.worst_alert, name="worst_alert"),
    path("patients/<int:patient_id>/alerts/<int:alert_id>/", views_matters.alert, name="alert"),
    path(
        "patients/<int:patient_id>/alerts/<int:alert_id>/acknowledge/",
        views_matters.acknowledge,
        name="acknowledge",
    ),
    path("patients/<int:patient_id>/alerts/<int:alert_id>/snooze/", views_matters.snooze, name="snooze"),
    path(
        "patients/<int:patient_id>/alerts/<int:alert_id>/override/", views_matters.override, name="override"
    ),
    path("patients/<int:patient_id>/alerts/<int:alert_id>/reopen/", views_matters.reopen, name="reopen"),
    path("patients/<int:patient_id>/tasks/<int:task_id>/", views_matters.task, name="task"),
    path(
        "patients/<int:patient_id>/tasks/<int:task_id>/done/",
        views_matters.complete_task,
        name="complete_task",
    ),
    path(
        "patients/<int:patient_id>/tasks/<int:task_id>/not-needed/",
        views_matters.cancel_task,
        name="cancel_task",
    ),
    path("patients/<int:patient_id>/panels/timeline/", views_timeline.timeline, name="timeline"),
    path(
        "patients/<int:patient_id>/panels/timeline/table/",
        views_timeline.timeline_table,
        name="timeline_table",
    ),
    path(
        "patients/<int:patient_id>/panels/adverse-events/",
        views_adverse_events.panel,
        name="adverse_events_panel",
    ),
    path("patients/<int:patient_id>/adverse-events/new/", views_adverse_events.new, name="new_adverse_event"),
    path(
        "patients/<int:patient_id>/adverse-events/<int:event_id>/",
        views_adverse_events.report,
        name="adverse_event",
    ),
    path(
        "patients/<int:patient_id>/adverse-events/<int:event_id>/change/",
        views_adverse_events.change,
        name="change_adverse_event",
    ),
    path("levels/", views_levels.sheet, name="levels"),
    path("levels/rows/", views_levels.row, name="level_row"),
    path("levels/patients/", views_levels.choices, name="level_choices"),
    path("patients/<int:patient_id>/levels/<int:level_id>/undo/", views_levels.undo, name="undo_level"),
    path("patients/<int:patient_id>/levels/target/", views_levels.target, name="target"),
    path("patients/<int:patient_id>/panels/levels/", views_levels.panel, name="levels_panel"),
    path("patients/<int:patient_id>/panels/history/", views_history.history, name="history"),
    path("patients/<int:patient_id>/tacrolimus/start/", views.start, name="start"),
    path("patients/<int:patient_id>/tacrolimus/not-now/", views.not_now, name="not_now"),
    path("patients/<int:patient_id>/tacrolimus/not-suitable/", views.not_suitable, name="not_suitable"),
    path("patients/<int:patient_id>/panels/tacrolimus/", views_course.panel, name="tacrolimus_panel"),
    path("patients/<int:patient_id>/tacrolimus/change/", views_course.change, name="change_dose"),
    path("patients/<int:patient_id>/tacrolimus/pause/", views_course.pause, name="pause"),
    path("patients/<int:patient_id>/tacrolimus/resume/", views_course.resume, name="resume"),
    path("patients/<int:patient_id>/tacrolimus/stop/", views_course.stop, name="stop"),
    path("patients/<int:patient_id>/decisions/<int:decision_id>/", views.decision, name="decision"),
    path(
        "patients/<int:patient_id>/decisions/<int:decision_id>/take-back/",
        views_course.take_back,
        name="take_back",
    ),
    path("clinics/<int:clinic_id>/reassessment/", views_reassessment.reassessment, name="reassessment"),
    path("clinics/<int:clinic_id>/reassess/", views_reassessment.reassess, name="reassess"),
]

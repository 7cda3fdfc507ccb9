from django.urls import path

from dosing.decisions import course_views, views

urlpatterns = [
    path("patients/<int:patient_id>/panels/criteria/", views.criteria, name="criteria"),
    path("patients/<int:patient_id>/panels/if-signed/", views.if_signed, name="if_signed"),
    path("patients/<int:patient_id>/tacrolimus/start/", views.start, name="start"),
    path("patients/<int:patient_id>/tacrolimus/not-now/", views.not_now, name="not_now"),
    path("patients/<int:patient_id>/tacrolimus/not-suitable/", views.not_suitable, name="not_suitable"),
    path("patients/<int:patient_id>/panels/tacrolimus/", course_views.panel, name="tacrolimus_panel"),
    path("patients/<int:patient_id>/tacrolimus/change/", course_views.change, name="change_dose"),
    path("patients/<int:patient_id>/tacrolimus/pause/", course_views.pause, name="pause"),
    path("patients/<int:patient_id>/tacrolimus/resume/", course_views.resume, name="resume"),
    path("patients/<int:patient_id>/tacrolimus/stop/", course_views.stop, name="stop"),
    path("patients/<int:patient_id>/decisions/<int:decision_id>/", views.decision, name="decision"),
    path(
        "patients/<int:patient_id>/decisions/<int:decision_id>/take-back/",
        course_views.take_back,
        name="take_back",
    ),
]

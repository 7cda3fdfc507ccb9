from django.urls import path

from dosing.alerts.burden import views

urlpatterns = [
    path("alerts/burden/", views.alert_burden, name="alert_burden"),
    path("alerts/burden/file/", views.alert_burden_file, name="alert_burden_file"),
]

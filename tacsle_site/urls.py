from django.urls import include, path

urlpatterns = [
    path("", include("dosing.urls")),
    path("patients/", include("patients.urls")),
]

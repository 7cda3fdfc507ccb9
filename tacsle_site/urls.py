"""Where each app's pages hang, and who answers when something goes wrong."""

from django.urls import include, path

from tacsle_site import errors, health

urlpatterns = [
    path("", include("dosing.urls")),
    path("patients/", include("patients.urls")),
    path("accounts/", include("accounts.urls")),
    path("cohort/", include("analytics.urls")),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error

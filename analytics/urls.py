from django.urls import path

from analytics.views import exports, reports

app_name = "analytics"
urlpatterns = [
    path("", reports.cohort, name="cohort"),
    path("exports/", exports.exports, name="exports"),
    path("reports/count/", reports.count, name="report_count"),
    path("reports/<int:report_id>/", reports.report, name="report"),
    path("reports/<int:report_id>/missing/", reports.missing, name="report_missing"),
    path("reports/<int:report_id>/progress/", reports.progress, name="report_progress"),
    path("reports/<int:report_id>/files/<slug:kind>/", reports.download, name="report_file"),
    path("reports/<int:report_id>/cancel/", reports.cancel, name="cancel_report"),
    path("reports/<int:report_id>/retry/", reports.retry, name="retry_report"),
    path("reports/<int:report_id>/delete/", reports.delete, name="delete_report"),
]

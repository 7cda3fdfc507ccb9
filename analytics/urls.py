from django.urls import path

from analytics.views import exports

app_name = "analytics"
urlpatterns = [
    path("exports/", exports.exports, name="exports"),
]

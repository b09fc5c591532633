"""The real addresses and the two floors."""

from django.urls import include, path

from bench import floor

urlpatterns = [
    path("bench/empty/", floor.empty),
    path("bench/rows/", floor.rows),
    path("", include("yamei.urls")),
]

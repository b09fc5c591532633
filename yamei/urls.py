"""Every address of the house."""

from django.urls import include, path

urlpatterns = [
    path("", include("desk.urls")),
    path("", include("accounts.urls")),
    path("", include("estates.urls")),
    path("", include("rulebook.urls")),
    path("", include("notifications.urls")),
    path("", include("followups.urls")),
    path("", include("contacts.urls")),
    path("", include("incidents.urls")),
    path("", include("services.urls")),
    path("", include("repairs.urls")),
]

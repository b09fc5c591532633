"""Every address of the house."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
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
    path("", include("complaints.urls")),
    path("", include("visits.urls")),
    path("", include("community.urls")),
    path("", include("roster.urls")),
    path("", include("shifts.urls")),
    path("", include("registers.urls")),
    path("", include("office.urls")),
    path("", include("appraisal.urls")),
]

from django.urls import path

from complaints.permissions import VERBS
from complaints.views import acting, detail, listing, month, paper, photos, registering

app_name = "complaints"
urlpatterns = [
    path("complaints/", listing.complaint_list, name="complaint_list"),
    path("complaints/watched/", listing.watch_list, name="watch_list"),
    path("complaints/export/", listing.complaint_export, name="complaint_export"),
    path("complaints/add/", registering.complaint_add, name="complaint_add"),
    path(
        "complaints/from-repair/<int:pk>/",
        registering.complaint_from_repair,
        name="complaint_from_repair",
    ),
    path("complaints/analysis/", month.analysis, name="analysis"),
    path("complaints/analysis/export/", month.analysis_export, name="analysis_export"),
    path("complaints/<int:pk>/", detail.complaint_detail, name="complaint_detail"),
    path("complaints/<int:pk>/print/", paper.complaint_print, name="complaint_print"),
    path("complaints/<int:pk>/photos/", photos.photo_add, name="photo_add"),
    path("complaints/<int:pk>/photos/<int:photo_pk>/", photos.photo, name="photo"),
    *(
        path(
            f"complaints/<int:pk>/{verb.key}/",
            acting.complaint_act,
            {"verb_key": verb.key},
            name=f"complaint_{verb.key}",
        )
        for verb in VERBS
    ),
]

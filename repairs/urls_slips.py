"""Addresses of the list, the paper, the photos and the code on the slip."""

from django.urls import path

from repairs.views import list as lists
from repairs.views import photos, tokens
from repairs.views import print as paper

urlpatterns = [
    path("repairs/", lists.repair_list, name="repair_list"),
    path("repairs/export/", lists.repair_export, name="repair_export"),
    path("repairs/print/", paper.slips_print, name="slips_print"),
    path("repairs/register/print/", paper.register_print, name="register_print"),
    path("repairs/<int:pk>/print/", paper.repair_print, name="repair_print"),
    path("repairs/<int:pk>/photos/", photos.photo_add, name="photo_add"),
    path("repairs/<int:pk>/photos/<int:photo_pk>/", photos.photo, name="photo"),
    path("q/<str:token>", tokens.open_by_token, name="open_by_token"),
]

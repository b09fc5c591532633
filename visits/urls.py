from django.urls import path

from visits.views import (
    answers,
    callbacks,
    called,
    changes,
    complaint_calls,
    coverage,
    offline,
    paper,
    photos,
    visits,
)

app_name = "visits"
urlpatterns = [
    path("visits/", visits.visit_list, name="visit_list"),
    path("visits/plan/", visits.visit_plan, name="visit_plan"),
    path("visits/coverage/", coverage.coverage_page, name="coverage"),
    path("visits/coverage/export/", coverage.coverage_export, name="coverage_export"),
    path("visits/changes/", changes.change_list, name="change_list"),
    path("visits/changes/<int:pk>/", changes.change_decide, name="change_decide"),
    path("visits/<int:pk>/", visits.visit_detail, name="visit_detail"),
    path("visits/<int:pk>/record/", visits.visit_record, name="visit_record"),
    path("visits/<int:pk>/measure/", visits.visit_measure, name="visit_measure"),
    path("visits/<int:pk>/review/", visits.visit_review, name="visit_review"),
    path("visits/<int:pk>/print/", paper.visit_print, name="visit_print"),
    path("visits/<int:pk>/photos/<int:photo_pk>/", photos.visit_photo, name="visit_photo"),
    path("callbacks/", callbacks.callback_list, name="callback_list"),
    path("callbacks/done/", called.called_list, name="called_list"),
    path(
        "callbacks/complaints/<int:pk>/",
        complaint_calls.complaint_callback,
        name="complaint_callback",
    ),
    path("callbacks/contacts/<int:pk>/", answers.contact_callback, name="contact_callback"),
    path("callbacks/answers/<int:pk>/", answers.caller_callback, name="caller_callback"),
    path("callbacks/callers/", callbacks.caller_shares, name="caller_shares"),
    path("callbacks/<int:pk>/", callbacks.callback_record, name="callback_record"),
    path("callbacks/<int:pk>/review/", callbacks.callback_review, name="callback_review"),
    path("callbacks/print/<str:about>/<int:pk>/", paper.callback_print, name="callback_print"),
    path("sw.js", offline.service_worker, name="service_worker"),
    path("offline/", offline.offline_page, name="offline"),
]

from django.urls import path

from community.verbs import NOUNS
from community.views import activities, answering, forms, papers, reports, suggestions, surveys
from community.views.acting import act

app_name = "community"
urlpatterns = [
    path("s/<path:token>", answering.answer, name="answer"),
    path("surveys/", surveys.survey_list, name="survey_list"),
    path("surveys/add/", surveys.survey_add, name="survey_add"),
    path("surveys/<int:pk>/", surveys.survey_detail, name="survey_detail"),
    path("surveys/<int:pk>/edit/", surveys.survey_edit, name="survey_edit"),
    path("surveys/<int:pk>/questions/", surveys.survey_questions, name="survey_questions"),
    path("surveys/<int:pk>/forms/", forms.form_list, name="form_list"),
    path("surveys/<int:pk>/forms/sent/", forms.form_sent, name="form_sent"),
    path("surveys/<int:pk>/forms/print/", papers.forms_print, name="forms_print"),
    path("surveys/<int:pk>/links/export/", papers.links_export, name="links_export"),
    path("surveys/<int:pk>/links/print/", papers.links_print, name="links_print"),
    path("surveys/<int:pk>/entry/", forms.form_entry, name="form_entry"),
    path("surveys/<int:pk>/figures/", reports.survey_report, name="survey_figures"),
    path("surveys/<int:pk>/figures/print/", reports.report_print, name="report_print"),
    path("surveys/<int:pk>/figures/notice/", reports.notice_print, name="notice_print"),
    path("surveys/<int:pk>/figures/export/", reports.report_export, name="report_export"),
    path("surveys/forms/<int:pk>/link/", forms.form_link, name="form_link"),
    path("surveys/forms/<int:pk>/take_back/", forms.form_take_back, name="form_take_back"),
    path("surveys/forms/<int:pk>/renew/", forms.form_renew, name="form_renew"),
    path("measures/<int:pk>/", surveys.measure_detail, name="measure_detail"),
    path("activities/", activities.event_list, name="event_list"),
    path("activities/add/", activities.event_add, name="event_add"),
    path("activities/<int:pk>/", activities.event_detail, name="event_detail"),
    path("activities/<int:pk>/print/", activities.event_print, name="event_print"),
    path("activities/<int:pk>/edit/", activities.event_edit, name="event_edit"),
    path("activities/<int:pk>/photos/", activities.event_photos, name="event_photos"),
    path("activities/<int:pk>/photos/<int:photo_pk>/", activities.event_photo, name="event_photo"),
    path(
        "activities/<int:pk>/participants/<int:participant_pk>/remove/",
        activities.participant_remove,
        name="participant_remove",
    ),
    path("activities/plans/add/", activities.plan_add, name="plan_add"),
    path("activities/plans/<int:pk>/", activities.plan_detail, name="plan_detail"),
    path("suggestions/", suggestions.suggestion_list, name="suggestion_list"),
    path("suggestions/add/", suggestions.suggestion_add, name="suggestion_add"),
    path("suggestions/<int:pk>/", suggestions.suggestion_detail, name="suggestion_detail"),
    *(
        path(
            f"{noun.path}/<int:pk>/{verb.key}/",
            act,
            {"noun_key": noun.key, "verb_key": verb.key},
            name=f"{noun.key}_{verb.key}",
        )
        for noun in NOUNS
        for verb in noun.verbs
    ),
]

from django.urls import path

from appraisal.views import (
    appeals,
    evidence,
    lines,
    months,
    papers,
    proofs,
    publishing,
    rates,
    replay,
    review,
    rounds,
    settings,
    sheets,
)

app_name = "appraisal"
VERBS = ("submit", "discard", "see", "accept", "approve", "send_back")

urlpatterns = [
    path("appraisal/", sheets.sheet_list, name="sheet_list"),
    path("appraisal/new/", sheets.sheet_new, name="sheet_new"),
    path("appraisal/review/", review.review, name="review"),
    path("appraisal/appeals/", appeals.appeal_list, name="appeal_list"),
    path("appraisal/appeals/<int:pk>/", appeals.appeal_detail, name="appeal_detail"),
    path("appraisal/appeals/<int:pk>/decide/", appeals.appeal_decide, name="appeal_decide"),
    path("appraisal/appeals/<int:pk>/name/", appeals.appeal_name, name="appeal_name"),
    path("appraisal/rounds/<int:pk>/", rounds.round_detail, name="round_detail"),
    path("appraisal/rounds/<int:pk>/clear/", rounds.round_clear, name="round_clear"),
    path("appraisal/rounds/<int:pk>/excuse/", rounds.round_excuse, name="round_excuse"),
    path("appraisal/rounds/<int:pk>/draw/", rounds.round_draw, name="round_draw"),
    path("appraisal/months/", months.month_latest, name="month_latest"),
    path("appraisal/months/<str:month>/", months.month_detail, name="month_detail"),
    path("appraisal/months/<str:month>/review/", publishing.month_review, name="month_review"),
    path("appraisal/months/<str:month>/publish/", publishing.month_publish, name="month_publish"),
    path("appraisal/months/<str:month>/work/<int:pk>/", publishing.month_work, name="month_work"),
    path("appraisal/months/<str:month>/archive/", publishing.month_archive, name="month_archive"),
    path("appraisal/months/<str:month>/xlsx/", months.month_export, name="month_export"),
    path("appraisal/months/<str:month>/replay/", replay.month_replay, name="month_replay"),
    path("appraisal/months/<str:month>/<int:pk>/", months.month_person, name="month_person"),
    path("appraisal/rates/", rates.rate_list, name="rate_list"),
    path("appraisal/fairness/", settings.fairness_view, name="fairness"),
    path("appraisal/schemes/", settings.scheme_list, name="scheme_list"),
    path("appraisal/schemes/<str:post>/", settings.scheme_edit, name="scheme_edit"),
    path("appraisal/schemes/<str:post>/publish/", settings.scheme_publish, name="scheme_publish"),
    path("appraisal/schemes/<str:post>/drop/", settings.scheme_drop, name="scheme_drop"),
    path("appraisal/photos/<int:pk>/", evidence.photo, name="photo"),
    path("appraisal/<int:pk>/", sheets.sheet_detail, name="sheet_detail"),
    path("appraisal/<int:pk>/records/", proofs.sheet_records, name="sheet_records"),
    path("appraisal/<int:pk>/deduct/", lines.sheet_deduct, name="sheet_deduct"),
    path("appraisal/<int:pk>/footer/", sheets.sheet_footer, name="sheet_footer"),
    path("appraisal/<int:pk>/offer/", lines.offer_answer, name="offer_answer"),
    path("appraisal/<int:pk>/appeal/", appeals.sheet_appeal, name="sheet_appeal"),
    path("appraisal/<int:pk>/print/", papers.sheet_print, name="sheet_print"),
    path("appraisal/<int:pk>/xlsx/", papers.sheet_export, name="sheet_export"),
    path("appraisal/<int:pk>/lines/<int:line_pk>/link/", lines.line_link, name="line_link"),
    path("appraisal/<int:pk>/lines/<int:line_pk>/remove/", lines.line_remove, name="line_remove"),
    path(
        "appraisal/<int:pk>/lines/<int:line_pk>/evidence/",
        evidence.line_evidence,
        name="line_evidence",
    ),
    *(
        path(f"appraisal/<int:pk>/{verb}/", sheets.sheet_act, {"verb": verb}, name=f"sheet_{verb}")
        for verb in VERBS
    ),
]

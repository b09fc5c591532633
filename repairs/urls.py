from django.urls import path

from repairs.permissions import VERBS
from repairs.urls_slips import urlpatterns as slips
from repairs.views import acting, board, callback, detail

app_name = "repairs"
urlpatterns = [
    path("dispatch/", board.dispatch_board, name="dispatch_board"),
    path("repairs/<int:pk>/", detail.repair_detail, name="repair_detail"),
    path("repairs/<int:pk>/viewers/", detail.repair_viewers, name="repair_viewers"),
    path("repairs/<int:pk>/call_back/", callback.repair_call_back, name="repair_call_back"),
    path("repairs/<int:pk>/callback/", callback.repair_call_back, name="repair_callback_sheet"),
    *(
        path(
            f"repairs/<int:pk>/{verb.key}/",
            acting.repair_act,
            {"verb_key": verb.key},
            name=f"repair_{verb.key}",
        )
        for verb in VERBS
        if verb.key not in ("call_back", "no_answer")
    ),
    *slips,
]

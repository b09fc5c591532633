from django.urls import path

from followups import views

app_name = "followups"
urlpatterns = [
    path("followups/", views.followup_list, name="followup_list"),
    path("followups/hand_all/", views.hand_all, name="hand_all"),
    path("followups/faults/", views.fault_list, name="fault_list"),
    path("followups/<int:pk>/", views.followup_detail, name="followup_detail"),
    path("followups/<int:pk>/take_over/", views.followup_take_over, name="followup_take_over"),
    path("followups/<int:pk>/pause/", views.followup_pause, name="followup_pause"),
    path("followups/<int:pk>/resume/", views.followup_resume, name="followup_resume"),
    path("healthz/", views.healthz, name="healthz"),
    path("livez/", views.livez, name="livez"),
]

from django.urls import path

from repairs.urls_slips import urlpatterns as slips
from repairs.views import detail

app_name = "repairs"
urlpatterns = [
    path("repairs/<int:pk>/", detail.repair_detail, name="repair_detail"),
    *slips,
]

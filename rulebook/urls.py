from django.urls import path

from rulebook import views

app_name = "rulebook"
urlpatterns = [
    path("rulebook/", views.number_list, name="number_list"),
    path("rulebook/sops/", views.sop_list, name="sop_list"),
    path("rulebook/numbers/<str:key>/", views.number_detail, name="number_detail"),
    path("rulebook/numbers/<str:key>/change/", views.number_change, name="number_change"),
    path("rulebook/numbers/<str:key>/confirm/", views.number_confirm, name="number_confirm"),
    path("rulebook/calendar/", views.calendar, name="calendar"),
    path("rulebook/calendar/week/", views.week_change, name="week_change"),
    path("rulebook/calendar/add/", views.day_add, name="day_add"),
    path("rulebook/calendar/<int:pk>/", views.day_change, name="day_change"),
    path("rulebook/calendar/<int:pk>/remove/", views.day_remove, name="day_remove"),
]

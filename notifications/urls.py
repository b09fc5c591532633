from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/poll/", views.poll, name="poll"),
    path("inbox/read_all/", views.read_all, name="read_all"),
    path("inbox/<int:pk>/open/", views.message_open, name="message_open"),
    path("inbox/<int:pk>/read/", views.message_read, name="message_read"),
    path("robots/", views.robot_list, name="robot_list"),
    path("robots/new/", views.robot_form, name="robot_create"),
    path("robots/<int:pk>/", views.robot_form, name="robot_change"),
    path("robots/<int:pk>/test/", views.robot_test, name="robot_test"),
    path("robots/<int:pk>/delete/", views.robot_delete, name="robot_delete"),
]

from django.urls import path

from accounts import views, views_login, views_profile

app_name = "accounts"
urlpatterns = [
    path("login/", views_login.login, name="login"),
    path("login/again/", views_login.login_again, name="login_again"),
    path("logout/", views_login.logout, name="logout"),
    path("me/", views_profile.profile, name="profile"),
    path("me/password/", views_profile.password, name="password"),
    path("me/shortcuts/", views_profile.shortcuts, name="shortcuts"),
    path("staff/", views.staff_list, name="staff_list"),
    path("staff/add/", views.staff_add, name="staff_add"),
    path("staff/<int:pk>/", views.staff_detail, name="staff_detail"),
    path("staff/<int:pk>/edit/", views.staff_edit, name="staff_edit"),
    path("staff/<int:pk>/disable/", views.staff_disable, name="staff_disable"),
    path("staff/<int:pk>/enable/", views.staff_enable, name="staff_enable"),
    path("staff/<int:pk>/password/", views.staff_reset_password, name="staff_reset_password"),
    path("staff/<int:pk>/leave/", views.leave_add, name="leave_add"),
    path("staff/<int:pk>/leave/<int:leave_pk>/end/", views.leave_end, name="leave_end"),
]

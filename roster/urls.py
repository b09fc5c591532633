from django.urls import path

from roster import views

app_name = "roster"
urlpatterns = [
    path("roster/", views.roster_list, name="roster_list"),
    path("roster/add/", views.roster_add, name="roster_add"),
    path("roster/<int:pk>/", views.roster_detail, name="roster_detail"),
    path("roster/<int:pk>/assign/", views.roster_assign, name="roster_assign"),
    path("roster/<int:pk>/publish/", views.roster_publish, name="roster_publish"),
    path("roster/duty/<int:pk>/remove/", views.duty_remove, name="duty_remove"),
    path("roster/duty/<int:pk>/swap/", views.swap_ask, name="swap_ask"),
    path("roster/swap/<int:pk>/decide/", views.swap_decide, name="swap_decide"),
    path("roster/swap/<int:pk>/withdraw/", views.swap_withdraw, name="swap_withdraw"),
]

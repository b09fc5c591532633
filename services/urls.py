from django.urls import path

from services import views, views_answers

app_name = "services"
urlpatterns = [
    path("services/", views.item_list, name="item_list"),
    path("services/add/", views.item_add, name="item_add"),
    path("services/answers/", views_answers.answer_list, name="answer_list"),
    path("services/answers/add/", views_answers.answer_add, name="answer_add"),
    path("services/answers/<int:pk>/", views_answers.answer_detail, name="answer_detail"),
    path("services/answers/<int:pk>/change/", views_answers.answer_change, name="answer_change"),
    path("services/<int:pk>/", views.item_detail, name="item_detail"),
    path("services/<int:pk>/change/", views.item_change, name="item_change"),
    path("services/<int:pk>/price/", views.price_set, name="price_set"),
]

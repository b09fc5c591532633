from django.urls import path

from services import views

app_name = "services"
urlpatterns = [
    path("services/", views.item_list, name="item_list"),
    path("services/add/", views.item_add, name="item_add"),
    path("services/<int:pk>/", views.item_detail, name="item_detail"),
    path("services/<int:pk>/change/", views.item_change, name="item_change"),
    path("services/<int:pk>/price/", views.price_set, name="price_set"),
]

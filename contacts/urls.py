from django.urls import path

from contacts import views

app_name = "contacts"
urlpatterns = [
    path("contacts/<int:pk>/", views.contact_detail, name="contact_detail"),
]

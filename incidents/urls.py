from django.urls import path

from incidents import views

app_name = "incidents"
urlpatterns = [
    path("incidents/", views.incident_list, name="incident_list"),
    path("incidents/raise/", views.incident_raise, name="raise"),
    path("incidents/<int:pk>/", views.incident_detail, name="incident_detail"),
    path("incidents/<int:pk>/acknowledge/", views.incident_acknowledge, name="acknowledge"),
    path("incidents/<int:pk>/tell/", views.incident_tell, name="incident_tell"),
    path("incidents/<int:pk>/measure/", views.incident_measure, name="incident_measure"),
    path("incidents/<int:pk>/end/", views.incident_end, name="incident_end"),
    path("incidents/<int:pk>/report/", views.incident_report, name="incident_report"),
    path("incidents/<int:pk>/archive/", views.incident_archive, name="incident_archive"),
    path("incidents/<int:pk>/print/", views.incident_print, name="incident_print"),
]

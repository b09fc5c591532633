from django.urls import path

from estates.views import households, imports, places, staffing

app_name = "estates"
urlpatterns = [
    path("estates/", places.estate_list, name="estate_list"),
    path("estates/add/", places.estate_add, name="estate_add"),
    path("estates/<int:pk>/", places.estate_detail, name="estate_detail"),
    path("estates/<int:pk>/change/", places.estate_change, name="estate_change"),
    path("estates/<int:pk>/buildings/add/", places.building_add, name="building_add"),
    path("estates/<int:pk>/places/add/", places.place_add, name="place_add"),
    path("buildings/<int:pk>/change/", places.building_change, name="building_change"),
    path("places/<int:pk>/change/", places.place_change, name="place_change"),
    path("units/", households.unit_list, name="unit_list"),
    path("units/<int:pk>/change/", households.unit_change, name="unit_change"),
    path("units/<int:pk>/people/add/", households.unit_person_add, name="unit_person_add"),
    path("residences/<int:pk>/leave/", households.residence_leave, name="residence_leave"),
    path("residents/<int:pk>/", households.resident_detail, name="resident_detail"),
    path("residents/<int:pk>/change/", households.resident_change, name="resident_change"),
    path("residents/<int:pk>/reveal/", households.resident_reveal, name="resident_reveal"),
    path("staff/<int:pk>/estates/", staffing.staff_estates, name="staff_estates"),
    path("areas/", staffing.area_list, name="area_list"),
    path("import/", imports.import_page, name="import"),
    path("import/template/", imports.import_template, name="import_template"),
    path("import/<int:pk>/", imports.import_detail, name="import_detail"),
    path("import/<int:pk>/start/", imports.import_start, name="import_start"),
    path("import/<int:pk>/work/", imports.import_work, name="import_work"),
    path("import/<int:pk>/discard/", imports.import_discard, name="import_discard"),
    path("import/<int:pk>/undo/", imports.import_undo, name="import_undo"),
    path("import/<int:pk>/bad/", imports.import_bad, name="import_bad"),
]

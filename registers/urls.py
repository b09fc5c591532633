"""Addresses of the registers. ``<register:register>`` is one of the catalogue."""

from django.urls import path, register_converter

from registers.catalogue import RegisterConverter
from registers.views import counting, imports, lines, lists

register_converter(RegisterConverter, "register")

app_name = "registers"
ONE = "registers/<register:register>/"
urlpatterns = [
    path("registers/", lists.register_list, name="register_list"),
    *(
        path(f"registers/{place}/{rest}", view, {"sheet": sheet}, name=f"{sheet.model.page}{name}")
        for place, sheet in (("key-counts", counting.KEYS), ("archive-checks", counting.ARCHIVE))
        for rest, view, name in (
            ("", counting.count_list, "_list"),
            ("<int:pk>/", counting.count, ""),
            ("<int:pk>/settle/", counting.count_settle, "_settle"),
        )
    ),
    path(ONE, lists.record_list, name="record_list"),
    path(f"{ONE}export/", lists.record_export, name="record_export"),
    path(f"{ONE}add/", lines.record_add, name="record_add"),
    path(f"{ONE}import/", imports.import_page, name="import"),
    path(f"{ONE}import/template/", imports.import_template, name="import_template"),
    path(f"{ONE}import/<int:pk>/", imports.import_detail, name="import_detail"),
    path(f"{ONE}import/<int:pk>/start/", imports.import_start, name="import_start"),
    path(f"{ONE}import/<int:pk>/discard/", imports.import_discard, name="import_discard"),
    path(f"{ONE}import/<int:pk>/undo/", imports.import_undo, name="import_undo"),
    path(f"{ONE}import/<int:pk>/bad-rows/", imports.import_bad_rows, name="import_bad_rows"),
    path(f"{ONE}<int:pk>/", lines.record_detail, name="record_detail"),
    path(f"{ONE}<int:pk>/change/", lines.record_change, name="record_change"),
    path(f"{ONE}<int:pk>/print/", lines.record_print, name="record_print"),
    path(f"{ONE}<int:pk>/<slug:verb>/", lines.record_act, name="record_act"),
]  # fmt: skip

from django.urls import path

from shifts.views import books, sheet

app_name = "shifts"
urlpatterns = [
    path("shift/close/", sheet.close, name="close"),
    path("shift/history/", sheet.handover_list, name="handover_list"),
    path("shift/cash/", books.cash_book, name="cash_book"),
    path("shift/instructions/", books.instructions, name="instructions"),
    path("shift/instructions/<int:pk>/done/", books.instruction_done, name="instruction_done"),
    path("shift/items/<int:pk>/follow/", sheet.item_follow, name="item_follow"),
    path("shift/<int:pk>/", sheet.handover_detail, name="handover_detail"),
    path("shift/<int:pk>/arrive/", sheet.handover_arrive, name="handover_arrive"),
    path("shift/<int:pk>/start/", sheet.handover_start, name="handover_start"),
    path("shift/<int:pk>/receive/", sheet.handover_receive, name="handover_receive"),
    path("shift/<int:pk>/here/", sheet.handover_receive_here, name="handover_receive_here"),
    path("shift/<int:pk>/refuse/", sheet.handover_refuse, name="handover_refuse"),
    path("shift/<int:pk>/successor/", sheet.handover_successor, name="handover_successor"),
    path("shift/<int:pk>/settle/", sheet.handover_settle, name="handover_settle"),
    path("shift/<int:pk>/check/", sheet.handover_check, name="handover_check"),
    path("shift/<int:pk>/print/", sheet.handover_print, name="handover_print"),
]

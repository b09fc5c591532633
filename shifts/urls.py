from django.urls import path

from shifts.views import books, figures, looking_back, receiving, writing

app_name = "shifts"
urlpatterns = [
    path("shift/close/", writing.close, name="close"),
    path("shift/history/", looking_back.handover_list, name="handover_list"),
    path("shift/cash/", books.cash_book, name="cash_book"),
    path("shift/instructions/", books.instructions, name="instructions"),
    path("shift/instructions/<int:pk>/done/", books.instruction_done, name="instruction_done"),
    path("shift/items/<int:pk>/follow/", looking_back.item_follow, name="item_follow"),
    path("shift/<int:pk>/", writing.handover_detail, name="handover_detail"),
    path("shift/<int:pk>/arrive/", writing.handover_arrive, name="handover_arrive"),
    path("shift/<int:pk>/start/", receiving.handover_start, name="handover_start"),
    path("shift/<int:pk>/receive/", receiving.handover_receive, name="handover_receive"),
    path("shift/<int:pk>/here/", receiving.handover_receive_here, name="handover_receive_here"),
    path("shift/<int:pk>/refuse/", receiving.handover_refuse, name="handover_refuse"),
    path("shift/<int:pk>/successor/", receiving.handover_successor, name="handover_successor"),
    path("shift/<int:pk>/settle/", looking_back.handover_settle, name="handover_settle"),
    path("shift/<int:pk>/check/", looking_back.handover_check, name="handover_check"),
    path("shift/<int:pk>/figures/<slug:key>/", figures.handover_figure, name="handover_figure"),
    path("shift/<int:pk>/print/", looking_back.handover_print, name="handover_print"),
]

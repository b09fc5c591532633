from django.urls import path

from office.steps import ROOMS
from office.views import acting, books, papers, training

app_name = "office"
urlpatterns = [
    path("office/", papers.home, name="home"),
    path("office/tasks/", papers.task_list, name="task_list"),
    path("office/tasks/add/", papers.task_add, name="task_add"),
    path("office/tasks/<int:pk>/", papers.task_detail, name="task_detail"),
    path("office/logs/", books.log_list, name="log_list"),
    path("office/logs/add/", books.log_add, name="log_add"),
    path("office/logs/<int:pk>/", books.log_detail, name="log_detail"),
    path("office/logs/<int:pk>/print/", books.log_print, name="log_print"),
    path("office/logs/<int:pk>/figures/<str:key>/", books.log_figure, name="log_figure"),
    path("office/checks/", papers.check_list, name="check_list"),
    path("office/checks/<int:pk>/", papers.check_detail, name="check_detail"),
    path("office/summaries/", books.summary_list, name="summary_list"),
    path("office/summaries/add/", books.summary_add, name="summary_add"),
    path("office/summaries/<int:pk>/", books.summary_detail, name="summary_detail"),
    path("office/summaries/<int:pk>/print/", books.summary_print, name="summary_print"),
    path("office/summaries/<int:pk>/export/", books.summary_export, name="summary_export"),
    path(
        "office/summaries/<int:pk>/figures/<str:key>/",
        books.summary_figure,
        name="summary_figure",
    ),
    path("office/purchases/", papers.purchase_list, name="purchase_list"),
    path("office/purchases/add/", papers.purchase_add, name="purchase_add"),
    path("office/purchases/export/", papers.purchase_export, name="purchase_export"),
    path("office/purchases/<int:pk>/", papers.purchase_detail, name="purchase_detail"),
    path("office/training/", training.session_list, name="session_list"),
    path("office/training/add/", training.session_add, name="session_add"),
    path("office/training/<int:pk>/", training.session_detail, name="session_detail"),
    path("office/training/plans/", training.plan_list, name="plan_list"),
    path("office/training/plans/add/", training.plan_add, name="plan_add"),
    path("office/training/plans/<int:pk>/", training.plan_detail, name="plan_detail"),
    path("office/training/people/", training.people_page, name="people"),
    path("office/training/people/<int:pk>/", training.staff_record, name="staff_record"),
    path("office/training/people/of/<int:pk>/", training.person_detail, name="person_detail"),
    path("office/workflows/", training.workflow_page, name="workflows"),
    *(
        path(
            f"office/{room.path}/<int:pk>/{step.key}/",
            acting.act,
            {"code": room.code, "key": step.key},
            name=f"{room.code}_{step.key}",
        )
        for room in ROOMS.values()
        for step in room.steps
    ),
]

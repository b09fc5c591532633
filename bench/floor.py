"""The floors: what Django itself costs. Neither asks who is there."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.template import engines

from repairs.models import Repair

TABLE = engines["django"].from_string(
    "<!doctype html><title>floor</title><table>{% for row in rows %}<tr><td>{{ row.number }}</td>"
    "<td>{{ row.reported_at }}</td><td>{{ row.content }}</td><td>{{ row.status }}</td></tr>"
    "{% endfor %}</table>"
)


@login_not_required
def empty(request):
    return HttpResponse("")


@login_not_required
def rows(request):
    """One query by an index, 25 rows, one small template."""
    newest = Repair.objects.only("number", "reported_at", "content", "status").filter(estate=1)
    return HttpResponse(TABLE.render({"rows": newest.order_by("-reported_at", "-id")[:25]}))

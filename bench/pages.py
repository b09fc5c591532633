"""The pages of the budgets, as requests of the people who open them."""

from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from bench.drive import Answer, Client, Page
from bench.fill import PASSWORD
from estates.models import Unit
from repairs.models import Repair

SOME = 50
TERMS = ("1102", "wxm", "王秀梅", "1234", "3-2-1102", "chen", "0301", "李伟")
WORDS = ("漏水", "门锁", "电梯", "插座")


def clients(port: int, who: str, count: int) -> list[Client]:
    """``count`` connections of one person, each logged in by the real form."""
    found = []
    for _number in range(count):
        client = Client(port)
        if who:
            client.log_in(reverse("accounts:login"), who, PASSWORD)
        found.append(client)
    return found


def all_pages() -> list[Page]:
    """Floors first, then every page with a budget in the order of the table."""
    newest = Repair.objects.order_by("-reported_at")
    tickets = list(newest.values_list("pk", flat=True)[:SOME])
    units = list(Unit.objects.filter(residents__isnull=False).order_by("pk").distinct()[:SOME])
    listed, lookup, search = (
        reverse("repairs:repair_list"), reverse("desk:lookup"), reverse("desk:search"),
    )  # fmt: skip
    today, poll = reverse("desk:today"), reverse("notifications:poll")
    followups = reverse("followups:followup_list")

    def get(path: str):
        return lambda client, turn: client.ask("GET", path)

    return [
        Page("floor: empty view", get("/bench/empty/"), who=""),
        Page("floor: one query, 25 rows", get("/bench/rows/"), who=""),
        Page("ticket list, open", get(listed), most_queries=10, target=4),
        Page("ticket list, one status", get(f"{listed}?status=returned"), most_queries=10, target=4),
        Page("ticket list, water of building 3, by promise",
             get(f"{listed}?category=water&building={units[0].building_id}&order=promise"),
             most_queries=10, target=4),
        Page("ticket list, all, by number", get(f"{listed}?status=all&order=number"),
             most_queries=10, target=4),
        Page("ticket list, overdue", get(f"{listed}?overdue=true"), most_queries=10, target=4),
        Page("ticket", lambda client, turn: client.ask(
            "GET", reverse("repairs:repair_detail", args=[tickets[turn % len(tickets)]])),
            most_queries=15, target=6),
        Page("intake lookup", lambda client, turn: client.ask(
            "GET", f"{lookup}?q={_quoted(TERMS[turn % len(TERMS)])}", **{"HX-Request": "true"}),
            most_queries=4, target=2),
        Page("save and dispatch a call", lambda client, turn: _take(client, units[turn % len(units)]),
             most_queries=25, target=6),
        Page("follow-ups, butler", get(followups), who="butler1", most_queries=8, target=3),
        Page("follow-ups, front desk", get(followups), most_queries=8, target=3),
        Page("search, two characters", lambda client, turn: client.ask(
            "GET", f"{search}?q={_quoted(WORDS[turn % len(WORDS)])}"), most_queries=8, target=6),
        Page("today's desk", get(today), most_queries=12, target=6),
        Page("poll of the bell, nothing new", lambda client, turn: _again(client, poll),
             expect=304, most_queries=3, target=1),
        Page("poll of today's desk, nothing new", lambda client, turn: _again(client, today),
             expect=304, most_queries=3, target=1),
    ]  # fmt: skip


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def _again(client: Client, path: str) -> Answer:
    """Ask with the mark of the last answer; the first time fetches it."""
    marks = client.__dict__.setdefault("marks", {})
    headers = {"HX-Request": "true", "X-Poll": "1"}
    if path not in marks:
        marks[path] = client.ask("GET", path, **headers).etag
    answer = client.ask("GET", path, **headers, **{"If-None-Match": marks[path]})
    if answer.status == 200:  # something did change meanwhile
        marks[path] = answer.etag
        answer = client.ask("GET", path, **headers, **{"If-None-Match": marks[path]})
    return answer


def _take(client: Client, unit: Unit) -> Answer:
    """A call about a home, saved and dispatched by the form, as the desk's script sends it."""
    body = {
        "client_key": str(uuid4()),
        "started_at": timezone.now().isoformat(),
        "unit": unit.pk,
        "content": "厨房水龙头漏水，请尽快来看",
        "category": "water",
        "where": "厨房",
        "priority": "normal",
        "contact_phone": "13900050000",
        "source": "phone",
        "do": "dispatch",
    }
    return client.ask("POST", reverse("desk:intake"), body, **{"HX-Request": "true"})

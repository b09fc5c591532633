import pytest

from notifications import ledger
from notifications.models import Message


@pytest.fixture
def told(desk, now):
    ledger.owe(
        "a",
        to=desk,
        title="转工程: %(place)s %(what)s",
        params={"place": "3-2-1102", "what": "<b>漏水</b>"},
        url="/repairs/1/",
        rings=True,
        why={
            "rule": "repairs.dispatch",
            "what": "转单",
            "level": 1,
            "repeat": 0,
            "role": "owner",
            "limit": "repairs.dispatch",
            "seconds": 300,
            "version": 0,
            "due_at": now.isoformat(),
        },
        now=now,
    )
    return Message.objects.get()


def test_inbox_shows_unread_first_with_the_reason(as_, told, desk, now):
    ledger.owe("b", to=desk, title="读过的", now=now)
    Message.objects.filter(key="b").update(read_at=now)
    page = as_(desk).get("/inbox/")
    assert [line.key for line in page.context["lines"]] == ["a", "b"]
    html = page.content.decode()
    for words in ("为什么提醒我", "事项: 转单", "您是责任人", "级别: 已到期", "5分钟"):
        assert words in html
    assert "<b>漏水" not in html


def test_inbox_holds_nobody_elses_lines(as_, told, desk2):
    assert as_(desk2).get("/inbox/").context["lines"] == []
    for action in ("open", "read"):
        url = f"/inbox/{told.pk}/{action}/"
        answer = as_(desk2).get(url) if action == "open" else as_(desk2).post(url)
        assert answer.status_code == 404
    as_(desk2).post("/inbox/read_all/")
    assert Message.objects.unread().count() == 1


def test_open_goes_to_the_record_and_counts_as_read(as_, told, desk):
    assert as_(desk).get(f"/inbox/{told.pk}/open/").url == "/repairs/1/"
    assert not Message.objects.unread().exists()


@pytest.mark.parametrize("url", ["//evil.example/", "https://evil.example/", "/\\evil.example", ""])
def test_open_never_leaves_the_house(as_, told, desk, url):
    Message.objects.update(url=url)
    assert as_(desk).get(f"/inbox/{told.pk}/open/").url == "/inbox/"


def test_read_all_leaves_what_came_after_the_page(as_, told, desk, now):
    ledger.owe("later", to=desk, title="后来的", now=now)
    as_(desk).post("/inbox/read_all/", {"until": told.pk})
    assert [m.key for m in Message.objects.unread()] == ["later"]


def test_poll_counts_rings_and_answers_304_when_nothing_is_new(
    as_, told, desk, now, django_assert_max_num_queries
):
    client = as_(desk)
    with django_assert_max_num_queries(3):
        answer = client.get("/inbox/poll/")
    found = answer.json()
    assert found["unread"] == 1
    assert found["newest"][0]["rings"] is True
    assert found["newest"][0]["text"] == "转工程: 3-2-1102 <b>漏水</b>"
    etag = answer.headers["ETag"]
    assert client.get("/inbox/poll/", headers={"If-None-Match": etag}).status_code == 304
    ledger.owe("b", to=desk, title="新的", now=now)
    fresh = client.get("/inbox/poll/", headers={"If-None-Match": etag})
    assert fresh.status_code == 200
    assert fresh.json()["unread"] == 2


def test_poll_of_an_empty_inbox_is_zero(as_, desk):
    assert as_(desk).get("/inbox/poll/").json() == {"unread": 0, "newest": []}


@pytest.mark.parametrize("count", [1, 3])
def test_inbox_asks_the_same_whatever_the_lines(
    as_, desk, now, count, django_assert_max_num_queries
):
    for n in range(count):
        ledger.owe(str(n), to=desk, title="x", now=now)
    client = as_(desk)
    with django_assert_max_num_queries(6):
        client.get("/inbox/")

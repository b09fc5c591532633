"""The first page: the queue, its order and cost, and who may see it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from contacts import actions as contacts
from desk.queue import lines_of
from repairs import actions
from repairs.models import Repair


@pytest.fixture
def clock(time_machine, now):
    time_machine.move_to(now, tick=False)
    return time_machine


@pytest.fixture
def log(estate, unit, desk, now):
    """``log("漏水")`` registers a repair, ten minutes old unless told."""

    def register(content="漏水", *, ago=10, dispatch=False):
        at = now - timedelta(minutes=ago)
        contact = contacts.start(
            uuid4(), estate=estate, by=desk, now=at, unit=unit, phone="13912341234"
        )
        repair = actions.register(contact, by=desk, now=at, content=content, unit=unit)
        return actions.dispatch(repair, by=desk, now=at) if dispatch else repair

    return register


def test_queue_puts_the_longest_overdue_first(log, desk, now):
    late, later = log("先来的", ago=30), log("后来的", ago=8)
    lines = lines_of(desk, now)
    assert [line.repair for line in lines] == [late, later]
    assert [line.step.key for line in lines] == ["F8", "F8"]


def test_colleague_at_the_same_desk_sees_the_slip(log, desk2, now):
    repair = log()
    assert [line.repair for line in lines_of(desk2, now)] == [repair]


def test_slip_nobody_accepted_is_watched_by_the_desk(log, desk, now):
    repair = log(dispatch=True)
    (line,) = lines_of(desk, now)
    assert (line.followup.kind, line.repair) == ("repairs.accept", repair)


def test_queue_shows_nothing_of_another_estate(log, outsider, as_, clock):
    log("别的小区漏水")
    page = as_(outsider).get("/today/").content.decode()
    assert "别的小区漏水" not in page
    assert "现在没有待办" in page


def test_page_costs_at_most_12_queries_whatever_the_rows(
    log, desk, as_, clock, django_assert_num_queries
):
    client = as_(desk)
    log()
    client.get("/today/")
    with django_assert_num_queries(11) as first:
        client.get("/today/")
    log("第二单")
    log("第三单", dispatch=True)
    with django_assert_num_queries(len(first)):
        page = client.get("/today/")
    assert page.content.decode().count('data-row="') == 3


def test_page_stays_under_60_kilobytes(log, desk, as_, clock):
    for number in range(30):
        log(f"第{number}件" + "漏水" * 50)
    assert len(as_(desk).get("/today/").content) < 60_000


def test_poll_with_nothing_new_is_answered_in_3_queries(
    log, desk, as_, clock, django_assert_num_queries
):
    client = as_(desk)
    log()
    first = client.get("/today/", headers={"X-Poll": "1", "HX-Request": "true"})
    assert first.status_code == 200
    with django_assert_num_queries(3):
        again = client.get("/today/", headers={"X-Poll": "1", "If-None-Match": first["ETag"]})
    assert again.status_code == 304
    log("新来的")
    news = client.get("/today/", headers={"X-Poll": "1", "If-None-Match": first["ETag"]})
    assert news.status_code == 200
    assert "新来的" in news.content.decode()


def test_title_counts_what_is_late(log, desk, as_, clock):
    log()
    assert "<title>(1) 今日" in as_(desk).get("/today/").content.decode()


def test_names_and_phones_are_masked(log, desk, as_, clock, resident):
    log()
    Repair.objects.update(contact_name="王秀梅")
    page = as_(desk).get("/today/").content.decode()
    assert "王秀梅" not in page
    assert "13912341234" not in page
    assert "139****1234" in page


@pytest.mark.parametrize(
    ("person", "home"),
    [("desk", "/today/"), ("butler", "/followups/"), ("manager", "/today/"), ("gm", "/today/")],
)
def test_first_page_is_the_posts_own(request, as_, person, home):
    answer = as_(request.getfixturevalue(person)).get("/")
    assert answer.url == home


def test_row_without_the_permission_leads_to_the_record(log, gm, as_, clock, now):
    log()
    Repair.objects.update(priority="emergency")
    page = as_(gm).get("/today/").content.decode()
    assert 'data-key="F8"' not in page

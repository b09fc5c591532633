from datetime import timedelta

import pytest
from django.urls import reverse

from estates.models import Building, Unit
from followups import actions
from followups.models import FollowUp
from followups.scan import scan
from notifications.models import Message
from tests.conftest import at

MINUTE = timedelta(minutes=1)
LIST = "/followups/"


@pytest.fixture
def frozen(now, time_machine):
    time_machine.move_to(now, tick=False)


@pytest.fixture(autouse=True)
def _stand_at_now(frozen):
    """Pages read the clock: it stands at ``now``."""


@pytest.fixture
def row(owe_one, desk):
    return owe_one(owner=desk)


def test_list_shows_what_i_owe_and_what_nobody_of_my_post_took(
    as_, owe_one, unit, estate, desk, desk2, other_estate
):
    owe_one(owner=desk)
    owe_one(kind="sample.callback", params={"what": "没人认领"})
    theirs = Unit.objects.create(estate=estate, building=unit.building, room="9", code="3-9")
    owe_one(subject=theirs, owner=desk2, params={"what": "同事的"})
    page = as_(desk).get(LIST)
    assert [row.params["what"] for row in page.context["rows"]] == ["漏水", "没人认领"]
    assert [(chip.kind, chip.count) for chip in page.context["chips"]] == [
        ("", 2),
        ("sample.dispatch", 1),
        ("sample.callback", 1),
    ]


def test_list_orders_by_the_moment_and_filters_by_kind(as_, owe_one, desk, now):
    owe_one(owner=desk, limit_key="", due_at=now + 60 * MINUTE)
    owe_one(kind="sample.callback", owner=desk, limit_key="", due_at=now + 30 * MINUTE)
    rows = as_(desk).get(LIST).context["rows"]
    assert [row.kind for row in rows] == ["sample.callback", "sample.dispatch"]
    rows = as_(desk).get(LIST + "?kind=sample.callback").context["rows"]
    assert [row.kind for row in rows] == ["sample.callback"]


def test_list_of_the_area_holds_what_lies_in_my_buildings(as_, owe_one, estate, butler, desk):
    owe_one(owner=desk)
    far = Building.objects.create(estate=estate, code="9")
    there = Unit.objects.create(estate=estate, building=far, room="1", code="9-1")
    owe_one(subject=there, unit=there, owner=desk)
    rows = as_(butler).get(LIST + "?whose=area").context["rows"]
    assert [row.place_label for row in rows] == ["3-2-1102"]


def test_list_of_another_estate_stays_empty(as_, row, outsider):
    for whose in ("mine", "post"):
        page = as_(outsider).get(f"{LIST}?whose={whose}")
        assert page.context["rows"] == []
    assert "没有要跟进的事" in page.content.decode()


def test_list_when_everything_is_done_says_so(as_, desk):
    assert "今天的跟进都完成了" in as_(desk).get(LIST).content.decode()


def test_list_that_a_person_does_not_have_is_404(as_, desk):
    assert as_(desk).get(LIST + "?whose=area").status_code == 404
    assert as_(desk).get(LIST + "?whose=everything").status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "999999999", "x", "%00"])
def test_list_with_an_absurd_page_is_just_a_page(as_, row, desk, page):
    assert as_(desk).get(f"{LIST}?page={page}").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_whatever_the_rows(
    as_, django_assert_max_num_queries, owe_one, estate, building, desk, count
):
    for n in range(count):
        place = Unit.objects.create(estate=estate, building=building, room=str(n), code=f"3-{n}")
        owe_one(subject=place, unit=place, owner=desk)
    client = as_(desk)
    with django_assert_max_num_queries(8):
        client.get(LIST)


def test_row_leads_to_where_it_is_done_and_can_be_dialled(as_, owe_one, desk):
    owe_one(owner=desk, params={"what": "漏水", "phone": "13912341234"}, url="/repairs/7/#call")
    html = as_(desk).get(LIST).content.decode()
    assert 'href="/repairs/7/#call"' in html
    assert 'href="tel:13912341234"' in html
    article = html.split("<article")[1].split("</article>")[0]
    assert article.count("btn-primary") == 1


def test_row_text_is_escaped(as_, owe_one, desk):
    owe_one(owner=desk, params={"what": "<script>alert(1)</script>"})
    assert "<script>alert" not in as_(desk).get(LIST).content.decode()


def test_detail_says_why_i_was_reminded_and_whom_the_ladder_told(as_, row, desk, now):
    scan(now + 5 * MINUTE)
    html = as_(desk).get(reverse("followups:followup_detail", args=[row.pk])).content.decode()
    assert "为什么提醒我" in html
    assert "事项: 转单" in html
    assert "5分钟" in html
    assert "张敏 · 已到期" in html
    assert "赵静 · 已到期" in html


def test_detail_of_another_estate_is_404(as_, row, outsider):
    assert as_(outsider).get(f"{LIST}{row.pk}/").status_code == 404


def test_take_over_by_the_page_names_the_taker(as_, row, assistant):
    as_(assistant).post(f"{LIST}{row.pk}/take_over/")
    row.refresh_from_db()
    assert row.taken_by == assistant


def test_take_over_too_late_says_who_was_faster(as_, row, assistant, manager, now):
    actions.take_over(row, by=manager, now=now)
    page = as_(assistant).post(f"{LIST}{row.pk}/take_over/", follow=True)
    assert "周经理已经接手" in page.content.decode()


def test_pause_by_the_page_needs_both_and_keeps_what_was_typed(as_, owe_one, desk):
    row = owe_one(kind="sample.callback", owner=desk)
    page = as_(desk).post(f"{LIST}{row.pk}/pause/", {"reason": "等业主回家"})
    assert page.status_code == 422
    assert 'value="等业主回家"' in page.content.decode()
    as_(desk).post(
        f"{LIST}{row.pk}/pause/", {"reason": "等业主回家", "look_again_at": "2026-11-24T09:00"}
    )
    row.refresh_from_db()
    assert (row.pause_reason, row.look_again_at) == ("等业主回家", at("2026-11-24 09:00"))
    as_(desk).post(f"{LIST}{row.pk}/resume/")
    row.refresh_from_db()
    assert row.paused_at is None


def test_pause_of_a_dispatch_clock_is_refused_by_the_page(as_, row, desk):
    page = as_(desk).post(
        f"{LIST}{row.pk}/pause/", {"reason": "忙", "look_again_at": "2026-11-24T09:00"}
    )
    assert page.status_code == 422
    assert "不能暂停" in page.content.decode()


def test_pause_of_what_a_colleague_owes_is_forbidden(as_, owe_one, unit, desk, desk2):
    row = owe_one(kind="sample.callback", owner=desk)
    answer = as_(desk2).post(
        f"{LIST}{row.pk}/pause/", {"reason": "忙", "look_again_at": "2026-11-24T09:00"}
    )
    assert answer.status_code == 403


def test_hand_all_by_the_page_moves_everything(as_, row, desk, desk2, manager):
    page = as_(manager).post(f"{LIST}hand_all/", {"staff": desk.pk, "to": desk2.pk}, follow=True)
    assert "张敏的1项跟进已交给李倩" in page.content.decode()
    assert FollowUp.objects.get().owner == desk2


def test_hand_all_is_not_for_colleagues_of_the_same_rank(as_, row, desk, desk2):
    page = as_(desk2).post(f"{LIST}hand_all/", {"staff": desk.pk, "to": desk2.pk})
    assert page.status_code == 422
    assert FollowUp.objects.get().owner == desk


def test_faults_are_shown_to_administrators_only(as_, row, desk, sysadmin, now):
    FollowUp.objects.filter(pk=row.pk).update(params={})
    scan(now + 5 * MINUTE)
    assert as_(desk).get(f"{LIST}faults/").status_code == 403
    assert "KeyError" in as_(sysadmin).get(f"{LIST}faults/").content.decode()


def test_faults_name_what_reached_its_moment_without_a_line(as_, row, sysadmin, now):
    scan(now + 5 * MINUTE)
    assert list(as_(sysadmin).get(f"{LIST}faults/").context["untold"]) == []
    Message.objects.filter(followup_id=row.pk).delete()
    page = as_(sysadmin).get(f"{LIST}faults/")
    assert list(page.context["untold"]) == [row]
    assert "到了时间却没有提醒记录" in page.content.decode()


def test_anonymous_is_sent_to_the_login(client, row):
    for url in (LIST, f"{LIST}{row.pk}/", f"{LIST}hand_all/"):
        answer = client.get(url)
        assert answer.status_code == 302
        assert answer.url.startswith("/login/")


def test_list_counts_no_message_of_what_is_done(as_, row, unit, desk, now):
    scan(now + 5 * MINUTE)
    actions.meet(unit, "sample.dispatch", by=desk, now=now + 6 * MINUTE)
    assert not Message.objects.unread().exists()

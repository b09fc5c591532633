"""The staff pages: finding, changing, closing, resetting, leave."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import actions, posts
from accounts.models import Leave, Staff
from tests.conftest import hire


def names(answer):
    return [person.name for person in answer.context["page"]]


def test_list_finds_by_name_login_and_phone(as_, manager, desk, desk2, butler):
    Staff.objects.filter(pk=desk2.pk).update(phone="13912345678")
    client = as_(manager)
    for term in ("李倩", "DESK2", "5678"):
        assert names(client.get(reverse("accounts:staff_list"), {"q": term})) == ["李倩"]


def test_list_filters_by_post_estate_and_state(as_, sysadmin, manager, desk, outsider, estate):
    client = as_(sysadmin)
    url = reverse("accounts:staff_list")
    assert set(names(client.get(url, {"post": posts.FRONT_DESK}))) == {"张敏", "外人"}
    both = {"post": posts.FRONT_DESK, "estate": estate.pk}
    assert names(client.get(url, both)) == ["张敏"]
    Staff.objects.filter(pk=desk.pk).update(is_active=False)
    assert names(client.get(url, both)) == []
    assert names(client.get(url, both | {"state": "disabled"})) == ["张敏"]
    assert names(client.get(url, both | {"state": "all"})) == ["张敏"]


@pytest.mark.parametrize(
    "query",
    [
        {"page": "-1"},
        {"page": "9" * 30},
        {"estate": "x"},
        {"post": "\0"},
        {"q": "\0"},
        {"q": "%_'\"" * 500},
        {"state": "?"},
        {"sort": "password"},
    ],
)
def test_list_with_odd_queries_is_calm(as_, manager, query):
    assert as_(manager).get(reverse("accounts:staff_list"), query).status_code == 200


def test_list_masks_phones_and_names_the_deputy(as_, manager, desk, desk2):
    from django.utils import timezone  # noqa: PLC0415 -- only here is the real clock wanted

    now = timezone.now()
    Staff.objects.filter(pk=desk.pk).update(phone="13912341234")
    Leave.objects.create(
        staff=desk,
        deputy=desk2,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=1),
    )
    text = as_(manager).get(reverse("accounts:staff_list")).text
    assert "139****1234" in text
    assert "13912341234" not in text
    assert "李倩代理" in text


def test_list_takes_the_same_queries_for_one_and_three_rows(
    as_, manager, assistant, estate, django_assert_max_num_queries
):
    client, url = as_(manager), reverse("accounts:staff_list")
    query = {"post": posts.FRONT_DESK}
    hire("a", "甲", posts.FRONT_DESK, superior=assistant, estates=[estate])
    with django_assert_max_num_queries(12) as one:
        assert len(names(client.get(url, query))) == 1
    for username in ("b", "c"):
        hire(username, username, posts.FRONT_DESK, superior=assistant, estates=[estate])
    with django_assert_max_num_queries(12) as three:
        assert len(names(client.get(url, query))) == 3
    assert len(one) == len(three)


def test_list_pages_by_twenty_five(as_, sysadmin, estate):
    for number in range(26):
        hire(f"p{number:02}", f"甲{number:02}", posts.BUTLER, estates=[estate])
    client, url = as_(sysadmin), reverse("accounts:staff_list")
    assert len(names(client.get(url, {"post": posts.BUTLER}))) == 25
    assert names(client.get(url, {"post": posts.BUTLER, "page": 2})) == ["甲25"]


def typed(**changes):
    return {
        "name": "张敏",
        "post": posts.FRONT_DESK,
        "superior": "",
        "phone": "",
        "email": "",
        "qualified_on": "",
        "version": 1,
    } | changes


def test_add_shows_the_password_once_and_it_works(as_, manager, assistant):
    data = typed(username="xinren", name="新 人", superior=assistant.pk)
    answer = as_(manager).post(reverse("accounts:staff_add"), data)
    password = answer.context["one_time"]
    assert password in answer.text
    assert "no-store" in answer["Cache-Control"]
    staff = Staff.objects.get(username="xinren")
    assert (staff.name, staff.superior) == ("新 人", assistant)
    detail = as_(manager).get(reverse("accounts:staff_detail", args=[staff.pk]))
    assert password not in detail.text
    login = Client().post(reverse("accounts:login"), {"username": "xinren", "password": password})
    assert login.status_code == 302


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"username": "desk1"}, "已有人用"),
        ({"username": "两 个"}, "2 到 40 个"),
        ({"username": ""}, "写登录名"),
        ({"name": "  "}, "写姓名"),
        ({"post": ""}, "选一个岗位"),
        ({"phone": "abc"}, "电话只写数字"),
        ({"post": posts.SYSADMIN}, "sysadmin"),
        ({"name": "x" * 1_000_000}, "40"),
        ({"name": "张\0敏"}, "张"),
    ],
)
def test_add_refuses_with_words_and_keeps_what_was_typed(as_, manager, desk, changes, words):
    before = Staff.objects.count()
    data = typed(username="xinren", email="kept@example.com") | changes
    answer = as_(manager).post(reverse("accounts:staff_add"), data)
    assert answer.status_code == 422
    assert words in answer.text
    assert "kept@example.com" in answer.text
    assert Staff.objects.count() == before


def test_edit_saves(as_, manager, desk, assistant):
    answer = as_(manager).post(
        reverse("accounts:staff_edit", args=[desk.pk]),
        typed(phone="０２９-8888 1234", post=posts.NIGHT_DUTY, superior=assistant.pk),
    )
    assert answer["Location"] == reverse("accounts:staff_detail", args=[desk.pk])
    desk.refresh_from_db()
    assert (desk.phone, desk.post, desk.version) == ("029-88881234", posts.NIGHT_DUTY, 2)


def test_edit_of_a_stale_page_shows_both_values_and_can_be_saved_again(
    as_, manager, gm, assistant, desk, now
):
    actions.edit_staff(desk, seen_version=1, by=gm, now=now, phone="8001")
    url = reverse("accounts:staff_edit", args=[desk.pk])
    answer = as_(manager).post(url, typed(phone="8002", superior=assistant.pk))
    assert answer.status_code == 409
    assert [(row["saved"], row["typed"]) for row in answer.context["conflicts"]] == [
        ("8001", "8002")
    ]
    assert 'value="8002"' in answer.text
    assert 'name="version" value="2"' in answer.text
    again = as_(manager).post(url, typed(phone="8002", superior=assistant.pk, version=2))
    assert again.status_code == 302
    desk.refresh_from_db()
    assert desk.phone == "8002"


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40, "²"])
def test_edit_with_an_odd_version_is_refused(as_, manager, desk, version):
    url = reverse("accounts:staff_edit", args=[desk.pk])
    assert as_(manager).post(url, typed(name="改", version=version)).status_code == 409
    desk.refresh_from_db()
    assert desk.name == "张敏"


def test_edit_cannot_choose_a_post_or_superior_out_of_reach(as_, manager, desk, outsider):
    url = reverse("accounts:staff_edit", args=[desk.pk])
    for changes in ({"post": posts.GENERAL_MANAGER}, {"superior": outsider.pk}):
        assert as_(manager).post(url, typed(**changes)).status_code == 422
    desk.refresh_from_db()
    assert desk.post == posts.FRONT_DESK


def test_edit_keeps_a_superior_whom_the_editor_does_not_see(as_, manager, desk, other_estate):
    far = hire("far", "总部", posts.CS_ASSISTANT, estates=[other_estate])
    Staff.objects.filter(pk=desk.pk).update(superior=far)
    url = reverse("accounts:staff_edit", args=[desk.pk])
    assert as_(manager).post(url, typed(superior=far.pk, phone="8001")).status_code == 302


def test_disable_warns_about_reports_and_deputies(as_, gm, manager, assistant, desk, now):
    from django.utils import timezone  # noqa: PLC0415 -- only here is the real clock wanted

    begins = timezone.now()
    Leave.objects.create(
        staff=manager, deputy=assistant, starts_at=begins, ends_at=begins + timedelta(days=1)
    )
    url = reverse("accounts:staff_disable", args=[assistant.pk])
    text = as_(gm).get(url).text
    assert "张敏" in text
    assert "周经理" in text
    assert as_(gm).post(url).status_code == 302
    assistant.refresh_from_db()
    assert not assistant.is_active
    assert as_(gm).post(url).status_code == 422


def test_reset_shows_a_password_that_must_be_replaced(as_, assistant, desk):
    answer = as_(assistant).post(reverse("accounts:staff_reset_password", args=[desk.pk]))
    desk.refresh_from_db()
    assert desk.check_password(answer.context["one_time"])
    assert desk.must_change_password
    assert "no-store" in answer["Cache-Control"]


def test_enable_of_an_enabled_account_says_so(as_, manager, desk):
    answer = as_(manager).post(reverse("accounts:staff_enable", args=[desk.pk]), follow=True)
    assert "已经在用" in answer.text


def leave_typed(deputy, **changes):
    return {
        "starts_at": "2036-11-24T09:00",
        "ends_at": "2036-11-25T18:00",
        "deputy": deputy.pk,
        "reason": "年假",
    } | changes


def test_leave_is_saved_in_shanghai_time(as_, assistant, desk, desk2):
    url = reverse("accounts:leave_add", args=[desk.pk])
    # 李倩 is no report of 赵静's own choosing: she is in her line, so she can be chosen.
    assert as_(assistant).post(url, leave_typed(desk2)).status_code == 302
    leave = Leave.objects.get()
    assert leave.starts_at.isoformat() == "2036-11-24T01:00:00+00:00"
    detail = as_(assistant).get(reverse("accounts:staff_detail", args=[desk.pk])).text
    assert "代理人 李倩" in detail
    end = reverse("accounts:leave_end", args=[desk.pk, leave.pk])
    assert as_(assistant).post(end).status_code == 302
    assert not Leave.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends_at": "2036-11-24T08:00"}, "结束要晚于开始"),
        ({"starts_at": "2020-11-24T08:00", "ends_at": "2020-11-25T08:00"}, "已经过了"),
        ({"starts_at": ""}, "写开始时间"),
        ({"ends_at": "9999-99-99"}, "2036-11-24"),
        ({"deputy": ""}, "选一位代理人"),
        ({"reason": "x" * 101}, "100"),
    ],
)
def test_leave_refused_comes_back_with_what_was_typed(as_, assistant, desk, desk2, changes, words):
    url = reverse("accounts:leave_add", args=[desk.pk])
    answer = as_(assistant).post(url, leave_typed(desk2) | changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert not Leave.objects.exists()


def test_leave_of_another_person_is_not_ended_by_this_address(as_, assistant, desk, desk2, night):
    as_(assistant).post(reverse("accounts:leave_add", args=[desk.pk]), leave_typed(desk2))
    leave = Leave.objects.get()
    answer = as_(assistant).post(reverse("accounts:leave_end", args=[night.pk, leave.pk]))
    assert answer.status_code == 404
    assert Leave.objects.exists()


def test_detail_shows_history_in_words(as_, manager, gm, desk, now):
    actions.edit_staff(desk, seen_version=1, by=gm, now=now, post=posts.NIGHT_DUTY)
    text = as_(manager).get(reverse("accounts:staff_detail", args=[desk.pk])).text
    assert "岗位: 客服中心 → 夜值人员" in text


def test_names_are_escaped_everywhere(as_, manager, desk):
    """S1: a name that is markup."""
    Staff.objects.filter(pk=desk.pk).update(name="<script>alert(1)</script>")
    for name in ("staff_detail", "staff_edit", "staff_disable"):
        text = as_(manager).get(reverse(f"accounts:{name}", args=[desk.pk])).text
        assert "<script>alert" not in text
    assert "<script>alert" not in as_(manager).get(reverse("accounts:staff_list")).text

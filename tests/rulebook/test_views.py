from datetime import date, time

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts import posts
from rulebook import actions
from rulebook.models import DayOverride, NumberVersion
from rulebook.numbers import NUMBERS
from rulebook.numbers.row import MANUAL
from rulebook.windows import fingerprint
from tests.conftest import at, hire

pytestmark = pytest.mark.django_db

KEY = "repairs.dispatch"
NOTICE = "默认值, 请按本公司制度核定"
DETAIL = f"/rulebook/numbers/{KEY}/"
READERS = {post.code for post in posts.POSTS} - {
    posts.ENG_MANAGER, posts.ENG_DISPATCHER, posts.REPAIRER, posts.PUBLIC_AFFAIRS,
}  # fmt: skip
PAGES = ["/rulebook/", "/rulebook/sops/", "/rulebook/calendar/", DETAIL]
CHANGES = [
    f"{DETAIL}change/",
    f"{DETAIL}confirm/",
    "/rulebook/calendar/week/",
    "/rulebook/calendar/add/",
]


@pytest.fixture(autouse=True)
def frozen(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.mark.parametrize("post", [post.code for post in posts.POSTS])
def test_who_may_read_and_who_may_change(as_, post):
    client = as_(hire("somebody", "某人", post))
    day = f"/rulebook/calendar/{DayOverride.objects.first().pk}/"
    for url in PAGES:
        assert client.get(url).status_code == (200 if post in READERS else 403), url
    may_change = post == posts.CS_MANAGER
    for url in CHANGES:
        assert (client.post(url).status_code == 403) is not may_change, url
    assert client.get(day).status_code == (200 if may_change else 403)
    if not may_change:
        assert client.post(day).status_code == 403
        assert client.post(f"{day}remove/").status_code == 403


@pytest.mark.parametrize("url", PAGES)
def test_stranger_is_sent_to_login(client, url):
    assert client.get(url).status_code == 302


def test_only_the_manager_sees_the_forms(as_, desk, manager):
    assert "保存新值" not in as_(desk).get(DETAIL).content.decode()
    assert "保存新值" in as_(manager).get(DETAIL).content.decode()


@pytest.mark.parametrize("url", ["/rulebook/numbers/nothing/", "/rulebook/calendar/999999999999/"])
def test_what_does_not_exist_is_404(as_, manager, url):
    assert as_(manager).get(url).status_code == 404


def add_versions(count, by, now):
    for number in [number for number in NUMBERS if number.confidence != MANUAL][:count]:
        actions.confirm_number(number.key, seen_version=0, by=by, now=now)


@pytest.mark.parametrize("url", PAGES[:2])
def test_lists_ask_the_same_number_of_queries_for_any_rows(as_, manager, now, url):
    client = as_(manager)
    client.get(url)
    counts = []
    for versions in (1, 3):
        NumberVersion.objects.all().delete()
        add_versions(versions, manager, now)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 10
    assert len([query for query in captured if 'FROM "rulebook_' in query["sql"]]) <= 2


def test_list_shows_value_source_and_notice(as_, desk):
    page = as_(desk).get("/rulebook/").content.decode()
    assert "来电后转单给工程部" in page
    assert "5 分钟" in page
    assert "同系列手册" in page
    assert NOTICE in page


def test_list_of_open_numbers_leaves_out_confirmed_ones(as_, manager, now):
    actions.confirm_number(KEY, seen_version=0, by=manager, now=now)
    page = as_(manager).get("/rulebook/?open=1")
    keys = {one.number.key for _code, _label, ones in page.context["topics"] for one in ones}
    lost = {number.key for number in NUMBERS if number.confidence != MANUAL}
    assert keys == lost - {KEY}


def test_number_that_the_manual_itself_states_carries_no_notice(as_, desk):
    page = as_(desk).get("/rulebook/numbers/patrol.per_day/").content.decode()
    assert "本手册原文" in page
    assert NOTICE not in page


def test_sops_list_clauses_and_numbers(as_, desk):
    page = as_(desk).get("/rulebook/sops/").content.decode()
    assert "巡视工作标准作业规程" in page
    assert "REP-3" in page
    assert "来电后转单给工程部" in page


def test_manager_changes_a_number(as_, manager):
    form = {"value": "８", "effective_at": "", "note": "按公司制度", "seen_version": "0"}
    answer = as_(manager).post(f"{DETAIL}change/", form, follow=True)
    page = answer.content.decode()
    assert "8 分钟" in page
    assert "按公司制度" in page
    assert NOTICE not in page
    assert NumberVersion.objects.get().effective_at == at("2026-11-23 15:00")


def test_manager_plans_a_number(as_, manager):
    form = {"value": "8", "effective_at": "2026-12-01T08:00", "note": "试行", "seen_version": "0"}
    page = as_(manager).post(f"{DETAIL}change/", form, follow=True).content.decode()
    assert "2026-12-01 08:00 起" in page
    assert NumberVersion.objects.get().effective_at == at("2026-12-01 08:00")


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("value", "", "写一个数"),
        ("value", "五", "应为数字"),
        ("value", "NaN", "应为数字"),
        ("value", "9999", "1 分钟 到 60 分钟"),
        ("value", "1" * 5000, "新值"),
        ("note", "", "写明为什么改"),
        ("note", "长" * 1_000_000, "200"),
        ("note", "空\0字", "看不见的字符"),
        ("effective_at", "2026-11-23T14:00", "已经过了"),
        ("effective_at", "0001-01-01T00:00", "已经过了"),
        ("effective_at", "明天", "2026-12-01 08:00"),
        ("seen_version", "x", "保存新值"),
    ],
)
def test_change_that_cannot_be_saved_explains_and_keeps_the_text(
    as_, manager, field, typed, message
):
    form = {"value": "8", "effective_at": "", "note": "我写的原因", "seen_version": "0"}
    answer = as_(manager).post(f"{DETAIL}change/", form | {field: typed})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert message in page
    if field != "note":
        assert "我写的原因" in page
    assert not NumberVersion.objects.exists()


def test_change_with_two_faults_names_both_at_once(as_, manager):
    form = {"value": "999", "effective_at": "", "note": "", "seen_version": "0"}
    page = as_(manager).post(f"{DETAIL}change/", form).content.decode()
    assert "应在 1 分钟 到 60 分钟 之间" in page
    assert "写明为什么改" in page


def test_change_on_a_stale_page_shows_both_values(as_, manager, gm, now):
    actions.change_number(KEY, value=8, note="先到", seen_version=0, by=gm, now=now)
    form = {"value": "12", "effective_at": "", "note": "后到", "seen_version": "0"}
    client = as_(manager)
    answer = client.post(f"{DETAIL}change/", form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "郑总刚把它定为 8 分钟" in page
    assert 'value="12"' in page
    assert "后到" in page
    assert 'name="seen_version" value="1"' in page
    assert client.post(f"{DETAIL}change/", form | {"seen_version": "1"}).status_code == 302


def test_manager_confirms_the_default(as_, manager):
    client = as_(manager)
    page = client.post(f"{DETAIL}confirm/", {"seen_version": "0"}, follow=True).content.decode()
    assert "核定原值" in page
    assert NOTICE not in page
    assert client.post(f"{DETAIL}confirm/", {"seen_version": "1"}).status_code == 422
    assert client.post(f"{DETAIL}confirm/", {"seen_version": "x"}).status_code == 409


def test_confirm_with_nonsense_before_any_version_is_refused(as_, manager):
    assert as_(manager).post(f"{DETAIL}confirm/", {"seen_version": "x"}).status_code == 409
    assert not NumberVersion.objects.exists()


def test_calendar_warns_of_next_year_from_november(as_, desk, time_machine):
    assert (
        "2027 年的节假日和调休还没有录入" in as_(desk).get("/rulebook/calendar/").content.decode()
    )
    time_machine.move_to(at("2026-10-31 12:00"))
    assert "还没有录入" not in as_(desk).get("/rulebook/calendar/").content.decode()


def test_calendar_lists_the_days_of_a_year(as_, desk):
    client = as_(desk)
    assert "2026-10-10" in client.get("/rulebook/calendar/").content.decode()
    page = client.get("/rulebook/calendar/?year=2025").content.decode()
    assert "2025-09-28" in page
    assert "2026-10-10" not in page


@pytest.mark.parametrize("query", ["year=x", "year=99999", "year=0", "days=0", "days=😀", "days=²"])
def test_calendar_of_nonsense_shows_this_year(as_, desk, query):
    page = as_(desk).get(f"/rulebook/calendar/?{query}")
    assert page.status_code == 200
    assert page.context["year"] == 2026
    assert page.context["days"] == 3


def test_calendar_previews_three_working_days(as_, desk):
    page = as_(desk).get("/rulebook/calendar/")
    assert "<strong>2026-11-26 17:30</strong>" in page.content.decode()
    page = as_(desk).get("/rulebook/calendar/?days=5")
    assert "<strong>2026-11-30 17:30</strong>" in page.content.decode()


def week_form(**days):
    form = {f"day_{weekday}": "8:30-12:00, 13:30-17:30" for weekday in range(5)}
    return form | {"seen": fingerprint(actions.week_of_now())} | days


def test_manager_changes_the_week(as_, manager):
    client = as_(manager)
    answer = client.post("/rulebook/calendar/week/", week_form(day_5="20:00-08:00"))
    assert answer.status_code == 302
    assert actions.week_of_now()[5] == [(time(20), time(8))]


@pytest.mark.parametrize(
    ("typed", "message"), [("早上", "08:30-12:00"), ("8:00-12:00, 11:00-13:00", "重叠")]
)
def test_week_that_cannot_be_saved_explains_and_keeps_the_text(as_, manager, typed, message):
    answer = as_(manager).post("/rulebook/calendar/week/", week_form(day_5=typed))
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert typed in answer.content.decode()
    assert 5 not in actions.week_of_now()


def test_week_on_a_stale_page_shows_both(as_, manager):
    form = week_form(day_5="9:00-11:00") | {"seen": "旧的"}
    answer = as_(manager).post("/rulebook/calendar/week/", form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "9:00-11:00" in page
    assert "08:30-12:00, 13:30-17:30</div>" in page
    again = form | {"seen": answer.context["week_form"]["seen"].value()}
    assert as_(manager).post("/rulebook/calendar/week/", again).status_code == 302


def test_manager_adds_changes_and_removes_a_day(as_, manager):
    client = as_(manager)
    form = {"day": "2027-01-01", "is_workday": "0", "name": "元旦", "source": "通知"}
    answer = client.post("/rulebook/calendar/add/", form)
    assert answer.url == "/rulebook/calendar/?year=2027"
    override = DayOverride.objects.get(day=date(2027, 1, 1))
    url = f"/rulebook/calendar/{override.pk}/"
    assert "元旦" in client.get(url).content.decode()
    change = {"is_workday": "1", "name": "加班", "source": "", "seen_version": "1"}
    assert client.post(url, change).status_code == 302
    stale = client.post(url, change)
    assert stale.status_code == 409
    assert "刚被同事改过" in stale.content.decode()
    assert client.post(f"{url}remove/", {"seen_version": "1"}).status_code == 409
    assert client.post(f"{url}remove/", {"seen_version": "9" * 9000}).status_code == 409
    assert client.post(f"{url}remove/", {"seen_version": "2"}).status_code == 302
    assert client.post(f"{url}remove/", {"seen_version": "2"}).status_code == 404


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"day": "2026-10-01", "is_workday": "1"}, "已在表里"),
        ({"day": "9999-12-31", "is_workday": "1"}, "2000 到 2100"),
        ({"day": "十月一日", "is_workday": "1"}, "写成 2026-10-10"),
        ({"day": "2026-12-01"}, "选休息或上班"),
        ({"day": "2026-12-01", "is_workday": "2"}, "这一天"),
    ],
)
def test_day_that_cannot_be_added_explains(as_, manager, form, message):
    before = DayOverride.objects.count()
    answer = as_(manager).post("/rulebook/calendar/add/", form)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert DayOverride.objects.count() == before


def test_number_tag_carries_the_notice_until_confirmed(manager, now, rf: RequestFactory):
    def page():
        template = Template('{% load rulebook_tags %}{% number "repairs.dispatch" %}')
        return template.render(Context({"request": rf.get("/")}))

    assert "5 分钟" in page()
    assert NOTICE in page()
    actions.confirm_number(KEY, seen_version=0, by=manager, now=now)
    assert "5 分钟" in page()
    assert NOTICE not in page()


def test_number_tags_of_a_page_share_one_query(rf, django_assert_num_queries):
    template = Template(
        '{% load rulebook_tags %}{% number "repairs.dispatch" %}{% number "quiet.starts" %}'
    )
    with django_assert_num_queries(1):
        page = template.render(Context({"request": rf.get("/")}))
    assert "21:00" in page

"""Activities from the residents' wishes to the filed summary, each step owed in time (ACT-1)."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from community import followups
from community.actions import events, participants, plans
from community.due import open_due
from community.models import CommunityEvent, EventPlan
from community.statuses import EVENT_MOVES, PLAN_MOVES, EventStatus, PlanStatus
from followups.models import FollowUp
from tests.conftest import at
from visits.actions import call_back
from visits.models import Callback, Draw

E = EventStatus
START = at("2027-01-20 09:00")
SCHEME = {
    "purpose": "邻里熟悉", "place": "中心花园", "audience": "全体业户", "programme": "游园",
    "division": "管家布置", "safety": "医药箱", "budget": Decimal(2000),
}  # fmt: skip


def owed(subject):
    return {row.kind: row for row in FollowUp.objects.open().about(subject)}


@pytest.fixture
def plan(estate, assistant, now):
    return plans.begin(estate=estate, year=2027, half=1, by=assistant, now=now)


@pytest.fixture
def event(estate, plan, butler, assistant, gm, now):
    """An activity whose plan the general manager approved, with its scheme written."""
    event = events.add(
        estate=estate, plan=plan, theme="元宵游园", starts_at=START, owner=butler, by=assistant,
        now=now, **SCHEME,
    )  # fmt: skip
    plans.add_wish(plan, what="游园", households=12, by=assistant, now=now)
    plans.end_wishes(plan, asked=40, by=assistant, now=now)
    plans.submit(plan, by=assistant, now=now, note="按意向")
    plans.approve(plan, by=gm, now=now)
    return CommunityEvent.objects.select_related("plan", "estate", "owner").get(pk=event.pk)


@pytest.fixture
def held(event, butler, gm):
    """The same activity after its day."""
    events.submit(event, by=butler, now=at("2027-01-04 09:00"))
    events.approve(event, by=gm, now=at("2027-01-05 09:00"))
    events.give_notice(event, by=butler, now=at("2027-01-10 09:00"), notice="各楼张贴")
    after = at("2027-01-20 15:00")
    events.hold(event, by=butler, now=after, attendance=63, spent=Decimal("2150.50"),
                evaluation="热闹", over_reason="礼品涨价")  # fmt: skip
    return event


@pytest.mark.clause("ACT-1")
def test_june_and_december_ask_for_wishes_and_a_plan(estate):
    for moment in ("2026-05-31 23:00", "2026-06-01 08:00", "2026-06-02 08:00", "2026-12-01 08:00"):
        open_due(at(moment))
    found = EventPlan.objects.order_by("year", "half")
    assert list(found.values_list("year", "half")) == [(2026, 2), (2027, 1)]
    rows = owed(found[1])
    assert rows[followups.WISHES].due_at == at("2026-12-21 00:00")
    assert rows[followups.PLAN].due_at == at("2026-12-31 00:00")  # by 30 December
    assert owed(found[0])[followups.PLAN].due_at == at("2026-07-01 00:00")  # by 30 June


@pytest.mark.clause("ACT-1")
def test_plan_needs_wishes_and_activities_before_it_is_submitted(
    plan, assistant, estate, butler, now
):
    with pytest.raises(ValidationError, match="先做完意向调查"):
        plans.submit(plan, by=assistant, now=now, note="x")
    with pytest.raises(ValidationError, match="还没有记下业户的意向"):
        plans.end_wishes(plan, asked=5, by=assistant, now=now)
    plans.add_wish(plan, what="游园", households=12, by=assistant, now=now)
    with pytest.raises(ValidationError):
        plans.end_wishes(plan, asked=11, by=assistant, now=now)
    plans.end_wishes(plan, asked=40, by=assistant, now=now)
    assert followups.WISHES not in owed(plan)
    with pytest.raises(ValidationError, match="还没有活动"):
        plans.submit(plan, by=assistant, now=now, note="x")
    assert plan.status == PlanStatus.WISHES


@pytest.mark.clause("ACT-1")
def test_plan_is_approved_by_somebody_else_and_then_owes_each_scheme(event, butler):
    rows = owed(event)
    assert set(rows) == {followups.SCHEME}
    assert rows[followups.SCHEME].owner == butler
    assert rows[followups.SCHEME].due_at == START - timedelta(days=15)  # half a month before


@pytest.mark.clause("ACT-1")
def test_wish_said_again_is_corrected_and_a_mistaken_one_taken_off(plan, assistant, now):
    for households in (860, 86):
        plans.add_wish(plan, what="游园", households=households, by=assistant, now=now)
    plans.add_wish(plan, what="油园", households=5, by=assistant, now=now)
    plans.add_wish(plan, what="油园", households=0, by=assistant, now=now)
    assert list(plan.wishes.values_list("what", "households")) == [("游园", 86)]
    with pytest.raises(ValidationError, match="没有记过“油园”"):
        plans.add_wish(plan, what="油园", households=0, by=assistant, now=now)


@pytest.mark.clause("ACT-1")
def test_activity_stays_as_submitted_while_the_general_manager_reads_its_plan(
    plan, estate, butler, assistant, gm, now
):
    event = events.add(estate=estate, plan=plan, theme="游园", starts_at=START, owner=butler,
                       by=assistant, now=now, **SCHEME)  # fmt: skip
    plans.add_wish(plan, what="游园", households=12, by=assistant, now=now)
    plans.end_wishes(plan, asked=40, by=assistant, now=now)
    plans.submit(plan, by=assistant, now=now, note="按意向")
    event.plan.refresh_from_db()
    with pytest.raises(ValidationError, match="正在总经理处审批"):
        events.edit(event, by=assistant, now=now, budget=Decimal(9000))
    plans.approve(plan, by=gm, now=now)
    event.plan.refresh_from_db()
    events.edit(event, by=assistant, now=now, budget=Decimal(2500))  # his scheme is approved later
    event.refresh_from_db()
    assert event.budget == 2500


def test_plan_sent_back_is_owed_again(plan, assistant, gm, estate, butler, now):
    events.add(estate=estate, plan=plan, theme="游园", starts_at=START, owner=butler, by=assistant,
               now=now)  # fmt: skip
    plans.add_wish(plan, what="游园", households=12, by=assistant, now=now)
    plans.end_wishes(plan, asked=40, by=assistant, now=now)
    plans.submit(plan, by=assistant, now=now, note="x")
    assert set(owed(plan)) == {followups.APPROVE_PLAN}
    with pytest.raises(ValidationError, match="不能批准自己的计划"):
        plans.approve(plan, by=assistant, now=now)
    plans.send_back(plan, by=gm, now=now, opinion="预算高")
    assert set(owed(plan)) == {followups.PLAN}
    assert owed(plan)[followups.PLAN].owner == assistant


@pytest.mark.clause("ACT-1")
def test_activity_goes_from_scheme_to_file_and_owes_each_step(
    event, unit, butler, gm, manager, desk
):
    events.submit(event, by=butler, now=at("2027-01-04 09:00"))
    assert owed(event)[followups.APPROVE_SCHEME].owner_post == "general_manager"
    events.approve(event, by=gm, now=at("2027-01-05 09:00"))
    assert owed(event)[followups.NOTICE].due_at == START - timedelta(days=7)
    events.give_notice(event, by=butler, now=at("2027-01-10 09:00"), notice="各楼张贴")
    assert owed(event)[followups.RESULT].due_at == START + timedelta(days=1)
    with pytest.raises(ValidationError, match="还没有开始"):
        events.hold(event, by=butler, now=at("2027-01-11 09:00"), attendance=1,
                    spent=Decimal(1), evaluation="x")  # fmt: skip
    after = at("2027-01-20 15:00")
    events.hold(event, by=butler, now=after, attendance=63, spent=Decimal("2150.50"),
                evaluation="热闹", over_reason="礼品涨价")  # fmt: skip
    assert event.over_budget == Decimal("150.50")
    assert owed(event)[followups.SUMMARY].due_at == after + timedelta(days=7)
    participants.set_participants(event, by=butler, now=after, lines="3-2-1102 王秀梅 13912341234")
    events.summarise(event, by=butler, now=after, summary="明年再办")
    assert owed(event)[followups.FILE_EVENT].owner_post == "cs_manager"
    with pytest.raises(ValidationError, match="还有 1 户没有回访"):
        events.archive(event, by=manager, now=after, review="记录齐全")
    call_back(Callback.objects.get(), client_key=uuid4(), satisfaction="satisfied", by=desk,
              now=after)  # fmt: skip
    events.archive(event, by=manager, now=after, review="记录齐全")
    assert owed(event) == {}
    event.refresh_from_db()
    assert (event.review, event.reviewed_by) == ("记录齐全", manager)
    assert CommunityEvent.objects.finished().get().status == E.ARCHIVED


def test_every_state_is_in_the_maps():
    assert set(EVENT_MOVES) == set(E)
    assert set(PLAN_MOVES) == set(PlanStatus)


def test_scheme_that_lacks_something_says_what(event, butler, now):
    events.edit(event, by=butler, now=now, safety="", place="")
    with pytest.raises(ValidationError, match="方案还缺: 地点、安全预案"):
        events.submit(event, by=butler, now=now)


def test_clocks_follow_a_new_time_and_owner(event, butler, butler2, now):
    later = START + timedelta(days=10)
    events.edit(event, by=butler, now=now, starts_at=later, owner=butler2)
    row = owed(event)[followups.SCHEME]
    assert (row.owner, row.due_at) == (butler2, later - timedelta(days=15))


def test_scheme_before_the_plan_is_approved_is_refused(plan, estate, butler, assistant, now):
    event = events.add(estate=estate, plan=plan, theme="游园", starts_at=START, owner=butler,
                       by=assistant, now=now, **SCHEME)  # fmt: skip
    with pytest.raises(ValidationError, match="半年计划还没有批准"):
        events.submit(event, by=butler, now=now)


@pytest.mark.parametrize("moment", ["2026-11-01 09:00", "2027-07-02 09:00"])
def test_activity_outside_its_half_year_or_in_the_past_is_refused(
    plan, estate, butler, assistant, now, moment
):
    with pytest.raises(ValidationError):
        events.add(estate=estate, plan=plan, theme="游园", starts_at=at(moment), owner=butler,
                   by=assistant, now=now)  # fmt: skip


def test_activity_beside_the_plans_owes_its_scheme_at_once(estate, butler, now):
    event = events.add(estate=estate, plan=None, theme="义诊", starts_at=now + timedelta(days=3),
                       owner=butler, by=butler, now=now)  # fmt: skip
    assert owed(event)[followups.SCHEME].due_at == now  # late from the start, and said so


def test_participants_are_read_by_line_and_wrong_lines_are_named(held, unit, homes, butler, now):
    homes(2)
    with pytest.raises(ValidationError) as refusal:
        participants.set_participants(held, by=butler, now=now, lines="3-2-1102 王秀梅\n9-9-9 谁\n")
    assert "9-9-9 谁: 没有这个房号" in refusal.value.message_dict["lines"][0]
    assert not held.participants.exists()
    lines = "3-2-1102 王秀梅 139 1234\n"
    with pytest.raises(ValidationError):
        participants.set_participants(held, by=butler, now=now, lines=lines)
    participants.set_participants(held, by=butler, now=now,
                            lines="3-2-1102 王秀梅 13912341234\n3-1-101 李\n\n3-1-101 李明")  # fmt: skip
    assert sorted(held.participants.values_list("unit__code", "name", "phone")) == [
        ("3-1-101", "李明", ""), ("3-2-1102", "王秀梅", "13912341234"),
    ]  # fmt: skip


@pytest.mark.clause("ACT-1")
def test_some_who_came_are_drawn_and_the_organiser_does_not_call(held, homes, butler):
    homes(15)
    after = at("2027-01-21 10:00")
    lines = "\n".join(f"3-1-{n + 101} 业户{n}" for n in range(15))
    participants.set_participants(held, by=butler, now=after, lines=lines)
    events.summarise(held, by=butler, now=after, summary="好")
    draw = Draw.objects.get()
    assert len(draw.pool) == 15
    assert draw.seed
    calls = list(Callback.objects.all())
    assert len(calls) == 2  # a tenth of fifteen, rounded up
    assert all(list(call.handled_by.all()) == [butler] for call in calls)


def test_cancelled_activity_owes_nothing(event, butler, now):
    events.cancel(event, by=butler, now=now, reason="下雨")
    assert owed(event) == {}


@pytest.mark.clause("ACT-1")
@pytest.mark.parametrize(
    ("begun", "year", "half", "wishes_by", "plan_by"),
    [
        ("2026-09-10 09:00", 2027, 1, "2026-12-21 00:00", "2026-12-31 00:00"),
        ("2026-11-23 15:00", 2027, 2, "2027-06-21 00:00", "2027-07-01 00:00"),
        ("2026-12-28 09:00", 2027, 1, "2026-12-28 09:00", "2026-12-31 00:00"),
    ],
)
def test_plan_begun_by_hand_is_owed_by_the_days_of_its_own_half(
    estate, assistant, begun, year, half, wishes_by, plan_by
):
    plan = plans.begin(estate=estate, year=year, half=half, by=assistant, now=at(begun))
    rows = owed(plan)
    assert rows[followups.WISHES].due_at == at(wishes_by)
    assert rows[followups.PLAN].due_at == at(plan_by)


def test_plan_of_a_half_that_is_over_is_refused(estate, assistant, now):
    with pytest.raises(ValidationError, match="已经过去"):
        plans.begin(estate=estate, year=2026, half=1, by=assistant, now=now)
    assert plans.begin(estate=estate, year=2026, half=2, by=assistant, now=now)


def test_activity_put_off_owes_the_notice_of_its_new_day(event, butler, gm):
    events.submit(event, by=butler, now=at("2027-01-04 09:00"))
    events.approve(event, by=gm, now=at("2027-01-05 09:00"))
    later, now = START + timedelta(days=10), at("2027-01-06 09:00")
    events.postpone(event, by=butler, now=now, starts_at=later, reason="场地检修")
    assert owed(event)[followups.NOTICE].due_at == later - timedelta(days=7)
    events.give_notice(event, by=butler, now=now, notice="各楼张贴")
    again = later + timedelta(days=7)
    events.postpone(event, by=butler, now=now, starts_at=again, reason="下雨")
    assert (event.status, event.notice, event.noticed_at) == (E.APPROVED, "", None)
    assert {kind: row.due_at for kind, row in owed(event).items()} == {
        followups.NOTICE: again - timedelta(days=7)
    }
    with pytest.raises(ValidationError):
        events.postpone(event, by=butler, now=now, starts_at=now, reason="昨天")


def test_notified_activity_is_not_approved_again(event, butler, gm):
    events.submit(event, by=butler, now=at("2027-01-04 09:00"))
    events.approve(event, by=gm, now=at("2027-01-05 09:00"))
    events.give_notice(event, by=butler, now=at("2027-01-10 09:00"), notice="各楼张贴")
    with pytest.raises(ValidationError, match="这一步已经过了"):
        events.approve(event, by=gm, now=at("2027-01-11 09:00"))


@pytest.mark.parametrize(("spent", "asks"), [("2000.00", False), ("2000.01", True)])
def test_more_than_the_budget_needs_a_reason(event, butler, gm, spent, asks):
    events.submit(event, by=butler, now=at("2027-01-04 09:00"))
    events.approve(event, by=gm, now=at("2027-01-05 09:00"))
    events.give_notice(event, by=butler, now=at("2027-01-10 09:00"), notice="各楼张贴")
    result = {"attendance": 5, "spent": Decimal(spent), "evaluation": "好"}
    after = at("2027-01-20 15:00")
    if asks:
        with pytest.raises(ValidationError, match="写明原因"):
            events.hold(event, by=butler, now=after, **result)
        result["over_reason"] = "礼品涨价"
    events.hold(event, by=butler, now=after, **result)
    assert event.over_reason == ("礼品涨价" if asks else "")


@pytest.mark.clause("ACT-1")
def test_summary_waits_for_those_who_came_because_some_are_called_back(held, butler):
    after = at("2027-01-21 10:00")
    with pytest.raises(ValidationError, match="先记参加业户"):
        events.summarise(held, by=butler, now=after, summary="好")
    held.attendance = 0
    events.summarise(held, by=butler, now=after, summary="没有人来")
    assert held.status == E.SUMMARISED


def test_activity_page_and_plan_page_stay_within_their_queries(
    held, plan, butler, gm, manager, homes, as_, django_assert_max_num_queries
):
    homes(3)
    after = at("2027-01-21 10:00")
    counts = []
    for lines in ("3-1-101 甲", "3-1-102 乙\n3-1-103 丙"):
        participants.set_participants(held, by=butler, now=after, lines=lines)
        for path in (f"/activities/{held.pk}/", f"/activities/plans/{plan.pk}/"):
            as_(manager).get(path)
            with django_assert_max_num_queries(15) as captured:
                assert as_(manager).get(path).status_code == 200
            counts.append(len(captured))
    assert counts[:2] == counts[2:]


@pytest.mark.clause("ACT-1")
def test_paper_of_an_activity_asks_every_field_of_the_form(as_, desk, estate, butler, now):
    event = events.add(
        estate=estate, plan=None, theme="义诊", starts_at=now + timedelta(days=9), owner=butler,
        budget=800, by=butler, now=now,
    )  # fmt: skip
    page = as_(desk).get(f"/activities/{event.pk}/print/").content.decode()
    asked = [
        "主题",
        "目的",
        "时间",
        "地点",
        "对象",
        "项目与方式",
        "设施设备",
        "经费预算",
        "经费决算",
        "分工",
        "安全预案",
        "通知日期",
        "参加人数",
        "记录照片",
        "效果评价",
        "总结",
        "审批",
        "审核意见",
    ]
    missing = [words for words in asked if f'scope="row">{words}</th>' not in page]
    assert missing == []
    assert page.count("签名:</span>") == 3
    assert "¥800.00" in page


@pytest.mark.clause("ACT-1")
def test_household_that_did_not_come_is_taken_off_the_list_until_the_summary(
    held, homes, butler, as_
):
    homes(2)
    after = at("2027-01-21 10:00")
    participants.set_participants(held, by=butler, now=after, lines="3-1-101\n3-1-102")
    first, second = held.participants.order_by("unit__code")
    page = as_(butler).get(held.get_absolute_url()).content.decode()
    assert f'action="/activities/{held.pk}/participants/{first.pk}/remove/"' in page
    answer = as_(butler).post(f"/activities/{held.pk}/participants/{first.pk}/remove/")
    assert answer.status_code == 302
    assert [row.unit.code for row in held.participants.all()] == ["3-1-102"]
    held.refresh_from_db()
    events.summarise(held, by=butler, now=after, summary="好")
    as_(butler).post(f"/activities/{held.pk}/participants/{second.pk}/remove/")
    assert held.participants.count() == 1  # a call-back may be owed there


@pytest.mark.clause("ACT-1")
def test_page_of_an_activity_says_what_stands_in_the_way(event, held, homes, butler, as_, desk):
    homes(2)
    after = at("2027-01-21 10:00")
    participants.set_participants(held, by=butler, now=after, lines="3-1-101\n3-1-102")
    events.summarise(held, by=butler, now=after, summary="好")
    page = as_(desk).get(held.get_absolute_url()).content.decode()
    assert "还有 1 户没有回访" in page
    assert 'id="calls-title"' in page
    call = Callback.objects.get()
    call_back(
        call, client_key=uuid4(), satisfaction="satisfied", method="phone", by=desk, now=after
    )
    page = as_(desk).get(held.get_absolute_url()).content.decode()
    assert "没有回访" not in page
    assert desk.name in page


def test_activity_without_its_scheme_says_what_is_missing_before_it_is_submitted(
    estate, butler, now, as_
):
    event = events.add(estate=estate, plan=None, theme="义诊", starts_at=now + timedelta(days=40),
                       place="大厅", owner=butler, by=butler, now=now)  # fmt: skip
    page = as_(butler).get(event.get_absolute_url()).content.decode()
    assert "方案还缺: 目的、对象、项目与方式、分工、安全预案" in page
    assert f'href="/activities/{event.pk}/edit/"' in page

"""What belongs on a sheet and what stays in the person's list; and who takes over from a butler
when no other butler is there (DUT-2, defaults 2.10).
"""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.models import Leave
from followups import actions as followup_actions
from followups.models import FollowUp
from notifications.models import Message
from shifts import actions
from shifts.blockers import blockers_of
from shifts.models import Item
from shifts.statuses import Status
from shifts.turns import to_sign
from tests.conftest import at
from tests.shifts.conftest import COUNTED
from tests.visits.factories import add_units, plan_one
from visits.followups import end_of

pytestmark = [pytest.mark.django_db, pytest.mark.clause("DUT-2")]


@pytest.fixture
def planned(building, butler, now):
    """A butler's year: visits due yesterday, tomorrow, the day after, and in five months."""
    units = add_units(building, 4)
    return {
        days: plan_one(unit, butler, now=now - timedelta(days=2), days=days + 2)
        for unit, days in zip(units, (-1, 1, 2, 150), strict=True)
    }


@pytest.fixture
def visits(planned, now):
    """The same, each put off once: a promise to the household, no longer only a plan."""
    for days, visit in planned.items():
        followup_actions.move(
            visit, "visits.visit", due_at=end_of((now + timedelta(days=days)).date())
            - timedelta(minutes=1), now=now - timedelta(days=2),
        )  # fmt: skip
    return planned


def owed(visit):
    return FollowUp.objects.open().about(visit).get()


def shown(sheet):
    return {line.found.followup.object_id for line in sheet.lines() if line.found.followup}


def test_what_is_due_before_butlers_hand_over_again_is_on_the_sheet_and_the_rest_is_not(
    estate, butler, butler2, visits, sheet_of, now
):
    sheet = sheet_of(butler, now)
    assert sheet.until == at("2026-11-25 08:30")  # butler2 has the 24th
    assert shown(sheet) == {visits[-1].pk, visits[1].pk}
    assert {each.followup.object_id for each in sheet.later} == {visits[2].pk, visits[150].pk}


@pytest.mark.parametrize("how", ["taken", "waiting"])
def test_what_is_begun_is_on_the_sheet_however_late_it_is_due(
    estate, butler, butler2, visits, sheet_of, now, how
):
    if how == "taken":
        followup_actions.take_over(owed(visits[150]), by=butler, now=now)
    else:
        followup_actions.pause(
            visits[150], "visits.visit", reason="业主出差", now=now,
            look_again_at=now + timedelta(days=9),
        )  # fmt: skip
    assert visits[150].pk in shown(sheet_of(butler, now))


def test_the_page_says_how_many_stay_in_the_persons_list(
    as_, estate, butler, butler2, visits, sheet_of, now, time_machine
):
    time_machine.move_to(now)
    sheet = sheet_of(butler, now)
    page = as_(butler).get(sheet.handover.get_absolute_url()).content.decode()
    assert page.count('name="carry"') == 2
    assert "另有 2 件 11月25日 周三 08:30 以后才到期" in strip_tags(page)
    later = as_(butler).get(reverse("shifts:handover_figure", args=[sheet.handover.pk, "later"]))
    assert 'data-total="2"' in later.content.decode()
    assert [line.at for line, _opens in later.context["rows"]] == [
        owed(visits[days]).due_at for days in (2, 150)
    ]


def test_a_butlers_own_plan_is_one_line_and_stays_his(
    as_, estate, butler, butler2, planned, slip, given, sheet_of, now, time_machine
):
    time_machine.move_to(now, tick=False)
    slip(by=butler)
    sheet = sheet_of(butler, now)
    plan = {planned[-1].pk, planned[1].pk}
    assert {each.followup.object_id for each in sheet.plan} == plan
    assert [line.found.source for line in sheet.lines()] == ["repair"]
    assert {each.followup.object_id for each in sheet.later} == {planned[2].pk, planned[150].pk}
    url = reverse("shifts:handover_figure", args=[sheet.handover.pk, "plan"])
    for _moment in ("while he writes it", "once he has signed it"):
        page = as_(butler).get(sheet.handover.get_absolute_url()).content.decode()
        assert "刘洋本人的走访计划到期 2 户, 留在本人手上, 不交给接班人" in strip_tags(page)
        assert f'href="{url}"' in page
        behind = as_(butler).get(url)
        assert 'data-total="2"' in behind.content.decode()
        assert {line.place for line, _opens in behind.context["rows"]} == {"3-1-0001", "3-1-0002"}
        if sheet.handover.status == Status.DRAFT:
            sheet.handover = given(butler, butler2, now)
    actions.receive(sheet_of(butler, now), by=butler2, now=now, seen=set())
    assert owed(planned[-1]).owner == butler
    paper = as_(butler).get(reverse("shifts:handover_print", args=[sheet.handover.pk]))
    assert "3-1-0001、3-1-0002" in paper.content.decode()


def test_a_planned_visit_that_is_begun_is_handed_over(
    estate, butler, butler2, planned, sheet_of, now
):
    followup_actions.take_over(owed(planned[-1]), by=butler, now=now)
    sheet = sheet_of(butler, now)
    assert planned[-1].pk in shown(sheet)
    assert {each.followup.object_id for each in sheet.plan} == {planned[1].pk}


def test_what_was_put_off_after_the_handover_is_not_called_done(
    estate, butler, butler2, visits, given, sheet_of, now
):
    given(butler, butler2, now)
    actions.receive(sheet_of(butler, now), by=butler2, now=now, seen=set())
    row = owed(visits[1])
    assert row.owner == butler2
    followup_actions.move(visits[1], "visits.visit", due_at=now + timedelta(days=30), now=now)
    tomorrow = now + timedelta(days=1)
    given(butler, butler2, tomorrow, clear_before=False)
    actions.receive(sheet_of(butler, tomorrow), by=butler2, now=tomorrow, seen=set())
    assert Item.objects.get(key=f"followup:{row.pk}").done_at is None


def test_the_desk_stands_in_for_the_only_butler_until_he_is_back(
    roster, estate, desk, butler, visits, slip, sheet_of, now
):
    repair = slip(by=butler)
    sheet = sheet_of(butler, now)
    (blocker,) = blockers_of(sheet)
    assert blocker.why == "没有别的管家在岗"
    assert [way.label for way in blocker.ways] == ["由客服中心张敏代接", "没人接, 报经理"]
    actions.take_way(sheet, way=blocker.ways[0].value, by=butler, now=now)
    sheet = sheet_of(butler, now)
    assert sheet.successor == desk
    assert not blockers_of(sheet)
    assert sheet.until == at("2026-11-24 08:30")
    assert shown(sheet) >= {visits[-1].pk}
    assert visits[1].pk not in shown(sheet)  # the butler is back by then
    actions.give(sheet, by=butler, now=now, seen=sheet.keys)
    assert to_sign(desk, estate, now=now) == sheet.handover
    handover = actions.receive(sheet_of(butler, now), by=desk, now=now, seen=set())
    assert handover.status == Status.SIGNED
    assert owed(visits[-1]).owner == desk
    assert owed(visits[1]).owner == butler
    assert repair.butler == butler


def test_with_a_colleague_there_the_desk_does_not_stand_in(
    roster, estate, desk, butler, butler2, sheet_of, as_, now, time_machine
):
    time_machine.move_to(now)
    sheet = sheet_of(butler, now)
    assert sheet.stand_ins == []
    with pytest.raises(ValidationError, match="不能由他代接"):
        actions.take_way(sheet, way=f"stand_in {desk.pk}", by=butler, now=now)
    page = as_(butler).get(sheet.handover.get_absolute_url()).content.decode()
    assert "王倩 · 客服管家" in page
    assert "张敏 · " not in page


def test_a_colleague_on_leave_is_not_there(roster, estate, desk, butler, butler2, sheet_of, now):
    Leave.objects.create(
        staff=butler2, deputy=butler, starts_at=now - timedelta(days=1),
        ends_at=now + timedelta(days=3),
    )  # fmt: skip
    assert sheet_of(butler, now).stand_ins == [desk]


@pytest.mark.clause("DUT-4")
def test_a_difference_is_told_at_once_and_owed_by_the_end_of_the_next_working_day(
    roster, manager, desk, night, sheet_of, now
):
    sheet = sheet_of(desk, now)
    actions.write(sheet, by=desk, typed={"counted": COUNTED | {"cash": "12"}})
    actions.take_way(sheet_of(desk, now), way="count cash", by=desk, now=now)
    row = FollowUp.objects.open().get(kind="shifts.difference")
    assert row.due_at.date() == at("2026-11-24 12:00").date()
    assert row.due_at > now + timedelta(hours=12)
    told = Message.objects.get(recipient=manager)
    assert "现金 应有 0.00, 实点 12" in told.text

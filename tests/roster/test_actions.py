"""The roster: who may stand where, publishing, swaps, and who is on duty (DUT-4, TRN-1)."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts import posts
from accounts.models import Leave
from followups.actions import open_followup
from followups.models import FollowUp
from followups.recipients import People
from history.models import Entry
from incidents import actions as incident_actions
from roster import actions
from roster.duty import on_duty
from roster.models import Duty, Status, SwapStatus
from roster.patterns import THREE, Clock
from rulebook.actions import change_number
from shifts.followups import open_due
from tests.conftest import at, hire

pytestmark = pytest.mark.django_db
DRAFTED = at("2026-10-20 10:00")
NOVEMBER = date(2026, 11, 1)


def qualify(*people, on=date(2026, 1, 1)):
    for staff in people:
        staff.qualified_on = on
        staff.save()


@pytest.fixture
def roster(estate, desk, night, manager):
    qualify(desk, night)
    made = actions.draft(
        estate, month=NOVEMBER, pattern="two", turns={"day": [desk], "night": [night]}, by=manager,
        now=DRAFTED,
    )  # fmt: skip
    return actions.publish(made, by=manager, now=DRAFTED)


@pytest.fixture
def draft(estate, desk, night, manager):
    qualify(desk, night)
    return actions.draft(
        estate, month=NOVEMBER, pattern="two", turns={"day": [desk]}, by=manager, now=DRAFTED
    )


def assign(roster, staff, by, day=NOVEMBER, shift="night"):
    return actions.assign(roster, day=day, shift=shift, staff=staff, by=by, now=DRAFTED)


def test_a_night_runs_into_the_next_day_and_belongs_to_the_day_it_began(roster, night):
    duty = roster.duties.get(day=date(2026, 11, 30), staff=night)
    assert (duty.starts_at, duty.ends_at) == (at("2026-11-30 17:30"), at("2026-12-01 08:30"))


def test_three_shifts_cover_every_hour_of_a_day(db):
    clock = Clock.at(DRAFTED)
    named = [clock.current(THREE, at(f"2026-11-23 {hour:02}:30"))[0].code for hour in range(24)]
    assert named == ["small_hours"] * 8 + ["morning"] * 8 + ["afternoon"] * 8


def test_people_of_one_post_take_turns(estate, desk, desk2, manager):
    qualify(desk, desk2)
    roster = actions.draft(
        estate, month=NOVEMBER, pattern="three", turns={"morning": [desk, desk2]}, by=manager,
        now=DRAFTED,
    )  # fmt: skip
    first = roster.duties.order_by("day").values_list("staff__username", flat=True)[:4]
    assert list(first) == ["desk1", "desk2", "desk1", "desk2"]


@pytest.mark.clause("TRN-1")
def test_an_unqualified_person_is_refused_with_the_reason_and_nothing_is_lost(
    draft, estate, desk2, night, manager
):
    before = draft.duties.count()
    with pytest.raises(ValidationError, match=r"李倩还没有考核合格.*TRN-1") as refused:
        assign(draft, desk2, manager)
    assert refused.value.code == "unqualified"
    qualify(desk2, on=date(2026, 11, 2))
    with pytest.raises(ValidationError, match="2026-11-02 起合格上岗"):
        assign(draft, desk2, manager)
    assert draft.duties.count() == before
    assert assign(draft, desk2, manager, day=date(2026, 11, 2)).staff == desk2


@pytest.mark.clause("TRN-1")
def test_a_roster_is_not_published_after_a_qualification_was_taken_back(
    draft, night, desk, manager
):
    for day in actions.days_of(NOVEMBER):
        assign(draft, night, manager, day=day)
    qualify(desk, on=None)
    with pytest.raises(ValidationError, match="张敏还没有考核合格"):
        actions.publish(draft, by=manager, now=DRAFTED)
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_who_is_away_elsewhere_or_busy_is_refused(draft, desk, desk2, night, outsider, manager):
    qualify(desk2, outsider, manager)
    with pytest.raises(ValidationError, match="不属于这个项目"):
        assign(draft, outsider, manager)
    with pytest.raises(ValidationError, match="已经排了班"):
        assign(draft, desk, manager, shift="day")
    with pytest.raises(ValidationError, match="夜值不排客服部经理"):
        assign(draft, manager, manager)
    Leave.objects.create(
        staff=night, deputy=desk2, starts_at=at("2026-11-01 00:00"), ends_at=at("2026-11-02 00:00")
    )
    with pytest.raises(ValidationError, match="请假"):
        assign(draft, night, manager)


def test_a_desk_shift_without_anybody_is_not_published(draft, manager):
    with pytest.raises(ValidationError, match="还有 30 班没有人: 11-01 夜值"):
        actions.publish(draft, by=manager, now=DRAFTED)


def test_a_month_has_one_roster(draft, estate, manager):
    with pytest.raises(ValidationError, match="已有排班表"):
        actions.draft(
            estate, month=date(2026, 11, 9), pattern="two", turns={}, by=manager, now=DRAFTED
        )


def test_a_published_roster_changes_by_swap_only(roster, desk2, manager):
    qualify(desk2)
    with pytest.raises(ValidationError, match="换班申请"):
        assign(roster, desk2, manager, shift="day")
    with pytest.raises(ValidationError, match="换班申请"):
        actions.unassign(roster.duties.first(), by=manager, now=DRAFTED)


@pytest.fixture
def swap(roster, desk, desk2):
    qualify(desk2)
    duty = roster.duties.get(day=date(2026, 11, 24), staff=desk)
    return actions.ask_swap(
        duty, taker=desk2, reason="家里有事", by=desk, now=at("2026-11-23 10:00")
    )


@pytest.mark.clause("DUT-4")
def test_a_swap_needs_approval_by_somebody_else(swap, estate, desk, desk2, manager):
    now = at("2026-11-23 11:00")
    open_due(now)
    assert FollowUp.objects.open().get(kind="shifts.swap").owner_post == posts.CS_MANAGER
    assert on_duty(posts.FRONT_DESK, estate, at("2026-11-24 10:00")) == [desk]
    with pytest.raises(ValidationError, match="由别人批准"):
        actions.approve_swap(swap, by=desk, now=now)
    actions.approve_swap(swap, by=manager, now=now)
    assert on_duty(posts.FRONT_DESK, estate, at("2026-11-24 10:00")) == [desk2]
    open_due(now)
    assert not FollowUp.objects.open().filter(kind="shifts.swap").exists()
    with pytest.raises(ValidationError, match="已经是“已批准”"):
        actions.refuse_swap(swap, note="人手不够", by=manager, now=now)


@pytest.mark.clause("DUT-4")
def test_a_turn_at_the_desk_stays_with_people_of_the_desk(
    as_, roster, desk, repairer, night, time_machine
):
    now = at("2026-11-23 10:00")
    time_machine.move_to(now, tick=False)
    qualify(repairer)
    duty = roster.duties.get(day=date(2026, 11, 24), staff=desk)
    with pytest.raises(ValidationError, match="由同岗的人来换"):
        actions.ask_swap(duty, taker=repairer, reason="有事", by=desk, now=now)
    page = as_(desk).get(reverse("roster:swap_ask", args=[duty.pk]))
    assert repairer not in page.context["form"].fields["taker"].queryset


def test_a_turn_that_has_begun_is_not_offered_for_a_swap(as_, roster, desk, time_machine):
    time_machine.move_to(at("2026-11-24 09:00"), tick=False)
    begun = roster.duties.get(day=date(2026, 11, 24), staff=desk)
    later = roster.duties.get(day=date(2026, 11, 25), staff=desk)
    page = as_(desk).get(reverse("roster:roster_list")).content.decode()
    assert reverse("roster:swap_ask", args=[later.pk]) in page
    assert reverse("roster:swap_ask", args=[begun.pk]) not in page


@pytest.mark.clause("TRN-1")
def test_an_unqualified_taker_is_refused(roster, desk, desk2):
    with pytest.raises(ValidationError, match="TRN-1"):
        actions.ask_swap(
            roster.duties.get(day=date(2026, 11, 24), staff=desk), taker=desk2, reason="有事",
            by=desk, now=at("2026-11-23 10:00"),
        )  # fmt: skip


def test_a_swap_that_is_not_agreed_changes_nothing(swap, desk, manager):
    with pytest.raises(ValidationError, match="为什么不同意"):
        actions.refuse_swap(swap, note="", by=manager, now=at("2026-11-23 11:00"))
    actions.refuse_swap(swap, note="人手不够", by=manager, now=at("2026-11-23 11:00"))
    swap.duty.refresh_from_db()
    assert (swap.status, swap.duty.staff) == (SwapStatus.REFUSED, desk)


def test_a_turn_of_somebody_else_is_not_given_away(roster, desk2, night):
    qualify(desk2)
    duty = roster.duties.get(day=date(2026, 11, 24), staff=night)
    with pytest.raises(ValidationError, match="由本人申请"):
        actions.ask_swap(duty, taker=desk2, reason="有事", by=desk2, now=at("2026-11-23 10:00"))


def test_without_a_roster_everybody_of_the_post_is_on_duty(estate, desk, desk2, draft):
    assert on_duty(posts.FRONT_DESK, estate, at("2026-11-23 10:00")) == [desk, desk2]


@pytest.mark.clause("DUT-4")
def test_reminders_reach_whoever_is_on_duty(roster, estate, desk, desk2, night):
    def told(moment):
        row = open_followup(
            estate, "contacts.call_back", now=moment, owner_post=posts.FRONT_DESK, estate=estate,
            params={"what": "回电"}, url="/", due_at=moment,
        )  # fmt: skip
        first = People.load(moment).levels(row)[0]
        row.delete()
        return [each.staff for each in first if each.role == "post"]

    assert told(at("2026-11-23 10:00")) == [desk]
    assert told(at("2026-11-24 03:00")) == [night]
    assert told(at("2026-12-23 10:00")) == [desk, desk2]


@pytest.mark.clause("DUT-3", "DUT-4")
def test_an_incident_at_night_alerts_whoever_is_on_duty(
    roster, estate, manager, assistant, desk, desk2, night, engmanager, repairer
):
    qualify(repairer)
    Duty.objects.create(
        roster=roster, day=date(2026, 11, 23), shift="night", post=repairer.post, staff=repairer,
        starts_at=at("2026-11-23 17:30"), ends_at=at("2026-11-24 08:30"),
    )  # fmt: skip
    incident = incident_actions.raise_incident(
        estate=estate, category="flood", where="地下车库", what="进水", by=engmanager,
        now=at("2026-11-24 03:00"), client_key=uuid4(),
    )  # fmt: skip
    told = {notice.staff for notice in incident.notices.all()}
    # Nobody of engineering's dispatchers is rostered, so all of them are told; desk 张敏 sleeps.
    assert told == {manager, assistant, night, repairer, repairer.superior}


@pytest.mark.clause("DUT-4")
def test_the_next_roster_is_asked_for_before_the_month_ends(roster, estate, desk, night, manager):
    open_due(at("2026-11-25 17:00"))
    assert not FollowUp.objects.filter(kind="shifts.roster").exists()
    open_due(at("2026-11-25 19:00"))
    row = FollowUp.objects.open().get(kind="shifts.roster")
    assert (row.owner_post, row.due_at) == (posts.CS_ASSISTANT, at("2026-11-28 18:00"))
    made = actions.draft(
        estate, month=date(2026, 12, 1), pattern="two", turns={"day": [desk], "night": [night]},
        by=manager, now=at("2026-11-26 10:00"),
    )  # fmt: skip
    actions.publish(made, by=manager, now=at("2026-11-26 10:00"))
    open_due(at("2026-11-26 10:01"))
    row.refresh_from_db()
    assert row.done_at == at("2026-11-26 10:01")
    assert Entry.objects.about(made).filter(event="roster.published").exists()


@pytest.mark.clause("DUT-4")
def test_the_next_roster_is_due_within_the_month_whatever_the_number_says(roster, manager):
    change_number(
        "shifts.roster_before", value=Decimal(31), note="月底前", seen_version=0, by=manager,
        now=DRAFTED,
    )  # fmt: skip
    open_due(at("2026-11-29 10:00"))
    row = FollowUp.objects.open().get(kind="shifts.roster")
    assert row.due_at == at("2026-11-30 18:00")
    assert row.params["month"] == "2026-12"


def test_an_account_that_was_switched_off_is_not_on_duty(roster, estate, desk):
    desk.is_active = False
    desk.save()
    hire("desk3", "孙三", posts.FRONT_DESK, estates=[estate])
    assert [staff.username for staff in on_duty("front_desk", estate, at("2026-11-23 10:00"))] == [
        "desk3"
    ]


@pytest.mark.clause("DUT-4")
def test_a_new_month_passes_over_who_is_away_and_leaves_empty_what_nobody_can_take(
    estate, desk, desk2, manager
):
    """Changing to three shifts: the night of the old pattern runs into the new month."""
    qualify(desk, desk2)
    before = actions.draft(
        estate,
        month=date(2026, 11, 1),
        pattern="two",
        turns={"night": [desk]},
        by=manager,
        now=DRAFTED,
    )
    Leave.objects.create(
        staff=desk, deputy=desk2, starts_at=at("2026-12-11 00:00"), ends_at=at("2026-12-12 00:00")
    )
    roster = actions.draft(
        estate, month=date(2026, 12, 1), pattern="three",
        turns={"small_hours": [desk], "afternoon": [desk, desk2]}, by=manager, now=DRAFTED,
    )  # fmt: skip

    def who(day, shift):
        return [duty.staff for duty in roster.duties.filter(day=date(2026, 12, day), shift=shift)]

    assert before.duties.count() == 30
    assert who(1, "small_hours") == []
    assert who(2, "small_hours") == [desk]
    assert who(11, "small_hours") == []
    assert [who(9, "afternoon"), who(10, "afternoon"), who(11, "afternoon")] == [
        [desk], [desk2], [desk2],
    ]  # fmt: skip
    gaps = actions.gaps_of(roster, list(roster.duties.all()))
    assert (date(2026, 12, 1), "small_hours") in gaps

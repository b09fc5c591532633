"""Whom a round is about: who is on duty that day, who is away, and when it is done."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts import posts
from accounts.models import Leave
from appraisal.actions import clearing, rounds
from appraisal.actions.opening import open_rounds
from appraisal.due import open_due
from appraisal.followups import INSPECT
from appraisal.models import Round, Sheet
from appraisal.periods import period_of
from followups.models import FollowUp
from history.models import Entry
from roster.models import Duty, Roster
from rulebook.models import NumberVersion
from tests.conftest import at

SATURDAY = at("2026-11-28 09:00")


@pytest.fixture
def roster(estate, manager, now):
    """``turn(desk, "2026-11-23 08:00", "2026-11-23 17:30")`` on November's published roster."""
    row = Roster.objects.create(
        estate=estate, month=date(2026, 11, 1), pattern="two", status="published",
        drafted_by=manager, drafted_at=now, published_at=now,
    )  # fmt: skip

    def turn(staff, starts, ends, shift="day"):
        starts_at = at(starts)
        return Duty.objects.create(
            roster=row, post=staff.post, staff=staff, day=starts_at.date(), shift=shift,
            starts_at=starts_at, ends_at=at(ends),
        )  # fmt: skip

    return turn


def people_of(inspector, kind="daily"):
    """Of the newest round; None without one."""
    row = Round.objects.filter(inspector=inspector, kind=kind).order_by("-starts_on").first()
    return row and set(row.people.all())


def owed_by(inspector, kind="daily"):
    row = Round.objects.filter(inspector=inspector, kind=kind).order_by("-starts_on").first()
    return FollowUp.objects.open().about(row).get(kind=INSPECT)


@pytest.mark.clause("APP-5")
def test_without_a_roster_a_working_day_is_everybodys(butler, desk, night, manager, assistant, now):
    open_rounds(now)
    assert people_of(assistant) == {butler}
    assert people_of(manager) == {assistant, desk, night}


@pytest.mark.clause("APP-5", "DUT-5")
def test_a_daily_round_is_about_who_is_on_duty_that_day(
    butler, desk, desk2, night, manager, assistant, roster, now
):
    roster(desk, "2026-11-23 08:00", "2026-11-23 17:30")
    roster(desk2, "2026-11-24 08:00", "2026-11-24 17:30")
    open_rounds(now)
    assert people_of(manager) == {assistant, desk, night}  # the roster says nothing of 夜值
    assert people_of(assistant) == {butler}  # nor of butlers
    assert owed_by(manager).params["count"] == 3
    open_rounds(now + timedelta(days=1))
    assert people_of(manager) == {assistant, desk2, night}


def test_a_night_is_looked_at_on_the_morning_it_ends(desk, night, manager, roster, now):
    roster(night, "2026-11-23 17:30", "2026-11-24 08:00", "night")
    open_rounds(now)
    assert night not in people_of(manager)
    open_rounds(now + timedelta(days=1))
    assert night in people_of(manager)


def test_a_drafted_roster_says_nothing(desk, desk2, manager, roster, now):
    roster(desk, "2026-11-23 08:00", "2026-11-23 17:30")
    Roster.objects.update(status="draft", published_at=None)
    open_rounds(now)
    assert {desk, desk2} <= people_of(manager)


def test_a_saturday_is_about_those_with_a_turn_and_due_on_monday(
    butler, desk, desk2, manager, roster
):
    roster(desk, "2026-11-28 08:00", "2026-11-28 17:30")
    open_rounds(SATURDAY)
    assert people_of(manager) == {desk}
    assert not Round.objects.filter(kind="daily").exclude(inspector=manager).exists()
    assert owed_by(manager).due_at == at("2026-11-30 18:00")


def test_a_weekly_round_is_about_everybody_whatever_the_roster(desk, desk2, manager, roster, now):
    roster(desk, "2026-11-23 08:00", "2026-11-23 17:30")
    open_rounds(now)
    assert {desk, desk2} <= people_of(manager, "weekly")


def leave(staff, deputy, now):
    return Leave.objects.create(
        staff=staff, deputy=deputy, starts_at=now - timedelta(hours=8),
        ends_at=now + timedelta(days=5),
    )  # fmt: skip


def test_people_on_leave_are_not_inspected(butler, butler2, assistant, now):
    leave(butler, butler2, now)
    open_rounds(now)
    assert people_of(assistant) == {butler2}


def test_the_next_one_up_inspects_while_the_inspector_is_on_leave(
    butler, desk, assistant, manager, now
):
    leave(assistant, butler, now)
    open_rounds(now)
    assert people_of(assistant) is None
    assert people_of(manager) == {butler, desk}


def test_whoever_is_left_out_with_a_reason_is_not_waited_for(butler, cashier, assistant, now, as_):
    open_rounds(now)
    row = Round.objects.get(inspector=assistant, kind="daily")
    clearing.clear(row, [butler], by=assistant, now=now)
    terms = {"by": assistant, "now": now}
    for refused in ({"person": cashier, "reason": " "}, {"person": butler, "reason": "病假"}):
        with pytest.raises(ValidationError):
            rounds.excuse(row, refused["person"], reason=refused["reason"], **terms)
    assert not owed_by(assistant).done_at
    rounds.excuse(row, cashier, reason="换班", **terms)
    assert not FollowUp.objects.open().about(row).exists()
    assert Entry.objects.about(row).filter(event="appraisal.excused").count() == 1
    assert "换班" in as_(assistant).get(row.get_absolute_url()).content.decode()


def test_whoever_left_the_company_is_not_waited_for(butler, cashier, assistant, now):
    open_rounds(now)
    row = Round.objects.get(inspector=assistant, kind="daily")
    cashier.is_active = False
    cashier.save()
    clearing.clear(row, [butler], by=assistant, now=now)
    assert not FollowUp.objects.open().about(row).exists()


def test_yesterdays_round_stays_on_the_list_until_it_is_done(butler, assistant, as_, now):
    open_rounds(now - timedelta(days=3))
    row = Round.objects.get(inspector=assistant, kind="daily")
    client = as_(assistant)
    assert row in client.get("/appraisal/").context["rounds"]
    clearing.clear(row, [butler], by=assistant, now=now)
    assert row not in client.get("/appraisal/").context["rounds"]
    assert Sheet.objects.get(staff=butler).day == row.starts_on


@pytest.mark.clause("APP-5")
def test_fifteen_people_with_nothing_found_are_one_screen_and_one_action(
    manager, assistant, estate, now, as_
):
    from tests.conftest import hire  # noqa: PLC0415

    for each in range(16):  # one of them is drawn by the manager
        hire(f"b{each}", f"管家{each}", posts.BUTLER, superior=assistant, estates=[estate])
    open_rounds(now)
    row = Round.objects.get(inspector=assistant, kind="daily")
    client = as_(assistant)
    page = client.get(row.get_absolute_url())
    ticked = [person.pk for person, sheet, _picked in page.context["people"] if sheet is None]
    assert len(ticked) == 15
    client.post(f"{row.get_absolute_url()}clear/", {"people": ticked})
    assert set(Sheet.objects.values_list("staff", "status")) == {(pk, "locked") for pk in ticked}
    assert not FollowUp.objects.open().about(row).exists()


@pytest.mark.parametrize(
    ("day", "per_month", "first", "last"),
    [(1, 1, 1, 30), (15, 2, 1, 15), (16, 2, 16, 30), (30, 31, 30, 30), (7, 31, 7, 7)],
)
def test_a_month_is_cut_into_as_many_parts_as_there_are_spot_checks(day, per_month, first, last):
    found = period_of("spot", date(2026, 11, day), per_month=per_month)
    assert (found.starts_on.day, found.ends_on.day) == (first, last)


def test_two_spot_checks_a_month_are_two_rounds(butler, manager, now):
    NumberVersion.objects.create(
        key="appraisal.spot_per_month", value=2, version=1, effective_at=at("2026-11-01 00:00")
    )
    open_rounds(at("2026-11-10 09:00"))
    open_rounds(now)
    spans = Round.objects.filter(kind="spot", inspector=manager).values_list("starts_on", "ends_on")
    assert [(a.day, b.day) for a, b in spans.order_by("starts_on")] == [(1, 15), (16, 30)]


@pytest.fixture
def unread(handed_in, now):
    """A sheet that 刘洋 has not opened when its reading is due."""
    return handed_in, now + timedelta(days=3, minutes=1)


@pytest.mark.clause("APP-1")
def test_a_sheet_nobody_opens_counts_as_read_when_its_reading_was_due(unread, butler):
    sheet, late = unread
    open_due(late - timedelta(minutes=2))
    sheet.refresh_from_db()
    assert sheet.status == "submitted"
    open_due(late)
    sheet.refresh_from_db()
    assert (sheet.status, sheet.appeal_until) == ("seen", late + timedelta(days=3))
    assert not FollowUp.objects.open().about(sheet).exists()
    assert Entry.objects.about(sheet).filter(event="appraisal.taken_as_read", by_id=None).exists()
    open_due(late + timedelta(days=3))
    sheet.refresh_from_db()
    assert sheet.status == "locked"


def test_nobodys_days_run_while_he_is_on_leave(unread, butler, butler2, now):
    sheet, late = unread
    leave(butler, butler2, now)
    open_due(late)
    sheet.refresh_from_db()
    assert sheet.status == "submitted"


def test_a_scan_asks_as_often_for_many_people_as_for_one(
    butler, assistant, estate, now, django_assert_num_queries
):
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from tests.conftest import hire  # noqa: PLC0415

    open_rounds(now)
    hire("b", "管家", posts.BUTLER, superior=assistant, estates=[estate])
    open_rounds(now)  # he joins
    with CaptureQueriesContext(connection) as one:
        open_rounds(now)
    for each in range(3):
        hire(f"b{each}", f"管家{each}", posts.BUTLER, superior=assistant, estates=[estate])
    open_rounds(now)
    with django_assert_num_queries(len(one)):
        open_rounds(now)
    assert len(one) <= 14

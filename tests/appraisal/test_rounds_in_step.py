"""A daily round follows the day: the manager's butlers are drawn, swaps and leave change it."""

from datetime import timedelta

import pytest

from accounts import posts
from accounts.models import Leave
from appraisal.actions import clearing, rounds, sheets
from appraisal.actions.opening import open_rounds
from appraisal.followups import INSPECT
from appraisal.models import Draw, Round, Sheet
from followups.models import FollowUp
from history.models import Entry
from roster import actions as roster_actions
from roster.models import Roster
from rulebook.models import NumberVersion
from tests.appraisal.test_rounds import owed_by, people_of, roster  # noqa: F401 -- the fixture
from tests.conftest import at, hire


@pytest.fixture
def butlers(butler, butler2, assistant, estate):
    return [
        butler,
        butler2,
        *(
            hire(f"b{each}", f"管家{each}", posts.BUTLER, superior=assistant, estates=[estate])
            for each in range(3)
        ),
    ]


def drawn_number(value):
    NumberVersion.objects.create(
        key="appraisal.daily_drawn", value=value, version=1, effective_at=at("2026-11-01 00:00")
    )


def round_of(inspector):
    return Round.objects.get(inspector=inspector, kind="daily")


@pytest.mark.clause("APP-3")
@pytest.mark.parametrize("wanted", [1, 2, 4])
def test_the_manager_owes_the_daily_check_of_butlers_that_are_drawn(
    wanted, butlers, assistant, manager, now
):
    drawn_number(wanted)
    open_rounds(now)
    mine, theirs = people_of(manager), people_of(assistant)
    assert mine & theirs == set()  # one daily check per person and day
    assert mine | theirs == {*butlers, assistant}
    assert len(mine & set(butlers)) == wanted
    row = Draw.objects.get()
    assert (row.round, row.by, len(row.pool)) == (round_of(manager), None, 5)
    assert rounds.pick(row.pool, wanted, row.seed) == row.picked
    assert {each.pk for each in mine & set(butlers)} == set(row.picked)
    assert owed_by(manager).params["count"] == wanted + 1
    open_rounds(now + timedelta(minutes=1))  # the next scan draws nobody else
    assert (people_of(manager), Draw.objects.count()) == (mine, 1)


@pytest.mark.clause("APP-3", "MGT-2")
@pytest.mark.clause("APP-3")
def test_the_page_says_from_whom_was_drawn_and_draws_again_from_the_seed(
    butlers, assistant, manager, now, as_
):
    open_rounds(now)
    round_ = round_of(manager)
    (drawn,) = as_(manager).get(f"/appraisal/rounds/{round_.pk}/").context["draws"]
    assert sorted(drawn["pool"]) == sorted(each.name for each in butlers)
    assert drawn["picked"] == [each.name for each in round_.people.filter(post=posts.BUTLER)]
    assert drawn["holds"]
    other = next(each.pk for each in butlers if each.name not in drawn["picked"])
    Draw.objects.filter(round=round_).update(picked=[other])  # somebody has meddled
    page = as_(manager).get(f"/appraisal/rounds/{round_.pk}/")
    assert not page.context["draws"][0]["holds"]
    assert "不一致" in page.content.decode()


def test_at_least_one_butler_is_left_to_the_assistant(butler, assistant, manager, now):
    drawn_number(20)
    open_rounds(now)
    assert people_of(assistant) == {butler}
    assert not Draw.objects.exists()


def test_nobody_is_drawn_where_the_rulebook_wants_none(butlers, assistant, manager, now):
    drawn_number(0)
    open_rounds(now)
    assert people_of(assistant) == set(butlers)
    assert people_of(manager) == {assistant}


def test_nobody_is_drawn_while_the_manager_is_on_leave(butlers, assistant, manager, gm, now):
    away(manager, assistant, now)
    open_rounds(now)
    assert people_of(assistant) == set(butlers)
    assert not Draw.objects.exists()


def away(staff, deputy, now):
    return Leave.objects.create(
        staff=staff, deputy=deputy, starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=2),
    )  # fmt: skip


@pytest.mark.clause("APP-3")
def test_another_butler_is_drawn_for_one_who_is_not_on_duty_any_more(
    butlers, assistant, manager, now
):
    open_rounds(now)
    (first,) = people_of(manager) & set(butlers)
    away(first, assistant, now)
    open_rounds(now + timedelta(minutes=1))
    (second,) = people_of(manager) & set(butlers)
    assert second != first
    assert second not in people_of(assistant)
    assert Draw.objects.count() == 2


def test_whoever_was_checked_already_is_not_checked_twice_that_day(
    butlers, assistant, manager, now
):
    open_rounds(now)
    (drawn,) = people_of(manager) & set(butlers)
    other = next(each for each in butlers if each != drawn)
    for person, by in ((drawn, assistant), (other, manager)):
        sheet = sheets.open_sheet(person, kind="daily", day=now.date(), by=by, now=now)
        sheets.submit(sheet, by=by, now=now)
    open_rounds(now + timedelta(minutes=1))
    assert drawn not in people_of(manager)
    assert other not in people_of(assistant)
    said = Entry.objects.filter(event="appraisal.left").values_list("detail__why", flat=True)
    assert list(said) == ["checked", "checked"]
    assert Draw.objects.count() == 1  # he had one drawn, and was spared


@pytest.fixture
def swapped(desk, desk2, assistant, roster, now):  # noqa: F811
    """``swapped()``: the day's shift of 张敏 goes to her colleague, as it is approved."""
    duty = roster(desk, "2026-11-23 16:00", "2026-11-23 23:30")
    for staff in (desk, desk2):
        staff.qualified_on = at("2026-01-01 00:00").date()
        staff.save()

    def swap():
        asked = roster_actions.ask_swap(
            duty, taker=desk2, reason="家里有事", by=desk, now=now
        )  # fmt: skip
        roster_actions.approve_swap(asked, by=assistant, now=now)

    return swap


@pytest.mark.clause("DUT-5", "APP-5")
def test_an_approved_swap_changes_the_open_round(swapped, desk, desk2, manager, now, as_):
    open_rounds(now)
    assert people_of(manager) >= {desk}
    assert desk2 not in people_of(manager)
    before = owed_by(manager)
    swapped()
    open_rounds(now + timedelta(minutes=1))
    assert desk2 in people_of(manager)
    assert desk not in people_of(manager)
    assert owed_by(manager).pk == before.pk
    text = as_(manager).get(round_of(manager).get_absolute_url()).content.decode()
    assert f"{desk.name}" in text
    assert "不在班" in text


def test_whoever_is_swapped_out_stays_once_he_is_scored(swapped, desk, desk2, manager, now):
    open_rounds(now)
    sheets.open_sheet(desk, kind="daily", day=now.date(), by=manager, now=now)
    swapped()
    open_rounds(now + timedelta(minutes=1))
    assert people_of(manager) >= {desk, desk2}


def test_a_round_that_was_done_is_owed_again_by_whoever_comes_on_duty(
    swapped, desk, desk2, assistant, manager, now
):
    open_rounds(now)
    row = round_of(manager)
    clearing.clear(row, list(row.people.all()), by=manager, now=now)
    assert not FollowUp.objects.open().about(row).exists()
    swapped()
    open_rounds(now + timedelta(minutes=1))
    assert owed_by(manager).params["count"] == row.people.count()
    clearing.clear(row, [desk2], by=manager, now=now)
    assert not FollowUp.objects.open().about(row).exists()


def test_a_round_about_nobody_is_owed_no_more(butler, assistant, manager, now):
    open_rounds(now)
    row = round_of(assistant)
    away(butler, assistant, now)
    open_rounds(now + timedelta(minutes=1))
    assert people_of(assistant) == set()
    assert FollowUp.objects.about(row).get(kind=INSPECT).cancelled_at


def test_the_rest_of_a_round_is_done_when_the_last_one_goes(butler, cashier, assistant, now):
    open_rounds(now)
    row = round_of(assistant)
    clearing.clear(row, [butler], by=assistant, now=now)
    away(cashier, assistant, now)
    open_rounds(now + timedelta(minutes=1))
    assert FollowUp.objects.about(row).get(kind=INSPECT).done_at


def test_whoever_the_inspector_left_out_does_not_come_back(butler, cashier, assistant, now):
    open_rounds(now)
    rounds.excuse(round_of(assistant), cashier, reason="外出办事", by=assistant, now=now)
    open_rounds(now + timedelta(minutes=1))
    assert people_of(assistant) == {butler}


def test_a_sheet_written_before_somebody_joined_belongs_to_the_round(swapped, desk2, manager, now):
    open_rounds(now)
    sheet = sheets.open_sheet(desk2, kind="daily", day=now.date(), by=manager, now=now)
    assert sheet.round is None
    swapped()
    open_rounds(now + timedelta(minutes=1))
    assert Sheet.objects.get(pk=sheet.pk).round == round_of(manager)


def test_a_sheet_written_before_the_round_was_opened_belongs_to_it(
    butler, cashier, assistant, sheet_of, deduct, now
):
    """The assistant is at work before the first scan of the day."""
    early = sheet_of(butler, by=assistant)
    deduct(early)
    sheets.submit(early, by=assistant, now=now)
    open_rounds(now)
    round_ = Round.objects.get(inspector=assistant, kind="daily")
    early.refresh_from_db()
    assert early.round == round_
    assert clearing.clear(round_, [cashier], by=assistant, now=now) == 1
    assert not FollowUp.objects.open().about(round_).exists()


def test_a_roster_published_during_the_day_counts(desk, desk2, manager, roster, now):  # noqa: F811
    roster(desk, "2026-11-23 08:00", "2026-11-23 17:30")
    Roster.objects.update(status="draft", published_at=None)
    open_rounds(now)
    assert people_of(manager) >= {desk, desk2}
    Roster.objects.update(status="published", published_at=now)
    open_rounds(now + timedelta(minutes=1))
    assert desk2 not in people_of(manager)

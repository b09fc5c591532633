"""Who is above whom, and who owes while somebody is away."""

from datetime import timedelta

import pytest

from accounts import posts
from accounts.lines import Line, lead_of, stand_in, superiors_of
from accounts.models import Leave, Staff
from tests.conftest import hire


def away(staff, deputy, now, *, hours=8):
    return Leave.objects.create(
        staff=staff,
        deputy=deputy,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=hours),
    )


def test_superiors_go_up_to_the_general_manager(desk, assistant, manager, gm):
    assert superiors_of(desk) == [assistant, manager, gm]
    assert superiors_of(gm) == []


def test_superiors_step_over_a_disabled_one(desk, assistant, manager, gm):
    Staff.objects.filter(pk=assistant.pk).update(is_active=False)
    assert superiors_of(desk) == [manager, gm]


def test_superiors_end_when_the_line_is_a_loop(desk, assistant, manager, gm):
    Staff.objects.filter(pk=gm.pk).update(superior=desk)
    assert superiors_of(desk) == [assistant, manager, gm]


def test_superiors_of_one_person_take_one_query(desk, django_assert_num_queries):
    with django_assert_num_queries(1):
        superiors_of(desk)


def test_lead_comes_from_the_posts_table():
    assert lead_of(posts.FRONT_DESK) == posts.CS_ASSISTANT
    assert lead_of(posts.REPAIRER) == posts.ENG_DISPATCHER
    assert lead_of(posts.GENERAL_MANAGER) == ""


def test_stand_in_of_somebody_present_is_himself(desk, now):
    assert stand_in(desk, now) == desk


def test_stand_in_is_the_deputy_during_leave_only(desk, desk2, now):
    away(desk, desk2, now)
    assert stand_in(desk, now) == desk2
    assert stand_in(desk, now - timedelta(hours=2)) == desk
    assert stand_in(desk, now + timedelta(hours=8)) == desk


def test_stand_in_follows_a_deputy_who_is_away_too(desk, desk2, night, now):
    away(desk, desk2, now)
    away(desk2, night, now)
    assert stand_in(desk, now) == night


def test_stand_in_of_two_who_deputise_each_other_is_the_superior(desk, desk2, assistant, now):
    away(desk, desk2, now)
    away(desk2, desk, now)
    assert stand_in(desk, now) == assistant


def test_stand_in_of_a_disabled_person_is_the_next_present_superior(desk, assistant, manager, now):
    Staff.objects.filter(pk__in=[desk.pk, assistant.pk]).update(is_active=False)
    assert stand_in(desk, now) == manager


def test_stand_in_of_a_disabled_person_ignores_his_old_deputy(desk, desk2, assistant, now):
    away(desk, desk2, now)
    Staff.objects.filter(pk=desk.pk).update(is_active=False)
    assert stand_in(desk, now) == assistant


def test_stand_in_is_nobody_when_the_whole_line_is_gone(gm, now):
    Staff.objects.filter(pk=gm.pk).update(is_active=False)
    assert stand_in(gm, now) is None


def test_line_answers_for_everybody_with_two_queries(
    desk, desk2, butler, night, now, django_assert_num_queries
):
    away(desk, desk2, now)
    with django_assert_num_queries(2):
        line = Line.load(now)
        for staff_id in [desk.pk, desk2.pk, butler.pk, night.pk] * 50:
            line.stand_in(staff_id)
            line.superiors(staff_id)
            line.of_post(posts.FRONT_DESK)
    assert line.stand_ins([desk.pk, desk2.pk]) == [desk2]


def test_line_of_post_leaves_out_disabled_accounts(desk, desk2, butler, now):
    assert Line.load(now).of_post(posts.FRONT_DESK) == [desk, desk2]
    Staff.objects.filter(pk=desk.pk).update(is_active=False)
    assert Line.load(now).of_post(posts.FRONT_DESK) == [desk2]


@pytest.mark.django_db
def test_line_of_a_long_chain_is_bounded(now):
    boss = None
    for number in range(60):
        boss = hire(f"x{number}", f"员工{number}", posts.BUTLER, superior=boss)
    assert len(superiors_of(boss)) == 59
    Staff.objects.exclude(username="x0").update(is_active=False)
    assert stand_in(boss, now).username == "x0"

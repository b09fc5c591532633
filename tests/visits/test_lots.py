"""Drawing lots: the share of the rulebook, repeatable from what is recorded."""

from datetime import timedelta
from decimal import Decimal

import pytest

from followups.scan import scan
from rulebook.models import NumberVersion
from tests.conftest import at
from tests.visits.factories import helped
from visits import lots, occasions
from visits.models import Callback, Draw, Topic


@pytest.mark.parametrize(
    ("count", "share", "drawn"),
    [(0, 30, 0), (1, 30, 1), (10, 30, 3), (11, 30, 4), (7, 100, 7), (9, 0, 0)],
)
def test_pick_takes_the_share_rounded_up(count, share, drawn):
    pool = [f"x:{n}" for n in range(count)]
    picked = lots.pick(pool, share=Decimal(share), seed="s")
    assert len(picked) == drawn
    assert set(picked) <= set(pool)


def test_pick_depends_on_the_seed_and_not_on_the_order():
    pool = [f"x:{n}" for n in range(40)]
    once = lots.pick(pool, share=Decimal(30), seed="a")
    assert once == lots.pick(pool[::-1], share=Decimal(30), seed="a")
    assert once != lots.pick(pool, share=Decimal(30), seed="b")


@pytest.mark.clause("VIS-5")
def test_last_week_is_drawn_once_and_can_be_drawn_again_from_the_record(estate, desk, now):
    for hour in range(10):
        helped(estate, by=desk, at=at("2026-11-18 08:00") + timedelta(hours=hour))
    helped(estate, by=desk, at=at("2026-11-23 08:00"))  # this week's
    helped(estate, by=desk, at=at("2026-11-18 08:00"), phone="")  # cannot be called
    scan(now)
    scan(now + timedelta(minutes=1))
    draw = Draw.objects.get(estate=estate, topic=Topic.HELP)
    assert (draw.period, len(draw.pool), len(draw.drawn)) == ("2026-W47", 10, 3)
    assert lots.pick(draw.pool, share=draw.share, seed=draw.seed) == draw.drawn
    called = {f"contacts.contact:{row.object_id}" for row in Callback.objects.all()}
    assert called == set(draw.drawn)


def test_share_is_the_rulebooks(estate, desk, manager, now):
    NumberVersion.objects.create(
        key="callbacks.help_share", value=50, version=1, effective_at=at("2026-11-01 00:00"), by=manager,
    )  # fmt: skip
    rows = [occasions.of_help(helped(estate, by=desk, at=now)) for _each in range(4)]
    draw = lots.draw(estate, Topic.HELP, period="x", candidates=rows, now=now)
    assert len(draw.drawn) == 2
    assert lots.draw(estate, Topic.HELP, period="x", candidates=rows, now=now) is None


def test_drawn_weeks_cost_two_queries_a_scan(estate, now, django_assert_max_num_queries):
    occasions.draw_week(now)
    with django_assert_max_num_queries(2):
        occasions.draw_week(now)

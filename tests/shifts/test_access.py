"""Every address of the shifts and the roster, for every post; other estates; queries counted."""

from datetime import date
from uuid import uuid4

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from accounts import posts
from followups.models import FollowUp
from repairs.models import Repair
from roster import actions as roster_actions
from roster.models import Roster
from shifts import actions
from tests.conftest import at, hire
from tests.shifts.conftest import COUNTED

pytestmark = pytest.mark.django_db

ALL = {
    "gm", "manager", "assistant", "butler", "cashier", "desk", "night", "foreman", "engmanager",
    "dispatcher", "repairer", "contact", "sysadmin",
}  # fmt: skip
SITS = {"assistant", "butler", "desk", "night"}
READS = SITS | {"gm", "manager"}
STANDS = SITS | {"engmanager", "dispatcher", "repairer"}
PLANS = {"assistant", "manager"}
# (method, name) → who is let in (not 403).
TABLE = {
    ("get", "shifts:close"): SITS,
    ("get", "shifts:handover_list"): READS,
    ("get", "shifts:cash_book"): {"assistant", "manager", "desk", "night"},
    ("get", "shifts:instructions"): READS,
    ("post", "shifts:instruction_done"): SITS,
    ("post", "shifts:item_follow"): SITS,
    ("get", "shifts:handover_detail"): READS,
    ("post", "shifts:handover_arrive"): SITS,
    ("post", "shifts:handover_start"): SITS,
    ("post", "shifts:handover_receive"): SITS,
    ("post", "shifts:handover_receive_here"): SITS,
    ("post", "shifts:handover_refuse"): SITS,
    ("post", "shifts:handover_successor"): READS,
    ("post", "shifts:handover_settle"): {"assistant", "manager", "gm"},
    ("post", "shifts:handover_check"): {"assistant", "manager", "gm"},
    ("get", "shifts:handover_print"): READS,
    ("get", "shifts:handover_figure"): READS,
    ("get", "roster:roster_list"): STANDS | PLANS | {"gm", "engmanager"},
    ("get", "roster:roster_add"): PLANS,
    ("get", "roster:roster_detail"): STANDS | PLANS | {"gm", "engmanager"},
    ("post", "roster:roster_assign"): PLANS,
    ("post", "roster:roster_publish"): PLANS,
    ("post", "roster:duty_remove"): PLANS,
    ("get", "roster:swap_ask"): STANDS,
    ("post", "roster:swap_decide"): PLANS,
    ("post", "roster:swap_withdraw"): STANDS,
}


@pytest.fixture
def people(
    request, gm, manager, assistant, butler, desk, night, engmanager, dispatcher, repairer,
    sysadmin, estate,
):  # fmt: skip
    found = {
        "cashier": hire("cashier", "吴芳", posts.CASHIER, estates=[estate]),
        "foreman": hire("foreman", "冯勇", posts.ENV_FOREMAN, estates=[estate]),
        "contact": hire("contact", "何丽", posts.PUBLIC_AFFAIRS, estates=[estate]),
    }
    return found | {name: request.getfixturevalue(name) for name in ALL if name not in found}


@pytest.fixture
def things(roster, estate, desk, night, manager, slip, signed, now):
    slip()
    handover = signed(desk, night, now)
    instruction = actions.instruct(
        estate, seat="desk", text="贴通知", due_at=at("2026-12-31 18:00"), by=manager, now=now
    )
    duty = roster.duties.filter(staff=desk).order_by("-day").first()
    swap = roster_actions.ask_swap(
        duty, taker=hire_qualified(estate), reason="家里有事", by=desk, now=now
    )
    return {
        "shifts:instruction_done": instruction.pk, "shifts:item_follow": handover.items.get().pk,
        "roster:duty_remove": duty.pk, "roster:swap_ask": duty.pk,
        "roster:swap_decide": swap.pk, "roster:swap_withdraw": swap.pk,
        "roster": roster.pk, "shifts": handover.pk,
    }  # fmt: skip


def hire_qualified(estate):
    staff = hire("desk9", "孙替", posts.FRONT_DESK, estates=[estate])
    staff.qualified_on = date(2026, 1, 1)
    staff.save()
    return staff


def address(name, things):
    pk = things.get(name, things[name.split(":")[0]])
    plain = {
        "shifts:close", "shifts:handover_list", "shifts:cash_book", "shifts:instructions",
        "roster:roster_list", "roster:roster_add",
    }  # fmt: skip
    if name == "shifts:handover_figure":
        return reverse(name, args=[pk, "calls"])
    return reverse(name) if name in plain else reverse(name, args=[pk])


def test_the_table_names_every_address():
    known = {
        f"{space}:{pattern.name}"
        for space in ("roster", "shifts")
        for pattern in get_resolver().namespace_dict[space][1].url_patterns
    }
    assert {name for _method, name in TABLE} == known


def test_every_post_gets_what_the_table_says(client, people, things):
    wrong = []
    for who, staff in people.items():
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        for (method, name), allowed in TABLE.items():
            status = getattr(client, method)(address(name, things)).status_code
            if (status != 403) != (who in allowed):
                wrong.append((who, method, name, status))
    assert wrong == []


def test_another_estate_finds_nothing(as_, outsider, things):
    client = as_(outsider)
    for (method, name), allowed in TABLE.items():
        url = address(name, things)
        if "desk" not in allowed or not any(part.isdecimal() for part in url.split("/")):
            continue
        assert getattr(client, method)(url).status_code == 404, name
    assert "11月23日" not in client.get(reverse("shifts:handover_list")).content.decode()


def test_a_draft_roster_is_seen_by_planners_only(as_, estate, desk, assistant, qualified):
    roster = roster_actions.draft(
        estate,
        month=date(2026, 12, 1),
        pattern="two",
        turns={"day": [desk]},
        by=assistant,
        now=at("2026-11-20 10:00"),
    )
    assert as_(desk).get(roster.get_absolute_url()).status_code == 404
    assert as_(assistant).get(roster.get_absolute_url()).status_code == 200
    assert Roster.objects.get() == roster


def many_slips(estate, unit, desk, count, now):
    """Open repairs with a follow-up each, written straight to the tables: 500 calls take long."""
    rows = Repair.objects.bulk_create(
        Repair(
            estate=estate,
            number=f"WX20261123-{n:04}",
            unit=unit,
            content=f"漏水 {n}",
            category="water",
            reported_at=now,
            entered_at=now,
            promised_at=now,
            registered_by=desk,
            contact_phone="13912341234",
        )
        for n in range(count)
    )
    kind = ContentType.objects.get_for_model(Repair)
    FollowUp.objects.bulk_create(
        FollowUp(
            content_type=kind,
            object_id=row.pk,
            kind="repairs.dispatch",
            title="%(what)s",
            params={"what": row.content},
            url="/",
            estate=estate,
            owner_post="front_desk",
            started_at=now,
            due_at=now,
        )
        for row in rows
    )


@pytest.mark.parametrize("count", [5, 500])
def test_a_handover_opens_in_15_queries_however_much_is_open(
    as_,
    roster,
    estate,
    unit,
    desk,
    night,
    signed,
    sheet_of,
    now,
    count,
    django_assert_max_num_queries,
):
    signed(night, desk, at("2026-11-23 08:10"))
    many_slips(estate, unit, desk, count, now)
    handover = sheet_of(desk, now).handover
    client = as_(desk)
    client.get(handover.get_absolute_url())
    with django_assert_max_num_queries(15):
        page = client.get(handover.get_absolute_url())
    assert page.content.decode().count('name="carry"') == count


def test_a_handover_of_500_items_is_signed_by_both(roster, estate, unit, desk, night, signed, now):
    many_slips(estate, unit, desk, 500, now)
    assert signed(desk, night, now).items.count() == 500


@pytest.mark.parametrize("name", ["shifts:handover_list", "shifts:cash_book", "roster:roster_list"])
def test_lists_ask_as_often_for_three_rows_as_for_one(
    as_, roster, estate, desk, night, signed, now, name
):
    client = as_(desk)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name)).status_code == 200
        return len(queries)

    def one_more(moment, giver, taker, cash):
        signed(giver, taker, moment, counted=COUNTED | {"cash": cash})
        actions.add_cash(estate, amount=50, reason="押金", client_key=uuid4(), by=desk, now=moment)

    one_more(now, desk, night, "0")
    asked()
    first = asked()
    one_more(at("2026-11-24 08:10"), night, desk, "50")
    one_more(at("2026-11-24 17:10"), desk, night, "100")
    assert asked() == first

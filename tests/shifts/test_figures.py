"""Every number of the sheet opens the list of exactly what it counts, before and after it is signed
(screens, decision 8; forms 4.4).
"""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from complaints import actions as complaint_actions
from contacts import actions as contact_actions
from contacts.models import Contact
from estates.models import Building, Unit
from followups import actions as followup_actions
from followups.models import FollowUp
from registers.actions import records
from registers.models import AccessCard, Deposit, KeyCustody, Mail
from repairs import actions as repair_actions
from shifts import actions
from shifts.figures import FIGURES
from shifts.models import Handover
from tests.conftest import at
from tests.shifts.conftest import COUNTED

pytestmark = [pytest.mark.django_db, pytest.mark.clause("DUT-1")]


@pytest.fixture(autouse=True)
def clock(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def busy(estate, unit, desk, slip):
    """A day shift with something behind every number; a night before it that must not count."""
    early = at("2026-11-23 03:00")
    call = contact_actions.start(uuid4(), estate=estate, by=desk, now=early, unit=unit)
    contact_actions.finish(call, outcome="helped", answer="已告知", by=desk, now=early)
    in_time, late = slip("漏水"), slip("没电")
    repair_actions.dispatch(in_time, by=desk, now=at("2026-11-23 15:02"))
    repair_actions.dispatch(late, by=desk, now=at("2026-11-23 15:40"))
    slip("堵了", when=at("2026-11-23 16:30"))  # not handed to engineering yet: late as well
    guest = contact_actions.start(
        uuid4(), estate=estate, by=desk, now=at("2026-11-23 10:00"), unit=unit, source="walk_in"
    )
    contact_actions.finish(
        guest, outcome="helped", answer="带路", by=desk, now=at("2026-11-23 10:03")
    )
    complaint_actions.register(
        uuid4(), estate=estate, by=desk, now=at("2026-11-23 11:00"), unit=unit,
        content="噪音", contact_name="王秀梅", contact_phone="13912341234",
    )  # fmt: skip
    for minute in (0, 1):
        call = contact_actions.start(
            uuid4(), estate=estate, by=desk, now=at(f"2026-11-23 09:0{minute}"), unit=unit,
            phone="13912341234",
        )  # fmt: skip
        contact_actions.finish(
            call,
            outcome="call_back",
            answer="问清再回",
            by=desk,
            now=at(f"2026-11-23 09:0{minute + 4}"),
        )
    promised = Contact.objects.filter(outcome="call_back").earliest("pk")
    followup_actions.move(
        promised, "contacts.call_back", due_at=at("2026-11-23 17:00"), now=at("2026-11-23 09:10")
    )
    contact_actions.call_back_done(call, answer="已答复", by=desk, now=at("2026-11-23 09:20"))


WANTED = {
    "calls": 5, "visits": 1, "repairs": 3, "complaints": 1, "dispatched": 2, "late_dispatch": 2,
    "called_back": 1, "to_call_back": 2,
}  # fmt: skip


def links(page: str, pk: int) -> dict[str, int]:
    """Every linked number of the page by its key."""
    prefix = reverse("shifts:handover_figure", args=[pk, "x"])[:-2]
    found = re.findall(rf'href="{prefix}([a-z_]+)/">[^<0-9]*(?:<strong>)?([0-9]+)', page)
    return {key: int(number) for key, number in found}


def total_and_lines(client, pk, key):
    answer = client.get(reverse("shifts:handover_figure", args=[pk, key]))
    assert answer.status_code == 200, key
    total = int(re.search(r'data-total="(\d+)"', answer.content.decode())[1])
    return total, answer.context["behind"].lines


def test_every_number_opens_what_it_counts_before_and_after_the_signature(
    as_, roster, busy, desk, night, given, sheet_of, now
):
    client = as_(desk)
    sheet = sheet_of(desk, now)
    url = sheet.handover.get_absolute_url()
    before = links(client.get(url).content.decode(), sheet.handover.pk)
    assert {key: before[key] for key in WANTED} == WANTED
    assert set(before) >= {figure.key for figure in FIGURES}
    assert before["late"] >= 2
    assert before["done"] >= 4
    for key, number in before.items():
        total, lines = total_and_lines(client, sheet.handover.pk, key)
        assert total == number, key
        if key not in COUNTED:
            assert len(lines) == number, key
    given(desk, night, now)
    after = links(client.get(url).content.decode(), sheet.handover.pk)
    assert after == before


def test_the_list_of_a_signed_sheet_stays_what_was_counted(
    as_, roster, busy, desk, night, signed, slip, now
):
    handover = signed(desk, night, now)
    slip("又漏水", when=now + timedelta(minutes=5))  # still before the end of the day shift
    FollowUp.objects.open().filter(kind="contacts.call_back").update(done_at=now, done_by=night)
    for key, number in WANTED.items():
        total, lines = total_and_lines(as_(night), handover.pk, key)
        assert total == number == len(lines) == handover.figures[key], key


def test_what_is_counted_by_hand_opens_piece_by_piece(
    as_, roster, estate, unit, resident, desk, night, given, sheet_of, now
):
    here = {"estate": estate, "unit": unit}
    key = {"owner_name": "王秀梅", "owner_phone": "13912341234", "reason": "出国",
           "disclaimer_told": True, "owner_signed": True}  # fmt: skip
    for thing in (
        KeyCustody(**here, **key, quantity=2, label="K-07", cabinet="甲3", seal_number="F001"),
        KeyCustody(**here, **key, quantity=1, label="K-08", cabinet="甲4", seal_number="F002"),
        Mail(**here, tracking_number="EMS1", recipient="王秀梅"),
        AccessCard(**here, card_number="9001", holder=resident),
        Deposit(**here, depositor="王秀梅", phone="13912341234", item="雨伞", quantity=3,
                place="架2", signed=True),
    ):  # fmt: skip
        records.add(thing, by=desk, now=now)
    actions.add_cash(estate, amount=50, reason="押金", client_key=uuid4(), by=desk, now=now)
    there = {"keys": "3", "storage": "3", "mail": "1", "cards": "1", "cash": "50"}
    handover = sheet_of(desk, now).handover
    for _moment in ("draft", "given"):
        page = as_(desk).get(handover.get_absolute_url()).content.decode()
        found = links(page, handover.pk)
        for code in ("keys", "storage", "mail", "cards"):
            assert found[code] == int(there[code])
            total, _lines = total_and_lines(as_(desk), handover.pk, code)
            assert total == found[code]
        assert len(total_and_lines(as_(desk), handover.pk, "keys")[1]) == 2
        assert "系统应有 50.00" in page
        book = as_(desk).get(reverse("shifts:cash_book"), {"sheet": handover.pk})
        assert book.context["entries"][0].balance_after == 50
        if not handover.given_at:
            handover = given(desk, night, now, counted=there)
            after = now + timedelta(minutes=1)
            actions.add_cash(
                estate, amount=9, reason="停车", client_key=uuid4(), by=night, now=after
            )
            records.add(
                Mail(**here, tracking_number="SF2", recipient="王秀梅"), by=night, now=after
            )


def test_a_sheet_of_before_shows_its_numbers_without_lists(as_, roster, desk, night, signed, now):
    handover = signed(desk, night, now)
    old = {
        "calls": 37,
        "visits": 2,
        "repairs": 28,
        "complaints": 1,
        "dispatched": 28,
        "called_back": 9,
    }
    Handover.objects.filter(pk=handover.pk).update(behind={}, figures=old)
    page = as_(desk).get(handover.get_absolute_url()).content.decode()
    assert links(page, handover.pk) == {}
    assert "来电 <strong>37</strong>" in page
    gone = reverse("shifts:handover_figure", args=[handover.pk, "calls"])
    assert as_(desk).get(gone).status_code == 404


@pytest.mark.parametrize("key", ["nothing", "cash", "plan"])
def test_a_number_that_is_not_there_has_no_list(as_, roster, desk, sheet_of, now, key):
    handover = sheet_of(desk, now).handover
    url = reverse("shifts:handover_figure", args=[handover.pk, key])
    assert as_(desk).get(url).status_code == (200 if key == "plan" else 404)


def test_a_butler_is_shown_the_desks_numbers_but_only_the_rows_of_the_area(
    as_, roster, busy, estate, butler, desk, sheet_of, now
):
    elsewhere = Unit.objects.create(
        estate=estate, building=Building.objects.create(estate=estate, code="9"), stair="1",
        room="0101", code="9-1-0101",
    )  # fmt: skip
    call = contact_actions.start(uuid4(), estate=estate, by=desk, now=now, unit=elsewhere)
    repair_actions.register(
        call, by=desk, now=now, content="漏水", category="water", priority="normal",
        unit=elsewhere, contact_phone="13912341235",
    )  # fmt: skip
    handover = sheet_of(desk, now).handover
    total, lines = total_and_lines(as_(butler), handover.pk, "repairs")
    assert total == 4
    assert len(lines) == 3
    answer = as_(butler).get(reverse("shifts:handover_figure", args=[handover.pk, "repairs"]))
    assert "其中 1 件不在您的范围" in answer.content.decode()


def test_a_butlers_own_sheet_counts_the_butlers_own_work(
    as_, roster, butler, busy, estate, slip, sheet_of, now
):
    contact_actions.start(uuid4(), estate=estate, by=butler, now=at("2026-11-23 14:00"))
    sheet = sheet_of(butler, now)
    assert sheet.figures["calls"] == 1
    assert sheet.figures["repairs"] == 3
    assert sheet.figures["late_dispatch"] == 0


def test_a_sheet_that_was_refused_counts_anew(
    as_, roster, busy, desk, night, given, slip, sheet_of, now
):
    handover = given(desk, night, now)
    actions.refuse(handover, reason="unclear", note="", by=night, now=now)
    slip("又漏水", when=now)
    client = as_(desk)
    found = links(client.get(handover.get_absolute_url()).content.decode(), handover.pk)
    assert found["repairs"] == 4
    assert total_and_lines(client, handover.pk, "repairs")[0] == 4


def test_the_list_asks_as_often_for_three_rows_as_for_one(
    as_, roster, desk, slip, sheet_of, now, django_assert_max_num_queries
):
    slip()
    handover = sheet_of(desk, now).handover
    url = reverse("shifts:handover_figure", args=[handover.pk, "repairs"])
    client = as_(desk)
    client.get(url)
    with django_assert_max_num_queries(10) as few:
        client.get(url)
    slip(), slip()
    with django_assert_max_num_queries(len(few)):
        client.get(url)

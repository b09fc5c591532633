"""A published roster of two shifts: 张敏 by day, 钱夜 by night; and things left open."""

from datetime import date
from uuid import uuid4

import pytest

from contacts import actions as contact_actions
from repairs import actions as repair_actions
from roster import actions as roster_actions
from shifts import actions
from shifts.figures import with_facts
from shifts.models import Handover
from shifts.sheet import Sheet
from shifts.turns import current
from tests.conftest import at


@pytest.fixture
def now():
    """Monday 2026-11-23 17:10: the night is here in time, the day shift ends at 17:30."""
    return at("2026-11-23 17:10")


@pytest.fixture
def qualified(desk, desk2, night):
    for staff in (desk, desk2, night):
        staff.qualified_on = date(2026, 1, 1)
        staff.save()
    return desk, night


@pytest.fixture
def roster(estate, qualified, manager):
    desk, night = qualified
    made = roster_actions.draft(
        estate, month=date(2026, 11, 1), pattern="two", turns={"day": [desk], "night": [night]},
        by=manager, now=at("2026-10-20 10:00"),
    )  # fmt: skip
    return roster_actions.publish(made, by=manager, now=at("2026-10-25 10:00"))


@pytest.fixture
def slip(estate, desk, unit, now):
    """``slip("漏水")`` registers a repair by the desk some minutes ago."""

    def make(content="厨房漏水", *, by=desk, when=None):
        moment = when or at("2026-11-23 15:00")
        contact = contact_actions.start(uuid4(), estate=estate, by=by, now=moment, unit=unit)
        return repair_actions.register(
            contact, by=by, now=moment, content=content, category="water", priority="normal",
            unit=unit, contact_phone="13912341234",
        )  # fmt: skip

    return make


@pytest.fixture
def sheet_of(estate):
    """``sheet_of(desk, now)``: the sheet that this person closes at that moment."""

    def find(staff, moment):
        handover = current(staff, estate, now=moment)
        return Sheet(
            with_facts(Handover.objects.filter(pk=handover.pk)).get(), now=moment, reader=staff
        )

    return find


COUNTED = {"keys": "0", "cards": "0", "storage": "0", "mail": "0", "cash": "0"}


@pytest.fixture
def given(sheet_of):
    """``given(desk, night, now)``: counted, arrived, and signed by the outgoing shift."""

    def sign(giver, successor, moment, *, clear_before=False, **typed):
        sheet = sheet_of(giver, moment)
        if clear_before:
            actions.take_way(sheet, way="previous", by=giver, now=moment)
        actions.write(sheet, by=giver, typed={"successor": successor, "counted": COUNTED} | typed)
        if not sheet.handover.arrived_at:
            actions.arrive(sheet.handover, who=successor, by=giver, now=moment)
        sheet = sheet_of(giver, moment)
        return actions.give(sheet, by=giver, now=moment, seen=sheet.keys)

    return sign


@pytest.fixture
def signed(given, sheet_of):
    """``signed(desk, night, now)``: both signatures."""

    def both(giver, successor, moment, **typed):
        given(giver, successor, moment, **typed)
        sheet = sheet_of(giver, moment)
        return actions.receive(sheet, by=successor, now=moment, seen=set())

    return both

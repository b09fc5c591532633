"""Engineering takes a slip with a thumb or with the keyboard: T4."""

import pytest

from tests.browser.conftest import keys, taps, until

pytestmark = pytest.mark.browser

NEW_SLIP = """
import uuid
from django.utils import timezone
from accounts.models import Staff
from contacts import actions as contacts
from estates.models import Unit
from repairs import actions
now = timezone.now()
desk = Staff.objects.get(username='desk1')
unit = Unit.objects.get(code='3-2-1102', estate_id=1)
contact = contacts.start(uuid.uuid4(), estate=unit.estate, by=desk, now=now, unit=unit, phone='13877770001')
repair = actions.register(contact, by=desk, now=now, content='{what}', unit=unit, contact_phone='13877770001')
actions.dispatch(repair, by=desk, now=now)
print(repair.pk)
"""


def new_slip(server, what):
    return int(server.ask(NEW_SLIP.replace("{what}", what)))


def status(server, pk):
    return server.ask(
        f"from repairs.models import Repair; r = Repair.objects.get(pk={pk}); "
        "print(r.status, r.repairer.username if r.repairer else '-')"
    )


def test_accept_is_one_tap_and_assign_two_and_undo_restores(server, open_as):
    pk = new_slip(server, "玄关灯闪")
    page = open_as("dispatcher", "/dispatch/", phone=True)
    card = page.locator(f'[data-row="{pk}"]')
    card.locator("[data-card-key='1']").tap()
    page.wait_for_load_state("networkidle")
    assert status(server, pk).startswith("accepted")
    assert taps(page) == 1

    page = open_as("dispatcher", "/dispatch/")
    card = page.locator(f'[data-row="{pk}"]')
    card.locator("details summary").first.click()
    card.locator("button[name=repairer]").first.click()
    page.wait_for_load_state("networkidle")
    assert status(server, pk).startswith("in_progress")
    assert taps(page) <= 2
    page.locator("[data-undo] button").first.click()
    page.wait_for_load_state("networkidle")
    assert status(server, pk) == "accepted -"


def test_accept_and_assign_by_keyboard_alone(server, open_as):
    pk = new_slip(server, "水表漏水")
    page = open_as("dispatcher", "/dispatch/")
    for _ in range(40):
        here = page.evaluate("document.querySelector('#board .is-here')?.dataset.row || ''")
        if here == str(pk):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("1")
    until(page, f"!document.querySelector('[data-row=\"{pk}\"][data-status=dispatched]')")
    assert status(server, pk).startswith("accepted")
    assert taps(page) == 0
    assert keys(page) > 0


def test_second_dispatcher_sees_who_was_faster(server, open_as):
    pk = new_slip(server, "卧室插座没电")
    first = open_as("dispatcher", "/dispatch/")
    second = open_as("engmanager", "/dispatch/")
    first.locator(f'[data-row="{pk}"] [data-card-key="1"]').click()
    first.wait_for_load_state("networkidle")
    second.locator(f'[data-row="{pk}"] [data-card-key="1"]').click()
    second.wait_for_load_state("networkidle")
    name = server.ask(
        "from accounts.models import Staff; print(Staff.objects.get(username='dispatcher').name)"
    )
    assert name in second.inner_text("body")
    assert "接单" in second.inner_text("body")

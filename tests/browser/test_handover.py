"""T7: the day shift hands over seven open items in at most 8 clicks and a minute."""

import time

import pytest

from tests.browser.conftest import PASSWORD, taps

pytestmark = pytest.mark.browser

SET_UP = """
import uuid
from django.utils import timezone
from accounts import posts
from accounts.models import Staff
from contacts import actions as contacts
from estates.models import Building, Estate, Membership, Unit
from followups.actions import take_over
from followups.models import FollowUp
from repairs import actions as repairs
now = timezone.now()
estate = Estate.objects.create(name='交班小区', is_demo=True)
building = Building.objects.create(estate=estate, code='9')
unit = Unit.objects.create(estate=estate, building=building, room='101', code='9-1-0101')
giver = Staff.objects.create_user('giver', 'yamei-demo', name='张交', post=posts.FRONT_DESK)
taker = Staff.objects.create_user('taker', 'yamei-demo', name='李接', post=posts.FRONT_DESK)
for staff in (giver, taker):
    Membership.objects.create(staff=staff, estate=estate)
for n in range(7):
    call = contacts.start(uuid.uuid4(), estate=estate, by=giver, now=now, unit=unit)
    slip = repairs.register(call, by=giver, now=now, content=f'第{n}件漏水', category='water',
                            priority='normal', unit=unit, contact_phone='13912341234')
row = FollowUp.objects.open().about(slip).get(kind='repairs.dispatch')
take_over(row, by=giver, now=now)
print('ok')
"""
SIGNED = """
import json
from shifts.models import Handover
h = Handover.objects.get(estate__name='交班小区')
print(json.dumps([h.status, h.giver.name, h.successor.name, bool(h.given_at and h.received_at),
    h.items.filter(struck='').count()]))
"""


@pytest.mark.clause("DUT-1", "DUT-2", "DUT-4")
def test_a_shift_with_seven_open_items_closes_in_8_clicks_and_a_minute(server, open_as):
    assert server.ask(SET_UP) == "ok"
    page = open_as("giver", "/today/")
    began = time.monotonic()
    page.keyboard.press("h")
    page.wait_for_url("**/shift/*/")
    assert page.locator("input[name=carry]:checked").count() == 7
    page.select_option("select[name=successor]", label="李接 · 客服中心")
    page.locator("#count-keys").focus()
    for number in ("0", "0", "0", "0", "0"):
        page.keyboard.type(number)
        page.keyboard.press("Tab")
    page.keyboard.press("Control+Enter")  # still blocked: nobody relieves, one slip is in hand
    page.wait_for_selector(".error-summary")
    assert "正在由您处理" in page.inner_text(".blockers")
    for way in ("[value=arrived]", "[value^='hand ']"):
        with page.expect_navigation():  # a key pressed before the next page has loaded is lost
            page.click(f"button[name=way]{way}")
        assert page.locator(f"button[name=way]{way}").count() == 0
    assert page.locator(".blockers").count() == 0
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("input[type=password]")
    page.click("input[type=password]")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_selector(".badge.bg-green")
    assert taps(page) <= 8
    assert time.monotonic() - began < 60
    assert server.ask(SIGNED) == '["signed", "\\u5f20\\u4ea4", "\\u674e\\u63a5", true, 7]'
    assert [text for text in page.console_errors if "422" not in text] == []
    page.keyboard.press("p")
    page.wait_for_url("**/print/")
    text = page.inner_text("[data-field=unfinished]")
    assert all(f"第{n}件漏水" in text for n in range(7))


def test_a_form_that_comes_back_for_the_next_line_is_empty(open_as):
    page = open_as("manager", "/shift/instructions/")
    page.fill("input[name=text]", "贴停水通知")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    page.wait_for_selector("#toasts .toast-success")
    assert page.input_value("input[name=text]") == ""
    page.fill("input[name=text]", "写到一半")
    page.wait_for_timeout(1200)  # a draft is kept each second
    page.reload()
    assert page.input_value("input[name=text]") == "写到一半"

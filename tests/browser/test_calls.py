"""Logging a call with the keyboard while the caller is talking: T1, T2 and T3."""

import json

import pytest

from tests.browser.conftest import keys, taps, until

pytestmark = pytest.mark.browser

NEWEST = """
import json
from repairs.models import Repair
r = Repair.objects.order_by('-pk').first()
print(json.dumps({'pk': r.pk, 'status': r.status, 'unit': r.unit and r.unit.code,
    'content': r.content, 'priority': r.priority, 'phone': r.contact_phone,
    'name': r.contact_name, 'by': r.registered_by.username}))
"""


def newest(server):
    return json.loads(server.ask(NEWEST))


def press_each(page, text):
    for letter in text:
        page.keyboard.press(letter)


@pytest.mark.clause("REP-1", "REP-3")
@pytest.mark.parametrize("who", ["321102", "1234", "wxm"])
def test_known_resident_and_common_fault_take_at_most_20_keys_and_no_click(server, open_as, who):
    """T1: 王秀梅, 3-2-1102, the kitchen tap leaks, as soon as possible; log it and hand it over."""
    before = newest(server)["pk"]
    page = open_as("desk1", "/today/")
    page.keyboard.press("n")
    until(page, "document.activeElement && document.activeElement.id === 'id_who'")
    press_each(page, who)
    page.wait_for_selector("#who-list [role=option]")
    if who != "321102":
        page.wait_for_selector("#who-list [role=option] >> text=3-2-1102")
        while "3-2-1102" not in page.inner_text("#who-list [aria-selected=true]"):
            page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    until(page, "document.activeElement && document.activeElement.id === 'id_content'")
    press_each(page, "cfsl")
    page.wait_for_selector("#phrase-list [role=option]")
    page.keyboard.press("Enter")
    until(page, "document.getElementById('id_content').value.includes('水龙头')")
    page.keyboard.press("Control+Enter")
    until(page, "document.getElementById('id_content')?.value === ''")
    assert keys(page) <= 20
    assert taps(page) == 0
    repair = newest(server)
    assert repair["pk"] > before
    assert (repair["unit"], repair["content"], repair["status"], repair["by"]) == (
        "3-2-1102", "厨房水龙头漏水", "dispatched", "desk1",
    )  # fmt: skip
    assert page.evaluate("document.activeElement.id") == "id_who", "ready for the next call"
    assert page.console_errors == []
    assert page.foreign == []


def test_full_text_takes_at_most_45_keys(server, open_as):
    """T1 with the text typed whole: 26 letters of pinyin stand for 厨房水龙头漏水."""
    page = open_as("desk1", "/today/")
    page.keyboard.press("n")
    until(page, "document.activeElement && document.activeElement.id === 'id_who'")
    press_each(page, "321102")
    page.wait_for_selector("#who-list [role=option]")
    page.keyboard.press("Enter")
    until(page, "document.activeElement && document.activeElement.id === 'id_content'")
    press_each(page, "chufangshuilongtouloushui ")
    page.fill("#id_content", "厨房水龙头漏水得厉害")  # what the input method puts there
    page.keyboard.press("Control+Enter")
    until(page, "document.getElementById('id_content')?.value === ''")
    assert keys(page) <= 45
    assert newest(server)["content"] == "厨房水龙头漏水得厉害"


def test_input_method_neither_picks_nor_submits_while_composing(server, open_as):
    """T2: w, w'x, w'x'm in the input method finds 王秀梅; Enter with key code 229 does nothing."""
    before = newest(server)["pk"]
    page = open_as("desk1", "/today/")
    page.keyboard.press("n")
    until(page, "document.activeElement && document.activeElement.id === 'id_who'")
    cdp = page.context.new_cdp_session(page)
    for text in ("w", "w'x", "w'x'm"):
        cdp.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
        )
    page.wait_for_selector("#who-list [role=option] >> text=3-2-1102")
    cdp.send(
        "Input.dispatchKeyEvent",
        {"type": "rawKeyDown", "windowsVirtualKeyCode": 229, "key": "Process", "code": "Enter"},
    )
    page.wait_for_timeout(300)
    assert page.evaluate("document.activeElement.id") == "id_who"
    assert page.input_value("input[name=unit]") == ""
    cdp.send("Input.insertText", {"text": "王秀梅"})
    page.wait_for_selector("#who-list [role=option] >> text=3-2-1102")
    assert newest(server)["pk"] == before


def test_unknown_caller_with_a_trapped_lift_needs_phone_and_text_only(server, open_as):
    """T3: 13877770000 says that the lift is stuck: urgent by the phrase, and an incident with it."""
    page = open_as("desk1", "/today/")
    page.keyboard.press("n")
    until(page, "document.activeElement && document.activeElement.id === 'id_who'")
    press_each(page, "13877770000")
    page.wait_for_timeout(400)
    page.keyboard.press("Enter")
    until(page, "document.activeElement && document.activeElement.id === 'id_content'")
    press_each(page, "dtkr")
    page.wait_for_selector("#phrase-list [role=option]")
    page.keyboard.press("Enter")
    until(page, "document.getElementById('id_content').value !== 'dtkr'")
    page.keyboard.press("Control+Enter")
    until(page, "document.getElementById('id_content')?.value === ''")
    assert keys(page) <= 30
    repair = newest(server)
    assert (repair["phone"], repair["unit"], repair["priority"]) == (
        "13877770000", None, "emergency",
    )  # fmt: skip
    assert "困" in repair["content"]
    raised = server.ask(
        "from incidents.models import Incident; print(Incident.objects.order_by('-pk').first().category)"
    )
    assert raised == "lift"


def test_draft_survives_a_reload(open_as):
    page = open_as("desk2", "/intake/")
    page.fill("#id_content", "阳台推拉门脱轨, 还没说完")
    page.wait_for_timeout(3000)
    page.reload()
    page.wait_for_load_state("networkidle")
    assert page.input_value("#id_content") == "阳台推拉门脱轨, 还没说完"


def test_screen_pop_opens_a_filled_record(server, open_as):
    """Any phone system opens /intake/?phone=…; the household is there already."""
    phone = server.ask(
        "from estates.models import Resident; "
        "print(Resident.objects.filter(units__code='3-2-1102', name='王秀梅').first().phone)"
    )
    page = open_as("desk2", f"/intake/?phone={phone}")
    assert "3-2-1102" in page.input_value("#id_who")
    assert page.is_visible("[data-card] >> text=王秀梅")


def test_single_keys_do_nothing_when_switched_off(server, open_as):
    server.ask(
        "from accounts.models import Staff; Staff.objects.filter(username='desk2').update(single_key_shortcuts=False)"
    )
    try:
        page = open_as("desk2", "/today/")
        page.keyboard.press("n")
        page.wait_for_timeout(500)
        assert not page.is_visible("#id_who")
    finally:
        server.ask(
            "from accounts.models import Staff; Staff.objects.filter(username='desk2').update(single_key_shortcuts=True)"
        )


@pytest.mark.clause("CMP-1")
def test_complaint_is_logged_from_the_drawer_and_no_slip_is_made(server, open_as):
    before = newest(server)["pk"]
    page = open_as("desk1", "/today/")
    page.keyboard.press("n")
    page.fill("#id_who", "3-2-1102")
    page.wait_for_selector("#who-list [role=option]")
    page.keyboard.press("Enter")
    page.fill("#id_content", "楼上每天夜里拖椅子")
    page.click("#drawer [data-not-repair] summary")
    page.locator("#drawer [data-not-repair] label", has_text="投诉").click()
    assert not page.locator("#drawer [name=do][value=dispatch]").is_visible()
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=已登记, 管家和助理已收到")
    made = server.ask(
        "from complaints.models import Complaint; c = Complaint.objects.order_by('-pk').first();"
        "print(c.content, c.unit.code, c.registered_by.username)"
    )
    assert made == "楼上每天夜里拖椅子 3-2-1102 desk1"
    assert newest(server)["pk"] == before

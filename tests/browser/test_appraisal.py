"""T8 of screens.md: review 刘洋's daily sheet and explain its deductions; and a sheet start to end."""

import pytest

from tests.browser.conftest import taps, until

pytestmark = pytest.mark.browser


def test_t8_review_by_keyboard_with_evidence_in_one_click(open_as, server):
    page = open_as("manager", "/appraisal/review/")
    page.keyboard.press("j")
    card = page.locator("[data-row].is-here")
    assert "刘洋" in card.inner_text()
    assert "96" in card.locator(".appraisal-total").inner_text()
    card.get_by_role("link", name="证据").first.click()
    until(page, "document.querySelector('dialog#sheet[open] .evidence-panel') !== null")
    assert taps(page) == 1
    link = page.locator("#sheet .evidence-rows a").first
    assert link.get_attribute("href").startswith("/repairs/")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    until(page, "document.querySelector('dialog#sheet[open] .evidence-panel') !== null")
    page.keyboard.press("Escape")
    page.locator("[data-row].is-here h2 a").click()
    page.wait_for_load_state("networkidle")
    taken = [
        float(cell.inner_text()) for cell in page.locator(".appraisal-scores td:nth-child(3)").all()
    ]
    left = [
        float(cell.inner_text()) for cell in page.locator(".appraisal-scores td:nth-child(4)").all()
    ]
    assert sum(left) == 100 - sum(taken) == 96
    assert min(left) >= 0
    page.goto(server.address + "/appraisal/review/")
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("a")
    assert "刘洋" not in page.inner_text("main")
    assert page.console_errors == []


WAITING = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import Staff
from appraisal.actions import lines, sheets
now, by = timezone.now(), Staff.objects.get(username="assistant")
for username in ("cashier", "desk1", "desk2", "night1"):
    sheet = sheets.open_sheet(Staff.objects.get(username=username), kind="spot",
                              day=timezone.localdate(), by=by, now=now)
    for what in ("未微笑", "称呼不当"):
        line = lines.add_deduction(
            sheet, group="conduct", sop="conduct", clause="MAN-6", fact=f"{sheet.staff.name}{what}",
            happened_at=now - timedelta(hours=1), grade="minor", by=by, now=now)
        lines.add_evidence(line, label=what, url="/repairs/1/", by=by, now=now)
    sheets.submit(sheet, by=by, now=now)
"""


@pytest.fixture(scope="module")
def waiting(server):
    """Four sheets of two deductions each that wait for the manager's review."""
    server.ask(WAITING)


def here(page):
    """The name on the card that the keys act on; empty where none was chosen."""
    card = page.locator("[data-row].is-here")
    return card.locator("h2").inner_text().split(" ")[0] if card.count() else ""


def names(page):
    return [text.split(" ")[0] for text in page.locator("main [data-row] h2").all_inner_texts()]


def test_j_and_k_walk_from_the_first_sheet_to_the_last_and_back(waiting, open_as):
    page = open_as("manager", "/appraisal/review/")
    queue = names(page)
    assert len(queue) >= 4
    assert here(page) == ""
    page.keyboard.press("a")  # nothing is chosen yet: nothing is signed
    assert (here(page), names(page)) == (queue[0], queue)
    walked = [queue[0]]
    for _step in queue:
        page.keyboard.press("j")
        walked.append(here(page))
    assert walked == [*queue, queue[-1]]
    for _step in queue:
        page.keyboard.press("k")
        walked.append(here(page))
    assert walked[len(queue) + 1 :] == [*reversed(queue[:-1]), queue[0]]
    page.locator("main [data-row] h2 a").nth(2).focus()  # as Tab does: the keys follow the focus
    page.keyboard.press("b")
    assert here(page) == queue[2]
    assert page.locator("[name=reason]:focus").count() == 1


def test_a_half_written_reason_is_lost_by_no_key(waiting, open_as):
    page = open_as("manager", "/appraisal/review/")
    queue = names(page)
    for key in "jjb":
        page.keyboard.press(key)
    page.keyboard.insert_text("证据不足, ")
    page.keyboard.type("jkeab")  # letters, not steps, while one writes
    assert page.evaluate("document.activeElement.value") == "证据不足, jkeab"
    page.keyboard.press("Escape")
    page.keyboard.press("a")  # not signed over what was begun
    until(page, "document.querySelector('#toasts .toast-warning') !== null")
    assert names(page) == queue
    for key in ("Escape", "j", "k"):
        page.keyboard.press(key)
    assert here(page) == queue[1]
    assert page.locator("[data-row].is-here [name=reason]").input_value() == "证据不足, jkeab"
    page.keyboard.press("k")
    with page.expect_navigation():
        page.keyboard.press("a")  # the first one is signed, and the page is a new one
    page.wait_for_load_state("networkidle")
    assert names(page) == queue[1:]
    assert here(page) == queue[1]  # where one goes on
    assert page.locator("[data-row].is-here [name=reason]").input_value() == "证据不足, jkeab"
    assert page.locator("[data-row].is-here [name=reason]").is_visible()
    page.keyboard.press("b")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    assert (names(page), here(page)) == (queue[2:], queue[2])
    assert "退回" in page.locator("#toasts").inner_text()
    assert page.console_errors == []


def test_e_goes_from_one_deduction_to_the_next(waiting, open_as):
    page = open_as("manager", "/appraisal/review/")
    shown = "document.querySelector('dialog#sheet[open] .evidence-panel')?.innerText ?? ''"
    page.keyboard.press("j")
    facts = page.locator("[data-row].is-here .appraisal-fact").all_inner_texts()
    for fact in (*facts, facts[0]):
        page.keyboard.press("e")
        until(page, f"({shown}).includes('{fact}')")
    page.keyboard.press("j")  # the list behind stands still
    page.keyboard.press("Escape")
    assert here(page) == names(page)[0]
    assert page.locator("[data-row].is-here :focus").count() == 1


def test_no_key_acts_while_an_input_method_composes(waiting, open_as):
    page = open_as("manager", "/appraisal/review/")
    queue = names(page)
    for key in "jb":
        page.keyboard.press(key)
    composing = page.context.new_cdp_session(page)
    composing.send(
        "Input.imeSetComposition", {"text": "que'shao", "selectionStart": 8, "selectionEnd": 8}
    )
    for code in ("KeyJ", "KeyA", "KeyE", "Enter", "Escape"):
        page.evaluate(
            """code => document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
            { code, key: "Process", isComposing: true, bubbles: true, cancelable: true }))""",
            code,
        )
        page.evaluate(
            """code => { const event = new KeyboardEvent("keydown",
            { code, key: "Process", keyCode: 229, bubbles: true, cancelable: true });
            document.body.dispatchEvent(event) }""",
            code,
        )
    assert page.locator("[name=reason]:focus").count() == 1
    composing.send("Input.insertText", {"text": "缺少"})
    assert page.evaluate("document.activeElement.value") == "缺少"
    assert (names(page), here(page)) == (queue, queue[0])
    assert page.locator("dialog#sheet[open]").count() == 0


def test_an_appeal_is_decided_and_the_total_changes(open_as):
    page = open_as("manager", "/appraisal/appeals/")
    page.locator("main [data-row] a").first.click()
    page.wait_for_load_state("networkidle")
    page.locator("input[name^=kept_]").fill("0")
    page.locator("textarea[name=decision]").fill("有电话记录, 撤回")
    with page.expect_navigation():
        page.locator("textarea[name=decision]").press("Control+Enter")
    assert "申诉成立" in page.inner_text("main")
    page.locator(".page-actions a").click()
    page.wait_for_load_state("networkidle")
    assert page.locator(".appraisal-big").inner_text().startswith("100")


def test_the_managers_sheet_takes_two_causes_at_once(open_as):
    page = open_as("gm", "/appraisal/new/")
    page.select_option("select[name=staff]", label="周敏 (客服部经理)")
    page.select_option("select[name=kind]", "spot")
    page.locator("main form button[type=submit]").click()
    page.wait_for_load_state("networkidle")
    if not page.locator("#deduct details[open]").count():  # folded beside proposals, if any
        page.keyboard.press("a")
    page.select_option("select[name=rule]", "repair_callback")
    assert "一般违规 2, 严重违规 5" in page.locator("[data-points]").inner_text()
    page.locator("summary", has_text="改进要求").click()
    page.fill("[name=improvement]", "每周抽查回访")
    page.fill("textarea[name=fact]", "一周未检查回访")
    page.check("[data-deduct] input[name=causes][value=training]")
    page.check("[data-deduct] input[name=causes][value=duty]")
    page.get_by_role("button", name="记扣分").click()
    page.wait_for_load_state("networkidle")
    assert page.locator(".appraisal-linked").count() == 2
    assert page.locator("textarea[name=fact]").input_value() == ""  # not offered a second time
    assert page.locator("[name=improvement]").input_value() == "每周抽查回访"  # begun below
    page.keyboard.press("a")
    page.fill("textarea[name=fact]", "又一项")
    page.get_by_role("button", name="提交").first.click()  # not over a deduction that was begun
    until(page, "document.querySelector('#toasts .toast-warning') !== null")
    page.fill("textarea[name=fact]", "")
    with page.expect_navigation():
        page.get_by_role("button", name="提交").first.click()
    assert "每周抽查回访" in page.locator("main").inner_text()
    assert page.locator(".appraisal-big").inner_text().startswith("94")  # 2 + 2 + 2


def test_records_are_picked_by_keyboard_and_a_refused_form_keeps_them(open_as):
    page = open_as("assistant", "/appraisal/new/")
    name = page.locator("select[name=staff] option", has_text="刘洋").inner_text()
    page.select_option("select[name=staff]", label=name)
    page.select_option("select[name=kind]", "monthly")
    page.locator("main form button[type=submit]").click()
    page.wait_for_load_state("networkidle")
    if not page.locator("#deduct details[open]").count():
        page.keyboard.press("a")
    page.select_option("select[name=rule]", "repair_callback")
    page.fill("textarea[name=fact]", "两张单没有回访")
    search = page.locator("[data-records-search]")
    search.scroll_into_view_if_needed()
    until(page, "document.querySelectorAll('#deduct [data-record]').length > 2")
    search.fill("回访")
    for key in ("ArrowDown", "Space", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    search.fill("zzz")
    assert page.locator("[data-records-none]").is_visible()
    search.fill("")
    assert "2" in page.locator("[data-records-count]").inner_text()
    page.fill("#deduct [name=url]", "/repairs/987654/")
    page.get_by_role("button", name="记扣分").click()
    page.wait_for_load_state("networkidle")
    assert "打不开这个地址" in page.locator("#deduct").inner_text()
    page.locator("[data-records-search]").scroll_into_view_if_needed()
    until(page, "document.querySelectorAll('#deduct [data-record]').length > 2")
    assert page.locator("#deduct [name=records]:checked").count() == 2
    links = page.locator("#deduct [data-record]:has(:checked) a")
    pages = {
        link.get_attribute("href") for link in links.all()
    }  # one page is one piece of evidence
    page.fill("#deduct [name=url]", "")
    page.get_by_role("button", name="记扣分").click()
    page.wait_for_load_state("networkidle")
    assert f"证据 {len(pages)}" in page.locator("[data-key=E]").first.inner_text()


def test_a_month_is_tried_under_other_numbers(open_as):
    page = open_as("manager", "/appraisal/months/")
    page.locator("a[href$='/replay/']").click()
    page.wait_for_load_state("networkidle")
    page.locator("summary", has_text="试算的数字").click()
    page.fill("input[name=minor]", "4")
    page.get_by_role("button", name="试算").click()
    page.wait_for_load_state("networkidle")
    assert "3 人得分会变" in page.locator("main").inner_text()
    assert page.console_errors == []


def test_no_page_scrolls_sideways_on_a_phone(open_as):
    for path in ("/appraisal/", "/appraisal/review/", "/appraisal/months/", "/appraisal/fairness/"):
        page = open_as("manager", path, phone=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path

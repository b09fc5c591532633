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
    page.fill("textarea[name=fact]", "一周未检查回访")
    page.check("[data-deduct] input[name=causes][value=training]")
    page.check("[data-deduct] input[name=causes][value=duty]")
    page.get_by_role("button", name="记扣分").click()
    page.wait_for_load_state("networkidle")
    assert page.locator(".appraisal-linked").count() == 2
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

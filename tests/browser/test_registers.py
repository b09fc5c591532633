"""A thing taken at the desk (STO-1): typed once, printed for signing, signed; the next form is empty."""

import re

import pytest

from tests.browser.conftest import until

pytestmark = pytest.mark.browser


def test_thing_is_printed_signed_and_its_draft_forgotten(open_as):
    page = open_as("desk1", "/registers/storage/add/")
    for name, typed in (("depositor", "钟先生"), ("phone", "13912345678"), ("item", "行李箱"),
                        ("place", "架3")):  # fmt: skip
        page.fill(f"main [name={name}]", typed)
    with page.expect_navigation():
        page.click("main button[name=print]")
    page.wait_for_url(re.compile(r"/registers/storage/\d+/print/\?new$"))
    assert "行李箱" in page.inner_text(".tag")
    page.click(".print-bar a")
    page.wait_for_url(re.compile(r"/registers/storage/\d+/$"))
    with page.expect_navigation():
        page.click("main button:has-text('记签名')")
    page.wait_for_selector(".timeline-plain >> text=记签名")
    page.goto(re.sub(r"\d+/$", "add/", page.url))
    page.wait_for_load_state("networkidle")
    until(page, "document.querySelector('main [name=item]').value === ''")
    page.wait_for_timeout(300)
    assert page.input_value("main [name=item]") == ""


def test_workbook_says_that_it_is_being_written(open_as):
    page = open_as("desk1", "/registers/keys/")
    sent = []

    def late(route):
        sent.append(route.request.url)
        page.wait_for_timeout(600)
        route.continue_()

    page.route("**/export/**", late)
    link = page.locator("main a[href*='/export/']")
    was = link.inner_text()
    with page.expect_download() as waiting:
        link.click()
        assert link.get_attribute("aria-busy") == "true"
        assert link.inner_text().strip() == "正在写 Excel…"
        link.click()  # a second press while it is under way
    assert re.fullmatch(r"钥匙委托 \d{8}\.xlsx", waiting.value.suggested_filename)
    until(page, "!document.querySelector('main a[aria-busy]')")
    assert link.inner_text() == was
    assert len(sent) == 1
    assert page.inner_text("#status") == "Excel 已下载"


def test_workbook_that_cannot_be_written_says_so(open_as):
    page = open_as("desk1", "/registers/keys/")
    page.route("**/export/**", lambda route: route.fulfill(status=500))
    page.click("main a[href*='/export/']")
    page.wait_for_selector(".toast-error >> text=没有下载成")
    until(page, "!document.querySelector('main a[aria-busy]')")

"""The case page by keyboard (W8): F9 brings it up, Ctrl+Enter sends, P prints."""

import re

import pytest

from tests.browser.conftest import until

pytestmark = pytest.mark.browser


def test_case_is_brought_up_and_printed_without_the_mouse(open_as):
    page = open_as("butler1", "/complaints/?grade=major")
    page.click(".complaint-list tbody a")
    page.wait_for_load_state("networkidle")
    case = page.url
    page.keyboard.press("F9")
    until(page, "document.activeElement.name === 'words'")
    page.keyboard.insert_text("业主今晚要见经理")
    with page.expect_navigation():  # a key pressed before the next page has loaded is lost
        page.keyboard.press("Control+Enter")
    page.wait_for_selector(".timeline-plain >> text=业主今晚要见经理")
    assert page.url == case
    page.keyboard.press("p")
    page.wait_for_url(re.compile(r"/complaints/\d+/print/$"))

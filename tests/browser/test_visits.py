"""A complaint is called back without a signal: one record, however often it is sent (W5)."""

import pytest

from tests.browser.conftest import taps, until
from tests.browser.test_phone import (
    FITS,
    NOBODY_WAITS,
    PUT_BACK,
    REMEMBER,
    SMALL,
    ready,
)

pytestmark = pytest.mark.browser


def facts(server, pk):
    """How the server knows this complaint: status, satisfaction, call-backs, 补传."""
    return server.ask(
        "from complaints.models import Complaint; from history.models import Entry;"
        f"c = Complaint.objects.get(pk={pk}); e = Entry.objects.about(c);"
        "print(c.status, c.satisfaction, c.callbacks.count(),"
        "e.filter(event='complaint.called_back', detail__has_key='happened_at').count())"
    )


def test_complaint_called_back_without_signal_arrives_once(server, open_as):
    page = open_as("butler1", "/callbacks/", phone=True)
    ready(page)
    link = page.locator("a[href^='/callbacks/complaints/']").first
    pk = int(link.get_attribute("href").split("/")[3])
    before = facts(server, pk)
    page.clock.install(time=page.evaluate("Date.now()") / 1000 - 20 * 60)  # 20 minutes ago
    page.evaluate("sessionStorage.clear()")
    page.context.set_offline(True)
    link.tap()
    page.wait_for_url("**/callbacks/complaints/**")
    page.locator(".choice", has_text="基本满意").tap()
    page.get_by_role("button", name="完成").tap()
    until(page, f"!({NOBODY_WAITS})")
    assert taps(page) <= 3
    assert page.evaluate(FITS)
    page.reload()  # still without signal
    until(page, f"!({NOBODY_WAITS})")
    assert page.locator("[data-waiting]").is_visible()
    assert page.evaluate(SMALL) == []
    assert facts(server, pk) == before
    assert page.evaluate(REMEMBER) == 1
    page.context.set_offline(False)
    until(page, NOBODY_WAITS, seconds=20)
    assert facts(server, pk) == "called_back fair 1 1"
    for _retry in range(3):
        with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
            page.evaluate(PUT_BACK)
        assert sent.value.ok
        until(page, NOBODY_WAITS)
    assert facts(server, pk) == "called_back fair 1 1"


def test_call_that_was_promised_is_tried_and_answered_without_signal_once_each(server, open_as):
    """回电: a try in the cellar, then the answer; both arrive once, marked 补传."""
    page = open_as("desk1", "/callbacks/?kind=contacts.call_back", phone=True)
    ready(page)
    where = page.locator("a[href^='/callbacks/contacts/']").first.get_attribute("href")
    asked = (
        f"from contacts.models import Contact; c = Contact.objects.get(pk={where.split('/')[3]});"
        "print(c.outcome, c.call_tries.count(), c.answer)"
    )
    for choice, words, known in (
        ("没打通", "", "call_back 1 "),
        ("已答复", "下周一退到卡上", "called_back 1 下周一退到卡上"),
    ):
        page.goto(f"{server.address}{where}")
        page.wait_for_load_state("networkidle")
        page.context.set_offline(True)
        page.locator(".choice", has_text=choice).tap()
        page.locator("[name=answer]").fill(words)
        page.get_by_role("button", name="完成").tap()
        until(page, f"!({NOBODY_WAITS})")
        assert page.evaluate(FITS)
        assert page.evaluate(SMALL) == []
        assert page.evaluate(REMEMBER) == 1
        page.context.set_offline(False)
        until(page, NOBODY_WAITS, seconds=20)
        assert server.ask(asked) == known.strip()
        with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
            page.evaluate(PUT_BACK)
        assert sent.value.ok
        until(page, NOBODY_WAITS)
        assert server.ask(asked) == known.strip()

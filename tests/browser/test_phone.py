"""A butler's phone: T5 and T6 of the screens, no signal, a shared phone, and an address without HTTPS."""

from io import BytesIO

import pytest
from PIL import Image

from tests.browser.conftest import PASSWORD, PHONE, Office, chromium_path, taps, until

pytestmark = pytest.mark.browser

CARRIED = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "locale": "zh-CN"}
SMALL = """[...document.querySelectorAll('main a.btn, main button, main .choice span, dialog[open] a.btn, dialog[open] button, dialog[open] .choice span, .phone-bar a')]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height)
  .filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 90))"""
FITS = "document.documentElement.scrollWidth <= innerWidth"
NOBODY_WAITS = "document.getElementById('outbox-bar').hidden"


def photo():
    out = BytesIO()
    Image.effect_noise((2400, 1800), 80).convert("RGB").save(out, "JPEG")
    return {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.fixture
def visits(server):
    """Addresses of visits that nobody has recorded yet, each used once."""
    rows = server.ask(
        "from visits.models import Visit;"
        "print(*Visit.objects.filter(status='planned', butler__username='butler1')"
        ".order_by('planned_for', 'pk').values_list('pk', flat=True)[:4])"
    )
    return [int(pk) for pk in rows.split()]


def facts(server, pk):
    """How the server knows this visit: status, tries, photos, 补传."""
    return server.ask(
        f"from visits.models import Visit; v = Visit.objects.get(pk={pk});"
        "print(v.status, v.tries.count() + v.addenda.count(), v.photos.count(), v.was_late_entry)"
    )


def log_in(page, office, name):
    page.goto(f"{office.address}/login/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def ready(page):
    """Until the phone has kept the page and what it leads to."""
    until(page, "document.documentElement.dataset.kept === '1'", seconds=90)


def write_in_the_cellar(page, server, pk):
    """Open the visit, take a photo, lose the signal, press 完成."""
    page.goto(f"{server.address}/visits/{pk}/record/")
    page.wait_for_load_state("networkidle")
    page.set_input_files("#photo-files", photo())
    until(page, "document.querySelectorAll('[data-photo-list] img').length === 1")
    page.locator(".choice", has_text="基本满意").tap()
    page.context.set_offline(True)
    page.get_by_role("button", name="完成走访").tap()
    until(page, f"!({NOBODY_WAITS})")


def test_t5_callback_takes_three_taps(server, open_as):
    page = open_as("butler1", "/followups/?kind=repairs.callback", phone=True)
    number = page.locator("a.js-sheet").first.get_attribute("href").split("/")[2]
    page.get_by_role("link", name="记结果").first.tap()
    page.locator("#sheet .choice", has_text="已解决 · 满意").tap()
    assert page.evaluate(SMALL) == []
    assert page.evaluate(FITS)
    with page.expect_navigation():
        page.locator("#sheet button[type=submit]").tap()
    page.wait_for_load_state("networkidle")
    assert taps(page) <= 3
    asked = f"from repairs.models import Repair; print(Repair.objects.get(pk={number}).status)"
    assert server.ask(asked) == "called_back"
    assert page.console_errors == []


STORE = """new Promise((resolve, reject) => {
  const request = indexedDB.open('yamei', 1);
  request.onsuccess = () => {
    const change = request.result.transaction('items', 'readwrite');
    const store = change.objectStore('items');
    const got = %s;
    change.oncomplete = () => resolve(got && got.result);
    change.onerror = () => reject(change.error);
  };
  request.onerror = () => reject(request.error);
})"""
REMEMBER = (
    f"{STORE % 'store.getAll()'}.then((items) => {{ window.held = items; return items.length; }})"
)
PUT_BACK = f"{STORE % 'store.put(window.held[0])'}.then(() => dispatchEvent(new Event('online')))"


def test_t6_visit_written_without_signal_arrives_once(server, open_as, visits):
    pk = visits[0]
    page = open_as("butler1", "/visits/", phone=True)
    ready(page)
    page.clock.install(time=page.evaluate("Date.now()") / 1000 - 20 * 60)  # 20 minutes ago
    page.evaluate("sessionStorage.clear()")
    write_in_the_cellar(page, server, pk)
    assert taps(page) <= 7
    assert page.evaluate(FITS)
    page.reload()  # still without signal
    until(page, f"!({NOBODY_WAITS})")
    assert page.locator("[data-waiting]").is_visible()
    assert page.evaluate(SMALL) == []
    assert facts(server, pk) == "planned 0 0 False"
    assert page.evaluate(REMEMBER) == 1
    page.context.set_offline(False)
    until(page, NOBODY_WAITS, seconds=20)
    assert facts(server, pk) == "visited 0 1 True"
    for _retry in range(3):
        with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
            page.evaluate(PUT_BACK)
        assert sent.value.ok
        until(page, NOBODY_WAITS)
    assert facts(server, pk) == "visited 0 1 True"
    page.goto(f"{server.address}/visits/{pk}/")
    assert page.get_by_text("补传", exact=True).first.is_visible()


def test_answer_lost_on_the_way_makes_no_second_record(server, open_as, visits):
    """The server has it, the phone does not know: the network went away during the submit."""
    pk = visits[1]
    page = open_as("butler1", f"/visits/{pk}/record/", phone=True)
    page.set_input_files("#photo-files", photo())
    until(page, "document.querySelectorAll('[data-photo-list] img').length === 1")
    lost = []

    def lose(route):
        if route.request.method == "POST" and len(lost) < 2:
            lost.append(route.fetch().status)
            return route.abort("connectionreset")
        return route.continue_()

    page.route("**/record/", lose)
    page.get_by_role("button", name="完成走访").tap()
    until(page, f"!({NOBODY_WAITS})")
    page.evaluate("dispatchEvent(new Event('online'))")
    until(page, NOBODY_WAITS, seconds=30)
    assert lost == [204, 204]
    assert facts(server, pk) == "visited 0 1 False"


def test_kept_pages_and_records_belong_to_one_account(server, browser, visits):
    """A shared phone: nothing of one butler is shown to, or sent by, the next person."""
    pk = visits[2]
    context = browser.new_context(**CARRIED)
    page = context.new_page()

    try:
        log_in(page, server, "butler1")
        page.goto(f"{server.address}/visits/")
        ready(page)
        write_in_the_cellar(page, server, pk)
        # The signal comes back at the moment he logs out, before anything was sent.
        page.route("**/record/", lambda route: route.abort())
        page.context.set_offline(False)
        page.goto(f"{server.address}/visits/coverage/")
        page.locator("[data-menu] summary").tap()
        page.get_by_role("button", name="退出登录").tap()
        page.wait_for_url("**/login/**")
        page.unroute("**/record/")
        until(page, "caches.keys().then(names => names.every(name => !name.startsWith('pages-')))")
        log_in(page, server, "desk1")
        page.goto(f"{server.address}/followups/")
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_timeout(500)
        assert page.evaluate(NOBODY_WAITS)
        assert facts(server, pk) == "planned 0 0 False"
        page.context.clear_cookies()
        log_in(page, server, "butler1")
        page.goto(f"{server.address}/followups/")
        until(page, NOBODY_WAITS, seconds=20)
        assert facts(server, pk).startswith("visited 0 1")
    finally:
        context.close()


def test_page_that_was_not_kept_says_so(server, open_as):
    page = open_as("butler1", "/visits/", phone=True)
    ready(page)
    page.context.set_offline(True)
    page.goto(f"{server.address}/services/")
    assert page.locator("h1").inner_text() == "没有网络"
    page.goto(f"{server.address}/visits/")
    until(page, "!document.querySelector('[data-stale]').hidden")
    assert page.locator("h1").inner_text() == "走访"


def test_plain_http_says_what_it_can_keep_and_sends_while_open(server, browser, visits):
    """A host that is not localhost and has no HTTPS: no service worker, but nothing is lost."""
    pk = visits[3]
    office = Office(server.address.replace("127.0.0.1", "office.test"), server.env)
    other = browser.browser_type.launch(
        executable_path=chromium_path(),
        args=["--no-sandbox", "--host-resolver-rules=MAP office.test 127.0.0.1"],
    )
    try:
        page = other.new_context(**CARRIED).new_page()
        log_in(page, office, "butler1")
        assert page.evaluate("[isSecureContext, 'serviceWorker' in navigator]") == [False, False]
        write_in_the_cellar(page, office, pk)
        assert page.locator("[data-no-worker]").is_visible()
        assert page.locator("[data-waiting]").is_visible()
        page.context.set_offline(False)
        until(page, NOBODY_WAITS, seconds=20)
        assert facts(server, pk).startswith("visited 0 1")
    finally:
        other.close()


def test_visit_page_has_targets_for_thumbs(server, open_as, visits):
    page = open_as("butler1", f"/visits/{visits[0]}/record/", phone=True)
    assert page.evaluate(SMALL) == []
    assert page.evaluate(FITS)

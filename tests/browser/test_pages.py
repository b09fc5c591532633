"""Every page, desk and phone: accessible, no sideways scroll, no console error, own host only."""

from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

PAGES = [
    ("desk1", "/today/"),
    ("desk1", "/intake/"),
    ("desk1", "/repairs/"),
    ("desk1", "/repairs/?q=漏水&status=all"),
    ("desk1", "repair"),
    ("desk1", "repair print"),
    ("desk1", "/repairs/register/print/"),
    ("desk1", "unit"),
    ("desk1", "/search/?q=3-2-1102"),
    ("desk1", "/followups/"),
    ("desk1", "/inbox/"),
    ("desk1", "/incidents/"),
    ("desk1", "/incidents/raise/"),
    ("desk1", "/services/"),
    ("butler1", "/followups/"),
    ("dispatcher", "/dispatch/"),
    ("repairer1", "/dispatch/"),
    ("manager", "/staff/"),
    ("manager", "/estates/"),
    ("manager", "/rulebook/"),
    ("manager", "/rulebook/calendar/"),
    ("manager", "/import/"),
    ("sysadmin", "/robots/"),
    ("", "/login/"),
]
OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}


@pytest.fixture(scope="session")
def places(server):
    repair = server.ask(
        "from repairs.models import Repair; print(Repair.objects.filter(unit__code='3-2-1102').order_by('-pk').first().pk)"
    )
    unit = server.ask(
        "from estates.models import Unit; print(Unit.objects.get(code='3-2-1102', estate_id=1).pk)"
    )
    return {
        "repair": f"/repairs/{repair}/",
        "repair print": f"/repairs/{repair}/print/",
        "unit": f"/unit/{unit}/",
    }


@pytest.mark.parametrize("phone", [False, True], ids=["1366", "390"])
@pytest.mark.parametrize(("who", "path"), PAGES, ids=[f"{w}{p}" for w, p in PAGES])
def test_page_is_accessible_and_fits(server, open_as, places, who, path, phone):
    page = open_as(who, places.get(path, path), phone=phone)
    assert page.url.endswith(quote(places.get(path, path), safe="/?=&"))
    found = Axe().run(page, options=OPTIONS).response["violations"]
    serious = [
        f"{v['id']}: {v['nodes'][0]['html'][:160]}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]
    assert serious == []
    if "print" not in path:
        width, inner = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width <= inner
    assert page.locator("h1").count() == (page.locator(".paper .sheet").count() or 1)
    assert page.console_errors == []
    assert page.foreign == []

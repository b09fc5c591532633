"""The intake drawer in the page: drawn once for many, and right for each of them."""

import pytest
from django.utils import translation

from desk.drawer import drawer_html

pytestmark = pytest.mark.django_db


def test_drawer_speaks_the_language_of_the_page(desk, estate):
    chinese = drawer_html(desk, [estate])
    with translation.override("en"):
        english = drawer_html(desk, [estate])
    assert "报修内容" in chinese
    assert "报修内容" not in english


def test_drawer_dispatches_only_for_whoever_may(desk, repairer, estate):
    assert 'value="dispatch"' in drawer_html(desk, [estate])
    assert "repairs.dispatch" not in repairer.permissions
    assert 'value="dispatch"' not in drawer_html(repairer, [estate])


def test_drawer_follows_an_estate_that_got_another_name(desk, estate, other_estate):
    assert "城南小区" in drawer_html(desk, [estate, other_estate])
    other_estate.name = "城南新区"
    assert "城南新区" in drawer_html(desk, [estate, other_estate])


def test_drawer_holds_nothing_of_one_person_or_moment(as_, desk, desk2):
    pages = [as_(who).get("/followups/").content.decode() for who in (desk, desk2)]
    drawers = [
        page.split('<template id="intake-template">')[1].split("</template>")[0] for page in pages
    ]
    assert drawers[0] == drawers[1]
    assert "csrfmiddlewaretoken" not in drawers[0]
    assert 'name="client_key"' in drawers[0]
    assert 'name="client_key" value' not in drawers[0]

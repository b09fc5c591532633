"""A NUL in an address is a search for nothing, on PostgreSQL too (checklist F4)."""

import pytest


@pytest.mark.parametrize(
    "path",
    [
        "/search/",
        "/repairs/",
        "/intake/lookup/",
        "/intake/answers/",
        "/units/",
        "/services/",
        "/suggestions/",
    ],
)
def test_nul_in_the_address_is_no_fault(as_, desk, path):
    fields = dict.fromkeys(("q", "category", "kind", "state", "status", "before"), "漏\x00水")
    assert as_(desk).get(path, fields).status_code == 200

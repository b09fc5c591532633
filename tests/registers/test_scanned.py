"""What a scanner reads off a card, a tag, a label or a waybill leads to its line."""

import pytest

from registers.scanned import find_scanned


@pytest.mark.clause("KEY-1", "CRD-1", "MAI-1", "STO-1", "ARC-1")
@pytest.mark.parametrize(
    ("code", "slug"),
    [
        ("K-07", "keys"), ("k-07", "keys"), ("YS2026-0001", "keys"), ("C1001", "cards"),
        ("EMS1", "mail"), ("JC2026-0001", "storage"), ("da2026-0001", "archive"),
    ],
)  # fmt: skip
def test_code_leads_to_its_line(code, slug, records_of_all, desk, as_):
    assert find_scanned(code, staff=desk) == [records_of_all[slug]]
    page = as_(desk).get("/search/", {"q": code}).content.decode()
    assert f'href="{records_of_all[slug].get_absolute_url()}"' in page


@pytest.mark.parametrize(
    "text", ["3-2-1102", "1102", "王秀梅", "wxm", "K-7", "%", "'", "", "a" * 90]
)
def test_what_is_no_code_or_no_line_finds_nothing(text, records_of_all, desk):
    assert find_scanned(text, staff=desk) == []


def test_line_is_found_only_by_who_may_see_it(records_of_all, repairer, outsider, desk):
    assert find_scanned("K-07", staff=desk)
    assert find_scanned("K-07", staff=repairer) == []
    assert find_scanned("K-07", staff=outsider) == []


def test_scanning_costs_at_most_two_queries(records_of_all, desk, django_assert_num_queries):
    find_scanned("K-07", staff=desk)
    with django_assert_num_queries(2):
        find_scanned("K-07", staff=desk)
    with django_assert_num_queries(0):
        find_scanned("王秀梅", staff=desk)

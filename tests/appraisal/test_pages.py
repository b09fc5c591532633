"""Lists ask the same number of questions for one row and for many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appraisal.actions import sheets

BUDGET = 12


def asked(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


@pytest.mark.parametrize("path", ["/appraisal/", "/appraisal/months/2026-11/"])
def test_queries_do_not_grow_with_rows(
    path, handed_in, butler2, cashier, desk, manager, sheet_of, as_, now
):
    client = as_(manager)
    before = asked(client, path)
    for person in (butler2, cashier, desk):
        sheets.submit(sheet_of(person, by=manager), by=manager, now=now)
    assert asked(client, path) <= before
    assert before <= BUDGET


def test_own_month_is_seen_only_once_it_is_published(butler, manager, sheet_of, as_, now):
    sheets.submit(sheet_of(butler, by=manager), by=manager, now=now)
    answer = as_(butler).get("/appraisal/months/2026-11/")
    assert [row.score for row in answer.context["rows"]] == [None]


def test_a_sheet_is_printed_with_its_clauses_and_signature_lines(handed_in, butler, as_):
    text = as_(butler).get(f"/appraisal/{handed_in.pk}/print/").content.decode()
    for word in ("REP-6", "PAT-1", "检查人签字", "上级审核", "a4-portrait"):
        assert word in text
    answer = as_(butler).get(f"/appraisal/{handed_in.pk}/xlsx/")
    assert answer.content[:2] == b"PK"

"""Follow-ups about anything: the subject is a unit, the kinds are those of sample.py."""

import pytest


@pytest.fixture(autouse=True)
def sample_kinds(settings):
    settings.FOLLOWUP_MODULES = ["tests.followups.sample"]


@pytest.fixture
def owe_one(estate, unit, now):
    """``owe_one(subject=…, owner=…, due_at=…)`` opens a follow-up, by default a dispatch clock."""
    from followups.actions import open_followup  # noqa: PLC0415

    def open_one(subject=None, kind="sample.dispatch", **fields):
        wanted = {
            "now": now,
            "owner_post": "front_desk",
            "estate": estate,
            "unit": unit,
            "params": {"what": "漏水"},
            "url": "/repairs/1/",
            "limit_key": "repairs.dispatch",
        } | fields
        return open_followup(subject or unit, kind, **wanted)

    return open_one

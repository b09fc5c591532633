"""Follow-ups about anything: the subject is a unit, the kinds are declared by a test module."""

import pytest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from followups.kinds import Kind

DISPATCH = Kind(
    key="sample.dispatch",
    label=_("转单"),
    title=gettext_noop("转单: %(place)s %(what)s"),
    action=_("转工程"),
    night=True,
    pausable=False,
)
CALLBACK = Kind(
    key="sample.callback",
    label=_("回访"),
    title=gettext_noop("回访: %(place)s %(what)s"),
    action=_("记结果"),
    area=True,
)
KINDS = (DISPATCH, CALLBACK)


def open_due(now):
    """Nothing becomes due by time alone."""


@pytest.fixture(autouse=True)
def sample_kinds(settings):
    settings.FOLLOWUP_MODULES = [__name__]


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

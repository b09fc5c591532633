import sys
from types import ModuleType

import pytest

from followups.kinds import check_modules, kind
from tests.followups import sample


def test_every_declared_module_of_the_installation_is_sound(settings):
    settings.FOLLOWUP_MODULES = ["repairs.followups", "contacts.followups", "incidents.followups"]
    assert check_modules(None) == []
    assert kind("repairs.dispatch").pausable is False


def test_a_missing_module_is_said_at_start(settings):
    settings.FOLLOWUP_MODULES = ["tests.followups.sample", "nowhere.followups"]
    assert [found.id for found in check_modules(None)] == ["followups.E001"]
    assert kind("sample.callback").area


def test_a_module_that_declares_nothing_is_said_at_start(settings):
    settings.FOLLOWUP_MODULES = ["followups.ladder"]
    assert [found.id for found in check_modules(None)] == ["followups.E002"]


def test_two_kinds_of_one_name_are_said_at_start(settings, monkeypatch):
    twin = ModuleType("twin")
    twin.KINDS, twin.open_due = sample.KINDS[:1], sample.open_due
    monkeypatch.setitem(sys.modules, "twin", twin)
    settings.FOLLOWUP_MODULES = ["tests.followups.sample", "twin"]
    assert [found.id for found in check_modules(None)] == ["followups.E003"]


def test_a_kind_that_nobody_declares_is_a_key_error():
    with pytest.raises(KeyError, match=r"sample\.unknown"):
        kind("sample.unknown")

"""A household of the butler's area with a visit planned there."""

import pytest

from tests.visits.factories import plan_one


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def visit(unit, butler, resident, now):
    return plan_one(unit, butler, now=now)

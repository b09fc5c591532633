"""A crew that can bring a repair to any state."""

import pytest

from tests.repairs.factories import Crew


@pytest.fixture
def crew(estate, unit, resident, desk, butler, dispatcher, repairer, engmanager):
    return Crew(estate, unit, desk, dispatcher, repairer, engmanager)

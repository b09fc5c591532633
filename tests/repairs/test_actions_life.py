"""The main road of a slip, and every turn that is not on the map."""

import pytest

from repairs.statuses import Status


@pytest.mark.parametrize("status", list(Status))
def test_every_state_is_reached_by_actions(crew, now, status):
    assert crew.slip(status, now=now).status == status

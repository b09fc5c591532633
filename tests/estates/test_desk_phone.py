"""The number of the front desk, which a message to a resident names."""

import pytest

from history.models import Entry


@pytest.mark.parametrize(
    ("typed", "kept"), [("029 8888 0001", "029-88880001"), ("", ""), ("12", None)]
)
def test_desk_phone_is_read_as_a_phone_and_kept(as_, sysadmin, estate, typed, kept):
    data = {"name": estate.name, "address": "演示路", "desk_phone": typed}
    answer = as_(sysadmin).post(f"/estates/{estate.pk}/change/", data)
    estate.refresh_from_db()
    if kept is None:
        assert (answer.status_code, estate.desk_phone) == (422, "")
        return
    assert (answer.status_code, estate.desk_phone) == (302, kept)
    assert Entry.objects.about(estate).filter(event="estate.changed").exists()

"""Photos of an activity: kept once, private, until it is filed (ACT-1, forms 4.16)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from community.actions import events, photos
from community.models import CommunityEvent, EventPhoto
from community.statuses import EventStatus
from history.models import Entry
from repairs.photos import read_picture
from tests.visits.factories import picture_file


@pytest.fixture
def event(estate, butler, now):
    """An activity whose residents were told."""
    event = events.add(estate=estate, plan=None, theme="义诊", starts_at=now + timedelta(days=20),
                       owner=butler, by=butler, now=now)  # fmt: skip
    CommunityEvent.objects.filter(pk=event.pk).update(status=EventStatus.NOTICED)
    event.refresh_from_db()
    return event


def keep(event, by, now, key=None):
    return photos.add_photo(
        event, picture=read_picture(picture_file()), client_key=key or uuid4(), by=by, now=now
    )


def sheet(event):
    return f"/activities/{event.pk}/photos/"


@pytest.mark.clause("ACT-1")
def test_photo_sent_twice_is_kept_once_and_shown_on_the_activity(as_, event, butler):
    key = str(uuid4())
    for _press in range(2):
        answer = as_(butler).post(sheet(event), {"photos": picture_file(), "client_key": key})
        assert answer.status_code == 302
    photo = EventPhoto.objects.get()
    assert photo.get_absolute_url() in as_(butler).get(event.get_absolute_url()).content.decode()
    assert Entry.objects.about(event).filter(event="event.photo_added").count() == 1


def test_photo_is_served_as_our_own_jpeg_and_only_inside_the_estate(
    as_, event, butler, gm, outsider, repairer, now
):
    address = keep(event, butler, now).get_absolute_url()
    for query in ("", "?thumb"):
        answer = as_(gm).get(address + query)
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert "no-cache" in answer.headers["Cache-Control"]
        assert b"".join(answer)[:2] == b"\xff\xd8"
    assert as_(outsider).get(address).status_code == 404
    assert as_(outsider).post(sheet(event), {"photos": picture_file()}).status_code == 404
    assert as_(repairer).get(address).status_code == 403
    assert as_(gm).post(sheet(event), {"photos": picture_file()}).status_code == 403
    assert EventPhoto.objects.count() == 1


def test_good_photo_is_kept_when_the_other_is_none(as_, event, butler):
    bad = picture_file()
    bad.file.truncate(200)
    answer = as_(butler).post(sheet(event), {"photos": [picture_file(), bad]})
    assert answer.status_code == 422
    assert "door.jpg: " in answer.content.decode()
    assert EventPhoto.objects.count() == 1


@pytest.mark.parametrize("status", [EventStatus.PLANNED, EventStatus.ARCHIVED])
def test_photo_before_the_notice_or_after_filing_is_refused(as_, event, butler, now, status):
    CommunityEvent.objects.filter(pk=event.pk).update(status=status)
    event.refresh_from_db()
    with pytest.raises(ValidationError):
        keep(event, butler, now)
    assert sheet(event) not in as_(butler).get(event.get_absolute_url()).content.decode()
    assert as_(butler).post(sheet(event), {"photos": picture_file()}).status_code == 422
    assert not EventPhoto.objects.exists()


def test_thirty_first_photo_and_key_of_another_activity_are_refused(event, estate, butler, now):
    key = uuid4()
    keep(event, butler, now, key)
    other = events.add(estate=estate, plan=None, theme="游园", starts_at=now + timedelta(days=30),
                       owner=butler, by=butler, now=now)  # fmt: skip
    CommunityEvent.objects.filter(pk=other.pk).update(status=EventStatus.HELD,
                                                      attendance=1, spent=0)  # fmt: skip
    other.refresh_from_db()
    with pytest.raises(ValidationError, match="加在别处"):
        keep(other, butler, now, key)
    EventPhoto.objects.bulk_create(
        EventPhoto(event=event, file="x.jpg", added_at=now, added_by=butler, client_key=uuid4())
        for _n in range(photos.MOST_PHOTOS - 1)
    )
    with pytest.raises(ValidationError, match="最多 30 张"):
        keep(event, butler, now)

"""Photos of an activity (记录照片): kept once, private, while the activity is not filed."""

from datetime import datetime
from uuid import UUID

from accounts.models import Staff
from community.actions.moving import must_be
from community.models import CommunityEvent, EventPhoto
from community.statuses import EventStatus
from repairs.actions.photos import keep_once
from repairs.photos import Picture

MOST_PHOTOS = 30  # of one activity
TAKEN_IN = (EventStatus.NOTICED, EventStatus.HELD, EventStatus.SUMMARISED)


def add_photo(
    event: CommunityEvent, *, picture: Picture, client_key: UUID, by: Staff, now: datetime
) -> EventPhoto:
    """Keep a picture; the same ``client_key`` again returns the photo of the first time.

    Raises ValidationError before the notice and after filing, when the activity has its fill of
    photos, or when the key belongs to a photo of another activity.
    """
    must_be(event, *TAKEN_IN)
    photo = EventPhoto(event=event, added_at=now, added_by=by, client_key=client_key)
    return keep_once(
        photo, {"file": picture.content}, of=event, most=MOST_PHOTOS, event="event.photo_added",
        by=by, now=now,
    )  # fmt: skip

"""Photos of an activity (记录照片): kept once, private, while the activity is not filed."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Staff
from community.actions.moving import must_be
from community.models import CommunityEvent, EventPhoto
from community.statuses import EventStatus
from repairs.actions.photos import keep
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
    photo = EventPhoto.objects.filter(client_key=client_key).first()
    if photo is None:
        if event.photos.count() >= MOST_PHOTOS:
            raise ValidationError(_("一个活动最多 %(most)s 张照片") % {"most": MOST_PHOTOS})
        photo = keep(
            EventPhoto(event=event, added_at=now, added_by=by, client_key=client_key),
            {"file": picture.content}, of=event, event="event.photo_added", by=by, now=now,
        )  # fmt: skip
    if photo.event_id != event.pk:
        raise ValidationError(_("这些照片已经加在另一个活动上。刷新页面再传"))
    return photo

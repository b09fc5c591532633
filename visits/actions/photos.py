"""Photos of a visit: kept once, with and without their watermark."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from accounts.models import Staff
from repairs.actions.photos import keep_once
from repairs.photos import Picture
from visits.models import Visit, VisitPhoto
from visits.watermark import stamped

MOST_PHOTOS = 9  # of one visit (W6)


def add_photo(
    visit: Visit, *, picture: Picture, client_key: UUID, happened_at: datetime, by: Staff,
    now: datetime,
) -> VisitPhoto:  # fmt: skip
    """Keep a picture; the same ``client_key`` again returns the photo of the first time.

    Unit, time and name are drawn on what is shown; the picture without them is kept beside it.
    Raises ValidationError for a tenth photo, or a key that belongs to another visit.
    """
    line = f"{visit.unit.code}  {timezone.localtime(happened_at):%Y-%m-%d %H:%M}  {by.name}"
    photo = VisitPhoto(visit=visit, added_at=now, added_by=by, client_key=client_key)
    contents = {"original": picture.content, "file": stamped(picture.content, line)}
    return keep_once(photo, contents, of=visit, most=MOST_PHOTOS, event="visit.photo_added",
                     by=by, now=now)  # fmt: skip

"""Photos of a visit: kept once, with and without their watermark."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from repairs.actions.photos import keep
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
    seen = VisitPhoto.objects.filter(client_key=client_key).first()
    if seen:
        return _of(seen, visit)
    if visit.photos.count() >= MOST_PHOTOS:
        raise ValidationError(_("一次走访最多 %(most)s 张照片") % {"most": MOST_PHOTOS})
    line = f"{visit.unit.code}  {timezone.localtime(happened_at):%Y-%m-%d %H:%M}  {by.name}"
    photo = VisitPhoto(visit=visit, added_at=now, added_by=by, client_key=client_key)
    contents = {"original": picture.content, "file": stamped(picture.content, line)}
    return _of(keep(photo, contents, of=visit, event="visit.photo_added", by=by, now=now), visit)


def _of(photo, visit):
    if photo.visit_id != visit.pk:
        raise ValidationError(_("这些照片已经加在另一次走访上。刷新页面再传"))
    return photo

"""Photos, kept once, private, with a line in the history of what they show."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from history import entries
from repairs.models import Photo, Repair
from repairs.photos import Picture

MOST_PHOTOS = 30  # of one repair


def add_photo(
    repair: Repair, *, picture: Picture, client_key: UUID, by: Staff, now: datetime
) -> Photo:
    """Keep a picture; the same ``client_key`` again returns the photo of the first time.

    The stored name is random. Raises ValidationError when the repair has its fill of photos, or
    the key belongs to a photo of another repair.
    """
    seen = Photo.objects.filter(client_key=client_key).first()
    if seen:
        return _of(seen, repair)
    if repair.photos.count() >= MOST_PHOTOS:
        raise ValidationError(_("一张工单最多 %(most)s 张照片") % {"most": MOST_PHOTOS})
    photo = Photo(
        repair=repair,
        width=picture.width,
        height=picture.height,
        added_at=now,
        added_by=by,
        client_key=client_key,
    )
    contents = {"file": picture.content}
    return _of(keep(photo, contents, of=repair, event="repair.photo_added", by=by, now=now), repair)


def keep(
    photo: Any, contents: Mapping[str, bytes], *, of: models.Model, event: str, by: Staff,
    now: datetime,
) -> Any:  # fmt: skip
    """Write a photo of any room: its files (field → JPEG) under random names, its row, its history.

    ``photo`` is unsaved and carries a ``client_key``. If that came in at the same moment, the row
    of the first is returned; whatever keeps the row from being written, no file stays behind.
    """
    for name, content in contents.items():
        getattr(photo, name).save(f"{uuid4().hex}.jpg", ContentFile(content), save=False)
    try:
        with transaction.atomic():
            photo.save(force_insert=True)
            entries.record(of, event, by=by, now=now, photo=photo.pk)
    except BaseException as error:
        for name in contents:
            getattr(photo, name).delete(save=False)
        if isinstance(error, IntegrityError):
            seen = type(photo).objects.filter(client_key=photo.client_key).first()
            if seen is not None:
                return seen
        raise
    return photo


def _of(photo: Photo, repair: Repair) -> Photo:
    if photo.repair_id != repair.pk:
        raise ValidationError(_("这些照片已经加在另一张工单上。刷新页面再传"))
    return photo

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
    photo = Photo(
        repair=repair,
        width=picture.width,
        height=picture.height,
        added_at=now,
        added_by=by,
        client_key=client_key,
    )
    return keep_once(
        photo, {"file": picture.content}, of=repair, most=MOST_PHOTOS, event="repair.photo_added",
        by=by, now=now,
    )  # fmt: skip


def keep_once(
    photo: Any, contents: Mapping[str, bytes], *, of: models.Model, most: int, event: str,
    by: Staff, now: datetime, **said: str,
) -> Any:  # fmt: skip
    """``keep`` a photo of a record that has ``photos``; the same key again returns the first.

    Raises ValidationError when the record has its fill, or the key belongs to another's photo.
    """
    kept = type(photo).objects.filter(client_key=photo.client_key).first()
    if kept is None:
        if of.photos.count() >= most:
            raise ValidationError(_("最多 %(most)s 张照片, 已经满了") % {"most": most})
        kept = keep(photo, contents, of=of, event=event, by=by, now=now, **said)
    if not of.photos.filter(pk=kept.pk).exists():
        raise ValidationError(_("这些照片已经加在别处。刷新页面再传"))
    return kept


def keep(
    photo: Any, contents: Mapping[str, bytes], *, of: models.Model, event: str, by: Staff,
    now: datetime, **said: str,
) -> Any:  # fmt: skip
    """Write a photo of any room: its files (field → JPEG) under random names, its row, its history.

    ``photo`` is unsaved and carries a ``client_key``. If that came in at the same moment, the row
    of the first is returned; whatever keeps the row from being written, no file stays behind.
    ``said`` goes into the history beside it.
    """
    for name, content in contents.items():
        getattr(photo, name).save(f"{uuid4().hex}.jpg", ContentFile(content), save=False)
    try:
        with transaction.atomic():
            photo.save(force_insert=True)
            entries.record(of, event, by=by, now=now, photo=photo.pk, **said)
    except BaseException as error:
        for name in contents:
            getattr(photo, name).delete(save=False)
        if isinstance(error, IntegrityError):
            seen = type(photo).objects.filter(client_key=photo.client_key).first()
            if seen is not None:
                return seen
        raise
    return photo

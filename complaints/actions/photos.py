"""Evidence: photos of what is complained about, of what was found, and of what was done."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from complaints.choices import Shows
from complaints.models import Complaint, Photo
from complaints.statuses import Status
from repairs.actions.photos import keep_once
from repairs.photos import Picture

MOST_PHOTOS = 30  # of one complaint


def add_photo(
    complaint: Complaint, *, picture: Picture, client_key: UUID, by: Staff, now: datetime,
    shows: str = "",
) -> Photo:  # fmt: skip
    """Keep a picture; the same ``client_key`` again returns the photo of the first time.

    Without ``shows`` the state says what it shows: the complaint before it is taken on, what was
    found while it is worked on, the result afterwards. Raises ValidationError for a complaint that
    is closed or has its fill, or a key that belongs to a photo of another complaint.
    """
    if complaint.status == Status.CLOSED:
        raise ValidationError(_("投诉已结案, 不能再加照片"))
    photo = Photo(
        complaint=complaint, shows=shows or _shown_in(complaint), added_at=now, added_by=by,
        client_key=client_key,
    )  # fmt: skip
    return keep_once(
        photo, {"file": picture.content}, of=complaint, most=MOST_PHOTOS,
        event="complaint.photo_added", by=by, now=now, shows=photo.shows,
    )  # fmt: skip


def _shown_in(complaint: Complaint) -> str:
    if complaint.status == Status.REGISTERED:
        return Shows.COMPLAINT
    return Shows.FINDING if complaint.handled_at is None else Shows.WORK

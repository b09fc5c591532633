"""How the resident is reached, where nobody asked when the complaint came in (CMP-2)."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from complaints import followups
from complaints.actions.moving import change, must_be
from complaints.models import Complaint
from complaints.statuses import Status
from estates.phones import masked
from history import entries

OPEN = tuple(status for status in Status if status != Status.CLOSED)


@transaction.atomic
def add_contact(
    complaint: Complaint, *, phone: str = "", how: str = "", by: Staff, now: datetime
) -> Complaint:
    """A phone number, or in words how the resident is reached; what is owed by phone offers to dial."""
    must_be(complaint, *OPEN, by=by, now=now)
    how = how.strip()[:100]
    if not (phone or how):
        raise ValidationError({"phone": _("写电话, 或写怎么联系业户")})
    changes = {"contact_phone": phone} if phone else {}
    changes |= {"how_to_reach": how} if how else {}
    change(complaint, by=by, now=now, **changes)
    followups.offer_to_dial(complaint)
    entries.record(complaint, "complaint.contact_added", by=by, now=now,
                   text=" ".join(filter(None, (masked(phone), how))))  # fmt: skip
    return complaint

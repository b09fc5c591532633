"""What is written beside the resident's words, which themselves never change (CMP-1)."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from complaints.models import Complaint, Note
from history import entries


@transaction.atomic
def note(
    complaint: Complaint, *, text: str, is_correction: bool = False, by: Staff, now: datetime
) -> Note:
    """A remark, or a correction of what was written down; it conflicts with nothing."""
    text = text.strip()
    if not text:
        raise ValidationError({"text": _("备注里还没有字")})
    written = Note.objects.create(
        complaint=complaint, text=text[:1000], is_correction=is_correction, at=now, by=by
    )
    event = "complaint.corrected" if is_correction else "complaint.noted"
    entries.record(complaint, event, by=by, now=now, text=written.text)
    return written

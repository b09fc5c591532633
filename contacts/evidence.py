"""Help given at the desk, and every call, visit and letter by its page, for an appraisal (SRV-4)."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Staff
from contacts.models import Contact, Outcome
from followups.evidence import MOST, Page, Record


def records(staff: Staff, start: datetime, end: datetime, *, to: Staff) -> list[Record]:
    """Requests for help that he took and saw to, as far as ``to`` may see them. One query.

    What became a slip or a complaint is told by those rooms.
    """
    if not to.has_perm("contacts.take"):
        return []
    rows = Contact.objects.visible_to(to).filter(
        received_by=staff, outcome=Outcome.HELPED, started_at__gte=start, started_at__lt=end
    )
    return [
        Record(f"contact:{row.pk}", _("求助"), _called(row), _page(row), row.started_at)
        for row in rows.order_by("-started_at", "-pk")[:MOST]
    ]


def _called(row: Contact) -> str:
    at = timezone.localtime(row.started_at)
    return f"{row.caller_name} {at:%m-%d %H:%M} {row.text[:30]}".strip()


def _page(row: Contact) -> str:
    return reverse("contacts:contact_detail", args=[row.pk])


PAGES = {
    "contacts:contact_detail": Page(
        _lazy("来电来访来函"),
        lambda to, pk: Contact.objects.visible_to(to).filter(pk=pk),
        _called,
        needs="contacts.take",
    ),
}

"""What a contact makes people owe: that it is finished, and that the caller is phoned back."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from contacts.models import Contact
from estates.phones import masked
from followups.kinds import Kind

FINISH = "contacts.finish"
CALL_BACK = "contacts.call_back"

KINDS = (
    Kind(
        key=FINISH,
        label=_("登记"),
        title=gettext_noop("来电没登记完: %(place)s %(what)s"),
        action=_("接着登记"),
        night=True,
        pausable=False,
    ),
    Kind(
        key=CALL_BACK,
        label=_("回电"),
        title=gettext_noop("回电: %(place)s %(what)s"),
        action=_("记回电"),
        pausable=False,
    ),
)


def about(contact: Contact) -> dict:
    """What every follow-up of a contact says about it."""
    place = contact.place_label
    what = contact.text[:40] or contact.caller_name or masked(contact.phone)
    return {
        "estate": contact.estate,
        "unit": contact.unit,
        "place_label": place,
        "params": {"place": place, "what": what},
        "url": reverse("contacts:contact_detail", args=[contact.pk]),
    }


def open_due(now: datetime) -> None:
    """Time alone makes nothing due here: every contact opens its own from its first key on."""

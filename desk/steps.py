"""The one button of a row: the next step of what is owed, as far as the person may take it."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from followups.kinds import Kind
from followups.models import FollowUp
from repairs.models import Repair


@dataclass(frozen=True)
class Step:
    """``how``: ``post`` (at once, with undo), ``sheet``, ``drawer`` or ``link``."""

    label: str | Promise
    url: str
    how: str = "link"
    key: str = ""


@dataclass(frozen=True)
class Way:
    permission: str
    url_name: str
    how: str
    key: str = ""
    label: str | Promise = ""


# What a row of this kind offers. Kinds that are not here open the record itself.
WAYS = {
    "repairs.dispatch": Way("repairs.dispatch", "repairs:repair_dispatch", "post", "F8"),
    "repairs.accept": Way("repairs.dispatch", "repairs:repair_urge", "post", "F9", _("催接")),
    "repairs.callback": Way("repairs.call_back", "repairs:repair_call_back", "sheet", "C"),
    "repairs.archive": Way("repairs.archive", "repairs:repair_archive", "post"),
    "complaints.grade": Way("complaints.grade", "complaints:complaint_accept", "link"),
    "complaints.first_reply": Way("complaints.reply", "complaints:complaint_first_reply", "link"),
    "complaints.reply": Way("complaints.reply", "complaints:complaint_reply", "link"),
    "complaints.callback": Way("complaints.call_back", "complaints:complaint_call_back", "link"),
    "contacts.finish": Way("contacts.take", "desk:intake", "drawer"),
}


def address_of(url_name: str, *args) -> str:
    """The address, or nothing while the room has no such page."""
    try:
        return reverse(url_name, args=args)
    except NoReverseMatch:
        return ""


def step_of(row: FollowUp, what: Kind, repair: Repair | None, staff: Staff) -> Step:
    """The next step; whoever may not take it is led to the record."""
    way = WAYS.get(row.kind)
    if way is None or not staff.has_perm(way.permission):
        return Step(_("查看"), row.url)
    label = way.label or what.action
    if way.how == "drawer":
        return Step(label, f"{address_of(way.url_name)}?contact={row.object_id}", way.how, way.key)
    url = address_of(way.url_name, row.object_id)
    return Step(label, url, way.how, way.key) if url else Step(label, row.url)

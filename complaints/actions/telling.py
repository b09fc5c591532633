"""Who hears of a complaint without owing anything: the area's butler, the assistants, the line."""

from collections.abc import Iterable
from datetime import datetime

from accounts import posts
from accounts.models import Staff
from complaints.followups import about
from complaints.models import Complaint
from estates.butlers import butler_of
from notifications import ledger


def watchers_of(complaint: Complaint, *also: str) -> list[Staff]:
    """The butler of the area today and of the day it came, and every assistant (CMP-3, CMP-6).

    ``also``: codes of posts whose people hear of it beside the watchers.
    """
    found = {person.pk: person for person in of_post(complaint, posts.CS_ASSISTANT, *also)}
    for butler in (butler_of(unit=complaint.unit, place=complaint.place), complaint.butler):
        if butler and butler.is_active:
            found[butler.pk] = butler
    return sorted(found.values(), key=lambda person: person.pk)


def of_post(complaint: Complaint, *codes: str) -> list[Staff]:
    """Everybody of these posts who works for the estate."""
    return list(
        Staff.objects.active()
        .filter(post__in=codes, memberships__estate=complaint.estate_id)
        .order_by("pk")
    )


def tell(
    complaint: Complaint,
    title: str,
    *,
    to: Iterable[Staff],
    key: str,
    now: datetime,
    by: Staff | None = None,
    rings: bool = False,
    **more: str,
) -> None:
    """One line about this state of the complaint in each inbox, once; nobody is told his own deed.

    ``more`` fills what the title names beside place and what.
    """
    said = about(complaint)
    ledger.owe_all(
        f"complaints.{key}:{complaint.pk}:{complaint.version}",
        to=[person for person in to if by is None or person.pk != by.pk],
        title=title,
        params=said["params"] | {"number": complaint.number} | more,
        url=said["url"],
        estate=complaint.estate,
        rings=rings,
        why={"rule": f"complaints.{key}"},
        now=now,
    )

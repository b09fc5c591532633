"""Who works for which estate, and which butler answers for which building."""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from accounts.posts import BUTLER
from estates.models import Area, Building, Membership, forget_places
from history.entries import record


@transaction.atomic
def set_estates(
    staff: Staff, *, estates: Collection[int], among: Collection[int], by: Staff, now: datetime
) -> None:
    """Let a person work for exactly these estates out of ``among``, the ones ``by`` may decide on.

    Leaving an estate ends the person's areas in it.
    """
    wanted = set(estates) & set(among)
    had = set(
        Membership.objects.filter(staff=staff, estate__in=among).values_list("estate", flat=True)
    )
    gone = had - wanted
    Membership.objects.filter(staff=staff, estate__in=gone).delete()
    Area.objects.filter(staff=staff, building__estate__in=gone).delete()
    Membership.objects.bulk_create(
        [Membership(staff=staff, estate_id=pk) for pk in sorted(wanted - had)]
    )
    if gone or wanted - had:
        record(
            staff,
            "staff.estates_changed",
            by=by,
            now=now,
            added=sorted(wanted - had),
            removed=sorted(gone),
        )
    forget_places(staff)


@transaction.atomic
def set_butler(
    building: Building, *, staff: Staff | None, seen: int | None, by: Staff, now: datetime
) -> None:
    """Give a building to a butler, or to nobody.

    ``seen`` is the id of the butler the page showed; ValidationError when a colleague has
    changed it since, or when the person is no butler of this estate.
    """
    area = Area.objects.filter(building=building).select_related("staff").first()
    if (area.staff_id if area else None) != seen:
        raise ValidationError(
            _("有同事刚把 %(building)s 改给了%(name)s。核对后再改"),
            code="stale",
            params={"building": str(building), "name": area.staff.name if area else _("无人")},
        )
    if staff is not None and (
        staff.post != BUTLER
        or not staff.is_active
        or not Membership.objects.filter(staff=staff, estate=building.estate_id).exists()
    ):
        raise ValidationError(_("只能选本项目在职的客服管家"), code="no_butler")
    if staff is None:
        Area.objects.filter(building=building).delete()
    else:
        Area.objects.update_or_create(building=building, defaults={"staff": staff})
    record(
        building,
        "building.butler_changed",
        by=by,
        now=now,
        before=area.staff.name if area else "",
        after=staff.name if staff else "",
    )
